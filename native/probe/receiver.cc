#include "probe/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "netlink/kernel_error.h"

namespace nodeplane::probe {
namespace {

constexpr size_t kPacketBytes = 64 * 1024;
/** The kernel counts about 1 KiB for a small packet; a batch of probes may bring hundreds. */
constexpr int kQueueBytes = 4 * 1024 * 1024;

FileDescriptor openRaw(int family, uint8_t protocol) {
  FileDescriptor descriptor(::socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  if (descriptor) return descriptor;
  throw KernelError("probe: cannot open a raw socket for protocol " + std::to_string(protocol), errno);
}

void setOption(int descriptor, int level, int option, int value) {
  if (::setsockopt(descriptor, level, option, &value, sizeof value) == 0) return;
  throw KernelError("probe: cannot set option " + std::to_string(option) + " of a raw socket", errno);
}

in6_addr destinationOf(const msghdr& message) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(const_cast<msghdr*>(&message), each)) {
    if (each->cmsg_level != IPPROTO_IPV6 || each->cmsg_type != IPV6_PKTINFO) continue;
    in6_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(each), sizeof info);
    return info.ipi6_addr;
  }
  return in6addr_any;
}

}  // namespace

Receiver::Receiver(int family, uint8_t protocol)
    : family_(family),
      protocol_(protocol),
      descriptor_(openRaw(family, protocol)),
      packet_(std::make_unique<uint8_t[]>(kPacketBytes)) {
  setOption(descriptor_.get(), SOL_SOCKET, SO_RCVBUFFORCE, kQueueBytes);
  if (family == AF_INET6) setOption(descriptor_.get(), IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

bool Receiver::isSupported(int family) {
  const FileDescriptor descriptor(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return static_cast<bool>(descriptor);
}

std::optional<std::span<const uint8_t>> Receiver::read() {
  const size_t head = family_ == AF_INET6 ? sizeof(ip6_hdr) : 0;
  iovec part{packet_.get() + head, kPacketBytes - head};
  sockaddr_in6 sender{};
  alignas(cmsghdr) uint8_t control[CMSG_SPACE(sizeof(in6_pktinfo))];
  msghdr message{};
  message.msg_name = &sender;
  message.msg_namelen = sizeof sender;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t bytes = receive(message);
  if (bytes < 0) return std::nullopt;
  if (head > 0) writeHeader(message, static_cast<size_t>(bytes));
  return std::span<const uint8_t>(packet_.get(), head + static_cast<size_t>(bytes));
}

ssize_t Receiver::receive(msghdr& message) {
  for (;;) {
    const ssize_t bytes = ::recvmsg(descriptor_.get(), &message, 0);
    if (bytes >= 0 || errno == EAGAIN) return bytes;
    if (errno != EINTR) throw KernelError("probe: cannot receive what was delivered to the node", errno);
  }
}

/** An IPv6 raw socket gives no header. */
void Receiver::writeHeader(const msghdr& message, size_t payload) {
  ip6_hdr header{};
  header.ip6_flow = htonl(6U << 28);
  header.ip6_plen = htons(static_cast<uint16_t>(payload));
  header.ip6_nxt = protocol_;
  header.ip6_hlim = 64;
  header.ip6_src = static_cast<const sockaddr_in6*>(message.msg_name)->sin6_addr;
  header.ip6_dst = destinationOf(message);
  std::memcpy(packet_.get(), &header, sizeof header);
}

}  // namespace nodeplane::probe
