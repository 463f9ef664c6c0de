#include "probe/tracked_flow.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "netlink/answer.h"
#include "netlink/kernel_error.h"

namespace nodeplane::probe {
namespace {

constexpr uint32_t kTimeoutSeconds = 600;

struct Address {
  int family = AF_INET;
  std::array<uint8_t, sizeof(in6_addr)> bytes{};

  explicit Address(const std::string& text) : family(text.find(':') == std::string::npos ? AF_INET : AF_INET6) {
    if (::inet_pton(family, text.c_str(), bytes.data()) == 1) return;
    throw std::out_of_range("address: \"" + text + "\" is no IP address");
  }
};

/** One end of a tuple. */
struct End {
  Address address;
  uint16_t port;

  bool operator==(const End& other) const {
    return address.bytes == other.address.bytes && port == other.port;
  }
};

/** A ctnetlink request in memory. */
class Request {
 public:
  Request(netlink::Socket& socket, int type, uint16_t flags, int family)
      : socket_(socket), message_(mnl_nlmsg_put_header(memory_.data())) {
    message_->nlmsg_type = static_cast<uint16_t>(NFNL_SUBSYS_CTNETLINK << 8 | type);
    message_->nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    message_->nlmsg_seq = socket.takeSequence(1);
    auto* head = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message_, sizeof(nfgenmsg)));
    *head = {static_cast<uint8_t>(family), NFNETLINK_V0, 0};
  }

  nlmsghdr* message() { return message_; }

  /** Returns 0 when the kernel answered or acknowledged, or the errno. */
  int send() {
    socket_.send({reinterpret_cast<const uint8_t*>(message_), message_->nlmsg_len});
    int result = EPROTO;
    while (const auto datagram = socket_.receive()) {
      const auto* answer = netlink::firstMessage(*datagram);
      if (answer == nullptr || result != EPROTO) continue;
      const auto verdict = netlink::readAnswer(*answer);
      result = verdict ? verdict->error : 0;
    }
    return result;
  }

 private:
  netlink::Socket& socket_;
  alignas(nlmsghdr) std::array<uint8_t, 1024> memory_{};
  nlmsghdr* message_;
};

void putAddress(nlmsghdr* message, const Address& address, uint16_t ipv4_type, uint16_t ipv6_type) {
  const bool is_ipv4 = address.family == AF_INET;
  mnl_attr_put(message, is_ipv4 ? ipv4_type : ipv6_type, is_ipv4 ? sizeof(in_addr) : sizeof(in6_addr),
               address.bytes.data());
}

void putTuple(nlmsghdr* message, uint16_t type, uint8_t protocol, const End& from, const End& to) {
  nlattr* tuple = mnl_attr_nest_start(message, type);
  nlattr* addresses = mnl_attr_nest_start(message, CTA_TUPLE_IP);
  putAddress(message, from.address, CTA_IP_V4_SRC, CTA_IP_V6_SRC);
  putAddress(message, to.address, CTA_IP_V4_DST, CTA_IP_V6_DST);
  mnl_attr_nest_end(message, addresses);
  nlattr* ports = mnl_attr_nest_start(message, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(message, CTA_PROTO_NUM, protocol);
  mnl_attr_put_u16(message, CTA_PROTO_SRC_PORT, htons(from.port));
  mnl_attr_put_u16(message, CTA_PROTO_DST_PORT, htons(to.port));
  mnl_attr_nest_end(message, ports);
  mnl_attr_nest_end(message, tuple);
}

void putTranslation(nlmsghdr* message, const End& endpoint) {
  nlattr* translation = mnl_attr_nest_start(message, CTA_NAT_DST);
  putAddress(message, endpoint.address, CTA_NAT_V4_MINIP, CTA_NAT_V6_MINIP);
  putAddress(message, endpoint.address, CTA_NAT_V4_MAXIP, CTA_NAT_V6_MAXIP);
  nlattr* ports = mnl_attr_nest_start(message, CTA_NAT_PROTO);
  mnl_attr_put_u16(message, CTA_PROTONAT_PORT_MIN, htons(endpoint.port));
  mnl_attr_put_u16(message, CTA_PROTONAT_PORT_MAX, htons(endpoint.port));
  mnl_attr_nest_end(message, ports);
  mnl_attr_nest_end(message, translation);
}

void putTcpState(nlmsghdr* message) {
  nlattr* tcp = mnl_attr_nest_start(message, CTA_PROTOINFO_TCP);
  mnl_attr_put_u8(message, CTA_PROTOINFO_TCP_STATE, TCP_CONNTRACK_ESTABLISHED);
  mnl_attr_nest_end(message, tcp);
}

/** The kernel wants all three; any tags will do. */
void putSctpState(nlmsghdr* message) {
  nlattr* sctp = mnl_attr_nest_start(message, CTA_PROTOINFO_SCTP);
  mnl_attr_put_u8(message, CTA_PROTOINFO_SCTP_STATE, SCTP_CONNTRACK_ESTABLISHED);
  mnl_attr_put_u32(message, CTA_PROTOINFO_SCTP_VTAG_ORIGINAL, htonl(1));
  mnl_attr_put_u32(message, CTA_PROTOINFO_SCTP_VTAG_REPLY, htonl(2));
  mnl_attr_nest_end(message, sctp);
}

void putState(nlmsghdr* message, uint8_t protocol) {
  if (protocol != IPPROTO_TCP && protocol != IPPROTO_SCTP) return;
  nlattr* state = mnl_attr_nest_start(message, CTA_PROTOINFO);
  if (protocol == IPPROTO_TCP)
    putTcpState(message);
  else
    putSctpState(message);
  mnl_attr_nest_end(message, state);
}

}  // namespace

void insertFlow(netlink::Socket& socket, const TrackedFlow& flow) {
  const End client{Address(flow.source), flow.source_port};
  const End server{Address(flow.destination), flow.destination_port};
  const End endpoint{Address(flow.endpoint), flow.endpoint_port};
  Request request(socket, IPCTNL_MSG_CT_NEW, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, client.address.family);
  putTuple(request.message(), CTA_TUPLE_ORIG, flow.protocol, client, server);
  putTuple(request.message(), CTA_TUPLE_REPLY, flow.protocol, server, client);
  if (!(endpoint == server)) putTranslation(request.message(), endpoint);
  mnl_attr_put_u32(request.message(), CTA_TIMEOUT, htonl(kTimeoutSeconds));
  putState(request.message(), flow.protocol);
  const int error = request.send();
  if (error != 0) throw KernelError("probe: cannot put a connection into the conntrack table", error);
}

bool hasFlow(netlink::Socket& socket, const TrackedFlow& flow) {
  const End client{Address(flow.source), flow.source_port};
  const End server{Address(flow.destination), flow.destination_port};
  Request request(socket, IPCTNL_MSG_CT_GET, 0, client.address.family);
  putTuple(request.message(), CTA_TUPLE_ORIG, flow.protocol, client, server);
  const int error = request.send();
  if (error == 0 || error == ENOENT) return error == 0;
  throw KernelError("probe: cannot look a connection up in the conntrack table", error);
}

}  // namespace nodeplane::probe
