#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nodeplane::nftables {

/** The kernel's longest key and longest data, in bytes (NFT_DATA_VALUE_MAXLEN). */
constexpr uint32_t kMaxTupleBytes = 64;

/** One field of a key or of data. In rows it is one 32-bit word; an Ipv6 is four, most significant first. */
enum class Field : uint8_t { Ipv4, Ipv6, Protocol, Port, Index };

/** How many words of a row the field takes. */
uint32_t wordsOf(Field field);
/** How many bytes the kernel's value has, before any padding. */
uint32_t bytesOf(Field field);

/** The fields of a key or of data, and the sizes that follow from them. */
struct Tuple {
  std::vector<Field> fields;
  /** Words in a row. */
  uint32_t words = 0;
  /**
   * Bytes in the kernel: in a concatenation every field is padded to the 4 bytes of a register, while a
   * single field has its natural length (nft: `type inet_service` is 2 bytes, `inet_service . mark` 8).
   */
  uint32_t bytes = 0;

  Tuple() = default;
  explicit Tuple(std::vector<Field> fields_in_order);
};

/** A set, or a map if there is data. */
struct SetLayout {
  std::string name;
  Tuple key;
  Tuple data;
  /**
   * Elements are ranges: in a row the key is followed by the last key of the range, with as many words. Only
   * a concatenation can be one (pipapo): the ranges of a single field are kept by the kernel in another way.
   */
  bool interval = false;

  /** Words of the key in a row, with the end of the range. */
  uint32_t keyWords() const { return interval ? 2 * key.words : key.words; }
  bool isMap() const { return !data.fields.empty(); }
};

struct TableLayout {
  /** NFPROTO_IPV4 or NFPROTO_IPV6. */
  uint8_t family;
  std::string name;
  std::vector<SetLayout> sets;

  /** As messages name it: "table ip nodeplane". */
  std::string describe() const;
};

}  // namespace nodeplane::nftables
