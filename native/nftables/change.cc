#include "nftables/change.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "netlink/attributes.h"

namespace nodeplane::nftables {
namespace {

/** How the notifications of one kind of object look. In all of them attribute 1 is the name of the table. */
struct Kind {
  int created;
  int deleted;
  Object object;
  /** The attribute with the name, or 0. */
  uint16_t name;
};

constexpr uint16_t kTableAttribute = 1;
static_assert(NFTA_TABLE_NAME == kTableAttribute && NFTA_CHAIN_TABLE == kTableAttribute &&
              NFTA_RULE_TABLE == kTableAttribute && NFTA_SET_TABLE == kTableAttribute &&
              NFTA_SET_ELEM_LIST_TABLE == kTableAttribute && NFTA_OBJ_TABLE == kTableAttribute &&
              NFTA_FLOWTABLE_TABLE == kTableAttribute);

constexpr std::array<Kind, 7> kKinds{{
    {NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, Object::Table, 0},
    {NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN, Object::Chain, NFTA_CHAIN_NAME},
    {NFT_MSG_NEWRULE, NFT_MSG_DELRULE, Object::Rule, NFTA_RULE_CHAIN},
    {NFT_MSG_NEWSET, NFT_MSG_DELSET, Object::Set, NFTA_SET_NAME},
    {NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM, Object::Element, NFTA_SET_ELEM_LIST_SET},
    {NFT_MSG_NEWOBJ, NFT_MSG_DELOBJ, Object::Other, NFTA_OBJ_NAME},
    {NFT_MSG_NEWFLOWTABLE, NFT_MSG_DELFLOWTABLE, Object::Other, NFTA_FLOWTABLE_NAME},
}};

const Kind* kindOf(int type) {
  const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                  [type](const Kind& k) { return k.created == type || k.deleted == type; });
  return kind == kKinds.end() ? nullptr : kind;
}

std::string textOf(const nlattr* attribute) {
  return mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0 ? mnl_attr_get_str(attribute) : "";
}

uint32_t countNested(const nlattr* list) {
  uint32_t count = 0;
  for ([[maybe_unused]] const nlattr* element : netlink::Attributes(list)) ++count;
  return count;
}

void readAttribute(const nlattr* attribute, const Kind& kind, Change& change) {
  const uint16_t type = mnl_attr_get_type(attribute);
  if (type == kTableAttribute)
    change.table = textOf(attribute);
  else if (type == kind.name)
    change.name = textOf(attribute);
  else if (kind.object == Object::Element && type == NFTA_SET_ELEM_LIST_ELEMENTS) {
    change.count = std::max(countNested(attribute), 1U);
  }
}

}  // namespace

bool Change::matches(const Change& other) const {
  return std::tie(deleted, object, family, table, name) ==
         std::tie(other.deleted, other.object, other.family, other.table, other.name);
}

std::optional<Change> readChange(const nlmsghdr& message) {
  const int type = NFNL_MSG_TYPE(message.nlmsg_type);
  const Kind* kind = kindOf(type);
  if (kind == nullptr || mnl_nlmsg_get_payload_len(&message) < sizeof(nfgenmsg)) return std::nullopt;

  Change change;
  change.deleted = kind->deleted == type;
  change.object = kind->object;
  change.family = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(&message))->nfgen_family;
  for (const nlattr* attribute : netlink::Attributes(message, sizeof(nfgenmsg)))
    readAttribute(attribute, *kind, change);
  return change;
}

}  // namespace nodeplane::nftables
