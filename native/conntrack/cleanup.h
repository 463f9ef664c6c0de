#pragma once

#include <cstdint>
#include <functional>

#include "conntrack/rules.h"

namespace nodeplane::conntrack {

struct CleanupResult {
  /** UDP entries of the family that were looked at. */
  uint64_t seen = 0;
  uint64_t deleted = 0;
};

/**
 * Deletes the stale UDP entries of a family (AF_*) in the network namespace of the calling thread, in the
 * same pass that lists the table. A pass that is interrupted is made again, up to five in all; then what was
 * seen is enough (CT-11).
 *
 * Throws KernelError if the table cannot be listed or an entry not be deleted (after the pass, for the first
 * one); ECANCELED as soon as `abandoned` says so.
 */
CleanupResult deleteStale(uint8_t family, const Rules& rules, const std::function<bool()>& abandoned);

}  // namespace nodeplane::conntrack
