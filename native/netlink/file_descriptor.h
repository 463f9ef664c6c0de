#pragma once

#include <unistd.h>

#include <utility>

namespace nodeplane {

/** Owns one file descriptor and closes it when it goes. A negative number is none: the -1 of system calls, or libbpf's -errno. */
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = kNone) noexcept : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, kNone)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int get() const noexcept { return number_; }
  /** Hands the descriptor over to the caller, who has to close it. */
  int release() noexcept { return std::exchange(number_, kNone); }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  static constexpr int kNone = -1;
  int number_;
};

}  // namespace nodeplane
