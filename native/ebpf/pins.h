#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ebpf/commit.h"

namespace nodeplane::ebpf {

/**
 * A folder on a bpffs: what is pinned there stays in the kernel when the process ends.
 *
 *     PINS/maps/NAME
 *     PINS/links/NAME
 */
class Pins {
 public:
  explicit Pins(std::string folder) : folder_(std::move(folder)) {}

  /** Makes the folder. Throws KernelError EINVAL if that is not on a bpffs. */
  void make() const;

  /** The map, if one is pinned under the name. */
  std::optional<Map> openMap(const std::string& name) const;
  void pinMap(const Map& map) const;

  /** The link, if one is pinned under the name; else a descriptor of nothing. */
  FileDescriptor openLink(const std::string& name) const;
  void pinLink(const std::string& name, int descriptor) const;
  void unpinLink(const std::string& name) const;
  std::vector<std::string> links() const;

  /** Removes all pins, links first, and the folder. False if there was none. */
  bool removeAll() const;

 private:
  std::string path(const char* kind, const std::string& name) const;

  std::string folder_;
};

}  // namespace nodeplane::ebpf
