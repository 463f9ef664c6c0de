#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "netlink/socket.h"

namespace nodeplane::probe {

/** An interface of a node. */
struct InterfaceSetup {
  std::string name;
  /** Addresses of the node; none of them makes a neighbourhood. */
  std::vector<std::string> addresses;
  /** What is routed to this interface, each as `address/length`. */
  std::vector<std::string> routes;
};

/**
 * Takes an interface up and gives it addresses and routes; `route_socket` is one of NETLINK_ROUTE.
 *
 * It does without ARP and neighbour discovery: the kernel takes every host to be on the link, and nobody has to answer
 * for one.
 */
void setUp(netlink::Socket& route_socket, const InterfaceSetup& setup);

/** Takes the loopback up. */
void setUpLoopback();

}  // namespace nodeplane::probe
