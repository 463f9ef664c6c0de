/*
 * Latencies of operations made one after the other, in nanoseconds. Each fills `count` samples; some operations before
 * them are not counted, because the caches hold what was measured last.
 */
#pragma once

#include <stdint.h>

#include "path-route.h"

enum { PATH_WARM_UP = 32 };

/* TCP: connect, one byte there, one byte back. */
void latency_connect(struct route* route, uint64_t* samples, uint32_t count);

/* UDP: a datagram there and back, all of one flow. */
void latency_udp(struct route* route, uint64_t* samples, uint32_t count);

/* UDP: the same with the first datagram of a flow. */
void latency_first_packet(struct route* route, uint64_t* samples, uint32_t count);
