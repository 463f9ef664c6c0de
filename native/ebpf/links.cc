#include "ebpf/links.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <utility>

#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

/** Source: linux/bpf.h of Linux 6.6. */
constexpr int kTcxArriving = 46;
constexpr int kTcxLeaving = 47;

/** Our place among the filters of a device, should others be there. */
constexpr uint32_t kFilterPriority = 0x6e70;
constexpr uint32_t kFilterHandle = 1;

/** bpf_link_info of a link to a device or a cgroup, as far as it is needed; younger headers have its fields. */
struct LinkInfo {
  uint32_t type;
  uint32_t id;
  uint32_t program;
  uint32_t padding;
  union {
    uint32_t device;
    uint64_t cgroup;
  };
  std::array<uint64_t, 32> rest;
};

/** What the kernel says of a link; all 0 if it says nothing. The device is 0 if it is gone. */
LinkInfo infoOf(int link) {
  LinkInfo info{};
  uint32_t bytes = sizeof info;
  if (bpf_obj_get_info_by_fd(link, &info, &bytes) != 0) return {};
  return info;
}

/** A cgroup is known by the number of its folder. */
uint64_t idOf(int cgroup) {
  struct stat status {};
  if (::fstat(cgroup, &status) != 0) throw KernelError("ebpf: cannot look at the cgroup", errno);
  return status.st_ino;
}

bpf_tc_hook hookOf(int device, Direction direction) {
  bpf_tc_hook hook{};
  hook.sz = sizeof hook;
  hook.ifindex = device;
  hook.attach_point = direction == Direction::Arriving ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  return hook;
}

bpf_tc_opts filter() {
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.handle = kFilterHandle;
  options.priority = kFilterPriority;
  return options;
}

}  // namespace

bool Links::attachToDevice(const std::string& name, int index, Direction direction, int program) {
  const std::lock_guard lock(mutex_);
  Link link{.descriptor = FileDescriptor(), .device = index, .direction = direction};
  if (!has_links_) return attachFilter(name, program, std::move(link));
  const auto is_same = [index](int found) { return infoOf(found).device == static_cast<uint32_t>(index); };
  if (adopt(name, program, link, is_same)) return true;
  const int type = direction == Direction::Arriving ? kTcxArriving : kTcxLeaving;
  link.descriptor =
      FileDescriptor(bpf_link_create(program, index, static_cast<bpf_attach_type>(type), nullptr));
  if (!link.descriptor) {
    if (errno == ENODEV) return false;
    if (errno == EINVAL || errno == EOPNOTSUPP) return attachFilter(name, program, std::move(link));
    throw KernelError("ebpf: cannot attach to device " + name, errno);
  }
  keep(name, std::move(link));
  return true;
}

void Links::attachToCgroup(const std::string& name, int cgroup, int attach_type, int program) {
  const std::lock_guard lock(mutex_);
  Link link{.descriptor = FileDescriptor(), .device = 0, .direction = Direction::Arriving};
  const uint64_t id = idOf(cgroup);
  if (adopt(name, program, link, [id](int found) { return infoOf(found).cgroup == id; })) return;
  link.descriptor =
      FileDescriptor(bpf_link_create(program, cgroup, static_cast<bpf_attach_type>(attach_type), nullptr));
  if (!link.descriptor) throw KernelError("ebpf: cannot attach " + name + " to the cgroup", errno);
  keep(name, std::move(link));
}

void Links::detach(const std::string& name) {
  const std::lock_guard lock(mutex_);
  release(name);
}

void Links::release(const std::string& name) {
  const auto found = links_.find(name);
  if (found == links_.end()) return;
  const auto& [descriptor, device, direction] = found->second;
  if (!descriptor) {
    const bpf_tc_hook hook = hookOf(device, direction);
    bpf_tc_opts options = filter();
    bpf_tc_detach(&hook, &options);  // the device may be gone, and the filter with it
  } else if (pins_) {
    pins_->unpinLink(name);
  }
  links_.erase(found);
}

void Links::detachOthers() {
  const std::lock_guard lock(mutex_);
  if (!pins_) return;
  for (const std::string& name : pins_->links()) {
    if (!links_.contains(name)) pins_->unpinLink(name);
  }
}

void Links::detachAll() {
  const std::lock_guard lock(mutex_);
  while (!links_.empty()) release(links_.begin()->first);
}

/** Gives the new program to a link that was found pinned, if it still holds on to the same place. */
bool Links::adopt(const std::string& name, int program, Link& link, const std::function<bool(int)>& is_same) {
  if (!pins_) return false;
  FileDescriptor found = pins_->openLink(name);
  if (!found) return false;
  if (!is_same(found.get()) || bpf_link_update(found.get(), program, nullptr) != 0) {
    pins_->unpinLink(name);
    return false;
  }
  link.descriptor = std::move(found);
  links_.insert_or_assign(name, std::move(link));
  return true;
}

bool Links::attachFilter(const std::string& name, int program, Link link) {
  bpf_tc_hook hook = hookOf(link.device, link.direction);
  const int made = bpf_tc_hook_create(&hook);
  if (made == -ENODEV) return false;
  if (made != 0 && made != -EEXIST) throw KernelError("ebpf: cannot make a clsact on device " + name, -made);
  bpf_tc_opts options = filter();
  options.prog_fd = program;
  options.flags = BPF_TC_F_REPLACE;
  if (const int error = bpf_tc_attach(&hook, &options); error != 0)
    throw KernelError("ebpf: cannot attach a filter to device " + name, -error);
  links_.insert_or_assign(name, std::move(link));
  return true;
}

void Links::keep(const std::string& name, Link link) {
  if (pins_) pins_->pinLink(name, link.descriptor.get());
  links_.insert_or_assign(name, std::move(link));
}

}  // namespace nodeplane::ebpf
