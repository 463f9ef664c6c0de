#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nodeplane::ebpf {

/** What a row is about: the lower half of its head. src/native/addon.ts has the same numbers. */
enum class Kind : uint32_t {
  Frontend = 1,
  Slot = 2,
  AffinitySlot = 3,
  AffinityEndpoint = 4,
  Source = 5,
  ClusterIp = 6,
  Hairpin = 7,
  Flags = 16,
  PodRange = 17,
  NodeAddress = 18,
  ServiceCidr = 19,
};

/** Where the words of a row go in the bytes of a map's key or value. */
struct Field {
  enum class Type : uint8_t {
    /** A number, in host byte order. */
    Word,
    /** 16 bits in network byte order. */
    Port,
    Byte,
    Address,
    /** The length of a prefix; in the map it counts the bits of what stands before the address too. */
    Prefix,
  };

  Type type;
  size_t offset;
  /** The largest value; of a Prefix, the bits of an address. */
  uint32_t most = UINT32_MAX;
  /** Of a Prefix: bits before the address. */
  uint32_t base = 0;
};

/** How rows of a kind become elements of a map. */
struct RowLayout {
  Kind kind;
  /** The map's name in bpf/steps/maps.h. */
  const char* map;
  /** Ranges of addresses: a lookup finds the longest that covers the key, not the key itself. */
  bool has_ranges;
  size_t key_bytes;
  size_t value_bytes;
  std::vector<Field> key;
  std::vector<Field> value;
};

/** The largest key and value of all, with room to spare. */
constexpr size_t kMaxElementBytes = 48;
using ElementBytes = std::array<uint8_t, kMaxElementBytes>;

/** The layouts of a family: AF_INET or AF_INET6. They last as long as the program. */
const std::vector<RowLayout>& rowLayouts(uint8_t family);

/** 32-bit words of an address. */
size_t addressWords(uint8_t family);

}  // namespace nodeplane::ebpf
