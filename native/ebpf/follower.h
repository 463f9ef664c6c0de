#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "ebpf/commit.h"
#include "ebpf/devices.h"
#include "ebpf/links.h"
#include "netlink/file_descriptor.h"
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

/** Programs for devices: those for packets with an Ethernet header, and those without. */
struct DevicePrograms {
  int arriving;
  int arriving_bare;
  int leaving;
  int leaving_bare;
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
  Follower(uint8_t family, const Maps& maps, Links& links, DevicePrograms programs,
           std::optional<PodInterface> pods);
  ~Follower();

  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void setPods(std::optional<PodInterface> pods);

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
  const DevicePrograms programs_;
  const FileDescriptor stop_;
  netlink::Socket socket_{NETLINK_ROUTE};
  std::mutex mutex_;
  std::optional<PodInterface> pods_;
  /** Names of links by the index of their device. */
  std::map<int, std::set<std::string>> attached_;
  std::thread thread_;
};

}  // namespace nodeplane::ebpf
