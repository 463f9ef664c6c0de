#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "nftables/layout.h"

namespace nodeplane::nftables {

/**
 * A row that cannot be a set element; nothing of its batch was sent. The message starts with "rows: row N".
 */
class RowError : public std::out_of_range {
 public:
  RowError(uint32_t row, const std::string& why)
      : std::out_of_range("rows: row " + std::to_string(row) + " " + why) {}
};

/** Bytes that encodeTuple writes: the tuple, up to the next multiple of 4. */
inline uint32_t encodedBytes(const Tuple& tuple) {
  return (tuple.bytes + 3) & ~3U;
}

/**
 * Writes the words of a tuple in the kernel's form. Addresses and ports are in network byte order; an index
 * is in the host's, as it is compared with the register that `numgen` writes. Throws RowError for a value
 * that its field cannot hold.
 */
void encodeTuple(const Tuple& tuple, const uint32_t* words, uint32_t row, uint8_t* out);

/** The reverse, from tuple.bytes bytes to tuple.words words. */
void decodeTuple(const Tuple& tuple, const uint8_t* in, uint32_t* words);

}  // namespace nodeplane::nftables
