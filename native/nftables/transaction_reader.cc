#include "nftables/transaction_reader.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <utility>

#include "netlink/attributes.h"
#include "netlink/socket.h"

namespace nodeplane::nftables {
namespace {

/** A transaction can have millions of changes; whoever listens reads the table again anyway. */
constexpr size_t kMaxChanges = 256;

void readGeneration(const nlattr* attribute, MonitorEvent& event) {
  const uint16_t type = mnl_attr_get_type(attribute);
  const bool number = mnl_attr_validate(attribute, MNL_TYPE_U32) == 0;
  if (type == NFTA_GEN_ID && number) event.generation = ntohl(mnl_attr_get_u32(attribute));
  if (type == NFTA_GEN_PROC_PID && number) event.process_id = ntohl(mnl_attr_get_u32(attribute));
  if (type == NFTA_GEN_PROC_NAME && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0) {
    event.process_name = mnl_attr_get_str(attribute);
  }
}

}  // namespace

void TransactionReader::datagram(std::span<const uint8_t> bytes) {
  for (auto* each = netlink::firstMessage(bytes); each != nullptr; each = netlink::nextMessage(bytes, each)) {
    if (NFNL_SUBSYS_ID(each->nlmsg_type) == NFNL_SUBSYS_NFTABLES) message(*each);
  }
}

void TransactionReader::overrun() {
  event_ = {};  // the rest of this transaction may be among what was lost
  event_.overrun = true;
  sink_(std::exchange(event_, {}));
}

void TransactionReader::message(const nlmsghdr& message) {
  if (NFNL_MSG_TYPE(message.nlmsg_type) == NFT_MSG_NEWGEN) return finish(message);
  if (auto change = readChange(message)) add(std::move(*change));
}

void TransactionReader::add(Change change) {
  auto& changes = event_.changes;
  if (!changes.empty() && changes.back().matches(change))
    changes.back().count += change.count;
  else if (changes.size() < kMaxChanges)
    changes.push_back(std::move(change));
  else
    event_.truncated = true;
}

void TransactionReader::finish(const nlmsghdr& new_generation) {
  for (const nlattr* attribute : netlink::Attributes(new_generation, sizeof(nfgenmsg)))
    readGeneration(attribute, event_);
  sink_(std::exchange(event_, {}));
}

}  // namespace nodeplane::nftables
