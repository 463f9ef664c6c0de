#include "netns/enter.h"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>

#include "netlink/file_descriptor.h"
#include "netlink/kernel_error.h"

namespace nodeplane::netns {
namespace {

std::string pathOf(const std::string& name_or_path) {
  const bool is_path = name_or_path.find('/') != std::string::npos;
  return is_path ? name_or_path : "/run/netns/" + name_or_path;
}

}  // namespace

void enter(const std::string& name_or_path) {
  const std::string tried = "netns: cannot enter network namespace " + name_or_path;
  const FileDescriptor target(::open(pathOf(name_or_path).c_str(), O_RDONLY | O_CLOEXEC));
  if (!target) throw KernelError(tried, errno);
  if (::setns(target.get(), CLONE_NEWNET) != 0) throw KernelError(tried, errno);
}

void enterNew() {
  if (::unshare(CLONE_NEWNET) != 0) throw KernelError("netns: cannot make a network namespace", errno);
}

}  // namespace nodeplane::netns
