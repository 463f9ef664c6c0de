#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "netlink/file_descriptor.h"

namespace nodeplane::probe {

/**
 * Sends packets as a process of the node does: through its output path. TCP and UDP go through ordinary sockets, so
 * that whatever hooks into these takes part; the others through raw ones.
 */
class Sender {
 public:
  /**
   * Makes a process send such an IP packet: a connection request (TCP, with that first sequence number), a datagram
   * (UDP) or the packet itself (others). Returns what the kernel answered: 0, or an errno such as EPERM.
   * Throws KernelError if it does not come to sending, for instance because the source address is not the node's.
   */
  int send(std::span<const uint8_t> packet);

  /** Closes the sockets that were used so far. Those of connections end with a reset. */
  void forget() { used_.clear(); }

 private:
  struct Packet;

  int connect(const Packet& packet);
  int sendDatagram(const Packet& packet);
  int sendRaw(const Packet& packet, std::span<const uint8_t> bytes);

  std::vector<FileDescriptor> used_;
};

}  // namespace nodeplane::probe
