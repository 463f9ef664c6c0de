#include "nftables/layout.h"

#include <linux/netfilter.h>

namespace nodeplane::nftables {

uint32_t wordsOf(Field field) {
  return field == Field::Ipv6 ? 4 : 1;
}

uint32_t bytesOf(Field field) {
  switch (field) {
    case Field::Ipv6: return 16;
    case Field::Protocol: return 1;
    case Field::Port: return 2;
    case Field::Ipv4:
    case Field::Index: break;
  }
  return 4;
}

Tuple::Tuple(std::vector<Field> fields_in_order) : fields(std::move(fields_in_order)) {
  for (const Field field : fields) words += wordsOf(field);
  const uint32_t registers = words * sizeof(uint32_t);  // a word of a row fills a register
  bytes = fields.size() == 1 ? bytesOf(fields.front()) : registers;
}

std::string TableLayout::describe() const {
  return std::string("table ") + (family == NFPROTO_IPV6 ? "ip6 " : "ip ") + name;
}

}  // namespace nodeplane::nftables
