#include "ebpf/flows.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>
#include <vector>

#include "ebpf/types.h"
#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

/** The clock of the programs: seconds since boot. */
uint32_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint32_t>(time.tv_sec);
}

template <typename Address>
conntrack::SocketAddress socketAddress(const Address& address, __be16 port) {
  conntrack::SocketAddress result{};
  std::memcpy(result.address.data(), &address, sizeof address);
  result.port = ntohs(port);
  return result;
}

/** The element that translates the answers of an endpoint, as bpf/steps/flows.h makes it. */
template <typename F>
typename F::FlowKey answerKey(const typename F::FlowKey& original, const typename F::Flow& flow) {
  typename F::FlowKey key{};
  key.source = flow.address;
  key.source_port = flow.port;
  key.destination = original.source;
  key.destination_port = flow.client_port != 0 ? flow.client_port : original.source_port;
  key.protocol = original.protocol;
  key.place = NP_LEAVING;
  return key;
}

/** The element that masquerades what goes to the endpoint. */
template <typename F>
typename F::FlowKey forwardKey(const typename F::FlowKey& original, const typename F::Flow& flow) {
  typename F::FlowKey key = original;
  key.destination = flow.address;
  key.destination_port = flow.port;
  if (flow.client_port != 0) key.source_port = flow.client_port;
  key.place = NP_LEAVING;
  return key;
}

/** Deletes a connection with all of its elements: there may be four. */
template <typename F>
bool deleteFlow(const Map& flows, const typename F::FlowKey& original, const typename F::Flow& flow) {
  const auto answer = answerKey<F>(original, flow);
  const auto forward = forwardKey<F>(original, flow);
  typename F::FlowKey arriving = answer;
  arriving.place = NP_ARRIVING;
  typename F::Flow masquerade{};
  if (flows.lookUp(&forward, &masquerade)) {
    arriving.destination = masquerade.address;
    arriving.destination_port = masquerade.port;
    flows.remove(&forward);
  }
  const bool was_there = flows.remove(&original);
  flows.remove(&arriving);
  flows.remove(&answer);
  return was_there;
}

template <typename F>
conntrack::CleanupResult deleteStaleOf(const Map& flows, const conntrack::Rules& rules,
                                       const std::function<bool()>& abandoned) {
  using Key = typename F::FlowKey;
  using Flow = typename F::Flow;
  conntrack::CleanupResult result;
  std::vector<std::pair<Key, Flow>> stale;
  flows.forEach([&](const uint8_t* key_bytes, const uint8_t* flow_bytes) {
    if (abandoned()) throw KernelError("ebpf: cannot list the connections", ECANCELED);
    Key key{};
    Flow flow{};
    std::memcpy(&key, key_bytes, sizeof key);
    std::memcpy(&flow, flow_bytes, sizeof flow);
    if (key.protocol != IPPROTO_UDP || (flow.flags & NP_ORIGINAL) == 0) return;
    ++result.seen;
    if (rules.isStale(socketAddress(key.destination, key.destination_port),
                      socketAddress(flow.address, flow.port)))
      stale.emplace_back(key, flow);
  });
  for (const auto& [key, flow] : stale) {
    if (deleteFlow<F>(flows, key, flow)) ++result.deleted;
  }
  return result;
}

/** A connection as its words tell it. */
template <typename F>
struct Tracked {
  typename F::FlowKey key{};
  typename F::Flow flow{};

  explicit Tracked(std::span<const uint32_t> words) {
    constexpr size_t kPorts = 4;
    if (words.size() != kPorts + 3 * F::kWords)
      throw std::out_of_range("flow: must have " + std::to_string(kPorts + 3 * F::kWords) + " words");
    key.protocol = static_cast<uint8_t>(words[0]);
    key.source_port = htons(static_cast<uint16_t>(words[1]));
    key.destination_port = htons(static_cast<uint16_t>(words[2]));
    flow.port = htons(static_cast<uint16_t>(words[3]));
    key.source = address(words.subspan(kPorts));
    key.destination = address(words.subspan(kPorts + F::kWords));
    flow.address = address(words.subspan(kPorts + 2 * F::kWords));
    key.place = NP_ARRIVING;
    flow.flags = NP_ORIGINAL | NP_SEEN;
    flow.seen = now();
  }

  static typename F::Address address(std::span<const uint32_t> words) {
    typename F::Address result{};
    for (size_t i = 0; i < F::kWords; ++i) result.word[i] = htonl(words[i]);
    return result;
  }
};

template <typename F>
void track(const Map& flows, std::span<const uint32_t> words) {
  const Tracked<F> tracked(words);
  typename F::Flow answer{};
  answer.address = tracked.key.destination;
  answer.port = tracked.key.destination_port;
  answer.seen = tracked.flow.seen;
  const auto answer_key = answerKey<F>(tracked.key, tracked.flow);
  flows.put(&answer_key, &answer);
  flows.put(&tracked.key, &tracked.flow);
}

template <typename F>
bool has(const Map& flows, std::span<const uint32_t> words) {
  const Tracked<F> tracked(words);
  typename F::Flow found{};
  return flows.lookUp(&tracked.key, &found);
}

}  // namespace

conntrack::CleanupResult deleteStaleFlows(const Map& flows, uint8_t family, const conntrack::Rules& rules,
                                          const std::function<bool()>& abandoned) {
  if (family == AF_INET) return deleteStaleOf<Ipv4>(flows, rules, abandoned);
  return deleteStaleOf<Ipv6>(flows, rules, abandoned);
}

void trackFlow(const Map& flows, uint8_t family, std::span<const uint32_t> words) {
  return family == AF_INET ? track<Ipv4>(flows, words) : track<Ipv6>(flows, words);
}

bool hasFlow(const Map& flows, uint8_t family, std::span<const uint32_t> words) {
  return family == AF_INET ? has<Ipv4>(flows, words) : has<Ipv6>(flows, words);
}

}  // namespace nodeplane::ebpf
