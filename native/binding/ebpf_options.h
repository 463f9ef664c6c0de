#pragma once

#include <napi.h>

#include <optional>
#include <string>

#include "ebpf/table.h"

namespace nodeplane::binding {

struct EbpfOptions {
  std::optional<std::string> network_namespace;
  ebpf::TableOptions table;
};

/** Read and check arguments. They throw WrongType or std::out_of_range, naming what is wrong. */
EbpfOptions readEbpfOptions(const Napi::Value& value);
std::optional<ebpf::PodInterface> readPodInterface(const Napi::Value& value);
ebpf::Trial readTrial(const Napi::Value& value);

}  // namespace nodeplane::binding
