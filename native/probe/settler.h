#pragma once

#include <sched.h>

#include <cstdint>

#include "netlink/file_descriptor.h"

namespace nodeplane::probe {

/**
 * Tells when the node has dealt with all that was sent. Only its loopback has a queue, one for each CPU and in order:
 * a packet of ours sent through it on the same CPU arrives after everything that was sent before.
 */
class Settler {
 public:
  Settler();

  /** Call it before and after something is sent: on this CPU's queue it may have ended up. */
  void remember();

  /** Returns when the queues of the remembered CPUs are done, and forgets them. */
  void settle();

 private:
  void settleHere();
  bool takeMarker();

  FileDescriptor sender_;
  FileDescriptor receiver_;
  cpu_set_t used_{};
  uint32_t number_ = 0;
};

}  // namespace nodeplane::probe
