#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ebpf/commit.h"
#include "ebpf/links.h"
#include "ebpf/object.h"

namespace nodeplane::ebpf {

/**
 * The programs for devices. Those for packets without an Ethernet header are loaded when the first such device comes: it takes the
 * kernel some 100 ms to verify them, and most nodes have none.
 */
class DevicePrograms {
 public:
  /** `ethernet` is loaded, and has `maps`; both must outlive this. */
  DevicePrograms(uint8_t family, const Object& ethernet, const Maps& maps)
      : family_(family), ethernet_(ethernet), maps_(maps) {}

  /** Selects, in an object that is not loaded yet, those for packets with an Ethernet header. */
  static void selectEthernet(Object& object);

  int program(Direction direction, bool has_ethernet);
  /** The objects that are loaded. */
  std::vector<const Object*> objects() const;

 private:
  const uint8_t family_;
  const Object& ethernet_;
  const Maps& maps_;
  std::unique_ptr<Object> bare_;
};

}  // namespace nodeplane::ebpf
