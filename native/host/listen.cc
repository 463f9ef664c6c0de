#include "host/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <future>
#include <stdexcept>
#include <thread>

#include "netlink/kernel_error.h"
#include "netns/enter.h"

namespace nodeplane::host {
namespace {

/** As Node's own. */
constexpr int kBacklog = 511;

/** What bind() takes. */
struct Name {
  sockaddr_storage storage{};
  socklen_t length = 0;

  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Name nameOf(const std::string& address, uint16_t port) {
  Name name;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&name.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&name.storage);
  if (::inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    name.length = sizeof *v4;
  } else if (::inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    name.length = sizeof *v6;
  } else {
    throw std::out_of_range("address: \"" + address + "\" is none");
  }
  return name;
}

bool setOption(int descriptor, int level, int option) {
  const int on = 1;
  return ::setsockopt(descriptor, level, option, &on, sizeof on) == 0;
}

/** In the namespace of the calling thread. */
FileDescriptor listenHere(const Name& name, const std::string& tried) {
  FileDescriptor result(::socket(name.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int descriptor = result.get();
  const bool listens = result && setOption(descriptor, SOL_SOCKET, SO_REUSEADDR) &&
                       (name.family() == AF_INET || setOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY)) &&
                       ::bind(descriptor, name.get(), name.length) == 0 &&
                       ::listen(descriptor, kBacklog) == 0;
  if (!listens) throw KernelError(tried, errno);
  return result;
}

}  // namespace

FileDescriptor listenIn(const std::string& network_namespace, const std::string& address, uint16_t port) {
  const Name name = nameOf(address, port);
  const std::string tried = "host: cannot listen on " + address + " port " + std::to_string(port);
  std::packaged_task<FileDescriptor()> task([&] {
    netns::enter(network_namespace);
    return listenHere(name, tried);
  });
  auto result = task.get_future();
  std::thread(std::ref(task)).join();  // a thread that enters a namespace cannot be used for anything else
  return result.get();
}

}  // namespace nodeplane::host
