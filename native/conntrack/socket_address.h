#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace nodeplane::conntrack {

/** An address in network byte order; IPv4 has 4 bytes of it, the rest is 0. */
using Address = std::array<uint8_t, 16>;

struct SocketAddress {
  Address address;
  /** In host byte order. */
  uint16_t port;

  bool operator==(const SocketAddress&) const = default;
};

/** Mixes a number into a hash: the last step of MurmurHash3. */
constexpr size_t mix(size_t hash, uint64_t value) {
  uint64_t bits = hash ^ value;
  bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccdULL;
  bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return bits ^ (bits >> 33);
}

struct Hash {
  size_t operator()(const Address& address) const {
    std::array<uint64_t, 2> halves;
    static_assert(sizeof halves == sizeof address);
    std::memcpy(halves.data(), address.data(), sizeof halves);
    return mix(mix(0, halves[0]), halves[1]);
  }
  size_t operator()(const SocketAddress& it) const { return mix((*this)(it.address), it.port); }
};

}  // namespace nodeplane::conntrack
