#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "netlink/file_descriptor.h"

namespace nodeplane::probe {

/**
 * An Ethernet interface of the calling thread's network namespace whose wire is in our hands: what we put on it
 * arrives at the kernel, and what the kernel sends ends up with us. It lasts as long as its namespace.
 */
class Tap {
 public:
  explicit Tap(const std::string& name);

  /**
   * Lets an IP packet arrive. The kernel has dealt with it when this returns: what it forwards at once or answers
   * at once is in the queues of the interfaces and sockets that it went to.
   */
  void inject(std::span<const uint8_t> packet);

  /** The next IP packet that the kernel sent out here, or nothing: it never waits. It lasts until the next call. */
  std::optional<std::span<const uint8_t>> read();

 private:
  static constexpr size_t kAddressBytes = 6;

  void create();
  void readAddress();

  std::string name_;
  FileDescriptor descriptor_;
  std::array<uint8_t, kAddressBytes> address_{};
  std::unique_ptr<uint8_t[]> frame_;
};

}  // namespace nodeplane::probe
