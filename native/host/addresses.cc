#include "host/addresses.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <cstring>

#include "netlink/attributes.h"
#include "netlink/dump.h"
#include "netlink/socket.h"

namespace nodeplane::host {
namespace {

constexpr const char* kTried = "host: cannot read the addresses of the interfaces";

struct InterfaceAddress {
  int interface;
  Address address;
};

size_t bytesOf(uint8_t family) {
  return family == AF_INET ? 4 : 16;
}

/**
 * A tentative address is not answered to: another host may hold it, and for good if duplicate address
 * detection failed. An optimistic one is used already while it is being checked (RFC 4429).
 */
bool isUsable(uint8_t flags) {
  return (flags & IFA_F_TENTATIVE) == 0 || (flags & IFA_F_OPTIMISTIC) != 0;
}

std::optional<InterfaceAddress> readAddress(const nlmsghdr& message) {
  const auto* head = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(&message));
  const bool is_ip = head->ifa_family == AF_INET || head->ifa_family == AF_INET6;
  if (!is_ip || !isUsable(head->ifa_flags)) return std::nullopt;
  const nlattr* found = nullptr;
  for (const nlattr* attribute : netlink::Attributes(message, sizeof *head)) {
    const uint16_t type = mnl_attr_get_type(attribute);
    // Where both are given, IFA_ADDRESS is the other end of a point-to-point link.
    if (type == IFA_LOCAL || (type == IFA_ADDRESS && found == nullptr)) found = attribute;
  }
  const size_t bytes = bytesOf(head->ifa_family);
  if (found == nullptr || mnl_attr_get_payload_len(found) != bytes) return std::nullopt;
  InterfaceAddress result{.interface = static_cast<int>(head->ifa_index),
                          .address = {.family = head->ifa_family, .bytes = {}}};
  std::memcpy(result.address.bytes.data(), mnl_attr_get_payload(found), bytes);
  return result;
}

/** A dump request: `Body` is what the kernel wants behind the header, all of it zero. */
template <typename Body>
netlink::DumpEnd list(uint16_t type, const std::function<void(const nlmsghdr&)>& take) {
  netlink::Socket socket(NETLINK_ROUTE);
  struct {
    nlmsghdr head;
    Body body;
  } request{};
  static_assert(sizeof request == NLMSG_LENGTH(sizeof(Body)));
  request.head = {.nlmsg_len = sizeof request,
                  .nlmsg_type = type,
                  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                  .nlmsg_seq = socket.takeSequence(1),
                  .nlmsg_pid = 0};
  const std::span bytes(reinterpret_cast<const uint8_t*>(&request), sizeof request);
  return netlink::dump(socket, bytes, kTried, {.take = take});
}

}  // namespace

std::optional<Snapshot> readAddresses() {
  Snapshot snapshot;
  const auto links = list<ifinfomsg>(RTM_GETLINK, [&](const nlmsghdr& message) {
    const auto* link = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(&message));
    snapshot.links[link->ifi_index] = (link->ifi_flags & IFF_UP) != 0;
  });
  const auto addresses = list<ifaddrmsg>(RTM_GETADDR, [&](const nlmsghdr& message) {
    const auto found = readAddress(message);
    // The kernel takes the routes to the IPv4 addresses of an interface away while it is down.
    if (found && snapshot.links[found->interface]) snapshot.addresses.push_back(found->address);
  });
  if (links != netlink::DumpEnd::Whole || addresses != netlink::DumpEnd::Whole) return std::nullopt;
  std::ranges::sort(snapshot.addresses);
  const auto [first, last] = std::ranges::unique(snapshot.addresses);
  snapshot.addresses.erase(first, last);
  return snapshot;
}

}  // namespace nodeplane::host
