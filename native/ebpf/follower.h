#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "ebpf/commit.h"
#include "ebpf/device_programs.h"
#include "ebpf/devices.h"
#include "ebpf/links.h"
#include "netlink/file_descriptor.h"
#include "netlink/kernel_error.h"
#include "netlink/socket.h"

namespace nodeplane::ebpf {

/** Which interfaces are pods', by name. */
struct PodInterface {
  std::string name;
  bool is_prefix = false;

  bool matches(const std::string& other) const {
    return is_prefix ? other.starts_with(name) : other == name;
  }
};

/**
 * Attaches the programs to every device of a network namespace as they come, and keeps the maps of what the programs must
 * know of it: which interfaces are pods', and which addresses are the node's own.
 */
class Follower {
 public:
  /**
   * Does it once, in the calling thread's network namespace, and then follows on a thread of its own, in the same. What it is
   * given must outlive it.
   */
  Follower(uint8_t family, const Maps& maps, Links& links, DevicePrograms& programs,
           std::optional<PodInterface> pods);
  ~Follower();

  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void setPods(std::optional<PodInterface> pods);

  /** Throws what keeps it from following, if anything has for a second. */
  void throwFailure() const;

 private:
  void run();
  void drain();
  bool refresh();
  void refreshDevices();
  void refreshAddresses();
  void attach(const Device& device);
  void tellInterfaces(const std::vector<Device>& devices);

  const uint8_t family_;
  const Maps& maps_;
  Links& links_;
  DevicePrograms& programs_;
  const FileDescriptor stop_;
  netlink::Socket socket_{NETLINK_ROUTE};
  mutable std::mutex mutex_;
  int failures_ = 0;
  std::optional<KernelError> failure_;
  std::optional<PodInterface> pods_;
  /** Names of links by the index of their device. */
  std::map<int, std::set<std::string>> attached_;
  std::thread thread_;
};

}  // namespace nodeplane::ebpf
