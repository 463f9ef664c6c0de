#pragma once

#include <cstdint>
#include <span>

#include "netlink/file_descriptor.h"
#include "netlink/socket.h"
#include "nftables/transaction_reader.h"

namespace nodeplane::nftables {

/** Listens for changes of the ruleset in the network namespace of the thread that makes it. */
class Monitor {
 public:
  explicit Monitor(std::span<const uint32_t> ignored_ports);

  /** Hands every transaction to the sink until stop_event is readable. The sink may wait. */
  void run(const FileDescriptor& stop_event, const TransactionReader::Sink& sink);

 private:
  void readOne(TransactionReader& reader);
  void readAway();

  netlink::Socket socket_;
};

}  // namespace nodeplane::nftables
