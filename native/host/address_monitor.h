#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include "host/addresses.h"
#include "netlink/file_descriptor.h"
#include "netlink/socket.h"

namespace nodeplane::host {

/** All addresses, or why they cannot be read. */
struct AddressReport {
  std::vector<Address> addresses;
  /** It is tried again, without another report until that succeeds. */
  std::exception_ptr failure;
};

/**
 * Follows the addresses in the network namespace of the thread that makes it.
 *
 * Notifications only say that something changed; then the whole list is read. So none can be lost for good:
 * when the kernel drops some (ENOBUFS), that is one more reason to read.
 */
class AddressMonitor {
 public:
  using Sink = std::function<void(AddressReport)>;

  /** Throws KernelError if the addresses cannot be followed. */
  AddressMonitor();

  /** Reports the addresses, and again whenever they changed, until stop_event is readable. The sink may wait.
   */
  void run(const FileDescriptor& stop_event, const Sink& sink);

 private:
  bool takeNotifications();
  bool matters(const nlmsghdr& message) const;
  bool refresh(const Sink& sink);

  netlink::Socket socket_{NETLINK_ROUTE};
  /** What was reported last; nothing at first and after a failure. */
  std::optional<Snapshot> current_;
  bool is_failing_ = false;
};

}  // namespace nodeplane::host
