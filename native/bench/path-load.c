/*
 * The load generator of `nodeplane bench path`.
 *
 *   path-load ADDRESS COUNT     connects from so many source addresses, from this one on
 *
 * Commands on stdin, one answer line on stdout for each. TARGET is "ADDRESS COUNT PORT COUNT", where flows go, each to
 * one of the addresses and ports at random.
 *
 *   connect SAMPLES 0 TARGET                   the latency of each in nanoseconds, see path-latency.h
 *   udp SAMPLES 0 TARGET                       the same
 *   first-packet SAMPLES 0 TARGET              the same
 *   paced-connect SAMPLES PER-SECOND TARGET    the same, see path-rate.h
 *   connections AT-ONCE NANOSECONDS TARGET     "DONE NANOSECONDS", see path-rate.h
 *   requests AT-ONCE NANOSECONDS TARGET        the same
 *   bulk 1 NANOSECONDS TARGET                  "BYTES NANOSECONDS"
 *
 * Whatever goes wrong, a connection that is refused or an answer that does not come, ends the program with a message.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path-common.h"
#include "path-latency.h"
#include "path-pool.h"
#include "path-rate.h"

enum { MOST_SAMPLES = 1000000 };

struct request {
  struct route* route;
  uint32_t count;
  uint64_t second;
};

static void print_samples(const uint64_t* samples, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) printf(i == 0 ? "%" PRIu64 : " %" PRIu64, samples[i]);
  printf("\n");
}

static void print_rate(struct rate rate) { printf("%" PRIu64 " %" PRIu64 "\n", rate.done, rate.nanoseconds); }

static uint64_t samples[MOST_SAMPLES];

static void answer_connect(const struct request* request) {
  latency_connect(request->route, samples, request->count);
  print_samples(samples, request->count);
}

static void answer_udp(const struct request* request) {
  latency_udp(request->route, samples, request->count);
  print_samples(samples, request->count);
}

static void answer_first_packet(const struct request* request) {
  latency_first_packet(request->route, samples, request->count);
  print_samples(samples, request->count);
}

static void answer_paced_connect(const struct request* request) {
  if (request->second == 0) errx(2, "paced-connect: none a second");
  paced_connections(request->route, (uint32_t)request->second, samples, request->count);
  print_samples(samples, request->count);
}

static void answer_connections(const struct request* request) {
  print_rate(rate_connections(request->route, request->count, request->second));
}

static void answer_requests(const struct request* request) {
  print_rate(rate_requests(request->route, request->count, request->second));
}

static void answer_bulk(const struct request* request) {
  print_rate(rate_bulk(request->route, request->second));
}

static const struct command {
  const char* name;
  uint32_t most; /* of what it counts */
  void (*answer)(const struct request*);
} COMMANDS[] = {
    {"connect", MOST_SAMPLES, answer_connect},
    {"udp", MOST_SAMPLES, answer_udp},
    {"first-packet", MOST_SAMPLES, answer_first_packet},
    {"paced-connect", MOST_SAMPLES, answer_paced_connect},
    {"connections", POOL_MOST, answer_connections},
    {"requests", POOL_MOST, answer_requests},
    {"bulk", 1, answer_bulk},
};

static const struct command* command_named(const char* name) {
  for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
    if (strcmp(COMMANDS[i].name, name) == 0) return &COMMANDS[i];
  }
  return NULL;
}

static void obey(struct route* route, const char* line) {
  char name[16];
  int target = 0;
  struct request request = {.route = route};
  sscanf(line, "%15s %" SCNu32 " %" SCNu64 " %n", name, &request.count, &request.second, &target);
  const struct command* command = target > 0 ? command_named(name) : NULL;
  if (command == NULL || !route_aim(route, line + target)) errx(2, "not a command: %s", line);
  if (request.count == 0 || request.count > command->most) errx(2, "too few or too many: %s", line);
  command->answer(&request);
  fflush(stdout);
}

int main(int argc, char** argv) {
  struct in_addr source;
  const unsigned long sources = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
  if (sources == 0 || inet_pton(AF_INET, argv[1], &source) != 1) errx(2, "usage: path-load ADDRESS COUNT");
  struct route route = {
      .first_source = ntohl(source.s_addr), .sources = (uint32_t)sources, .random = 0x9e3779b97f4a7c15};
  char line[256];
  while (fgets(line, sizeof line, stdin) != NULL) obey(&route, line);
  return 0;
}
