#include "ebpf/device_programs.h"

#include "ebpf/embedded.h"

namespace nodeplane::ebpf {

void DevicePrograms::selectEthernet(Object& object) {
  object.select({"arriving", "leaving"});
}

int DevicePrograms::program(Direction direction, bool has_ethernet) {
  const bool is_arriving = direction == Direction::Arriving;
  if (has_ethernet) return ethernet_.program(is_arriving ? "arriving" : "leaving");
  if (!bare_) {
    auto bare = std::make_unique<Object>("nodeplane", deviceObject(family_));
    bare->select({"arriving_bare", "leaving_bare"});
    bare->useMaps(maps_);
    bare->load();
    bare_ = std::move(bare);
  }
  return bare_->program(is_arriving ? "arriving_bare" : "leaving_bare");
}

std::vector<const Object*> DevicePrograms::objects() const {
  if (!bare_) return {&ethernet_};
  return {&ethernet_, bare_.get()};
}

}  // namespace nodeplane::ebpf
