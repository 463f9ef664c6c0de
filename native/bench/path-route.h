/*
 * From where to where a load generator connects, spread over ranges of addresses and ports.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Addresses in host byte order. */
struct route {
  uint32_t first_source;
  uint32_t sources;
  uint32_t first_address;
  uint32_t addresses;
  uint16_t first_port;
  uint32_t ports;
  uint64_t flows; /* so many were given out; decides over the next source */
  uint64_t random;
};

/* Reads "ADDRESS COUNT PORT COUNT": where flows go, each to one of the addresses and ports at random. */
bool route_aim(struct route* route, const char* target);

/* One of the destinations, each as likely as the others. */
struct sockaddr_in route_destination(struct route* route);

/*
 * A source address, one after the other, with port 0: the kernel gives each flow of an address a port of its own, and comes to
 * the same port again only after some 30,000 of them.
 */
struct sockaddr_in route_source(struct route* route);

/* A source address with a port that nobody had before: they come round after 60,000 flows of each address. */
struct sockaddr_in route_fresh_source(struct route* route);
