#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

namespace nodeplane::netlink {

/**
 * Bytes that only grow and are used again: a std::vector would fill every new byte with zero first, which
 * for a batch of 20 MB is a second pass over all of it.
 */
class Buffer {
 public:
  /** Appends `bytes` uninitialized bytes; the caller writes all of them. The pointer lasts until the next
   * call. */
  uint8_t* extend(size_t bytes) {
    if (capacity_ - size_ < bytes) grow(size_ + bytes);
    uint8_t* start = memory_.get() + size_;
    size_ += bytes;
    return start;
  }

  uint8_t* at(size_t offset) { return memory_.get() + offset; }
  size_t size() const { return size_; }
  std::span<const uint8_t> bytes() const { return {memory_.get(), size_}; }

  /** Forgets the bytes and keeps the memory, unless there is more of it than `keep` bytes. */
  void clear(size_t keep);

 private:
  struct Free {
    void operator()(uint8_t* memory) const { std::free(memory); }
  };

  void grow(size_t needed);

  std::unique_ptr<uint8_t, Free> memory_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace nodeplane::netlink
