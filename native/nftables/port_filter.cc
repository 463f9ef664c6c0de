#include "nftables/port_filter.h"

#include <arpa/inet.h>
#include <linux/netlink.h>

#include <cstddef>

namespace nodeplane::nftables {
namespace {

constexpr uint32_t kDrop = 0;
constexpr uint32_t kKeepAllBytes = UINT32_MAX;

}  // namespace

std::vector<sock_filter> ignoringPorts(std::span<const uint32_t> ports) {
  std::vector<sock_filter> program;
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(nlmsghdr, nlmsg_pid)));
  for (size_t i = 0; i < ports.size(); ++i) {
    // To the last statement, over the comparisons that are left and the one that keeps.
    const auto to_drop = static_cast<uint8_t>(ports.size() - i);
    // BPF loads a word as network byte order; netlink headers are in the host's.
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(ports[i]), to_drop, 0));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, kKeepAllBytes));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, kDrop));
  return program;
}

}  // namespace nodeplane::nftables
