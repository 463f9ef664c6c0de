/* Counts why something was done. */
#pragma once

#include "maps.h"

static __always_inline void np_count(__u32 reason)
{
  __u64 *counter = bpf_map_lookup_elem(&counters, &reason);
  if (counter) *counter += 1;
}

/* The clock of connections and bindings: seconds since boot. */
static __always_inline __u32 np_now(void)
{
  return bpf_ktime_get_coarse_ns() / 1000000000ULL;
}
