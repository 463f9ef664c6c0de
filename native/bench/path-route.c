#include "path-route.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

enum { FIRST_PORT = 2048, PORTS = 60000 };

static struct sockaddr_in endpoint(uint32_t address, uint16_t port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(address), .sin_port = htons(port)};
}

/* xorshift64 (Marsaglia 2003). */
static uint32_t below(struct route* route, uint32_t limit) {
  uint64_t random = route->random;
  random ^= random << 13;
  random ^= random >> 7;
  random ^= random << 17;
  route->random = random;
  return (uint32_t)(((random >> 32) * limit) >> 32);
}

bool route_aim(struct route* route, const char* target) {
  char text[INET_ADDRSTRLEN];
  struct in_addr address;
  const int fields = sscanf(target, "%15s %" SCNu32 " %" SCNu16 " %" SCNu32, text, &route->addresses,
                            &route->first_port, &route->ports);
  if (fields != 4 || inet_pton(AF_INET, text, &address) != 1) return false;
  route->first_address = ntohl(address.s_addr);
  return route->addresses > 0 && route->ports > 0;
}

struct sockaddr_in route_destination(struct route* route) {
  return endpoint(route->first_address + below(route, route->addresses),
                  (uint16_t)(route->first_port + below(route, route->ports)));
}

struct sockaddr_in route_source(struct route* route) {
  return endpoint(route->first_source + (uint32_t)(route->flows++ % route->sources), 0);
}

struct sockaddr_in route_fresh_source(struct route* route) {
  const uint16_t port = (uint16_t)(FIRST_PORT + route->flows / route->sources % PORTS);
  struct sockaddr_in source = route_source(route);
  source.sin_port = htons(port);
  return source;
}
