#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace nodeplane::host {

/** An address in network byte order; IPv4 has 4 bytes of it, the rest is 0. */
struct Address {
  /** AF_INET or AF_INET6. */
  uint8_t family;
  std::array<uint8_t, 16> bytes;

  auto operator<=>(const Address&) const = default;
};

/** What a network namespace answers to. */
struct Snapshot {
  /** Sorted and unique: the addresses of interfaces that are up, but those that another host may hold. */
  std::vector<Address> addresses;
  /** Interfaces by index: whether they are up. */
  std::unordered_map<int, bool> links;
};

/**
 * Reads the addresses in the network namespace of the calling thread; nothing if they changed meanwhile.
 * Throws KernelError.
 */
std::optional<Snapshot> readAddresses();

}  // namespace nodeplane::host
