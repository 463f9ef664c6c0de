#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

#include "ebpf/map.h"

namespace nodeplane::ebpf {

using KeyBytes = std::vector<uint8_t>;

template <typename Key>
KeyBytes keyOf(const Key& key) {
  KeyBytes bytes(sizeof key);
  std::memcpy(bytes.data(), &key, sizeof key);
  return bytes;
}

/** Makes a small map have exactly these elements: first puts what is missing, then deletes the rest. */
void syncKeys(const Map& map, const std::map<KeyBytes, uint32_t>& wanted);

}  // namespace nodeplane::ebpf
