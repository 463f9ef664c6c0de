#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <string>

namespace nodeplane::netlink {

/** What the kernel says of one request (an NLMSG_ERROR message). */
struct Answer {
  uint32_t sequence = 0;
  /** A positive errno, or 0: done. */
  int error = 0;
  /** Extended ack: where in the request the refused attribute starts, in bytes from the request's header. */
  std::optional<uint32_t> offset;
  /** Extended ack: the kernel's own words; often empty. */
  std::string text;
};

/** Reads an answer; nothing if the message is of another type. The message must lie whole in memory. */
std::optional<Answer> readAnswer(const nlmsghdr& message);

}  // namespace nodeplane::netlink
