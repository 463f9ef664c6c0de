/*
 * Many connections at once: each connects, sends one byte, gets one byte, and is closed.
 */
#pragma once

#include <stdint.h>

#include "path-route.h"

enum { POOL_MOST = 1024 };

struct pool {
  struct route* route;
  int epoll;
  uint32_t busy;
  uint32_t size;
  /* The free ones are at the end. */
  uint32_t order[POOL_MOST];
  struct pool_connection {
    int fd;
    uint32_t place; /* in `order` */
    bool has_asked;
    uint64_t begin; /* what the caller counts from */
  } connections[POOL_MOST];
};

/* For up to `size` connections. */
void pool_open(struct pool* pool, struct route* route, uint32_t size);

/* Begins a connection that counts from `begin`. False if all are busy. */
bool pool_begin(struct pool* pool, uint64_t begin);

/*
 * Waits until something happens or that time has come. Returns how many connections ended, and how long each took from
 * where it counted from: room for POOL_MOST.
 */
uint32_t pool_wait(struct pool* pool, uint64_t until, uint64_t* took);

/* Closes all that is open. */
void pool_close(struct pool* pool);
