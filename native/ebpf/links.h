#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "ebpf/pins.h"
#include "netlink/file_descriptor.h"

namespace nodeplane::ebpf {

enum class Direction { Arriving, Leaving };

/**
 * What holds programs in their places, by names. Links are pinned if there are pins, and one that is found pinned gets the
 * new program without a packet in between that sees none. Where the kernel has no links for devices (before 6.6), filters of a
 * clsact queueing discipline do the same, and stay for as long as the device. May be used by several threads.
 */
class Links {
 public:
  Links(const std::optional<Pins>& pins, bool has_links) : pins_(pins), has_links_(has_links) {}

  /**
   * Attaches to a device of the network namespace that the thread is in. False if the device is gone. Throws KernelError.
   */
  bool attachToDevice(const std::string& name, int index, Direction direction, int program);
  void attachToCgroup(const std::string& name, int cgroup, int attach_type, int program);

  void detach(const std::string& name);
  /** Those that an earlier process pinned and this one did not attach again. */
  void detachOthers();
  void detachAll();

 private:
  struct Link {
    /** Nothing if it is a filter. */
    FileDescriptor descriptor;
    int device;
    Direction direction;
  };

  bool adopt(const std::string& name, int program, Link& link, const std::function<bool(int)>& is_same);
  bool attachFilter(const std::string& name, int program, Link link);
  void keep(const std::string& name, Link link);
  void release(const std::string& name);

  const std::optional<Pins>& pins_;
  const bool has_links_;
  std::mutex mutex_;
  std::map<std::string, Link> links_;
};

}  // namespace nodeplane::ebpf
