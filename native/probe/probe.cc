#include "probe/probe.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

namespace nodeplane::probe {
namespace {

constexpr uint8_t kTransports[] = {IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP};

uint8_t icmpOf(int family) {
  if (family == AF_INET6) return IPPROTO_ICMPV6;
  return IPPROTO_ICMP;
}

std::vector<Receiver> openReceivers() {
  std::vector<Receiver> receivers;
  for (const int family : {AF_INET, AF_INET6}) {
    if (!Receiver::isSupported(family)) continue;
    for (const uint8_t protocol : kTransports) receivers.emplace_back(family, protocol);
    receivers.emplace_back(family, icmpOf(family));
  }
  return receivers;
}

}  // namespace

Probe::Probe(const std::vector<InterfaceSetup>& interfaces) : receivers_(openReceivers()) {
  setUpLoopback();
  netlink::Socket routes(NETLINK_ROUTE);
  for (const InterfaceSetup& setup : interfaces) {
    taps_.push_back(std::make_unique<Tap>(setup.name));
    setUp(routes, setup);
  }
}

void Probe::inject(size_t interface, std::span<const uint8_t> packet) {
  if (interface >= taps_.size()) {
    throw std::out_of_range("interface: there is no interface " + std::to_string(interface));
  }
  settler_.remember();
  taps_[interface]->inject(packet);
  settler_.remember();
}

int Probe::send(std::span<const uint8_t> packet) {
  settler_.remember();
  const int error = sender_.send(packet);
  settler_.remember();
  return error;
}

void Probe::collect(const Witness& see) {
  settler_.settle();
  for (size_t i = 0; i < taps_.size(); ++i) {
    while (const auto packet = taps_[i]->read()) see(static_cast<int>(i), *packet);
  }
  for (Receiver& receiver : receivers_) {
    while (const auto packet = receiver.read()) see(kNode, *packet);
  }
  sender_.forget();
}

}  // namespace nodeplane::probe
