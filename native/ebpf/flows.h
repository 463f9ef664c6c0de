#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "conntrack/cleanup.h"
#include "conntrack/rules.h"
#include "ebpf/map.h"

/** The programs' own table of connections. */
namespace nodeplane::ebpf {

/** Deletes UDP connections that the rules call stale, both of their directions. ECANCELED as soon as `abandoned` says so. */
conntrack::CleanupResult deleteStaleFlows(const Map& flows, uint8_t family, const conntrack::Rules& rules,
                                          const std::function<bool()>& abandoned);

/**
 * Puts a connection in as if its first packet had been translated so, and tells whether one is there. Words: protocol, source
 * port, destination port, endpoint port, source, destination, endpoint. Throws std::out_of_range.
 */
void trackFlow(const Map& flows, uint8_t family, std::span<const uint32_t> words);
bool hasFlow(const Map& flows, uint8_t family, std::span<const uint32_t> words);

}  // namespace nodeplane::ebpf
