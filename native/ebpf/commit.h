#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ebpf/map.h"
#include "ebpf/rows.h"

namespace nodeplane::ebpf {

/** Maps by their names in bpf/steps/maps.h. */
using Maps = std::map<std::string, Map>;

/**
 * Writes batches of rows, each whole or not at all, in such an order that a packet never finds a frontend that leads to
 * what is not there: first what frontends lead to, then frontends, then what they led to is deleted.
 */
class Committer {
 public:
  /** The maps must outlive it, and nobody else may write to them. */
  explicit Committer(const Maps& maps) : maps_(maps) {}

  /** The maps were just made: the first batch need not ask what was there, which takes longer than to write it. */
  void startEmpty() { are_empty_ = true; }

  /** Throws KernelError with the row that the kernel refused; all others are undone then. */
  void commit(std::vector<Change> changes);

 private:
  struct Undo {
    const Map* map;
    const RowLayout* layout;
    ElementBytes key;
    bool was_there;
    ElementBytes value;
  };

  const Map& mapOf(const Change& change) const { return maps_.at(change.layout->map); }
  void write(const std::vector<Change>& changes);
  void putOne(const Change& change);
  void putMany(const std::vector<Change>& changes, size_t first, size_t last);
  void deleteOne(const Change& change);
  Undo stateBefore(const Change& change);
  void undo() noexcept;
  std::set<ElementBytes>& rangesOf(const RowLayout& layout);

  const Maps& maps_;
  std::vector<Undo> undo_;
  bool are_empty_ = false;
  /** The keys of maps of ranges, which cannot be asked for one of them. Read when first needed. */
  std::map<std::string, std::set<ElementBytes>> ranges_;
};

}  // namespace nodeplane::ebpf
