#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ebpf/row_layout.h"

namespace nodeplane::ebpf {

/** One row as it is written to a map. */
struct Change {
  const RowLayout* layout;
  bool is_put;
  /** Position among the rows of the batch. */
  size_t row;
  ElementBytes key;
  /** Of a put. */
  ElementBytes value;
};

/** Reads rows of words; src/native/addon.ts says what is in them. Throws std::out_of_range, naming the row. */
std::vector<Change> readRows(std::span<const uint32_t> words, uint8_t family);

/** Appends an element of a map as a row with the verb put. */
void appendRow(std::vector<uint32_t>& words, const RowLayout& layout, size_t address_words,
               const uint8_t* key, const uint8_t* value);

}  // namespace nodeplane::ebpf
