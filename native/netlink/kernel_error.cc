#include "netlink/kernel_error.h"

#include <cstring>

namespace nodeplane {
namespace {

std::string codeOf(int number) {
  const char* name = ::strerrorname_np(number);
  return name == nullptr ? "E" + std::to_string(number) : name;
}

std::string describe(std::string_view tried, int number, std::string_view kernel_text) {
  // strerrordesc_np, unlike strerror, is not translated and may be called from any thread.
  const char* description = ::strerrordesc_np(number);
  std::string text(tried);
  text += ": ";
  text += description == nullptr ? "unknown error" : description;
  text += " (" + codeOf(number) + ")";
  if (!kernel_text.empty()) text.append("; kernel: ").append(kernel_text);
  return text;
}

}  // namespace

KernelError::KernelError(std::string_view tried, int number, std::string_view kernel_text, int64_t row)
    : std::runtime_error(describe(tried, number, kernel_text)), number_(number), row_(row) {}

std::string KernelError::code() const {
  return codeOf(number_);
}

}  // namespace nodeplane
