#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <string>

namespace nodeplane::nftables {

/** What a change is made to. */
enum class Object : uint8_t { Table, Chain, Rule, Set, Element, Other };

/** One or more equal changes of the ruleset, in a row. */
struct Change {
  bool deleted = false;
  Object object = Object::Other;
  /** NFPROTO_*. */
  uint8_t family = 0;
  std::string table;
  /** The chain of a rule, the set of an element, or the object itself; empty for a table. */
  std::string name;
  uint32_t count = 1;

  /** The same in everything but the count. */
  bool matches(const Change& other) const;
};

/** Reads a notification of nf_tables; nothing if it is of no change (a new generation, a trace). */
std::optional<Change> readChange(const nlmsghdr& message);

}  // namespace nodeplane::nftables
