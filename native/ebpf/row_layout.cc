#include "ebpf/row_layout.h"

#include <sys/socket.h>

#include "ebpf/types.h"

namespace nodeplane::ebpf {
namespace {

using enum Field::Type;

/** What TypeScript counts on as well: src/delta/programmed-table.ts. */
constexpr uint32_t kMaxSet = (1u << 31) - 1;
constexpr uint32_t kMaxSlot = (1 << 16) - 1;
constexpr uint32_t kMaxNumber = (1 << 14) - 1;
constexpr uint32_t kMaxList = (1 << 16) - 1;
constexpr uint32_t kMaxPort = (1 << 16) - 1;
constexpr uint32_t kMaxAction = 3;
constexpr uint32_t kBitsOfWord = 32;

template <typename F>
RowLayout frontendLayout() {
  using Key = typename F::FrontendKey;
  using Frontend = typename F::Frontend;
  using Target = typename F::Target;
  std::vector<Field> value;
  for (const size_t target : {offsetof(Frontend, inside), offsetof(Frontend, outside)}) {
    value.push_back({Word, target + offsetof(Target, action), kMaxAction});
    value.push_back({Word, target + offsetof(Target, set), kMaxSet});
    value.push_back({Word, target + offsetof(Target, count), kMaxSlot + 1});
    value.push_back({Word, target + offsetof(Target, seconds)});
  }
  value.push_back({Word, offsetof(Frontend, source_list), kMaxList + 1});
  return {.kind = Kind::Frontend,
          .map = "frontends",
          .has_ranges = false,
          .key_bytes = sizeof(Key),
          .value_bytes = sizeof(Frontend),
          .key = {{Address, offsetof(Key, address)},
                  {Byte, offsetof(Key, protocol), UINT8_MAX},
                  {Port, offsetof(Key, port), kMaxPort}},
          .value = std::move(value)};
}

template <typename F>
RowLayout endpointLayout(Kind kind, const char* map, uint32_t most) {
  using Key = typename F::SlotKey;
  using Endpoint = typename F::Endpoint;
  return {.kind = kind,
          .map = map,
          .has_ranges = false,
          .key_bytes = sizeof(Key),
          .value_bytes = sizeof(Endpoint),
          .key = {{Word, offsetof(Key, set), kMaxSet}, {Word, offsetof(Key, slot), most}},
          .value = {{Address, offsetof(Endpoint, address)}, {Port, offsetof(Endpoint, port), kMaxPort}}};
}

template <typename F>
RowLayout affinitySlotLayout() {
  using Key = typename F::SlotKey;
  return {.kind = Kind::AffinitySlot,
          .map = "affinity_slots",
          .has_ranges = false,
          .key_bytes = sizeof(Key),
          .value_bytes = sizeof(uint32_t),
          .key = {{Word, offsetof(Key, set), kMaxSet}, {Word, offsetof(Key, slot), kMaxSlot}},
          .value = {{Word, 0, kMaxNumber}}};
}

template <typename F>
RowLayout sourceLayout() {
  using Key = typename F::SourceKey;
  return {.kind = Kind::Source,
          .map = "sources",
          .has_ranges = true,
          .key_bytes = sizeof(Key),
          .value_bytes = sizeof(uint32_t),
          .key = {{Word, offsetof(Key, list), kMaxList},
                  {Prefix, offsetof(Key, prefix_length), kBitsOfWord * F::kWords, kBitsOfWord},
                  {Address, offsetof(Key, address)}},
          .value = {}};
}


template <typename F>
RowLayout addressLayout(Kind kind, const char* map) {
  return {.kind = kind,
          .map = map,
          .has_ranges = false,
          .key_bytes = sizeof(typename F::Address),
          .value_bytes = sizeof(uint32_t),
          .key = {{Address, 0}},
          .value = {}};
}

template <typename F>
std::vector<RowLayout> layoutsOf() {
  return {frontendLayout<F>(),
          endpointLayout<F>(Kind::Slot, "slots", kMaxSlot),
          affinitySlotLayout<F>(),
          endpointLayout<F>(Kind::AffinityEndpoint, "affinity_ends", kMaxNumber),
          sourceLayout<F>(),
          addressLayout<F>(Kind::ClusterIp, "cluster_ips"),
          addressLayout<F>(Kind::Hairpin, "hairpins")};
}

}  // namespace

const std::vector<RowLayout>& rowLayouts(uint8_t family) {
  static const std::vector<RowLayout> ipv4 = layoutsOf<Ipv4>();
  static const std::vector<RowLayout> ipv6 = layoutsOf<Ipv6>();
  return family == AF_INET ? ipv4 : ipv6;
}

size_t addressWords(uint8_t family) {
  return family == AF_INET ? Ipv4::kWords : Ipv6::kWords;
}

}  // namespace nodeplane::ebpf
