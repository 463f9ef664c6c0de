#include "ebpf/commit.h"

#include <algorithm>
#include <cstring>
#include <ranges>
#include <utility>

#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

/** Runs of puts into one map that are worth a system call for all of them. */
constexpr size_t kMany = 16;
/** Elements of one such call: 300 KB of keys and values. */
constexpr size_t kBatch = 4096;

/** When in a batch a change is made. */
int phaseOf(const Change& change) {
  const bool is_frontend = change.layout->kind == Kind::Frontend;
  if (change.is_put) return is_frontend ? 1 : 0;
  return is_frontend ? 2 : 3;
}

/** Sorts by phase and map. They are few, and a change is large: each is moved once. */
std::vector<Change> inOrder(std::vector<Change> changes) {
  std::map<std::pair<int, const RowLayout*>, std::vector<Change>> groups;
  for (Change& change : changes) groups[{phaseOf(change), change.layout}].push_back(change);
  changes.clear();
  for (const auto& [place, group] : groups) changes.insert(changes.end(), group.begin(), group.end());
  return changes;
}

}  // namespace

void Committer::commit(std::vector<Change> changes) {
  changes = inOrder(std::move(changes));
  undo_.clear();
  undo_.reserve(changes.size());
  try {
    write(changes);
  } catch (...) {
    undo();
    throw;
  }
  undo_ = {};
  are_empty_ = false;
}

void Committer::write(const std::vector<Change>& changes) {
  for (size_t first = 0; first < changes.size();) {
    const Change& change = changes[first];
    size_t last = first + 1;
    while (last < changes.size() && last - first < kBatch && changes[last].is_put == change.is_put &&
           changes[last].layout == change.layout)
      ++last;
    if (change.is_put && !change.layout->has_ranges && last - first >= kMany) {
      putMany(changes, first, last);
    } else {
      for (size_t i = first; i < last; ++i) changes[i].is_put ? putOne(changes[i]) : deleteOne(changes[i]);
    }
    first = last;
  }
}

void Committer::putOne(const Change& change) {
  const Map& map = mapOf(change);
  const Undo before = stateBefore(change);
  if (const int error = map.tryPut(change.key.data(), change.value.data()); error != 0) {
    throw KernelError("ebpf: cannot write to map " + map.name(), error, {}, static_cast<int64_t>(change.row));
  }
  undo_.push_back(before);
  if (change.layout->has_ranges) rangesOf(*change.layout).insert(change.key);
}

void Committer::putMany(const std::vector<Change>& changes, size_t first, size_t last) {
  const Map& map = mapOf(changes[first]);
  const size_t count = last - first;
  std::vector<uint8_t> keys(count * map.keyBytes());
  std::vector<uint8_t> values(count * map.valueBytes());
  const size_t done = undo_.size();
  for (size_t i = 0; i < count; ++i) {
    const Change& change = changes[first + i];
    std::memcpy(keys.data() + i * map.keyBytes(), change.key.data(), map.keyBytes());
    std::memcpy(values.data() + i * map.valueBytes(), change.value.data(), map.valueBytes());
    undo_.push_back(stateBefore(change));
  }
  auto written = static_cast<uint32_t>(count);
  const int error = map.tryPutMany(keys.data(), values.data(), written);
  if (error == 0) return;
  undo_.resize(done + written);
  const size_t refused = std::min(first + written, last - 1);
  throw KernelError("ebpf: cannot write to map " + map.name(), error, {},
                    static_cast<int64_t>(changes[refused].row));
}

void Committer::deleteOne(const Change& change) {
  const Undo before = stateBefore(change);
  if (!before.was_there) return;
  mapOf(change).remove(change.key.data());
  undo_.push_back(before);
  if (change.layout->has_ranges) rangesOf(*change.layout).erase(change.key);
}

Committer::Undo Committer::stateBefore(const Change& change) {
  Undo before{.map = &mapOf(change),
              .layout = change.layout,
              .key = change.key,
              .was_there = false,
              .value = {}};
  if (are_empty_) return before;
  before.was_there = change.layout->has_ranges ? rangesOf(*change.layout).contains(change.key)
                                               : before.map->lookUp(change.key.data(), before.value.data());
  return before;
}

/** What was put can be deleted, and what was deleted had room before: the kernel has no reason to refuse. */
void Committer::undo() noexcept {
  for (const Undo& before : undo_ | std::views::reverse) {
    if (before.was_there) {
      before.map->tryPut(before.key.data(), before.value.data());
    } else {
      before.map->tryRemove(before.key.data());
    }
  }
  undo_ = {};
  ranges_.clear();
}

std::set<ElementBytes>& Committer::rangesOf(const RowLayout& layout) {
  const auto [found, is_new] = ranges_.try_emplace(layout.map);
  if (is_new) {
    maps_.at(layout.map).forEach([&keys = found->second, &layout](const uint8_t* key, const uint8_t*) {
      ElementBytes bytes{};
      std::memcpy(bytes.data(), key, layout.key_bytes);
      keys.insert(bytes);
    });
  }
  return found->second;
}

}  // namespace nodeplane::ebpf
