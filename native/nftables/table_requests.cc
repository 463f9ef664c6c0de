#include "nftables/table_requests.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <cerrno>
#include <functional>
#include <optional>
#include <string>

#include "netlink/answer.h"
#include "netlink/attributes.h"
#include "netlink/kernel_error.h"
#include "netlink/message_writer.h"

namespace nodeplane::nftables {
namespace {

/** A request that is answered by one message: what was asked for, or an errno. */
class Request {
 public:
  Request(netlink::Socket& socket, int type, uint8_t family) : socket_(socket), writer_(buffer_) {
    message_ = writer_.begin({.type = static_cast<uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type),
                              .flags = NLM_F_REQUEST,
                              .sequence = socket.takeSequence(1),
                              .family = family});
  }

  Request& with(uint16_t attribute, const std::string& name) {
    writer_.string(attribute, name);
    return *this;
  }

  /** Returns 0 after it has shown the answer to `read`, or the errno. */
  int send(const std::function<void(const nlmsghdr&)>& read = [](const nlmsghdr&) {}) {
    writer_.end(message_);
    socket_.send(buffer_.bytes());
    std::optional<int> error;
    while (const auto datagram = socket_.receive()) {
      const auto* answer = netlink::firstMessage(*datagram);
      if (answer == nullptr || error) continue;
      const auto refusal = netlink::readAnswer(*answer);
      error = refusal ? refusal->error : 0;
      if (!refusal) read(*answer);
    }
    return error.value_or(EPROTO);
  }

 private:
  netlink::Socket& socket_;
  netlink::Buffer buffer_;
  netlink::MessageWriter writer_;
  size_t message_ = 0;
};

void readSetAttribute(const nlattr* attribute, SetDescription& description) {
  if (mnl_attr_validate(attribute, MNL_TYPE_U32) != 0) return;
  const uint32_t value = ntohl(mnl_attr_get_u32(attribute));
  switch (mnl_attr_get_type(attribute)) {
    case NFTA_SET_FLAGS: description.flags = value; break;
    case NFTA_SET_KEY_LEN: description.key_bytes = value; break;
    case NFTA_SET_DATA_LEN: description.data_bytes = value; break;
    default: break;
  }
}

}  // namespace

void requireAccess(netlink::Socket& socket) {
  const int error = Request(socket, NFT_MSG_GETGEN, NFPROTO_UNSPEC).send();
  if (error != 0) throw KernelError("nftables: cannot use nf_tables", error);
}

bool tableExists(netlink::Socket& socket, const TableLayout& table) {
  const int error = Request(socket, NFT_MSG_GETTABLE, table.family).with(NFTA_TABLE_NAME, table.name).send();
  if (error == 0) return true;
  if (error == ENOENT) return false;
  throw KernelError("nftables: cannot look for " + table.describe(), error);
}

SetDescription describeSet(netlink::Socket& socket, const TableLayout& table, uint16_t set) {
  const std::string& name = table.sets[set].name;
  SetDescription description;
  const int error = Request(socket, NFT_MSG_GETSET, table.family)
                        .with(NFTA_SET_TABLE, table.name)
                        .with(NFTA_SET_NAME, name)
                        .send([&](const nlmsghdr& message) {
                          for (const nlattr* each : netlink::Attributes(message, sizeof(nfgenmsg))) {
                            readSetAttribute(each, description);
                          }
                        });
  if (error == 0) return description;
  throw KernelError("nftables: cannot find set " + name + " of " + table.describe(), error);
}

}  // namespace nodeplane::nftables
