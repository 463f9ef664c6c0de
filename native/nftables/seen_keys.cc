#include "nftables/seen_keys.h"

#include <algorithm>
#include <utility>

namespace nodeplane::nftables {
namespace {

constexpr size_t kFree = SIZE_MAX;
constexpr size_t kFirstPlaces = 1024;

/** Keys differ in a few low bits; the multiplication spreads them, the shift brings the best bits down. */
size_t hashOf(std::span<const uint32_t> key) {
  uint64_t hash = 0;
  for (const uint32_t word : key) hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 32;
}

}  // namespace

bool SeenKeys::add(std::span<const uint32_t> words, size_t offset) {
  if ((count_ + 1) * 2 > places_.size()) grow(words);
  size_t& place = places_[find(words, offset)];
  if (place != kFree) return false;
  place = offset;
  ++count_;
  return true;
}

size_t SeenKeys::find(std::span<const uint32_t> words, size_t offset) const {
  const auto key = keyAt(words, offset);
  const size_t mask = places_.size() - 1;
  for (size_t place = hashOf(key) & mask;; place = (place + 1) & mask) {
    if (places_[place] == kFree || std::ranges::equal(keyAt(words, places_[place]), key)) return place;
  }
}

void SeenKeys::grow(std::span<const uint32_t> words) {
  const auto before =
      std::exchange(places_, std::vector<size_t>(std::max(places_.size() * 2, kFirstPlaces), kFree));
  for (const size_t offset : before) {
    if (offset != kFree) places_[find(words, offset)] = offset;
  }
}

}  // namespace nodeplane::nftables
