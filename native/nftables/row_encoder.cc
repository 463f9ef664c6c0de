#include "nftables/row_encoder.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <cstring>
#include <string>

#include "nftables/tuple_codec.h"

namespace nodeplane::nftables {
namespace {

/** The most that nlattr.nla_len (16 bits) can say, down to a multiple of 4. */
constexpr size_t kMaxAttributeBytes = 0xfffc;

uint32_t tupleAttributeBytes(const Tuple& tuple) {
  return 2 * NLA_HDRLEN + encodedBytes(tuple);
}

uint8_t* putAttributeHead(uint8_t* out, uint16_t type, uint32_t length) {
  const nlattr head{static_cast<uint16_t>(length), type};
  std::memcpy(out, &head, sizeof head);
  return out + NLA_HDRLEN;
}

/** A key or data: an attribute that holds one NFTA_DATA_VALUE. Returns the byte behind it. */
uint8_t* putTuple(uint8_t* out, uint16_t type, const Tuple& tuple, const uint32_t* words, uint32_t row) {
  uint8_t* value = putAttributeHead(out, type | NLA_F_NESTED, tupleAttributeBytes(tuple));
  uint8_t* bytes = putAttributeHead(value, NFTA_DATA_VALUE, NLA_HDRLEN + tuple.bytes);
  encodeTuple(tuple, words, row, bytes);
  return bytes + encodedBytes(tuple);
}

netlink::MessageHead messageHead(const TableLayout& table, Verb verb, uint32_t sequence) {
  const bool put = verb == Verb::Put;
  const int message = put ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM;
  // Without NLM_F_EXCL a put of an element that is there, with the same data, is no error.
  const int flags = put ? NLM_F_REQUEST | NLM_F_CREATE : NLM_F_REQUEST;
  return {.type = static_cast<uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | message),
          .flags = static_cast<uint16_t>(flags),
          .sequence = sequence,
          .family = table.family};
}

}  // namespace

RowEncoder::RowEncoder(const TableLayout& table, netlink::Buffer& buffer, std::vector<MessageMark>& marks,
                       uint32_t first_sequence)
    : table_(table), buffer_(buffer), writer_(buffer), marks_(marks), next_sequence_(first_sequence) {}

void RowEncoder::encode(std::span<const uint32_t> rows) {
  for (; !rows.empty(); ++row_) rows = rows.subspan(encodeRow(rows));
  closeMessage();
}

/** Encodes the row at the start of `words`; returns its length. */
size_t RowEncoder::encodeRow(std::span<const uint32_t> words) {
  const RowHead head = readHead(words[0]);
  const SetLayout& set = table_.sets[head.set];
  const bool with_data = head.verb == Verb::Put && set.isMap();
  const size_t length = 1 + set.keyWords() + (with_data ? set.data.words : 0);
  if (words.size() < length) {
    throw RowError(row_, "of set " + set.name + " needs " + std::to_string(length) + " words, but " +
                             std::to_string(words.size()) + " are left");
  }
  const uint32_t bytes = NLA_HDRLEN + tupleAttributeBytes(set.key) * (set.interval ? 2 : 1) +
                         (with_data ? tupleAttributeBytes(set.data) : 0);
  if (!hasRoomFor(head, bytes)) {
    closeMessage();
    openMessage(head);
    marks_.back().element_bytes = bytes;
  }
  uint8_t* element = putAttributeHead(buffer_.extend(bytes), NFTA_LIST_ELEM | NLA_F_NESTED, bytes);
  uint8_t* next = putTuple(element, NFTA_SET_ELEM_KEY, set.key, &words[1], row_);
  if (set.interval) next = putTuple(next, NFTA_SET_ELEM_KEY_END, set.key, &words[1 + set.key.words], row_);
  if (with_data) putTuple(next, NFTA_SET_ELEM_DATA, set.data, &words[1 + set.keyWords()], row_);
  return length;
}

RowHead RowEncoder::readHead(uint32_t word) const {
  const uint32_t verb = word >> 16;
  const uint16_t set = word & 0xffff;
  if (verb != static_cast<uint32_t>(Verb::Put) && verb != static_cast<uint32_t>(Verb::Delete)) {
    throw RowError(row_, "has verb " + std::to_string(verb) + ", but only 1 (put) and 2 (delete) are known");
  }
  if (set >= table_.sets.size()) {
    throw RowError(row_, "names set " + std::to_string(set) + ", but the table has " +
                             std::to_string(table_.sets.size()) + " sets");
  }
  return {static_cast<Verb>(verb), set};
}

bool RowEncoder::hasRoomFor(RowHead head, uint32_t element_bytes) const {
  if (!list_ || marks_.back().head != head) return false;
  return buffer_.size() - *list_ + element_bytes <= kMaxAttributeBytes;
}

void RowEncoder::openMessage(RowHead head) {
  const size_t message = writer_.begin(messageHead(table_, head.verb, next_sequence_++));
  writer_.string(NFTA_SET_ELEM_LIST_TABLE, table_.name);
  writer_.string(NFTA_SET_ELEM_LIST_SET, table_.sets[head.set].name);
  list_ = writer_.beginNest(NFTA_SET_ELEM_LIST_ELEMENTS);
  marks_.push_back({.head = head,
                    .first_row = row_,
                    .offset = message,
                    .elements = static_cast<uint32_t>(buffer_.size() - message),
                    .element_bytes = 0});
}

void RowEncoder::closeMessage() {
  if (!list_) return;
  writer_.endNest(*list_);
  writer_.end(marks_.back().offset);
  list_.reset();
}

}  // namespace nodeplane::nftables
