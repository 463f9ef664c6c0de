#include "ebpf/object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <sys/utsname.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>

#include "ebpf/types.h"
#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

/** What libbpf has to say on this thread; the verifier's reason stands at the end. */
thread_local std::string said;
constexpr size_t kMostSaid = 4000;

int listen(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  char line[kMostSaid];
  const int bytes = std::vsnprintf(line, sizeof line, format, arguments);
  if (bytes > 0) said += line;
  if (said.size() > kMostSaid) said.erase(0, said.size() - kMostSaid);
  return bytes;
}

/** Where the programs have their np_features. */
constexpr const char* kFeatures = ".rodata.features";

/** Source: linux/bpf.h of Linux 6.16 */
constexpr uint64_t kIpv6Flag = 1 << 7;

constexpr int kernelVersion(int major, int minor) {
  return major * 1000 + minor;
}

ipv4::np_features kernelFeatures() {
  utsname name{};
  int major = 0;
  int minor = 0;
  if (::uname(&name) != 0 || std::sscanf(name.release, "%d.%d", &major, &minor) != 2) return {};
  const int version = kernelVersion(major, minor);
  return {.ipv6_flag = version >= kernelVersion(6, 16) ? kIpv6Flag : 0,
          .has_retval = version >= kernelVersion(5, 18),
          .zero = 0};
}

}  // namespace

void Object::Close::operator()(bpf_object* object) const {
  bpf_object__close(object);
}

Object::Object(const char* name, std::span<const uint8_t> elf) : name_(name) {
  libbpf_set_print(listen);
  LIBBPF_OPTS(bpf_object_open_opts, options);
  options.object_name = name;
  said.clear();
  object_.reset(bpf_object__open_mem(elf.data(), elf.size(), &options));
  if (!object_) throw KernelError("ebpf: cannot read object " + name_, errno, said);
  setFeatures();
}

bool Object::wouldMake(const Map& map) const {
  const bpf_map* mine = bpf_object__find_map_by_name(object_.get(), map.name().c_str());
  return mine != nullptr && bpf_map__key_size(mine) == map.keyBytes() &&
         bpf_map__value_size(mine) == map.valueBytes() &&
         static_cast<uint32_t>(bpf_map__type(mine)) == map.type() &&
         bpf_map__max_entries(mine) == map.mostElements();
}

void Object::forEachMap(const std::function<void(const std::string&)>& take) const {
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object_.get()) {
    // Constants and variables are maps too, but of the program alone: their names have dots.
    const std::string name = bpf_map__name(map);
    if (name.find('.') == std::string::npos) take(name);
  }
}

void Object::resize(const std::string& map, uint32_t elements) {
  bpf_map* mine = bpf_object__find_map_by_name(object_.get(), map.c_str());
  if (mine != nullptr) bpf_map__set_max_entries(mine, elements);
}

void Object::setFeatures() {
  bpf_map* constants = bpf_object__find_map_by_name(object_.get(), kFeatures);
  const ipv4::np_features features = kernelFeatures();
  const int error =
      constants == nullptr ? -ENOENT : bpf_map__set_initial_value(constants, &features, sizeof features);
  if (error != 0) throw KernelError("ebpf: object " + name_ + " has no features to set", -error);
}

void Object::select(const std::set<std::string>& programs) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object_.get()) {
    bpf_program__set_autoload(program, programs.contains(bpf_program__name(program)));
  }
}

void Object::useMaps(const Maps& maps) {
  for (const auto& [name, map] : maps) {
    bpf_map* mine = bpf_object__find_map_by_name(object_.get(), name.c_str());
    if (mine == nullptr) continue;
    if (const int error = bpf_map__reuse_fd(mine, map.descriptor()); error != 0)
      throw KernelError("ebpf: object " + name_ + " cannot use map " + name, -error);
  }
}

void Object::load() {
  said.clear();
  if (const int error = bpf_object__load(object_.get()); error != 0)
    throw KernelError("ebpf: cannot load object " + name_, -error, said);
}

FileDescriptor Object::map(const std::string& name) const {
  const int descriptor = bpf_object__find_map_fd_by_name(object_.get(), name.c_str());
  if (descriptor < 0) throw KernelError("ebpf: object " + name_ + " has no map " + name, -descriptor);
  FileDescriptor copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!copy) throw KernelError("ebpf: cannot keep map " + name, errno);
  return copy;
}

int Object::program(const std::string& name) const {
  const bpf_program* program = bpf_object__find_program_by_name(object_.get(), name.c_str());
  if (program == nullptr) throw KernelError("ebpf: object " + name_ + " has no program " + name, ENOENT);
  return bpf_program__fd(program);
}

void Object::forEachProgram(const std::function<void(const std::string&, int)>& take) const {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object_.get()) {
    if (bpf_program__autoload(program)) take(bpf_program__name(program), bpf_program__fd(program));
  }
}

}  // namespace nodeplane::ebpf
