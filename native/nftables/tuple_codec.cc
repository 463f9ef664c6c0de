#include "nftables/tuple_codec.h"

#include <arpa/inet.h>

#include <cstring>

namespace nodeplane::nftables {
namespace {

constexpr uint32_t kMaxProtocol = 0xff;
constexpr uint32_t kMaxPort = 0xffff;

[[noreturn]] void refuse(uint32_t row, const char* field, uint32_t value, uint32_t most) {
  throw RowError(row, "has " + std::string(field) + " " + std::to_string(value) + ", but the most is " +
                          std::to_string(most));
}

void putWord(uint8_t* out, uint32_t word) {
  std::memcpy(out, &word, sizeof word);
}

uint32_t getWord(const uint8_t* in) {
  uint32_t word = 0;
  std::memcpy(&word, in, sizeof word);
  return word;
}

/** Writes one field padded with zeros to whole words. */
void encodeField(Field field, const uint32_t* words, uint32_t row, uint8_t* out) {
  switch (field) {
    case Field::Ipv4: return putWord(out, htonl(words[0]));
    case Field::Ipv6:
      for (int i = 0; i < 4; ++i) putWord(out + i * 4, htonl(words[i]));
      return;
    case Field::Protocol:
      if (words[0] > kMaxProtocol) refuse(row, "protocol", words[0], kMaxProtocol);
      return putWord(out, htonl(words[0] << 24));
    case Field::Port:
      if (words[0] > kMaxPort) refuse(row, "port", words[0], kMaxPort);
      return putWord(out, htonl(words[0] << 16));
    case Field::Index: return putWord(out, words[0]);
  }
}

/** Reads only the bytes that the value has: behind a single field there is no padding. */
void decodeField(Field field, const uint8_t* in, uint32_t* words) {
  switch (field) {
    case Field::Ipv4: words[0] = ntohl(getWord(in)); return;
    case Field::Ipv6:
      for (int i = 0; i < 4; ++i) words[i] = ntohl(getWord(in + i * 4));
      return;
    case Field::Protocol: words[0] = in[0]; return;
    case Field::Port: words[0] = static_cast<uint32_t>(in[0] << 8 | in[1]); return;
    case Field::Index: words[0] = getWord(in); return;
  }
}

}  // namespace

void encodeTuple(const Tuple& tuple, const uint32_t* words, uint32_t row, uint8_t* out) {
  for (const Field field : tuple.fields) {
    encodeField(field, words, row, out);
    words += wordsOf(field);
    out += wordsOf(field) * sizeof(uint32_t);
  }
}

void decodeTuple(const Tuple& tuple, const uint8_t* in, uint32_t* words) {
  for (const Field field : tuple.fields) {
    decodeField(field, in, words);
    words += wordsOf(field);
    in += wordsOf(field) * sizeof(uint32_t);
  }
}

}  // namespace nodeplane::nftables
