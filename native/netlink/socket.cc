#include "netlink/socket.h"

#include <libmnl/libmnl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

#include "netlink/kernel_error.h"
#include "netlink/open_sockets.h"

namespace nodeplane::netlink {
namespace {

/**
 * The kernel makes no netlink dump datagram larger than 32 KiB (netlink_dump in net/netlink/af_netlink.c).
 */
constexpr size_t kReceiveBytes = 64 * 1024;

/** Room for some 10,000 refusals of one batch; a socket without any takes no memory. */
constexpr int kReceiveQueueBytes = 4 * 1024 * 1024;

/** netlink_sendmsg() keeps this much of the send buffer for itself. */
constexpr size_t kSendOverhead = 32;

FileDescriptor open(int protocol) {
  const std::lock_guard lock(openingMutex());
  FileDescriptor descriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!descriptor) throw KernelError("netlink: cannot open a socket", errno);
  return descriptor;
}

}  // namespace

uint32_t bindToPort(int descriptor) {
  sockaddr_nl address{};  // port id 0: the kernel chooses
  address.nl_family = AF_NETLINK;
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor, generic, length) != 0 || ::getsockname(descriptor, generic, &length) != 0) {
    throw KernelError("netlink: cannot bind a socket", errno);
  }
  return address.nl_pid;
}

Socket::Socket(int protocol)
    : descriptor_(open(protocol)),
      memory_(std::make_unique<uint8_t[]>(kReceiveBytes)),
      port_(bindToPort(descriptor_.get())) {
  setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1, "NETLINK_EXT_ACK");
  // A refusal then does not repeat the request, which can be 64 KiB long.
  setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1, "NETLINK_CAP_ACK");
  setReceiveBuffer();
}

void Socket::setOption(int level, int option, int value, const char* name) {
  if (::setsockopt(descriptor_.get(), level, option, &value, sizeof value) == 0) return;
  throw KernelError(std::string("netlink: cannot set ") + name, errno);
}

void Socket::setReceiveBuffer() {
  const int bytes = kReceiveQueueBytes;
  if (::setsockopt(descriptor_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) == 0) return;
  // Without CAP_NET_ADMIN in the first user namespace: as much as net.core.rmem_max allows.
  setOption(SOL_SOCKET, SO_RCVBUF, bytes, "SO_RCVBUF");
}

uint32_t Socket::takeSequence(uint32_t count) {
  const uint32_t first = sequence_;
  sequence_ += count;
  return first;
}

void Socket::joinGroup(int group) {
  setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group, "NETLINK_ADD_MEMBERSHIP");
}

void Socket::attachFilter(std::span<sock_filter> program) {
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (::setsockopt(descriptor_.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0) return;
  throw KernelError("netlink: cannot attach a socket filter", errno);
}

void Socket::makeRoomFor(size_t bytes) {
  if (bytes + kSendOverhead <= send_limit_) return;
  const int wanted = static_cast<int>(std::min<size_t>(bytes + kSendOverhead, INT_MAX / 2));
  // The limit is only checked, never allocated: raising it for good costs nothing.
  if (::setsockopt(descriptor_.get(), SOL_SOCKET, SO_SNDBUFFORCE, &wanted, sizeof wanted) != 0) {
    setOption(SOL_SOCKET, SO_SNDBUF, wanted,
              "SO_SNDBUF");  // up to net.core.wmem_max; else send says EMSGSIZE
  }
  send_limit_ = static_cast<size_t>(wanted);
}

void Socket::send(std::span<const uint8_t> datagram) {
  makeRoomFor(datagram.size());
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const auto* address = reinterpret_cast<const sockaddr*>(&kernel);
  if (::sendto(descriptor_.get(), datagram.data(), datagram.size(), 0, address, sizeof kernel) >= 0) return;
  throw KernelError("netlink: cannot send " + std::to_string(datagram.size()) + " bytes", errno);
}

ssize_t Socket::receiveOne(sockaddr_nl& sender) {
  socklen_t length = sizeof sender;
  // MSG_TRUNC: the true length of a datagram that does not fit, instead of the bytes that did.
  return ::recvfrom(descriptor_.get(), memory_.get(), kReceiveBytes, MSG_DONTWAIT | MSG_TRUNC,
                    reinterpret_cast<sockaddr*>(&sender), &length);
}

std::optional<std::span<const uint8_t>> Socket::receive() {
  for (;;) {
    sockaddr_nl sender{};
    const ssize_t bytes = receiveOne(sender);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0 && errno == EAGAIN) return std::nullopt;
    if (bytes < 0) throw KernelError("netlink: cannot receive", errno);
    if (static_cast<size_t>(bytes) > kReceiveBytes) throw KernelError("netlink: cannot receive", EMSGSIZE);
    // Another process with CAP_NET_ADMIN could send to this port; only the kernel has port id 0.
    if (sender.nl_pid == 0) return std::span<const uint8_t>(memory_.get(), static_cast<size_t>(bytes));
  }
}

const nlmsghdr* firstMessage(std::span<const uint8_t> datagram) {
  const auto* message = reinterpret_cast<const nlmsghdr*>(datagram.data());
  return mnl_nlmsg_ok(message, static_cast<int>(datagram.size())) ? message : nullptr;
}

const nlmsghdr* nextMessage(std::span<const uint8_t> datagram, const nlmsghdr* message) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(message);
  const size_t offset = static_cast<size_t>(bytes - datagram.data()) + NLMSG_ALIGN(message->nlmsg_len);
  return offset < datagram.size() ? firstMessage(datagram.subspan(offset)) : nullptr;
}

}  // namespace nodeplane::netlink
