#pragma once

#include <cstdint>

#include "netlink/socket.h"
#include "nftables/layout.h"

namespace nodeplane::nftables {

/**
 * Throws KernelError unless this process may use nf_tables in the socket's namespace, and the kernel has it.
 */
void requireAccess(netlink::Socket& socket);

bool tableExists(netlink::Socket& socket, const TableLayout& table);

/** What the kernel says of a set. */
struct SetDescription {
  /** NFT_SET_*. */
  uint32_t flags = 0;
  uint32_t key_bytes = 0;
  /** 0 for a set that is no map. */
  uint32_t data_bytes = 0;
};

SetDescription describeSet(netlink::Socket& socket, const TableLayout& table, uint16_t set);

}  // namespace nodeplane::nftables
