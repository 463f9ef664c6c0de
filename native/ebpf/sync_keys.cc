#include "ebpf/sync_keys.h"

namespace nodeplane::ebpf {

void syncKeys(const Map& map, const std::map<KeyBytes, uint32_t>& wanted) {
  std::map<KeyBytes, uint32_t> present;
  map.forEach([&](const uint8_t* key, const uint8_t* value) {
    uint32_t number = 0;
    std::memcpy(&number, value, sizeof number);
    present.emplace(KeyBytes(key, key + map.keyBytes()), number);
  });
  for (const auto& [key, value] : wanted) {
    const auto found = present.find(key);
    if (found == present.end() || found->second != value) map.put(key.data(), &value);
  }
  for (const auto& [key, value] : present) {
    if (!wanted.contains(key)) map.remove(key.data());
  }
}

}  // namespace nodeplane::ebpf
