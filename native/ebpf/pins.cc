#include "ebpf/pins.h"

#include <bpf/bpf.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMaps = "maps";
constexpr const char* kLinks = "links";

[[noreturn]] void fail(const std::string& what, int number) {
  throw KernelError("ebpf: cannot " + what, number);
}

/** Whether a folder, or the first above it that is there, is on a bpffs. */
bool isOnBpffs(fs::path folder) {
  std::error_code ignored;
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  struct statfs info {};
  return ::statfs(folder.c_str(), &info) == 0 && info.f_type == BPF_FS_MAGIC;
}

std::vector<std::string> namesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) names.push_back(entry.path().filename());
  if (error && error != std::errc::no_such_file_or_directory) fail("list " + folder, error.value());
  return names;
}

}  // namespace

void Pins::make() const {
  if (!isOnBpffs(folder_)) {
    throw KernelError("ebpf: cannot pin to " + folder_, EINVAL,
                      "it is not on a bpffs (mount -t bpf bpf FOLDER makes one)");
  }
  for (const char* kind : {kMaps, kLinks}) {
    std::error_code error;
    fs::create_directories(path(kind, ""), error);
    if (error) fail("make folder " + path(kind, ""), error.value());
  }
}

std::optional<Map> Pins::openMap(const std::string& name) const {
  FileDescriptor descriptor(bpf_obj_get(path(kMaps, name).c_str()));
  if (descriptor) return Map(name, std::move(descriptor));
  if (errno == ENOENT) return std::nullopt;
  fail("open pin " + path(kMaps, name), errno);
}

void Pins::pinMap(const Map& map) const {
  if (bpf_obj_pin(map.descriptor(), path(kMaps, map.name()).c_str()) != 0)
    fail("pin " + path(kMaps, map.name()), errno);
}

FileDescriptor Pins::openLink(const std::string& name) const {
  FileDescriptor descriptor(bpf_obj_get(path(kLinks, name).c_str()));
  if (!descriptor && errno != ENOENT) fail("open pin " + path(kLinks, name), errno);
  return descriptor;
}

void Pins::pinLink(const std::string& name, int descriptor) const {
  if (bpf_obj_pin(descriptor, path(kLinks, name).c_str()) != 0) fail("pin " + path(kLinks, name), errno);
}

void Pins::unpinLink(const std::string& name) const {
  std::error_code error;
  fs::remove(path(kLinks, name), error);
  if (error) fail("remove pin " + path(kLinks, name), error.value());
}

std::vector<std::string> Pins::links() const {
  return namesIn(path(kLinks, ""));
}

bool Pins::removeAll() const {
  std::error_code error;
  for (const char* kind : {kLinks, kMaps}) {
    fs::remove_all(path(kind, ""), error);
    if (error) fail("remove " + path(kind, ""), error.value());
  }
  const bool was_there = fs::remove(folder_, error);
  if (error) fail("remove " + folder_, error.value());
  return was_there;
}

std::string Pins::path(const char* kind, const std::string& name) const {
  const std::string folder = folder_ + '/' + kind;
  return name.empty() ? folder : folder + '/' + name;
}

}  // namespace nodeplane::ebpf
