#pragma once

#include <linux/netlink.h>

#include <optional>

#include "conntrack/socket_address.h"
#include "netlink/message_writer.h"

namespace nodeplane::conntrack {

/** A UDP entry of the connection tracking table, as one message of a dump tells it; it lasts as long as that.
 */
struct UdpEntry {
  /** Where the connection was sent to, before any translation. */
  SocketAddress destination;
  /** Where its replies come from: the endpoint, if it was translated. */
  SocketAddress reply_source;
  const nlattr* original_tuple;
  const nlattr* id;
  /** Nothing in the default zone. */
  const nlattr* zone;
};

/** Reads an entry; nothing if it is of another protocol or does not say all. */
std::optional<UdpEntry> readUdpEntry(const nlmsghdr& message);

/** Asks for the UDP entries of a family (AF_*): kernels from 5.8 on leave the others out, older ones tell
 * all. */
void writeUdpDump(netlink::MessageWriter& writer, uint8_t family, uint32_t sequence);

/** Asks to delete this entry and no other that took its place. The kernel answers only if it refuses. */
void writeDelete(netlink::MessageWriter& writer, uint8_t family, uint32_t sequence, const UdpEntry& entry);

}  // namespace nodeplane::conntrack
