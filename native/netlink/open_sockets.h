#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

namespace nodeplane::netlink {

struct OpenSocket {
  int descriptor;
  /** 0 if it has none yet. Port ids are unique in a network namespace only. */
  uint32_t port;

  bool operator==(const OpenSocket&) const = default;
};

/**
 * Held by whoever opens a netfilter netlink socket in this process, so that the socket which a library opens
 * for itself can be told by comparing openSockets() before and after.
 */
std::mutex& openingMutex();

/** The NETLINK_NETFILTER sockets of this process. */
std::vector<OpenSocket> openSockets();

}  // namespace nodeplane::netlink
