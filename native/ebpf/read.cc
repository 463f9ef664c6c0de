#include "ebpf/read.h"

#include "ebpf/rows.h"

namespace nodeplane::ebpf {

std::vector<uint32_t> readAllRows(const Maps& maps, uint8_t family) {
  std::vector<uint32_t> words;
  const size_t address_words = addressWords(family);
  for (const RowLayout& layout : rowLayouts(family)) {
    maps.at(layout.map).forEach([&](const uint8_t* key, const uint8_t* value) {
      appendRow(words, layout, address_words, key, value);
    });
  }
  return words;
}

}  // namespace nodeplane::ebpf
