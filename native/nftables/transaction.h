#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "netlink/answer.h"
#include "netlink/kernel_error.h"
#include "netlink/message_writer.h"
#include "netlink/socket.h"
#include "nftables/layout.h"
#include "nftables/row_encoder.h"

namespace nodeplane::nftables {

/**
 * Changes a table over one socket. Rows come in; one nf_tables transaction goes out, of which the kernel does
 * all or nothing. The buffers are used again, so that a small change allocates nothing.
 */
class Transaction {
 public:
  Transaction(netlink::Socket socket, std::shared_ptr<const TableLayout> table);

  uint32_t port() const { return socket_.port(); }
  /** The socket, for other requests between two transactions. */
  netlink::Socket& socket() { return socket_; }

  /**
   * Commits rows. Throws RowError before anything is sent, KernelError if the kernel refused; the table is
   * then as it was before. Only KernelError ENOBUFS or EPROTO means that the outcome is not known.
   */
  void commit(std::span<const uint32_t> rows);

  /** Deletes the table and all in it; false if it was not there. */
  bool dropTable();

 private:
  void begin(uint32_t most_messages);
  void frame(int type, uint32_t sequence);
  size_t encodeTableDeletion();
  /** Ends the batch of `messages` messages, the last at offset `last`, sends it and reads the answers. */
  std::optional<netlink::Answer> exchange(uint32_t messages, size_t last);
  std::optional<netlink::Answer> firstRefusal(uint32_t last_sequence);
  KernelError refusedRow(const netlink::Answer& answer) const;

  netlink::Socket socket_;
  std::shared_ptr<const TableLayout> table_;
  netlink::Buffer buffer_;
  netlink::MessageWriter writer_;
  std::vector<MessageMark> marks_;
  /** Sequence number of the message that begins the batch; the others follow it. */
  uint32_t first_sequence_ = 0;
};

}  // namespace nodeplane::nftables
