#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "conntrack/socket_address.h"

namespace nodeplane::conntrack {

/**
 * Which translated connections are still right. Frontends and endpoints belong to groups, which are numbers
 * that mean nothing else: a connection to a frontend is right if its reply comes from an endpoint of one of
 * the frontend's groups. What no rule is about is nobody's business here.
 */
class Rules {
 public:
  /**
   * Reads rows of words; src/native/addon.ts says what is in them. `address_words` is 1 for IPv4 and 4 for
   * IPv6. Throws std::out_of_range.
   */
  Rules(std::span<const uint32_t> words, size_t address_words);

  bool isStale(const SocketAddress& destination, const SocketAddress& reply_source) const;

 private:
  struct Endpoint {
    uint32_t group;
    SocketAddress address;

    bool operator==(const Endpoint&) const = default;
  };
  struct EndpointHash {
    size_t operator()(const Endpoint& it) const { return mix(Hash()(it.address), it.group); }
  };

  std::unordered_multimap<SocketAddress, uint32_t, Hash> frontends_;
  std::unordered_multimap<uint16_t, uint32_t> node_ports_;
  /** Where node ports are accepted. */
  std::unordered_set<Address, Hash> node_addresses_;
  std::unordered_set<Endpoint, EndpointHash> endpoints_;
};

}  // namespace nodeplane::conntrack
