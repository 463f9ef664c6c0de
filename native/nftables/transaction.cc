#include "nftables/transaction.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <cerrno>
#include <cstring>

namespace nodeplane::nftables {
namespace {

/** What stays allocated between two batches; a bulk load gives its memory back. */
constexpr size_t kKeptBytes = 1024 * 1024;

/**
 * Asks for an answer to a message even if all goes well. In a batch only the last one is asked: nfnetlink
 * handles the whole batch inside sendmsg and then delivers its answers in order, a failed commit first, then
 * those of the messages (nfnetlink_rcv_batch). So a success that is the first answer says that there was no
 * failure before it, and none at all says that the batch was not understood, which silence alone would not
 * tell.
 */
void askForAnswer(netlink::Buffer& buffer, size_t message) {
  uint8_t* flags_at = buffer.at(message) + offsetof(nlmsghdr, nlmsg_flags);
  uint16_t flags = 0;
  std::memcpy(&flags, flags_at, sizeof flags);
  flags |= NLM_F_ACK;
  std::memcpy(flags_at, &flags, sizeof flags);
}

/** The answers of one batch, as they come in. */
struct Outcome {
  bool overrun = false;
  bool succeeded = false;
  std::optional<netlink::Answer> refusal;

  bool known() const { return succeeded || refusal.has_value(); }
};

/** Takes in one datagram; answers to anything before this batch are passed over. */
void collect(std::span<const uint8_t> datagram, uint32_t first, uint32_t last, Outcome& outcome) {
  for (auto* message = netlink::firstMessage(datagram); message != nullptr;
       message = netlink::nextMessage(datagram, message)) {
    auto answer = netlink::readAnswer(*message);
    const bool ours = answer && answer->sequence - first <= last - first;  // sequence numbers wrap around
    if (!ours || outcome.known()) continue;
    if (answer->error != 0)
      outcome.refusal = std::move(answer);
    else
      outcome.succeeded = answer->sequence == last;
  }
}

KernelError refused(const netlink::Answer& answer, const std::string& tried, int64_t row) {
  return KernelError("nftables: cannot " + tried, answer.error, answer.text, row);
}

}  // namespace

Transaction::Transaction(netlink::Socket socket, std::shared_ptr<const TableLayout> table)
    : socket_(std::move(socket)), table_(std::move(table)), writer_(buffer_) {}

void Transaction::commit(std::span<const uint32_t> rows) {
  if (rows.empty()) return;
  begin(static_cast<uint32_t>(rows.size()));
  RowEncoder(*table_, buffer_, marks_, first_sequence_ + 1).encode(rows);
  const auto refusal = exchange(static_cast<uint32_t>(marks_.size()), marks_.back().offset);
  buffer_.clear(kKeptBytes);
  if (refusal) throw refusedRow(*refusal);
}

bool Transaction::dropTable() {
  begin(1);
  const auto refusal = exchange(1, encodeTableDeletion());
  if (!refusal) return true;
  if (refusal->error == ENOENT) return false;
  throw refused(*refusal, "delete " + table_->describe(), KernelError::kNoRow);
}

void Transaction::begin(uint32_t most_messages) {
  first_sequence_ = socket_.takeSequence(most_messages + 2);
  marks_.clear();
  buffer_.clear(kKeptBytes);
  frame(NFNL_MSG_BATCH_BEGIN, first_sequence_);
}

void Transaction::frame(int type, uint32_t sequence) {
  writer_.end(writer_.begin({.type = static_cast<uint16_t>(type),
                             .flags = NLM_F_REQUEST,
                             .sequence = sequence,
                             .family = NFPROTO_UNSPEC,
                             .resource = NFNL_SUBSYS_NFTABLES}));
}

size_t Transaction::encodeTableDeletion() {
  const size_t message = writer_.begin({.type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELTABLE,
                                        .flags = NLM_F_REQUEST,
                                        .sequence = first_sequence_ + 1,
                                        .family = table_->family});
  writer_.string(NFTA_TABLE_NAME, table_->name);
  writer_.end(message);
  return message;
}

std::optional<netlink::Answer> Transaction::exchange(uint32_t messages, size_t last) {
  askForAnswer(buffer_, last);
  frame(NFNL_MSG_BATCH_END, first_sequence_ + messages + 1);
  socket_.send(buffer_.bytes());
  return firstRefusal(first_sequence_ + messages);
}

std::optional<netlink::Answer> Transaction::firstRefusal(uint32_t last_sequence) {
  Outcome outcome;
  while (!outcome.succeeded) {
    try {
      const auto datagram = socket_.receive();
      if (!datagram) break;
      collect(*datagram, first_sequence_, last_sequence, outcome);
    } catch (const KernelError& error) {
      if (error.number() != ENOBUFS) throw;
      outcome.overrun = true;  // the oldest answers are still queued
    }
  }
  if (outcome.known()) return outcome.refusal;
  throw KernelError("nftables: cannot learn whether " + table_->describe() + " was changed",
                    outcome.overrun ? ENOBUFS : EPROTO);
}

/** Finds the row that an answer is about, from the offset that the extended ack gives. */
KernelError Transaction::refusedRow(const netlink::Answer& answer) const {
  const uint32_t message = answer.sequence - first_sequence_ - 1;
  if (message >= marks_.size())
    return refused(answer, "commit to " + table_->describe(), KernelError::kNoRow);

  const MessageMark& mark = marks_[message];
  const std::string where = table_->sets[mark.head.set].name + " of " + table_->describe();
  // The table and the set are named before the elements: a refused name is no row's fault.
  if (answer.offset && *answer.offset < mark.elements)
    return refused(answer, "find set " + where, KernelError::kNoRow);

  const uint32_t element = answer.offset ? (*answer.offset - mark.elements) / mark.element_bytes : 0;
  const int64_t row = int64_t{mark.first_row} + element;
  const bool put = mark.head.verb == Verb::Put;
  const std::string tried =
      (put ? "put row " : "delete row ") + std::to_string(row) + (put ? " into" : " from");
  return refused(answer, tried + " set " + where, row);
}

}  // namespace nodeplane::nftables
