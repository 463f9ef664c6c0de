#pragma once

#include <linux/filter.h>
#include <linux/netlink.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "netlink/file_descriptor.h"

namespace nodeplane::netlink {

/** Gives a socket a port id of the kernel's choice; returns it. */
uint32_t bindToPort(int descriptor);

/** One netlink socket with its port id, sequence numbers and receive buffer. Not for two threads at
 * once. */
class Socket {
 public:
  /**
   * Opens a socket of a netlink family (NETLINK_*) in the network namespace that the calling thread is in;
   * the socket stays in it.
   */
  explicit Socket(int protocol = NETLINK_NETFILTER);

  int descriptor() const { return descriptor_.get(); }
  /** The netlink port id: what the kernel calls nlmsg_pid in everything this socket causes. */
  uint32_t port() const { return port_; }
  /** Takes `count` sequence numbers; returns the first. They wrap around. */
  uint32_t takeSequence(uint32_t count);

  void joinGroup(int group);
  /** Lets the kernel drop what the filter refuses before it is queued. */
  void attachFilter(std::span<sock_filter> program);

  /** Sends one datagram. When this returns, the kernel has processed it and queued its answers. */
  void send(std::span<const uint8_t> datagram);

  /**
   * The next queued datagram from the kernel, or nothing: it never waits. It lasts until the next call.
   * Throws KernelError ENOBUFS once after datagrams were lost; what was queued before can still be read.
   */
  std::optional<std::span<const uint8_t>> receive();

 private:
  void setOption(int level, int option, int value, const char* name);
  void setReceiveBuffer();
  void makeRoomFor(size_t bytes);
  ssize_t receiveOne(sockaddr_nl& sender);

  FileDescriptor descriptor_;
  std::unique_ptr<uint8_t[]> memory_;
  uint32_t port_ = 0;
  uint32_t sequence_ = 1;
  size_t send_limit_ = 0;
};

/** The messages of a datagram, one after the other: `for (auto* m = first(d); m; m = next(d, m))`. */
const nlmsghdr* firstMessage(std::span<const uint8_t> datagram);
const nlmsghdr* nextMessage(std::span<const uint8_t> datagram, const nlmsghdr* message);

}  // namespace nodeplane::netlink
