#include "ebpf/devices.h"

#include <libmnl/libmnl.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include <cerrno>
#include <optional>
#include <span>

#include "netlink/attributes.h"
#include "netlink/dump.h"
#include "netlink/kernel_error.h"
#include "netlink/socket.h"

namespace nodeplane::ebpf {
namespace {

constexpr const char* kTried = "ebpf: cannot read the devices";

/** Whether packets of a kind of device have an Ethernet header; nothing if its packets are no use to us. */
std::optional<bool> hasEthernet(uint16_t type) {
  switch (type) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK: return true;
    case ARPHRD_NONE:
    case ARPHRD_RAWIP:
    case ARPHRD_PPP:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case ARPHRD_IPGRE: return false;
    default: return std::nullopt;
  }
}

std::optional<Device> readDevice(const nlmsghdr& message) {
  const auto* link = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(&message));
  const auto has_ethernet = hasEthernet(link->ifi_type);
  if (!has_ethernet) return std::nullopt;
  Device device{.index = link->ifi_index,
                .name = {},
                .is_loopback = (link->ifi_flags & IFF_LOOPBACK) != 0,
                .has_ethernet = *has_ethernet};
  for (const nlattr* attribute : netlink::Attributes(message, sizeof *link)) {
    if (mnl_attr_get_type(attribute) == IFLA_IFNAME) device.name = mnl_attr_get_str(attribute);
  }
  return device;
}

}  // namespace

std::vector<Device> readDevices() {
  netlink::Socket socket(NETLINK_ROUTE);
  struct {
    nlmsghdr head;
    ifinfomsg body;
  } request{};
  request.head = {.nlmsg_len = sizeof request,
                  .nlmsg_type = RTM_GETLINK,
                  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                  .nlmsg_seq = socket.takeSequence(1),
                  .nlmsg_pid = 0};
  std::vector<Device> devices;
  const std::span bytes(reinterpret_cast<const uint8_t*>(&request), sizeof request);
  const auto take = [&](const nlmsghdr& message) {
    if (auto device = readDevice(message)) devices.push_back(std::move(*device));
  };
  if (netlink::dump(socket, bytes, kTried, {.take = take}) != netlink::DumpEnd::Whole)
    throw KernelError(kTried, EINTR);
  return devices;
}

}  // namespace nodeplane::ebpf
