#pragma once

#include <cstdint>
#include <vector>

#include "ebpf/commit.h"

namespace nodeplane::ebpf {

/** Everything that rows of commits put, as rows, in no order. */
std::vector<uint32_t> readAllRows(const Maps& maps, uint8_t family);

}  // namespace nodeplane::ebpf
