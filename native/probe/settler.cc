#include "probe/settler.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "netlink/kernel_error.h"

namespace nodeplane::probe {
namespace {

/** "Use for experimentation and testing" (RFC 3692): no service proxy has a reason to touch it. */
constexpr int kMarkerProtocol = 253;

/** That long a busy machine may leave a queue alone. */
constexpr int kPatienceMs = 10'000;

FileDescriptor openSocket() {
  FileDescriptor descriptor(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, kMarkerProtocol));
  if (descriptor) return descriptor;
  throw KernelError("probe: cannot open a raw socket for markers", errno);
}

/** Runs on one CPU while it lives. */
class OnCpu {
 public:
  explicit OnCpu(int cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    if (::sched_getaffinity(0, sizeof before_, &before_) == 0 && ::sched_setaffinity(0, sizeof one, &one) == 0)
      return;
    throw KernelError("probe: cannot run on CPU " + std::to_string(cpu), errno);
  }
  ~OnCpu() { ::sched_setaffinity(0, sizeof before_, &before_); }

  OnCpu(const OnCpu&) = delete;
  OnCpu& operator=(const OnCpu&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace

Settler::Settler() : sender_(openSocket()), receiver_(openSocket()) { CPU_ZERO(&used_); }

void Settler::remember() {
  const int cpu = ::sched_getcpu();
  if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(cpu, &used_);
}

void Settler::settle() {
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &used_)) continue;
    const OnCpu here(cpu);
    settleHere();
  }
  CPU_ZERO(&used_);
}

void Settler::settleHere() {
  ++number_;
  sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* to = reinterpret_cast<const sockaddr*>(&loopback);
  if (::sendto(sender_.get(), &number_, sizeof number_, 0, to, sizeof loopback) < 0) {
    throw KernelError("probe: cannot send a marker over the loopback", errno);
  }
  while (!takeMarker()) {
    pollfd wait{receiver_.get(), POLLIN, 0};
    const int ready = ::poll(&wait, 1, kPatienceMs);
    if (ready == 0) throw KernelError("probe: a marker sent over the loopback did not arrive", ETIMEDOUT);
    if (ready < 0 && errno != EINTR) throw KernelError("probe: cannot wait for a marker", errno);
  }
}

/** Whether the marker that was sent last is there. */
bool Settler::takeMarker() {
  uint8_t packet[sizeof(ip) + sizeof number_];
  ssize_t bytes = 0;
  while ((bytes = ::recv(receiver_.get(), packet, sizeof packet, 0)) >= 0) {
    if (static_cast<size_t>(bytes) < sizeof packet) continue;
    uint32_t number = 0;
    std::memcpy(&number, packet + sizeof(ip), sizeof number);
    if (number == number_) return true;
  }
  if (errno == EAGAIN || errno == EINTR) return false;
  throw KernelError("probe: cannot receive a marker", errno);
}

}  // namespace nodeplane::probe
