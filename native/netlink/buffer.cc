#include "netlink/buffer.h"

#include <algorithm>
#include <new>

namespace nodeplane::netlink {
namespace {

/** Holds any synchronous commit without growing. */
constexpr size_t kFirstCapacity = 64 * 1024;

}  // namespace

void Buffer::clear(size_t keep) {
  size_ = 0;
  if (capacity_ <= keep) return;
  memory_.reset();
  capacity_ = 0;
}

void Buffer::grow(size_t needed) {
  const size_t capacity = std::max({needed, capacity_ * 2, kFirstCapacity});
  void* memory = std::realloc(memory_.get(), capacity);
  if (memory == nullptr) throw std::bad_alloc();
  static_cast<void>(memory_.release());  // realloc has freed or moved it
  memory_.reset(static_cast<uint8_t*>(memory));
  capacity_ = capacity;
}

}  // namespace nodeplane::netlink
