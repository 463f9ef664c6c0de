#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "netlink/socket.h"

namespace nodeplane::probe {

/** A connection as conntrack knows it: who called whom, and who answers. Ports in host byte order. */
struct TrackedFlow {
  uint8_t protocol = 0;
  std::string source;
  uint16_t source_port = 0;
  std::string destination;
  uint16_t destination_port = 0;
  /** Equal to the destination if it is not translated. */
  std::string endpoint;
  uint16_t endpoint_port = 0;
};

/** Puts it into the conntrack table of the socket's namespace, as if its packets had been translated so. */
void insertFlow(netlink::Socket& socket, const TrackedFlow& flow);

/** Whether the table has a connection between its source and destination. */
bool hasFlow(netlink::Socket& socket, const TrackedFlow& flow);

}  // namespace nodeplane::probe
