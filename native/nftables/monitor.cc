#include "nftables/monitor.h"

#include <linux/netfilter/nfnetlink.h>
#include <poll.h>

#include <array>
#include <cerrno>

#include "netlink/kernel_error.h"
#include "nftables/port_filter.h"

namespace nodeplane::nftables {

Monitor::Monitor(std::span<const uint32_t> ignored_ports) {
  auto filter = ignoringPorts(ignored_ports);
  socket_.attachFilter(filter);  // before the first notification can come
  socket_.joinGroup(NFNLGRP_NFTABLES);
}

void Monitor::run(const FileDescriptor& stop_event, const TransactionReader::Sink& sink) {
  TransactionReader reader(sink);
  std::array<pollfd, 2> waiting{{{stop_event.get(), POLLIN, 0}, {socket_.descriptor(), POLLIN, 0}}};
  for (;;) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    if (waiting[0].revents != 0) return;
    readOne(reader);
  }
}

void Monitor::readOne(TransactionReader& reader) {
  try {
    if (const auto datagram = socket_.receive()) reader.datagram(*datagram);
  } catch (const KernelError&) {
    readAway();
    reader.overrun();
  }
}

/**
 * After it lost a notification the kernel drops all others too, without another word, until the socket is
 * empty (NETLINK_S_CONGESTED in net/netlink/af_netlink.c). Whoever reads the ruleset on being told of an
 * overrun must miss nothing that comes later: so the socket is emptied first.
 */
void Monitor::readAway() {
  for (;;) {
    try {
      if (!socket_.receive()) return;
    } catch (const KernelError&) {
      // Lost again: to be told once.
    }
  }
}

}  // namespace nodeplane::nftables
