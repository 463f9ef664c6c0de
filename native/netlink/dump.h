#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "netlink/socket.h"

namespace nodeplane::netlink {

/** What comes of a dump that the kernel did not refuse. */
enum class DumpEnd {
  Whole,
  /** What was listed changed meanwhile: something may be missing. */
  Interrupted,
  /** `abandoned` said so. */
  Abandoned,
};

struct DumpHandlers {
  /** Takes one message of the list. It lasts for the call only. */
  std::function<void(const nlmsghdr&)> take;
  /** Asked between datagrams of up to 32 KiB whether to give up. */
  std::function<bool()> abandoned = [] { return false; };
};

/**
 * Sends a dump request (whole, with its header) and hands over what the kernel lists. Throws KernelError,
 * which says what was `tried`. A socket whose dump did not end whole must not be used for another.
 */
DumpEnd dump(Socket& socket, std::span<const uint8_t> request, std::string_view tried,
             const DumpHandlers& handlers);

}  // namespace nodeplane::netlink
