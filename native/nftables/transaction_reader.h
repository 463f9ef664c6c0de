#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nftables/change.h"

namespace nodeplane::nftables {

/** What one transaction of some process did to the ruleset, or that notifications were lost. */
struct MonitorEvent {
  /** Notifications were lost: the ruleset may have changed in any way. Nothing else is set then. */
  bool overrun = false;
  uint32_t generation = 0;
  /** Thread id and name of who sent the transaction, as seen from the kernel's first PID namespace. */
  uint32_t process_id = 0;
  std::string process_name;
  std::vector<Change> changes;
  /** There were more changes than are listed. */
  bool truncated = false;
};

/** Puts notifications together again: the kernel sends the changes, then the new generation. */
class TransactionReader {
 public:
  using Sink = std::function<void(MonitorEvent)>;

  explicit TransactionReader(Sink sink) : sink_(std::move(sink)) {}

  void datagram(std::span<const uint8_t> bytes);
  void overrun();

 private:
  void message(const nlmsghdr& message);
  void add(Change change);
  void finish(const nlmsghdr& new_generation);

  Sink sink_;
  MonitorEvent event_;
};

}  // namespace nodeplane::nftables
