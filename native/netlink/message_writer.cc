#include "netlink/message_writer.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <cstring>

namespace nodeplane::netlink {
namespace {

constexpr size_t kHeadBytes = NLMSG_HDRLEN + sizeof(nfgenmsg);

void writeAttributeHead(uint8_t* out, uint16_t type, size_t length) {
  const nlattr head{static_cast<uint16_t>(length), type};
  std::memcpy(out, &head, sizeof head);
}

}  // namespace

size_t MessageWriter::begin(const MessageHead& head) {
  const size_t offset = buffer_.size();
  uint8_t* out = buffer_.extend(kHeadBytes);
  const nlmsghdr message{0, head.type, head.flags, head.sequence, 0};
  const nfgenmsg general{head.family, NFNETLINK_V0, htons(head.resource)};
  std::memcpy(out, &message, sizeof message);
  std::memcpy(out + NLMSG_HDRLEN, &general, sizeof general);
  return offset;
}

void MessageWriter::end(size_t message) {
  const auto length = static_cast<uint32_t>(buffer_.size() - message);
  std::memcpy(buffer_.at(message) + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
}

size_t MessageWriter::beginNest(uint16_t type) {
  const size_t offset = buffer_.size();
  writeAttributeHead(buffer_.extend(NLA_HDRLEN), type | NLA_F_NESTED, 0);
  return offset;
}

void MessageWriter::endNest(size_t nest) {
  const auto length = static_cast<uint16_t>(buffer_.size() - nest);
  std::memcpy(buffer_.at(nest) + offsetof(nlattr, nla_len), &length, sizeof length);
}

void MessageWriter::bytes(uint16_t type, std::span<const uint8_t> value) {
  const size_t length = NLA_HDRLEN + value.size();
  const size_t padded = NLA_ALIGN(length);
  uint8_t* out = buffer_.extend(padded);
  writeAttributeHead(out, type, length);
  std::memcpy(out + NLA_HDRLEN, value.data(), value.size());
  std::memset(out + length, 0, padded - length);
}

void MessageWriter::copy(const nlattr& attribute) {
  const size_t payload = attribute.nla_len - NLA_HDRLEN;
  bytes(attribute.nla_type, {reinterpret_cast<const uint8_t*>(&attribute) + NLA_HDRLEN, payload});
}

void MessageWriter::string(uint16_t type, std::string_view text) {
  const size_t length = NLA_HDRLEN + text.size() + 1;
  const size_t padded = NLA_ALIGN(length);
  uint8_t* out = buffer_.extend(padded);
  writeAttributeHead(out, type, length);
  std::memcpy(out + NLA_HDRLEN, text.data(), text.size());
  std::memset(out + NLA_HDRLEN + text.size(), 0, padded - NLA_HDRLEN - text.size());
}

}  // namespace nodeplane::netlink
