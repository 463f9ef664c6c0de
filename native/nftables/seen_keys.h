#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nodeplane::nftables {

/** Tells whether a key was there before, for keys that lie at equal distances in one array of words. */
class SeenKeys {
 public:
  explicit SeenKeys(uint32_t key_words) : key_words_(key_words) {}

  /** Adds the key at `offset` in `words`, where all the others still are; false if an equal one was added
   * before. */
  bool add(std::span<const uint32_t> words, size_t offset);

 private:
  std::span<const uint32_t> keyAt(std::span<const uint32_t> words, size_t offset) const {
    return words.subspan(offset, key_words_);
  }
  /** The place of the key, or the free place where it belongs. */
  size_t find(std::span<const uint32_t> words, size_t offset) const;
  void grow(std::span<const uint32_t> words);

  uint32_t key_words_;
  size_t count_ = 0;
  /** Open addressing, at most half full; a power of two of offsets, kFree where there is none. */
  std::vector<size_t> places_;
};

}  // namespace nodeplane::nftables
