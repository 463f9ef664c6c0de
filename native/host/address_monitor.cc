#include "host/address_monitor.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <initializer_list>
#include <utility>

#include "netlink/kernel_error.h"

namespace nodeplane::host {
namespace {

using Clock = std::chrono::steady_clock;

/** Times for poll(), in milliseconds. */
constexpr int kForever = -1;
/** A burst of notifications is over when there was none for so long. */
constexpr int kQuiet = 5;
constexpr int kRetry = 50;

/** A burst that does not end is cut here. */
constexpr std::chrono::milliseconds kLongestBurst(100);

enum class Woken { Stop, Notification, Timeout };

Woken wait(const FileDescriptor& stop_event, const netlink::Socket& socket, int milliseconds) {
  std::array<pollfd, 2> waiting{{{stop_event.get(), POLLIN, 0}, {socket.descriptor(), POLLIN, 0}}};
  while (::poll(waiting.data(), waiting.size(), milliseconds) < 0) {
    if (errno != EINTR) return Woken::Stop;
  }
  if (waiting[0].revents != 0) return Woken::Stop;
  return waiting[1].revents != 0 ? Woken::Notification : Woken::Timeout;
}

}  // namespace

AddressMonitor::AddressMonitor() {
  for (const int group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR}) socket_.joinGroup(group);
}

void AddressMonitor::run(const FileDescriptor& stop_event, const Sink& sink) {
  int pause = refresh(sink) ? kForever : kRetry;
  Clock::time_point cut;
  for (;;) {
    const Woken woken = wait(stop_event, socket_, pause);
    if (woken == Woken::Stop) return;
    if (woken == Woken::Notification) {
      if (takeNotifications() && pause != kQuiet) {
        pause = kQuiet;
        cut = Clock::now() + kLongestBurst;
      }
      if (pause != kQuiet || Clock::now() < cut) continue;
    }
    pause = refresh(sink) ? kForever : kRetry;
  }
}

/** Reads what is queued; returns whether the addresses may have changed. */
bool AddressMonitor::takeNotifications() {
  bool changed = false;
  for (;;) {
    try {
      const auto datagram = socket_.receive();
      if (!datagram) return changed;
      for (auto* message = netlink::firstMessage(*datagram); message != nullptr;
           message = netlink::nextMessage(*datagram, message)) {
        changed = changed || matters(*message);
      }
    } catch (const KernelError&) {
      changed = true;  // some were lost; the socket is read on until it is empty, or more would be
    }
  }
}

/** Interfaces tell much about themselves; what matters is whether they are up. */
bool AddressMonitor::matters(const nlmsghdr& message) const {
  if (message.nlmsg_type == RTM_NEWADDR || message.nlmsg_type == RTM_DELADDR) return true;
  if (message.nlmsg_type != RTM_NEWLINK) return false;
  const auto* link = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(&message));
  if (link->ifi_family != AF_UNSPEC) return false;
  if (!current_) return true;
  const auto known = current_->links.find(link->ifi_index);
  const bool was_up = known != current_->links.end() && known->second;
  return was_up != ((link->ifi_flags & IFF_UP) != 0);
}

/** Reads the addresses and reports them if they are others than before; false if that has to be tried again.
 */
bool AddressMonitor::refresh(const Sink& sink) {
  try {
    auto snapshot = readAddresses();
    if (!snapshot) return false;
    const bool is_news = !current_ || snapshot->addresses != current_->addresses;
    current_ = std::move(*snapshot);
    is_failing_ = false;
    if (is_news) sink({.addresses = current_->addresses, .failure = {}});
    return true;
  } catch (const KernelError&) {
    current_.reset();
    if (!std::exchange(is_failing_, true)) sink({.addresses = {}, .failure = std::current_exception()});
    return false;
  }
}

}  // namespace nodeplane::host
