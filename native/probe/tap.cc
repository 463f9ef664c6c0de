#include "probe/tap.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "netlink/kernel_error.h"

namespace nodeplane::probe {
namespace {

/** An IP packet of the largest size behind an Ethernet header. */
constexpr size_t kFrameBytes = 64 * 1024 + ETHER_HDR_LEN;

/** Of whoever is on the other end of the wire; locally administered. */
constexpr std::array<uint8_t, ETHER_ADDR_LEN> kOtherEnd{0x02, 0, 0, 0, 0, 0x01};

constexpr uint8_t kIpv6 = 6;

ifreq requestFor(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

uint16_t etherType(std::span<const uint8_t> packet) {
  if (packet.empty()) throw std::out_of_range("packet: is empty");
  return htons(packet[0] >> 4 == kIpv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
}

bool isIp(const ether_header& header) {
  return header.ether_type == htons(ETHERTYPE_IP) || header.ether_type == htons(ETHERTYPE_IPV6);
}

}  // namespace

Tap::Tap(const std::string& name)
    : name_(name),
      descriptor_(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)),
      frame_(std::make_unique<uint8_t[]>(kFrameBytes)) {
  if (name.empty() || name.size() >= IFNAMSIZ) {
    throw std::out_of_range("interface: \"" + name + "\" must have 1 to 15 bytes");
  }
  if (!descriptor_) throw KernelError("probe: cannot open /dev/net/tun", errno);
  create();
  readAddress();
}

void Tap::create() {
  ifreq request = requestFor(name_);
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_TUN_EXCL;
  if (::ioctl(descriptor_.get(), TUNSETIFF, &request) != 0) {
    throw KernelError("probe: cannot create interface " + name_, errno);
  }
  // To unregister an interface takes 20 ms of waiting: that is left to the kernel, when the namespace goes.
  if (::ioctl(descriptor_.get(), TUNSETPERSIST, 1) != 0) {
    throw KernelError("probe: cannot keep interface " + name_, errno);
  }
}

void Tap::readAddress() {
  ifreq request = requestFor(name_);
  if (::ioctl(descriptor_.get(), SIOCGIFHWADDR, &request) != 0) {
    throw KernelError("probe: cannot read the address of interface " + name_, errno);
  }
  std::memcpy(address_.data(), request.ifr_hwaddr.sa_data, address_.size());
}

void Tap::inject(std::span<const uint8_t> packet) {
  ether_header header{};
  std::memcpy(header.ether_dhost, address_.data(), address_.size());
  std::memcpy(header.ether_shost, kOtherEnd.data(), kOtherEnd.size());
  header.ether_type = etherType(packet);
  const iovec parts[] = {{&header, sizeof header},
                         {const_cast<uint8_t*>(packet.data()), packet.size()}};  // writev() only reads
  if (::writev(descriptor_.get(), parts, 2) >= 0) return;
  throw KernelError("probe: cannot let a packet arrive at interface " + name_, errno);
}

std::optional<std::span<const uint8_t>> Tap::read() {
  for (;;) {
    const ssize_t bytes = ::read(descriptor_.get(), frame_.get(), kFrameBytes);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0 && errno == EAGAIN) return std::nullopt;
    if (bytes < 0) throw KernelError("probe: cannot read what interface " + name_ + " sent", errno);
    ether_header header{};
    if (static_cast<size_t>(bytes) <= sizeof header) continue;
    std::memcpy(&header, frame_.get(), sizeof header);
    if (!isIp(header)) continue;
    return std::span<const uint8_t>(frame_.get(), static_cast<size_t>(bytes)).subspan(sizeof header);
  }
}

}  // namespace nodeplane::probe
