#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <vector>

namespace nodeplane::nftables {

/** Jumps in a classic BPF program have 8 bits. */
constexpr size_t kMaxFilteredPorts = 200;

/**
 * A socket filter that drops datagrams caused by one of `ports`. A notification carries one transaction, or
 * part of one, so that the nlmsg_pid of its first message speaks for all of it. Filtering in the kernel means
 * that a bulk load of our own neither wakes the monitor nor overruns its socket.
 */
std::vector<sock_filter> ignoringPorts(std::span<const uint32_t> ports);

}  // namespace nodeplane::nftables
