/*
 * What is measured over some time, with many operations at once. The first tenth of the time is not counted.
 */
#pragma once

#include <stdint.h>

#include "path-route.h"

struct rate {
  uint64_t done; /* operations, or bytes */
  uint64_t nanoseconds;
};

/* Connections with a byte there and back, always so many of them at once. */
struct rate rate_connections(struct route* route, uint32_t at_once, uint64_t nanoseconds);

/* Requests and answers of 128 bytes, one at a time on each of so many open connections. */
struct rate rate_requests(struct route* route, uint32_t at_once, uint64_t nanoseconds);

/* Bytes that come over one connection. */
struct rate rate_bulk(struct route* route, uint64_t nanoseconds);

/*
 * `count` connections that begin at fixed times, so many a second, whether or not those before them have been answered.
 * The latency of each counts from the time when it should have begun: a stall counts for all that it holds up.
 */
void paced_connections(struct route* route, uint32_t per_second, uint64_t* samples, uint32_t count);
