#include "binding/ebpf_options.h"

#include <sys/socket.h>

#include "binding/errors.h"
#include "binding/options.h"

namespace nodeplane::binding {
namespace {

/** Two for each CPU that Linux can have, and far more than anybody has. */
constexpr uint32_t kMaxConnections = 1u << 24;

Napi::Object readObject(const Napi::Value& value, const std::string& name) {
  if (!value.IsObject()) throw WrongType(name + ": must be an object");
  return value.As<Napi::Object>();
}

std::optional<std::string> readPath(const Napi::Object& options, const char* key) {
  const Napi::Value value = options.Get(key);
  if (value.IsUndefined()) return std::nullopt;
  const std::string name = std::string("options.") + key;
  std::string text = readText(value, name);
  if (!text.starts_with('/')) throw std::out_of_range(name + ": must be an absolute path");
  return text;
}

uint8_t readFamily(const Napi::Value& value) {
  const std::string text = readText(value, "options.family");
  if (text == "IPv4") return AF_INET;
  if (text == "IPv6") return AF_INET6;
  throw std::out_of_range("options.family: must be \"IPv4\" or \"IPv6\", not \"" + text + "\"");
}

}  // namespace

EbpfOptions readEbpfOptions(const Napi::Value& value) {
  const Napi::Object options = readObject(value, "options");
  EbpfOptions result{.network_namespace = readNamespaceOption(value),
                     .table = {.family = readFamily(options.Get("family")),
                               .pins = readPath(options, "pins"),
                               .cgroup = readPath(options, "cgroup"),
                               .connections = std::nullopt,
                               .has_links = true}};
  const Napi::Value connections = options.Get("connections");
  if (!connections.IsUndefined()) {
    result.table.connections = readNumber(connections, "options.connections", kMaxConnections);
    if (*result.table.connections == 0) throw std::out_of_range("options.connections: must not be 0");
  }
  const Napi::Value links = options.Get("links");
  if (!links.IsUndefined()) {
    if (!links.IsBoolean()) throw WrongType("options.links: must be a boolean");
    result.table.has_links = links.As<Napi::Boolean>();
  }
  return result;
}

std::optional<ebpf::PodInterface> readPodInterface(const Napi::Value& value) {
  if (value.IsUndefined()) return std::nullopt;
  const Napi::Object pods = readObject(value, "podInterface");
  const Napi::Value is_prefix = pods.Get("isPrefix");
  if (!is_prefix.IsBoolean()) throw WrongType("podInterface.isPrefix: must be a boolean");
  return ebpf::PodInterface{.name = readText(pods.Get("name"), "podInterface.name"),
                            .is_prefix = is_prefix.As<Napi::Boolean>()};
}

ebpf::Trial readTrial(const Napi::Value& value) {
  const Napi::Object trial = readObject(value, "trial");
  const Napi::Value frame = trial.Get("frame");
  if (!frame.IsBuffer()) throw WrongType("trial.frame: must be a Buffer or Uint8Array");
  const auto bytes = frame.As<Napi::Buffer<uint8_t>>();
  return {.frame = std::vector<uint8_t>(bytes.Data(), bytes.Data() + bytes.Length()),
          .device = readNumber(trial.Get("device"), "trial.device", INT32_MAX),
          .came_by = readNumber(trial.Get("cameBy"), "trial.cameBy", INT32_MAX)};
}

}  // namespace nodeplane::binding
