#include "netlink/open_sockets.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <string>

namespace nodeplane::netlink {
namespace {

std::optional<int> numberOf(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

bool hasOption(int descriptor, int option, int wanted) {
  int value = 0;
  socklen_t length = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 && value == wanted;
}

std::optional<uint32_t> netfilterPort(int descriptor) {
  if (!hasOption(descriptor, SO_DOMAIN, AF_NETLINK)) return std::nullopt;
  if (!hasOption(descriptor, SO_PROTOCOL, NETLINK_NETFILTER)) return std::nullopt;
  sockaddr_nl address{};
  socklen_t length = sizeof address;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return std::nullopt;
  return address.nl_pid;
}

}  // namespace

std::mutex& openingMutex() {
  static std::mutex mutex;
  return mutex;
}

std::vector<OpenSocket> openSockets() {
  std::vector<OpenSocket> sockets;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const auto descriptor = numberOf(entry.path());
    if (!descriptor) continue;
    if (const auto port = netfilterPort(*descriptor)) sockets.push_back({*descriptor, *port});
  }
  return sockets;
}

}  // namespace nodeplane::netlink
