#include "probe/sender.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "netlink/kernel_error.h"

namespace nodeplane::probe {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address ipv4(in_addr_t address, in_port_t port) {
  Address result;
  sockaddr_in inet{};
  inet.sin_family = AF_INET;
  inet.sin_addr.s_addr = address;
  inet.sin_port = port;
  std::memcpy(&result.storage, &inet, sizeof inet);
  result.length = sizeof inet;
  return result;
}

Address ipv6(const in6_addr& address, in_port_t port) {
  Address result;
  sockaddr_in6 inet{};
  inet.sin6_family = AF_INET6;
  inet.sin6_addr = address;
  inet.sin6_port = port;
  std::memcpy(&result.storage, &inet, sizeof inet);
  result.length = sizeof inet;
  return result;
}

/** Copies a header out of a packet. */
template <typename Header>
Header headerOf(std::span<const uint8_t> bytes) {
  if (bytes.size() < sizeof(Header)) throw std::out_of_range("packet: is too short");
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  return header;
}

FileDescriptor openSocket(int family, int type, int protocol) {
  FileDescriptor descriptor(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  if (descriptor) return descriptor;
  throw KernelError("probe: cannot open a socket for protocol " + std::to_string(protocol), errno);
}

template <typename Value>
void setOption(const FileDescriptor& socket, int level, int option, const Value& value, const char* name) {
  if (::setsockopt(socket.get(), level, option, &value, sizeof value) == 0) return;
  throw KernelError(std::string("probe: cannot set ") + name, errno);
}

void bindTo(const FileDescriptor& socket, const Address& address) {
  if (::bind(socket.get(), address.get(), address.length) == 0) return;
  throw KernelError("probe: cannot send from an address of the node", errno);
}

/** A sequence number is what tells a connection request from others wherever it turns up: see tcp(7), TCP_REPAIR. */
void setFirstSequenceNumber(const FileDescriptor& socket, uint32_t number) {
  setOption(socket, IPPROTO_TCP, TCP_REPAIR, int{TCP_REPAIR_ON}, "TCP_REPAIR");
  setOption(socket, IPPROTO_TCP, TCP_REPAIR_QUEUE, int{TCP_SEND_QUEUE}, "TCP_REPAIR_QUEUE");
  setOption(socket, IPPROTO_TCP, TCP_QUEUE_SEQ, number, "TCP_QUEUE_SEQ");
  setOption(socket, IPPROTO_TCP, TCP_REPAIR, int{TCP_REPAIR_OFF}, "TCP_REPAIR");
}

}  // namespace

struct Sender::Packet {
  int family = AF_UNSPEC;
  uint8_t protocol = 0;
  Address source;
  Address destination;
  /** The transport header and what follows. */
  std::span<const uint8_t> payload;

  explicit Packet(std::span<const uint8_t> bytes) {
    if (headerOf<ip>(bytes).ip_v == 6)
      readIpv6(bytes);
    else
      readIpv4(bytes);
  }

 private:
  void readIpv4(std::span<const uint8_t> bytes) {
    const auto header = headerOf<ip>(bytes);
    family = AF_INET;
    protocol = header.ip_p;
    payload = bytes.subspan(sizeof header);
    const auto [from, to] = ports();
    source = ipv4(header.ip_src.s_addr, from);
    destination = ipv4(header.ip_dst.s_addr, to);
  }

  void readIpv6(std::span<const uint8_t> bytes) {
    const auto header = headerOf<ip6_hdr>(bytes);
    family = AF_INET6;
    protocol = header.ip6_nxt;
    payload = bytes.subspan(sizeof header);
    const auto [from, to] = ports();
    source = ipv6(header.ip6_src, from);
    destination = ipv6(header.ip6_dst, to);
  }

  /** A raw socket wants no port. */
  std::pair<in_port_t, in_port_t> ports() const {
    if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) return {0, 0};
    const auto header = headerOf<udphdr>(payload);  // TCP's begins alike
    return {header.uh_sport, header.uh_dport};
  }
};

int Sender::send(std::span<const uint8_t> bytes) {
  const Packet packet(bytes);
  switch (packet.protocol) {
    case IPPROTO_TCP: return connect(packet);
    case IPPROTO_UDP: return sendDatagram(packet);
    default: return sendRaw(packet, bytes);
  }
}

int Sender::connect(const Packet& packet) {
  FileDescriptor socket = openSocket(packet.family, SOCK_STREAM, IPPROTO_TCP);
  setFirstSequenceNumber(socket, ntohl(headerOf<tcphdr>(packet.payload).th_seq));
  setOption(socket, SOL_SOCKET, SO_LINGER, linger{1, 0}, "SO_LINGER");
  bindTo(socket, packet.source);
  const int result = ::connect(socket.get(), packet.destination.get(), packet.destination.length);
  const int error = result == 0 || errno == EINPROGRESS ? 0 : errno;
  used_.push_back(std::move(socket));
  return error;
}

int Sender::sendDatagram(const Packet& packet) {
  FileDescriptor socket = openSocket(packet.family, SOCK_DGRAM, IPPROTO_UDP);
  bindTo(socket, packet.source);
  const auto data = packet.payload.subspan(sizeof(udphdr));
  const ssize_t sent = ::sendto(socket.get(), data.data(), data.size(), 0, packet.destination.get(),
                                packet.destination.length);
  const int error = sent < 0 ? errno : 0;
  used_.push_back(std::move(socket));
  return error;
}

/** Bound, so that an address that is not the node's is refused here as for the others. */
int Sender::sendRaw(const Packet& packet, std::span<const uint8_t> bytes) {
  const FileDescriptor socket = openSocket(packet.family, SOCK_RAW, IPPROTO_RAW);
  bindTo(socket, packet.source);
  const ssize_t sent = ::sendto(socket.get(), bytes.data(), bytes.size(), 0, packet.destination.get(),
                                packet.destination.length);
  return sent < 0 ? errno : 0;
}

}  // namespace nodeplane::probe
