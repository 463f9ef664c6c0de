#include "conntrack/rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace nodeplane::conntrack {
namespace {

/** The first word of a row; src/native/addon.ts has the same numbers. */
enum Row : uint32_t { kEndpoint = 1, kFrontend = 2, kNodePort = 3, kNodeAddress = 4 };

/** Reads words from the front. */
class WordReader {
 public:
  WordReader(std::span<const uint32_t> words, size_t address_words)
      : words_(words), address_words_(address_words) {}

  bool atEnd() const { return at_ == words_.size(); }

  uint32_t word() {
    if (atEnd()) throw std::out_of_range("rules: the last row is cut off");
    return words_[at_++];
  }

  uint16_t port() {
    const uint32_t value = word();
    if (value > UINT16_MAX) throw std::out_of_range("rules: " + std::to_string(value) + " is not a port");
    return static_cast<uint16_t>(value);
  }

  Address address() {
    Address result{};
    for (size_t i = 0; i < address_words_; ++i) {
      const uint32_t network_order = htonl(word());
      std::memcpy(result.data() + i * sizeof network_order, &network_order, sizeof network_order);
    }
    return result;
  }

  SocketAddress socketAddress() {
    const uint16_t number = port();
    return {.address = address(), .port = number};
  }

 private:
  std::span<const uint32_t> words_;
  size_t address_words_;
  size_t at_ = 0;
};

}  // namespace

Rules::Rules(std::span<const uint32_t> words, size_t address_words) {
  WordReader reader(words, address_words);
  while (!reader.atEnd()) {
    const uint32_t row = reader.word();
    if (row == kNodeAddress) {
      node_addresses_.insert(reader.address());
      continue;
    }
    const uint32_t group = reader.word();
    switch (row) {
      case kEndpoint: endpoints_.insert({.group = group, .address = reader.socketAddress()}); break;
      case kFrontend: frontends_.emplace(reader.socketAddress(), group); break;
      case kNodePort: node_ports_.emplace(reader.port(), group); break;
      default: throw std::out_of_range("rules: there is no row " + std::to_string(row));
    }
  }
}

bool Rules::isStale(const SocketAddress& destination, const SocketAddress& reply_source) const {
  bool is_ours = false;
  const auto isServed = [&](const auto& range) {
    is_ours = is_ours || range.first != range.second;
    return std::any_of(range.first, range.second, [&](const auto& entry) {
      return endpoints_.contains({.group = entry.second, .address = reply_source});
    });
  };
  if (isServed(frontends_.equal_range(destination))) return false;
  if (node_addresses_.contains(destination.address) && isServed(node_ports_.equal_range(destination.port))) {
    return false;
  }
  return is_ours;
}

}  // namespace nodeplane::conntrack
