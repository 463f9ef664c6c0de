#include "ebpf/map.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

/** Elements that are read with one system call. */
constexpr uint32_t kBatch = 4096;

KernelError failure(const std::string& what, const std::string& map, int number) {
  return KernelError("ebpf: cannot " + what + " map " + map, number);
}

}  // namespace

Map::Map(std::string name, FileDescriptor descriptor)
    : name_(std::move(name)), descriptor_(std::move(descriptor)) {
  bpf_map_info info{};
  uint32_t bytes = sizeof info;
  if (bpf_obj_get_info_by_fd(descriptor_.get(), &info, &bytes) != 0) throw failure("look at", name_, errno);
  type_ = info.type;
  most_elements_ = info.max_entries;
  key_bytes_ = info.key_size;
  value_bytes_ = info.value_size;
}

bool Map::lookUp(const void* key, void* value) const {
  if (bpf_map_lookup_elem(descriptor(), key, value) == 0) return true;
  if (errno == ENOENT) return false;
  throw failure("look into", name_, errno);
}

void Map::put(const void* key, const void* value) const {
  if (const int error = tryPut(key, value); error != 0) throw failure("write to", name_, error);
}

int Map::tryPut(const void* key, const void* value) const {
  return bpf_map_update_elem(descriptor(), key, value, BPF_ANY) == 0 ? 0 : errno;
}

int Map::tryPutMany(const void* keys, const void* values, uint32_t& count) const {
  const uint32_t wanted = count;
  if (bpf_map_update_batch(descriptor(), keys, values, &count, nullptr) == 0) return 0;
  // Refused as a whole, it leaves the count as it was.
  if (count >= wanted) count = 0;
  return errno;
}

bool Map::remove(const void* key) const {
  const int error = tryRemove(key);
  if (error == 0) return true;
  if (error == ENOENT) return false;
  throw failure("delete from", name_, error);
}

int Map::tryRemove(const void* key) const {
  return bpf_map_delete_elem(descriptor(), key) == 0 ? 0 : errno;
}

void Map::forEach(const std::function<void(const uint8_t*, const uint8_t*)>& take) const {
  const bool is_hash = type_ == BPF_MAP_TYPE_HASH || type_ == BPF_MAP_TYPE_LRU_HASH;
  if (!is_hash || !readBatches(take)) readOneByOne(take);
}

/** False if a bucket holds more than a batch, which no map of ours should come to. */
bool Map::readBatches(const std::function<void(const uint8_t*, const uint8_t*)>& take) const {
  std::vector<uint8_t> keys(size_t{kBatch} * key_bytes_);
  std::vector<uint8_t> values(size_t{kBatch} * value_bytes_);
  // The kernel keeps a 32-bit bucket number in it, but asks for no more than a key.
  uint64_t position = 0;
  for (void* from = nullptr;; from = &position) {
    uint32_t count = kBatch;
    const int status =
        bpf_map_lookup_batch(descriptor(), from, &position, keys.data(), values.data(), &count, nullptr);
    const int error = status == 0 ? 0 : errno;
    if (error != 0 && error != ENOENT) {
      if (error == ENOSPC && from == nullptr) return false;
      throw failure("read", name_, error);
    }
    for (uint32_t i = 0; i < count; ++i)
      take(keys.data() + size_t{i} * key_bytes_, values.data() + size_t{i} * value_bytes_);
    if (error == ENOENT) return true;
  }
}

void Map::readOneByOne(const std::function<void(const uint8_t*, const uint8_t*)>& take) const {
  std::vector<uint8_t> key(key_bytes_);
  std::vector<uint8_t> next(key_bytes_);
  std::vector<uint8_t> value(value_bytes_);
  for (const void* from = nullptr; bpf_map_get_next_key(descriptor(), from, next.data()) == 0;
       from = key.data()) {
    key = next;
    if (lookUp(key.data(), value.data())) take(key.data(), value.data());
  }
  if (errno != ENOENT) throw failure("read", name_, errno);
}

}  // namespace nodeplane::ebpf
