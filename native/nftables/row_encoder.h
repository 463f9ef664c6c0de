#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "netlink/message_writer.h"
#include "nftables/layout.h"

namespace nodeplane::nftables {

/** What a row says to do; the upper half of its first word. The lower half is the number of the set. */
enum class Verb : uint16_t { Put = 1, Delete = 2 };

/** The first word of a row. */
struct RowHead {
  Verb verb;
  uint16_t set;

  bool operator==(const RowHead&) const = default;
  uint32_t word() const { return static_cast<uint32_t>(verb) << 16 | set; }
};

/** Which rows are in a message of a batch: enough to tell from a byte offset in it which row was refused. */
struct MessageMark {
  RowHead head;
  uint32_t first_row;
  /** Offset of the message in the batch. */
  size_t offset;
  /** Offset of the first element in the message. */
  uint32_t elements;
  /** Bytes of one element; all of a message are alike. */
  uint32_t element_bytes;
};

/**
 * Turns rows into NFT_MSG_NEWSETELEM and NFT_MSG_DELSETELEM messages. Neighbours with the same head share
 * one, as far as the 16-bit length of its element list reaches.
 */
class RowEncoder {
 public:
  RowEncoder(const TableLayout& table, netlink::Buffer& buffer, std::vector<MessageMark>& marks,
             uint32_t first_sequence);

  /** Appends the messages of all rows. Throws RowError at the first bad row. */
  void encode(std::span<const uint32_t> rows);

 private:
  size_t encodeRow(std::span<const uint32_t> words);
  RowHead readHead(uint32_t word) const;
  void openMessage(RowHead head);
  void closeMessage();
  bool hasRoomFor(RowHead head, uint32_t element_bytes) const;

  const TableLayout& table_;
  netlink::Buffer& buffer_;
  netlink::MessageWriter writer_;
  std::vector<MessageMark>& marks_;
  uint32_t next_sequence_;
  uint32_t row_ = 0;
  /** Offset of the open message's element list; nothing while no message is open. */
  std::optional<size_t> list_;
};

}  // namespace nodeplane::nftables
