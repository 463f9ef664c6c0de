#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nftables/layout.h"

namespace nodeplane::binding {

struct TableOptions {
  std::optional<std::string> network_namespace;
  std::shared_ptr<const nftables::TableLayout> table;
};

struct MonitorOptions {
  std::optional<std::string> network_namespace;
  std::vector<uint32_t> ignored_ports;
};

struct ConntrackOptions {
  std::optional<std::string> network_namespace;
  /** AF_INET or AF_INET6. */
  uint8_t family;
};

/** Read and check options. They throw WrongType or std::out_of_range, naming the option:
 * "options.sets[2].key: ...". */
TableOptions readTableOptions(const Napi::Value& value);
MonitorOptions readMonitorOptions(const Napi::Value& value);
ConntrackOptions readConntrackOptions(const Napi::Value& value);

/** The option `namespace` alone, of classes that have no others. */
std::optional<std::string> readNamespaceOption(const Napi::Value& value);

/** A string without NUL characters, such as a script. */
std::string readText(const Napi::Value& value, const std::string& name);
/** A whole number from 0 to `most`. */
uint32_t readNumber(const Napi::Value& value, const std::string& name, uint32_t most);

}  // namespace nodeplane::binding
