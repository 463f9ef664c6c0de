#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "ebpf/commit.h"

struct bpf_object;

namespace nodeplane::ebpf {

/** Programs and the maps they use, as clang compiled them. */
class Object {
 public:
  /** Reads it; nothing is in the kernel yet. */
  Object(const char* name, std::span<const uint8_t> elf);

  /** Whether it would make a map like this one: of that name, type, size, with such elements. */
  bool wouldMake(const Map& map) const;
  void forEachMap(const std::function<void(const std::string& name)>& take) const;
  /** Lets a map have another size than the program says, if it is made. */
  void resize(const std::string& map, uint32_t elements);
  /** Only these of its programs are loaded. */
  void select(const std::set<std::string>& programs);
  /** Uses these maps where names agree; the others are made. */
  void useMaps(const Maps& maps);

  /** Puts all of it into the kernel. Throws KernelError with the end of what the verifier says. */
  void load();

  /** A new descriptor of a map that was made or used. */
  FileDescriptor map(const std::string& name) const;
  /** The descriptor of a program, which lasts as long as this object. */
  int program(const std::string& name) const;
  /** The programs that are loaded. */
  void forEachProgram(const std::function<void(const std::string& name, int descriptor)>& take) const;

 private:
  /** Sets the constants of bpf/table.h that say what this kernel can do. */
  void setFeatures();

  struct Close {
    void operator()(bpf_object* object) const;
  };

  std::string name_;
  std::unique_ptr<bpf_object, Close> object_;
};

}  // namespace nodeplane::ebpf
