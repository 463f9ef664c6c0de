#pragma once

#include <string>
#include <vector>

namespace nodeplane::ebpf {

struct Device {
  int index;
  std::string name;
  bool is_loopback;
  /** Whether packets on it have an Ethernet header; else they begin with the IP header. */
  bool has_ethernet;
};

/** The devices of the thread's network namespace that carry IP. Throws KernelError; EINTR if they changed meanwhile. */
std::vector<Device> readDevices();

}  // namespace nodeplane::ebpf
