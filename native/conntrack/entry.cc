#include "conntrack/entry.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>

#include <array>

#include "netlink/attributes.h"

namespace nodeplane::conntrack {
namespace {

using netlink::Attributes;

/** Of CTA_FILTER_ORIG_FLAGS: compare CTA_PROTO_NUM (net/netfilter/nf_internals.h). In host byte order. */
constexpr uint32_t kFilterByProtocol = 1 << 3;

/** One direction of a connection. */
struct Tuple {
  uint8_t protocol = 0;
  SocketAddress source{};
  SocketAddress destination{};
};

void readAddress(const nlattr* attribute, Address& address) {
  const size_t bytes = mnl_attr_get_payload_len(attribute);
  if (bytes <= address.size()) std::memcpy(address.data(), mnl_attr_get_payload(attribute), bytes);
}

void readAddresses(const nlattr* nest, Tuple& tuple) {
  for (const nlattr* attribute : Attributes(nest)) {
    switch (mnl_attr_get_type(attribute)) {
      case CTA_IP_V4_SRC:
      case CTA_IP_V6_SRC: readAddress(attribute, tuple.source.address); break;
      case CTA_IP_V4_DST:
      case CTA_IP_V6_DST: readAddress(attribute, tuple.destination.address); break;
      default: break;
    }
  }
}

uint16_t readPort(const nlattr* attribute) {
  return mnl_attr_validate(attribute, MNL_TYPE_U16) == 0 ? ntohs(mnl_attr_get_u16(attribute)) : 0;
}

void readProtocol(const nlattr* nest, Tuple& tuple) {
  for (const nlattr* attribute : Attributes(nest)) {
    switch (mnl_attr_get_type(attribute)) {
      case CTA_PROTO_NUM:
        if (mnl_attr_validate(attribute, MNL_TYPE_U8) == 0) tuple.protocol = mnl_attr_get_u8(attribute);
        break;
      case CTA_PROTO_SRC_PORT: tuple.source.port = readPort(attribute); break;
      case CTA_PROTO_DST_PORT: tuple.destination.port = readPort(attribute); break;
      default: break;
    }
  }
}

Tuple readTuple(const nlattr* nest) {
  Tuple tuple;
  for (const nlattr* attribute : Attributes(nest)) {
    const uint16_t type = mnl_attr_get_type(attribute);
    if (type == CTA_TUPLE_IP) readAddresses(attribute, tuple);
    if (type == CTA_TUPLE_PROTO) readProtocol(attribute, tuple);
  }
  return tuple;
}

template <typename Value>
void writeValue(netlink::MessageWriter& writer, uint16_t type, const Value& value) {
  writer.bytes(type, {reinterpret_cast<const uint8_t*>(&value), sizeof value});
}

}  // namespace

std::optional<UdpEntry> readUdpEntry(const nlmsghdr& message) {
  UdpEntry entry{};
  const nlattr* reply_tuple = nullptr;
  for (const nlattr* attribute : Attributes(message, sizeof(nfgenmsg))) {
    switch (mnl_attr_get_type(attribute)) {
      case CTA_TUPLE_ORIG: entry.original_tuple = attribute; break;
      case CTA_TUPLE_REPLY: reply_tuple = attribute; break;
      case CTA_ID: entry.id = attribute; break;
      case CTA_ZONE: entry.zone = attribute; break;
      default: break;
    }
  }
  if (entry.original_tuple == nullptr || reply_tuple == nullptr || entry.id == nullptr) return std::nullopt;
  const Tuple original = readTuple(entry.original_tuple);
  if (original.protocol != IPPROTO_UDP) return std::nullopt;
  entry.destination = original.destination;
  entry.reply_source = readTuple(reply_tuple).source;
  return entry;
}

void writeUdpDump(netlink::MessageWriter& writer, uint8_t family, uint32_t sequence) {
  const size_t message = writer.begin({.type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
                                       .flags = NLM_F_REQUEST | NLM_F_DUMP,
                                       .sequence = sequence,
                                       .family = family});
  const size_t filter = writer.beginNest(CTA_FILTER);
  writeValue(writer, CTA_FILTER_ORIG_FLAGS, kFilterByProtocol);
  writeValue(writer, CTA_FILTER_REPLY_FLAGS, uint32_t{0});
  writer.endNest(filter);
  const size_t tuple = writer.beginNest(CTA_TUPLE_ORIG);
  const size_t protocol = writer.beginNest(CTA_TUPLE_PROTO);
  writeValue(writer, CTA_PROTO_NUM, uint8_t{IPPROTO_UDP});
  writer.endNest(protocol);
  writer.endNest(tuple);
  writer.end(message);
}

void writeDelete(netlink::MessageWriter& writer, uint8_t family, uint32_t sequence, const UdpEntry& entry) {
  const size_t message = writer.begin({.type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
                                       .flags = NLM_F_REQUEST,
                                       .sequence = sequence,
                                       .family = family});
  writer.copy(*entry.original_tuple);  // without it the kernel would delete every entry
  writer.copy(*entry.id);
  if (entry.zone != nullptr) writer.copy(*entry.zone);
  writer.end(message);
}

}  // namespace nodeplane::conntrack
