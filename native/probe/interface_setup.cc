#include "probe/interface_setup.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>

#include "netlink/answer.h"
#include "netlink/file_descriptor.h"
#include "netlink/kernel_error.h"

namespace nodeplane::probe {
namespace {

/** Packets that may wait until we read them; the default of 500 is soon full when they are sent in batches. */
constexpr int kQueueLength = 1000;

/** An address or a range of them. */
struct Range {
  int family = AF_INET;
  std::array<uint8_t, sizeof(in6_addr)> bytes{};
  uint8_t length = 0;

  size_t size() const { return family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr); }

  /** `text`: an address, or `address/length`. */
  explicit Range(const std::string& text) {
    const size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
    const auto most = static_cast<uint8_t>(size() * 8);
    length = slash == std::string::npos ? most : static_cast<uint8_t>(std::stoul(text.substr(slash + 1)));
    if (::inet_pton(family, address.c_str(), bytes.data()) == 1 && length <= most) return;
    throw std::out_of_range("address: \"" + text + "\" is neither an IP address nor a range");
  }
};

/** An rtnetlink request in memory. */
class Request {
 public:
  Request(netlink::Socket& socket, uint16_t type) : socket_(socket), message_(mnl_nlmsg_put_header(memory_.data())) {
    message_->nlmsg_type = type;
    message_->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;
    message_->nlmsg_seq = socket.takeSequence(1);
  }

  template <typename Header>
  void put(const Header& header) {
    *static_cast<Header*>(mnl_nlmsg_put_extra_header(message_, sizeof header)) = header;
  }

  void put(uint16_t type, const Range& range) { mnl_attr_put(message_, type, range.size(), range.bytes.data()); }
  void put(uint16_t type, uint32_t number) { mnl_attr_put_u32(message_, type, number); }

  void send(const std::string& tried) {
    socket_.send({reinterpret_cast<const uint8_t*>(message_), message_->nlmsg_len});
    int error = EPROTO;
    while (const auto datagram = socket_.receive()) {
      const auto* message = netlink::firstMessage(*datagram);
      if (message == nullptr) continue;
      if (const auto answer = netlink::readAnswer(*message)) error = answer->error;
    }
    if (error != 0) throw KernelError("probe: cannot " + tried, error);
  }

 private:
  netlink::Socket& socket_;
  alignas(nlmsghdr) std::array<uint8_t, 256> memory_{};
  nlmsghdr* message_;
};

FileDescriptor openControl() {
  FileDescriptor descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!descriptor) throw KernelError("probe: cannot open a socket", errno);
  return descriptor;
}

ifreq requestFor(std::string_view name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

void addFlags(std::string_view name, short flags) {
  const FileDescriptor control = openControl();
  ifreq request = requestFor(name);
  if (::ioctl(control.get(), SIOCGIFFLAGS, &request) == 0) {
    request.ifr_flags = static_cast<short>(request.ifr_flags | flags);
    if (::ioctl(control.get(), SIOCSIFFLAGS, &request) == 0) return;
  }
  throw KernelError("probe: cannot take interface " + std::string(name) + " up", errno);
}

void setQueueLength(std::string_view name) {
  const FileDescriptor control = openControl();
  ifreq request = requestFor(name);
  request.ifr_qlen = kQueueLength;
  if (::ioctl(control.get(), SIOCSIFTXQLEN, &request) == 0) return;
  throw KernelError("probe: cannot set the queue of interface " + std::string(name), errno);
}

void addAddress(netlink::Socket& socket, uint32_t interface, const std::string& text) {
  const Range address(text);
  Request request(socket, RTM_NEWADDR);
  request.put(ifaddrmsg{.ifa_family = static_cast<uint8_t>(address.family),
                        .ifa_prefixlen = address.length,
                        .ifa_flags = IFA_F_NODAD | IFA_F_PERMANENT,
                        .ifa_scope = RT_SCOPE_UNIVERSE,
                        .ifa_index = interface});
  request.put(IFA_LOCAL, address);
  request.put(IFA_ADDRESS, address);
  request.send("add address " + text);
}

void addRoute(netlink::Socket& socket, uint32_t interface, const std::string& text) {
  const Range range(text);
  Request request(socket, RTM_NEWROUTE);
  request.put(rtmsg{.rtm_family = static_cast<uint8_t>(range.family),
                    .rtm_dst_len = range.length,
                    .rtm_src_len = 0,
                    .rtm_tos = 0,
                    .rtm_table = RT_TABLE_MAIN,
                    .rtm_protocol = RTPROT_STATIC,
                    .rtm_scope = static_cast<uint8_t>(range.family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE),
                    .rtm_type = RTN_UNICAST,
                    .rtm_flags = 0});
  if (range.length > 0) request.put(RTA_DST, range);
  request.put(RTA_OIF, interface);
  request.send("add route " + text);
}

}  // namespace

void setUp(netlink::Socket& route_socket, const InterfaceSetup& setup) {
  setQueueLength(setup.name);
  addFlags(setup.name, IFF_UP | IFF_NOARP);
  const uint32_t interface = ::if_nametoindex(setup.name.c_str());
  for (const std::string& address : setup.addresses) addAddress(route_socket, interface, address);
  for (const std::string& route : setup.routes) addRoute(route_socket, interface, route);
}

void setUpLoopback() { addFlags("lo", IFF_UP); }

}  // namespace nodeplane::probe
