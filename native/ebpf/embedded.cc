#include "ebpf/embedded.h"

#include <sys/socket.h>

#include <stdexcept>

#ifdef NODEPLANE_EBPF
// The headers that bpftool makes know it by this name.
#include "ebpf/types.h"
using nodeplane::ebpf::ipv4::np_features;

#include "socket_ipv4.skel.h"
#include "socket_ipv6.skel.h"
#include "tc_ipv4.skel.h"
#include "tc_ipv6.skel.h"
#endif

namespace nodeplane::ebpf {

#ifdef NODEPLANE_EBPF
namespace {

std::span<const uint8_t> bytesOf(const void* (*elf)(size_t*)) {
  size_t bytes = 0;
  const void* start = elf(&bytes);
  return {static_cast<const uint8_t*>(start), bytes};
}

}  // namespace

bool isBuilt() {
  return true;
}

std::span<const uint8_t> deviceObject(uint8_t family) {
  return bytesOf(family == AF_INET ? tc_ipv4__elf_bytes : tc_ipv6__elf_bytes);
}

std::span<const uint8_t> socketObject(uint8_t family) {
  return bytesOf(family == AF_INET ? socket_ipv4__elf_bytes : socket_ipv6__elf_bytes);
}
#else
bool isBuilt() {
  return false;
}

std::span<const uint8_t> deviceObject(uint8_t) {
  throw std::logic_error("ebpf: not built");
}

std::span<const uint8_t> socketObject(uint8_t) {
  throw std::logic_error("ebpf: not built");
}
#endif

}  // namespace nodeplane::ebpf
