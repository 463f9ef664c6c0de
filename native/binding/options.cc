#include "binding/options.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <sys/socket.h>

#include <array>
#include <cmath>
#include <utility>

#include "binding/errors.h"
#include "nftables/port_filter.h"

namespace nodeplane::binding {
namespace {

using nftables::Field;

/** The number of a set has 16 bits in a row. */
constexpr uint32_t kMaxSets = 0x10000;
/** The kernel's limit is in bytes; no field takes less than a register of 4. */
constexpr uint32_t kMaxFields = nftables::kMaxTupleBytes / 4;

constexpr std::array<std::pair<const char*, Field>, 5> kFields{{
    {"ipv4", Field::Ipv4},
    {"ipv6", Field::Ipv6},
    {"protocol", Field::Protocol},
    {"port", Field::Port},
    {"index", Field::Index},
}};

Napi::Object readObject(const Napi::Value& value, const std::string& name) {
  if (!value.IsObject()) throw WrongType(name + ": must be an object");
  return value.As<Napi::Object>();
}

/** Reads an array of at most `most` entries, each by `read(entry, its name)`. */
template <typename Read>
auto readArray(const Napi::Value& value, const std::string& name, uint32_t most, Read read) {
  if (!value.IsArray()) throw WrongType(name + ": must be an array");
  const auto array = value.As<Napi::Array>();
  const uint32_t length = array.Length();
  if (length > most)
    throw std::out_of_range(name + ": must have at most " + std::to_string(most) + " entries");
  std::vector<decltype(read(value, name))> entries;
  for (uint32_t i = 0; i < length; ++i) {
    const Napi::HandleScope scope(value.Env());
    entries.push_back(read(array.Get(i), name + "[" + std::to_string(i) + "]"));
  }
  return entries;
}

/** The name of a table or set. */
std::string readName(const Napi::Value& value, const std::string& name) {
  std::string text = readText(value, name);
  if (text.empty() || text.size() >= NFT_NAME_MAXLEN) {
    throw std::out_of_range(name + ": must have 1 to " + std::to_string(NFT_NAME_MAXLEN - 1) + " bytes");
  }
  return text;
}

Field readField(const Napi::Value& value, const std::string& name) {
  const std::string text = readText(value, name);
  for (const auto& [known, field] : kFields) {
    if (text == known) return field;
  }
  throw std::out_of_range(name + ": \"" + text +
                          "\" is not a field type (ipv4, ipv6, protocol, port, index)");
}

nftables::Tuple readTuple(const Napi::Value& value, const std::string& name) {
  nftables::Tuple tuple(readArray(value, name, kMaxFields, readField));
  if (tuple.bytes > nftables::kMaxTupleBytes) {
    throw std::out_of_range(name + ": takes " + std::to_string(tuple.bytes) +
                            " bytes, but nf_tables has room for " + std::to_string(nftables::kMaxTupleBytes));
  }
  return tuple;
}

nftables::SetLayout readSet(const Napi::Value& value, const std::string& name) {
  const Napi::Object set = readObject(value, name);
  nftables::SetLayout layout{.name = readName(set.Get("name"), name + ".name"),
                             .key = readTuple(set.Get("key"), name + ".key"),
                             .data = readTuple(set.Get("data"), name + ".data")};
  if (layout.key.fields.empty()) throw std::out_of_range(name + ".key: must have at least one field");
  const Napi::Value interval = set.Get("interval");
  if (!interval.IsUndefined() && !interval.IsBoolean())
    throw WrongType(name + ".interval: must be a boolean");
  layout.interval = interval.IsBoolean() && interval.As<Napi::Boolean>();
  if (layout.interval && layout.key.fields.size() < 2)
    throw std::out_of_range(name + ".key: ranges need at least two fields");
  return layout;
}

uint8_t readFamily(const Napi::Value& value, const std::string& name) {
  const std::string text = readText(value, name);
  if (text == "IPv4") return NFPROTO_IPV4;
  if (text == "IPv6") return NFPROTO_IPV6;
  throw std::out_of_range(name + ": must be \"IPv4\" or \"IPv6\", not \"" + text + "\"");
}

std::optional<std::string> readNamespace(const Napi::Value& value, const std::string& name) {
  if (value.IsUndefined()) return std::nullopt;
  std::string text = readText(value, name);
  if (text.empty()) throw std::out_of_range(name + ": must not be empty");
  return text;
}

}  // namespace

TableOptions readTableOptions(const Napi::Value& value) {
  const Napi::Object options = readObject(value, "options");
  nftables::TableLayout table{.family = readFamily(options.Get("family"), "options.family"),
                              .name = readName(options.Get("table"), "options.table"),
                              .sets = readArray(options.Get("sets"), "options.sets", kMaxSets, readSet)};
  return {.network_namespace = readNamespace(options.Get("namespace"), "options.namespace"),
          .table = std::make_shared<const nftables::TableLayout>(std::move(table))};
}

MonitorOptions readMonitorOptions(const Napi::Value& value) {
  const Napi::Object options = readObject(value, "options");
  MonitorOptions result{.network_namespace = readNamespace(options.Get("namespace"), "options.namespace"),
                        .ignored_ports = {}};
  const Napi::Value ports = options.Get("ignorePorts");
  if (ports.IsUndefined()) return result;
  result.ignored_ports = readArray(
      ports, "options.ignorePorts", nftables::kMaxFilteredPorts,
      [](const Napi::Value& port, const std::string& name) { return readNumber(port, name, UINT32_MAX); });
  return result;
}

ConntrackOptions readConntrackOptions(const Napi::Value& value) {
  const Napi::Object options = readObject(value, "options");
  const uint8_t family = readFamily(options.Get("family"), "options.family");
  return {.network_namespace = readNamespace(options.Get("namespace"), "options.namespace"),
          .family = static_cast<uint8_t>(family == NFPROTO_IPV4 ? AF_INET : AF_INET6)};
}

std::optional<std::string> readNamespaceOption(const Napi::Value& value) {
  return readNamespace(readObject(value, "options").Get("namespace"), "options.namespace");
}

std::string readText(const Napi::Value& value, const std::string& name) {
  if (!value.IsString()) throw WrongType(name + ": must be a string");
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos)
    throw std::out_of_range(name + ": must not contain a NUL character");
  return text;
}

uint32_t readNumber(const Napi::Value& value, const std::string& name, uint32_t most) {
  if (!value.IsNumber()) throw WrongType(name + ": must be a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= 0 && number <= most) || number != std::floor(number)) {
    throw std::out_of_range(name + ": must be a whole number from 0 to " + std::to_string(most));
  }
  return static_cast<uint32_t>(number);
}

}  // namespace nodeplane::binding
