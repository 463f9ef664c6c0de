#pragma once

#include <cstdint>
#include <span>

/** The objects of bpf/, inside the addon: they cannot be of another version than it is. */
namespace nodeplane::ebpf {

/** False if clang or bpftool were missing when the addon was built: then there are none. */
bool isBuilt();

std::span<const uint8_t> deviceObject(uint8_t family);
std::span<const uint8_t> socketObject(uint8_t family);

}  // namespace nodeplane::ebpf
