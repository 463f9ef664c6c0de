#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nftables/layout.h"

namespace nodeplane::nftables {

/**
 * Reads a set or map of the table as rows, each with the verb put, in the kernel's order. Elements that have
 * expired and the catch-all element are left out; a set of intervals has no rows.
 *
 * The kernel gives 32 KiB at a time and walks the set from its start for each: 100,000 elements take some 0.3
 * s, four times as many sixteen times as long. A set that changes meanwhile is read again, up to ten times;
 * then KernelError EINTR. KernelError ECANCELED as soon as
 * `abandoned` says so. The sockets are opened in the network namespace of the calling thread.
 */
std::vector<uint32_t> readSet(const TableLayout& table, uint16_t set, const std::function<bool()>& abandoned);

}  // namespace nodeplane::nftables
