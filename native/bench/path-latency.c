#include "path-latency.h"

#include "path-common.h"
#include "path-socket.h"

static uint64_t time_connect(struct route* route) {
  const struct sockaddr_in source = route_source(route);
  const struct sockaddr_in destination = route_destination(route);
  OWNED_FD fd = path_tcp_socket(&source, 0);
  const uint64_t start = now();
  path_connect(fd, &destination);
  path_round_trip(fd, 1);
  return now() - start;
}

static uint64_t time_round_trip(int fd) {
  const uint64_t start = now();
  path_round_trip(fd, 1);
  return now() - start;
}

static uint64_t time_first_packet(struct route* route) {
  const struct sockaddr_in source = route_fresh_source(route);
  const struct sockaddr_in destination = route_destination(route);
  OWNED_FD fd = path_udp_socket(&source);
  path_connect(fd, &destination);
  return time_round_trip(fd);
}

void latency_connect(struct route* route, uint64_t* samples, uint32_t count) {
  for (uint32_t i = 0; i < PATH_WARM_UP; i++) time_connect(route);
  for (uint32_t i = 0; i < count; i++) samples[i] = time_connect(route);
}

void latency_udp(struct route* route, uint64_t* samples, uint32_t count) {
  const struct sockaddr_in source = route_fresh_source(route);
  const struct sockaddr_in destination = route_destination(route);
  OWNED_FD fd = path_udp_socket(&source);
  path_connect(fd, &destination);
  for (uint32_t i = 0; i < PATH_WARM_UP; i++) time_round_trip(fd);
  for (uint32_t i = 0; i < count; i++) samples[i] = time_round_trip(fd);
}

void latency_first_packet(struct route* route, uint64_t* samples, uint32_t count) {
  for (uint32_t i = 0; i < PATH_WARM_UP; i++) time_first_packet(route);
  for (uint32_t i = 0; i < count; i++) samples[i] = time_first_packet(route);
}
