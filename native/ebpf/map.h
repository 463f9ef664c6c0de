#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "netlink/file_descriptor.h"

namespace nodeplane::ebpf {

/** One map of the kernel. Keys and values are bytes of the sizes that it was made with. Throws KernelError. */
class Map {
 public:
  /** Takes over the descriptor; asks the kernel for the sizes. */
  Map(std::string name, FileDescriptor descriptor);

  const std::string& name() const { return name_; }
  int descriptor() const { return descriptor_.get(); }
  uint32_t type() const { return type_; }
  uint32_t mostElements() const { return most_elements_; }
  uint32_t keyBytes() const { return key_bytes_; }
  uint32_t valueBytes() const { return value_bytes_; }

  /** Whether it is there; copies the value if so. */
  bool lookUp(const void* key, void* value) const;
  void put(const void* key, const void* value) const;
  /** Returns the error number (E2BIG: it is full), or 0. */
  int tryPut(const void* key, const void* value) const;
  /** Puts as many as it can; returns the error number, or 0, and how many there were. */
  int tryPutMany(const void* keys, const void* values, uint32_t& count) const;
  /** False if it was not there. */
  bool remove(const void* key) const;
  /** Returns the error number, or 0. */
  int tryRemove(const void* key) const;

  /** Visits elements; one that comes or goes meanwhile may be missed. */
  void forEach(const std::function<void(const uint8_t* key, const uint8_t* value)>& take) const;

 private:
  bool readBatches(const std::function<void(const uint8_t* key, const uint8_t* value)>& take) const;
  void readOneByOne(const std::function<void(const uint8_t* key, const uint8_t* value)>& take) const;

  std::string name_;
  FileDescriptor descriptor_;
  uint32_t type_ = 0;
  uint32_t most_elements_ = 0;
  uint32_t key_bytes_ = 0;
  uint32_t value_bytes_ = 0;
};

}  // namespace nodeplane::ebpf
