#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "probe/interface_setup.h"
#include "probe/receiver.h"
#include "probe/sender.h"
#include "probe/settler.h"
#include "probe/tap.h"

namespace nodeplane::probe {

/**
 * Packets in and out of a node, which is the network namespace that the calling thread is in when this is made.
 * What is sent carries whatever tells it apart; what turns up is told as it is. Not for two threads at once.
 */
class Probe {
 public:
  /** Where a packet turned up that was delivered to the node itself; else the index of an interface. */
  static constexpr int kNode = -1;

  using Witness = std::function<void(int where, std::span<const uint8_t> packet)>;

  /** Creates the interfaces and takes them up, and the loopback too. */
  explicit Probe(const std::vector<InterfaceSetup>& interfaces);

  /** Lets an IP packet arrive through an interface. */
  void inject(size_t interface, std::span<const uint8_t> packet);

  /** Makes a process of the node send it; returns 0 or the errno it is told. See Sender. */
  int send(std::span<const uint8_t> packet);

  /** Waits until the node has dealt with all that was sent, and shows everything that turned up since the last time. */
  void collect(const Witness& see);

 private:
  Settler settler_;
  Sender sender_;
  std::vector<std::unique_ptr<Tap>> taps_;
  std::vector<Receiver> receivers_;
};

}  // namespace nodeplane::probe
