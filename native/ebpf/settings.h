#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "ebpf/commit.h"
#include "ebpf/sync_keys.h"

namespace nodeplane::ebpf {

/** What holds for all Services of a family, as bytes of the maps' elements. */
struct Settings {
  std::vector<uint8_t> value;
  std::map<KeyBytes, uint32_t> node_addresses;
  std::map<KeyBytes, uint32_t> service_cidrs;
};

/**
 * Reads rows of settings; src/native/addon.ts says what is in them. The network namespace of the calling thread is the node.
 * Throws std::out_of_range.
 *
 * `by_interface`: pods are told by the interface that their packets arrive on.
 */
Settings readSettings(std::span<const uint32_t> words, uint8_t family, bool by_interface);

void applySettings(const Maps& maps, const Settings& settings);

}  // namespace nodeplane::ebpf
