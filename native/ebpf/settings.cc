#include "ebpf/settings.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>

#include "ebpf/row_layout.h"
#include "ebpf/types.h"
#include "netlink/file_descriptor.h"
#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

constexpr uint32_t kVerbShift = 16;
constexpr uint32_t kPut = 1;
constexpr uint32_t kBitsOfWord = 32;
/** Flags that a row may have: NP_MASQUERADE_ALL, NP_NODE_PORTS_ANYWHERE, NP_PODS_KNOWN. */
constexpr uint32_t kRowFlags = ipv4::NP_MASQUERADE_ALL | ipv4::NP_NODE_PORTS_ANYWHERE | ipv4::NP_PODS_KNOWN;

/** What the kernel calls the network namespace of the calling thread. */
uint64_t namespaceCookie() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  uint64_t cookie = 0;
  socklen_t bytes = sizeof cookie;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &bytes) != 0)
    throw KernelError("ebpf: cannot tell the network namespace", errno);
  return cookie;
}

template <typename F>
class Reader {
 public:
  explicit Reader(std::span<const uint32_t> words) : words_(words) {}

  Settings read(bool by_interface) {
    typename F::Settings value{};
    value.layout = NP_LAYOUT;
    value.node = namespaceCookie();
    if (by_interface) value.flags |= NP_PODS_BY_INTERFACE;
    Settings settings;
    while (at_ < words_.size()) row(value, settings);
    settings.value = keyOf(value);
    return settings;
  }

 private:
  void row(typename F::Settings& value, Settings& settings) {
    const uint32_t head = word();
    if (head >> kVerbShift != kPut) fail("the verb of row head " + std::to_string(head) + " is not put");
    switch (static_cast<Kind>(head & ((1u << kVerbShift) - 1))) {
      case Kind::Flags: value.flags |= word() & kRowFlags; break;
      case Kind::PodRange: {
        const typename F::RangeKey range = readRange();
        value.flags |= NP_PODS_BY_RANGE;
        value.pods = range.address;
        value.pod_mask = maskOf(range.prefix_length);
        break;
      }
      case Kind::NodeAddress: settings.node_addresses.emplace(keyOf(address()), 0); break;
      case Kind::ServiceCidr: settings.service_cidrs.emplace(keyOf(readRange()), 0); break;
      default: fail("row head " + std::to_string(head) + " is not about settings");
    }
  }

  typename F::RangeKey readRange() {
    typename F::RangeKey range{};
    range.prefix_length = word();
    if (range.prefix_length > kBitsOfWord * F::kWords)
      fail("a prefix of " + std::to_string(range.prefix_length) + " bits");
    range.address = address();
    return range;
  }

  typename F::Address address() {
    typename F::Address result{};
    for (auto& part : result.word) part = htonl(word());
    return result;
  }

  static typename F::Address maskOf(uint32_t bits) {
    typename F::Address mask{};
    for (auto& part : mask.word) {
      const uint32_t here = std::min(bits, kBitsOfWord);
      part = here == 0 ? 0 : htonl(UINT32_MAX << (kBitsOfWord - here));
      bits -= here;
    }
    return mask;
  }

  uint32_t word() {
    if (at_ == words_.size()) fail("the last row is cut off");
    return words_[at_++];
  }

  [[noreturn]] static void fail(const std::string& what) { throw std::out_of_range("settings: " + what); }

  std::span<const uint32_t> words_;
  size_t at_ = 0;
};

}  // namespace

Settings readSettings(std::span<const uint32_t> words, uint8_t family, bool by_interface) {
  if (family == AF_INET) return Reader<Ipv4>(words).read(by_interface);
  return Reader<Ipv6>(words).read(by_interface);
}

void applySettings(const Maps& maps, const Settings& settings) {
  syncKeys(maps.at("node_addresses"), settings.node_addresses);
  syncKeys(maps.at("service_cidrs"), settings.service_cidrs);
  const uint32_t only = 0;
  maps.at("settings").put(&only, settings.value.data());
}

}  // namespace nodeplane::ebpf
