#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "netlink/buffer.h"

namespace nodeplane::netlink {

/** What is said in the two headers of a netfilter message (nlmsghdr and nfgenmsg). */
struct MessageHead {
  uint16_t type;
  uint16_t flags;
  uint32_t sequence;
  /** NFPROTO_*; unspecified in the messages that frame a batch. */
  uint8_t family;
  /** The subsystem, in the messages that frame a batch; else 0. */
  uint16_t resource = 0;
};

/**
 * Writes netfilter netlink messages one after the other into a Buffer.
 * Positions are offsets and not pointers because the buffer moves as it grows.
 */
class MessageWriter {
 public:
  explicit MessageWriter(Buffer& buffer) : buffer_(buffer) {}

  /** Starts a message; returns its offset, which end() needs to fill in the length. */
  size_t begin(const MessageHead& head);
  void end(size_t message);

  /** Starts an attribute that holds others. Its length has 16 bits: the caller keeps it below 64 KiB. */
  size_t beginNest(uint16_t type);
  void endNest(size_t nest);

  /** Appends an attribute with these bytes, in the order in which the kernel wants them. */
  void bytes(uint16_t type, std::span<const uint8_t> value);
  /** Appends an attribute as it was received. */
  void copy(const nlattr& attribute);

  /** Appends an attribute with text and the NUL that nf_tables wants after names. */
  void string(uint16_t type, std::string_view text);

 private:
  Buffer& buffer_;
};

}  // namespace nodeplane::netlink
