/*
 * The floor of an update: how long the kernel operation takes that changing one endpoint comes down to,
 * from a program that does nothing else. Commands on stdin, one answer line on stdout for each:
 *
 *   load SERVICES ENDPOINTS   loaded NANOSECONDS
 *   change COUNT GAP          the latency of each change in nanoseconds, separated by spaces
 *
 * The next change starts GAP nanoseconds after the one before: the kernel's deferred work (after each deletion it
 * waits for an RCU grace period and frees memory) is done then, and in nobody's way. A change is encoded, sent and its answer received within the measured time. The end of stdin deletes the
 * table and ends the program.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "floor-table.h"

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void load(struct floor_table* table, uint32_t services, uint32_t endpoints) {
  if (services == 0 || endpoints == 0 || services > UINT32_MAX / endpoints) errx(2, "load: bad numbers");
  const uint64_t start = now();
  floor_load(table, services, endpoints);
  printf("loaded %" PRIu64 "\n", now() - start);
}

/* Busy, as the thread of a program is that works on the next change. */
static void wait_until(uint64_t time) {
  while (now() < time) {
  }
}

static void change(struct floor_table* table, uint32_t count, uint32_t gap) {
  static uint32_t address = 0x0ac00001; /* 10.192.0.1: none of those that are loaded */
  if (table->services == 0) errx(2, "change: load first");
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t service = (uint32_t)random() % table->services;
    const uint32_t slot = (uint32_t)random() % table->endpoints;
    const uint64_t start = now();
    floor_replace(table, service, slot, address++);
    const uint64_t end = now();
    printf(i == 0 ? "%" PRIu64 : " %" PRIu64, end - start);
    wait_until(end + gap);
  }
  printf("\n");
}

static void obey(struct floor_table* table, const char* line) {
  uint32_t first = 0;
  uint32_t second = 0;
  if (sscanf(line, "load %" SCNu32 " %" SCNu32, &first, &second) == 2) {
    load(table, first, second);
  } else if (sscanf(line, "change %" SCNu32 " %" SCNu32, &first, &second) == 2) {
    change(table, first, second);
  } else {
    errx(2, "not a command: %s", line);
  }
  fflush(stdout);
}

int main(void) {
  struct floor_table table = {.socket = batch_open()};
  char line[128];
  while (fgets(line, sizeof line, stdin) != NULL) obey(&table, line);
  floor_drop(&table);
  return 0;
}
