#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nodeplane {

/** Something the kernel refused: what was tried, its error number, its own words, and the row it is about. */
class KernelError : public std::runtime_error {
 public:
  /** The refusal is not about one row: the table is missing, the caller may not, memory is short. */
  static constexpr int64_t kNoRow = -1;

  /** `number` is a positive errno; `kernel_text` is the text of the extended ack, if it gave one. */
  KernelError(std::string_view tried, int number, std::string_view kernel_text = {}, int64_t row = kNoRow);

  int number() const noexcept { return number_; }
  int64_t row() const noexcept { return row_; }
  /** The name of the error number, such as "EEXIST". */
  std::string code() const;

 private:
  int number_;
  int64_t row_;
};

}  // namespace nodeplane
