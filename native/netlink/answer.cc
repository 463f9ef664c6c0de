#include "netlink/answer.h"

#include <libmnl/libmnl.h>

#include "netlink/attributes.h"

namespace nodeplane::netlink {
namespace {

void readAttribute(const nlattr* attribute, Answer& answer) {
  const uint16_t type = mnl_attr_get_type(attribute);
  if (type == NLMSGERR_ATTR_OFFS && mnl_attr_validate(attribute, MNL_TYPE_U32) == 0) {
    answer.offset = mnl_attr_get_u32(attribute);
  }
  if (type == NLMSGERR_ATTR_MSG && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0) {
    answer.text = mnl_attr_get_str(attribute);
  }
}

/** Bytes before the extended ack: without NLM_F_CAPPED the whole request is repeated in between. */
size_t extendedAckOffset(const nlmsghdr& message, const nlmsgerr& body) {
  if ((message.nlmsg_flags & NLM_F_CAPPED) != 0) return sizeof(nlmsgerr);
  return sizeof(nlmsgerr) - NLMSG_HDRLEN + NLMSG_ALIGN(body.msg.nlmsg_len);
}

}  // namespace

std::optional<Answer> readAnswer(const nlmsghdr& message) {
  if (message.nlmsg_type != NLMSG_ERROR) return std::nullopt;
  const size_t payload = mnl_nlmsg_get_payload_len(&message);
  if (payload < sizeof(nlmsgerr)) return std::nullopt;
  const auto* body = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(&message));

  Answer answer{.sequence = body->msg.nlmsg_seq, .error = -body->error, .offset = {}, .text = {}};
  const size_t offset = extendedAckOffset(message, *body);
  if ((message.nlmsg_flags & NLM_F_ACK_TLVS) == 0 || offset > payload) return answer;
  for (const nlattr* attribute : Attributes(message, offset)) readAttribute(attribute, answer);
  return answer;
}

}  // namespace nodeplane::netlink
