/*
 * What the two programs of `nodeplane bench path` have in common: the port and the words that they speak, a clock, and
 * file descriptors that close themselves.
 */
#pragma once

#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/* The server listens there, for TCP and UDP, on all its addresses. It sends back whatever it gets... */
enum { SERVER_PORT = 8080 };

/* ...but a connection that begins with this byte gets as much as it can take until it closes. */
static const char BULK_REQUEST = 'b';

/* Nanoseconds since the machine started. */
static inline uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static inline void close_descriptor(const int* fd) {
  if (*fd >= 0) close(*fd);
}

/*
 * The result of a call that waits, begun anew when the process was stopped and goes on: epoll_wait(), and recv() with a
 * timeout, fail with EINTR then even without a signal handler (signal(7)).
 */
#define WAITING(call) TEMP_FAILURE_RETRY(call)

/* A variable that closes its file descriptor when it goes out of scope. */
#define OWNED_FD __attribute__((cleanup(close_descriptor))) int

/* Gives a result back, or ends the program and says what could not be done. */
static inline int must(int result, const char* what) {
  if (result < 0) err(1, "cannot %s", what);
  return result;
}
