#include "nftables/dump.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "netlink/attributes.h"
#include "netlink/buffer.h"
#include "netlink/dump.h"
#include "netlink/kernel_error.h"
#include "netlink/message_writer.h"
#include "netlink/socket.h"
#include "nftables/row_encoder.h"
#include "nftables/seen_keys.h"
#include "nftables/table_requests.h"
#include "nftables/tuple_codec.h"

namespace nodeplane::nftables {
namespace {

constexpr int kAttempts = 10;
constexpr std::chrono::milliseconds kFirstPause(10);
constexpr std::chrono::milliseconds kLongestPause(500);

/** One attempt to read a set, on a socket of its own: to give up is to close it. */
class Dump {
 public:
  Dump(const TableLayout& table, uint16_t set)
      : table_(table), set_(table.sets[set]), head_{Verb::Put, set}, seen_(set_.keyWords()) {}

  /** Returns the rows, or nothing if the table changed while they were read. */
  std::optional<std::vector<uint32_t>> run(const std::function<bool()>& abandoned) {
    if (hasOtherElements()) return rows_;
    netlink::Buffer request;
    writeRequest(request);
    const auto end = netlink::dump(socket_, request.bytes(), tried(),
                                   {.take = [this](const nlmsghdr& message) { readElements(message); },
                                    .abandoned = [&] { return has_repeats_ || abandoned(); }});
    if (end == netlink::DumpEnd::Abandoned && !has_repeats_) throw KernelError(tried(), ECANCELED);
    if (end != netlink::DumpEnd::Whole || has_repeats_) return std::nullopt;
    return std::move(rows_);
  }

 private:
  bool hasOtherElements();
  void writeRequest(netlink::Buffer& buffer);
  void readElements(const nlmsghdr& message);
  void readElement(const nlattr* element);
  void readTuple(const nlattr* attribute, const Tuple& tuple, uint32_t* words, const char* what);

  KernelError otherType(const std::string& what) const {
    return KernelError(tried() + ", whose " + what + " are not of the type in the options", EINVAL);
  }
  std::string tried() const { return "nftables: cannot read set " + set_.name + " of " + table_.describe(); }

  netlink::Socket socket_;
  const TableLayout& table_;
  const SetLayout& set_;
  const RowHead head_;
  std::vector<uint32_t> rows_;
  /** An element came twice: what was read is of no use. */
  bool has_repeats_ = false;
  /**
   * A growing set is hashed anew in the background, which the kernel does not tell by NLM_F_DUMP_INTR. It
   * goes on by skipping as many elements as it has given, so that in another order some come twice and as
   * many never: an element is missing only if another came twice.
   */
  SeenKeys seen_;
};

/**
 * Whether the set holds ranges, which the layout does not know of. Also checks the lengths, so that another
 * type of set is found even while it is empty.
 */
bool Dump::hasOtherElements() {
  const SetDescription kernel = describeSet(socket_, table_, head_.set);
  const bool has_intervals = (kernel.flags & NFT_SET_INTERVAL) != 0;
  if (has_intervals && !set_.interval) return true;
  if (!has_intervals && set_.interval) throw otherType("elements");
  if (kernel.key_bytes != set_.key.bytes) throw otherType("keys");
  if (kernel.data_bytes != set_.data.bytes) throw otherType("data");
  return false;
}

void Dump::writeRequest(netlink::Buffer& buffer) {
  netlink::MessageWriter writer(buffer);
  const size_t message = writer.begin({.type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM,
                                       .flags = NLM_F_REQUEST | NLM_F_DUMP,
                                       .sequence = socket_.takeSequence(1),
                                       .family = table_.family});
  writer.string(NFTA_SET_ELEM_LIST_TABLE, table_.name);
  writer.string(NFTA_SET_ELEM_LIST_SET, set_.name);
  writer.end(message);
}

void Dump::readElements(const nlmsghdr& message) {
  for (const nlattr* list : netlink::Attributes(message, sizeof(nfgenmsg))) {
    if (mnl_attr_get_type(list) != NFTA_SET_ELEM_LIST_ELEMENTS) continue;
    for (const nlattr* element : netlink::Attributes(list)) readElement(element);
  }
}

void Dump::readElement(const nlattr* element) {
  const nlattr* key = nullptr;
  const nlattr* key_end = nullptr;
  const nlattr* data = nullptr;
  for (const nlattr* attribute : netlink::Attributes(element)) {
    switch (mnl_attr_get_type(attribute)) {
      case NFTA_SET_ELEM_KEY: key = attribute; break;
      case NFTA_SET_ELEM_KEY_END: key_end = attribute; break;
      case NFTA_SET_ELEM_DATA: data = attribute; break;
      case NFTA_SET_ELEM_FLAGS:  // the catch-all element
        if (mnl_attr_get_u32(attribute) != 0) return;
        break;
      case NFTA_SET_ELEM_EXPIRATION:  // milliseconds left
        if (mnl_attr_get_u64(attribute) == 0) return;
        break;
      default: break;
    }
  }
  const size_t row = rows_.size();
  const size_t key_at = row + 1;
  const size_t data_at = key_at + set_.keyWords();
  rows_.resize(data_at + set_.data.words);
  rows_[row] = head_.word();
  readTuple(key, set_.key, &rows_[key_at], "keys");
  // An element without an end is a range of one.
  if (set_.interval)
    readTuple(key_end == nullptr ? key : key_end, set_.key, &rows_[key_at + set_.key.words], "keys");
  if (set_.isMap()) readTuple(data, set_.data, &rows_[data_at], "data");
  if (!seen_.add(rows_, key_at)) has_repeats_ = true;
}

/** Reads an attribute that holds one NFTA_DATA_VALUE of exactly the tuple's length. */
void Dump::readTuple(const nlattr* attribute, const Tuple& tuple, uint32_t* words, const char* what) {
  const nlattr* value = nullptr;
  if (attribute != nullptr && mnl_attr_get_payload_len(attribute) >= sizeof(nlattr)) {
    value = static_cast<const nlattr*>(mnl_attr_get_payload(attribute));
  }
  const bool fits = value != nullptr && mnl_attr_ok(value, mnl_attr_get_payload_len(attribute)) &&
                    mnl_attr_get_type(value) == NFTA_DATA_VALUE &&
                    mnl_attr_get_payload_len(value) == tuple.bytes;
  if (!fits) throw otherType(what);
  decodeTuple(tuple, static_cast<const uint8_t*>(mnl_attr_get_payload(value)), words);
}

}  // namespace

std::vector<uint32_t> readSet(const TableLayout& table, uint16_t set,
                              const std::function<bool()>& abandoned) {
  auto pause = kFirstPause;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (auto rows = Dump(table, set).run(abandoned)) return std::move(*rows);
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
  throw KernelError("nftables: cannot read set " + table.sets[set].name + " of " + table.describe() +
                        ", which changed " + std::to_string(kAttempts) + " times meanwhile",
                    EINTR);
}

}  // namespace nodeplane::nftables
