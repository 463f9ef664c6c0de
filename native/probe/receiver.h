#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "netlink/file_descriptor.h"

namespace nodeplane::probe {

/**
 * Sees what is delivered to the node itself: all IP packets of one protocol that the firewall's input hook let through,
 * whether or not anybody listens for them.
 */
class Receiver {
 public:
  /** `family`: AF_INET or AF_INET6. */
  Receiver(int family, uint8_t protocol);

  /** Whether the kernel has such sockets: it has no IPv6 ones where IPv6 is off. */
  static bool isSupported(int family);

  int descriptor() const { return descriptor_.get(); }

  /**
   * The next packet with its IP header (for IPv6 one made up of what the kernel tells: addresses and protocol are
   * right), or nothing: it never waits. It lasts until the next call.
   */
  std::optional<std::span<const uint8_t>> read();

 private:
  /** -1 when there is nothing. */
  ssize_t receive(msghdr& message);
  void writeHeader(const msghdr& message, size_t payload);

  int family_;
  uint8_t protocol_;
  FileDescriptor descriptor_;
  std::unique_ptr<uint8_t[]> packet_;
};

}  // namespace nodeplane::probe
