#include "ebpf/rows.h"

#include <arpa/inet.h>

#include <cstring>
#include <stdexcept>
#include <string>

namespace nodeplane::ebpf {
namespace {

constexpr uint32_t kPut = 1;
constexpr uint32_t kDelete = 2;
constexpr uint32_t kVerbShift = 16;

template <typename Value>
void store(ElementBytes& bytes, size_t offset, Value value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

template <typename Value>
Value load(const uint8_t* bytes, size_t offset) {
  Value value{};
  std::memcpy(&value, bytes + offset, sizeof value);
  return value;
}

/** Reads the words of rows from the front. */
class Reader {
 public:
  Reader(std::span<const uint32_t> words, uint8_t family)
      : words_(words), layouts_(rowLayouts(family)), address_words_(addressWords(family)) {}

  bool atEnd() const { return at_ == words_.size(); }

  Change change() {
    const uint32_t head = word();
    const uint32_t verb = head >> kVerbShift;
    if (verb != kPut && verb != kDelete) fail("there is no verb " + std::to_string(verb));
    Change change{.layout = &layoutOf(head & ((1u << kVerbShift) - 1)),
                  .is_put = verb == kPut,
                  .row = row_,
                  .key = {},
                  .value = {}};
    fields(change.layout->key, change.key);
    if (change.is_put) fields(change.layout->value, change.value);
    ++row_;
    return change;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::out_of_range("rows: row " + std::to_string(row_) + ": " + what);
  }

  uint32_t word() {
    if (atEnd()) fail("it is cut off");
    return words_[at_++];
  }

  const RowLayout& layoutOf(uint32_t kind) const {
    for (const RowLayout& layout : layouts_) {
      if (static_cast<uint32_t>(layout.kind) == kind) return layout;
    }
    fail("there is no kind " + std::to_string(kind));
  }

  void fields(const std::vector<Field>& fields, ElementBytes& bytes) {
    for (const Field& field : fields) {
      if (field.type == Field::Type::Address) {
        for (size_t i = 0; i < address_words_; ++i)
          store(bytes, field.offset + i * sizeof(uint32_t), htonl(word()));
        continue;
      }
      const uint32_t value = word();
      if (value > field.most) fail(std::to_string(value) + " is more than " + std::to_string(field.most));
      switch (field.type) {
        case Field::Type::Word: store(bytes, field.offset, value); break;
        case Field::Type::Prefix: store(bytes, field.offset, value + field.base); break;
        case Field::Type::Port: store(bytes, field.offset, htons(static_cast<uint16_t>(value))); break;
        case Field::Type::Byte: store(bytes, field.offset, static_cast<uint8_t>(value)); break;
        case Field::Type::Address: break;
      }
    }
  }

  std::span<const uint32_t> words_;
  const std::vector<RowLayout>& layouts_;
  size_t address_words_;
  size_t at_ = 0;
  size_t row_ = 0;
};

void appendFields(std::vector<uint32_t>& words, const std::vector<Field>& fields, size_t address_words,
                  const uint8_t* bytes) {
  for (const Field& field : fields) {
    switch (field.type) {
      case Field::Type::Word: words.push_back(load<uint32_t>(bytes, field.offset)); break;
      case Field::Type::Prefix: words.push_back(load<uint32_t>(bytes, field.offset) - field.base); break;
      case Field::Type::Port: words.push_back(ntohs(load<uint16_t>(bytes, field.offset))); break;
      case Field::Type::Byte: words.push_back(load<uint8_t>(bytes, field.offset)); break;
      case Field::Type::Address:
        for (size_t i = 0; i < address_words; ++i)
          words.push_back(ntohl(load<uint32_t>(bytes, field.offset + i * sizeof(uint32_t))));
        break;
    }
  }
}

}  // namespace

std::vector<Change> readRows(std::span<const uint32_t> words, uint8_t family) {
  Reader reader(words, family);
  std::vector<Change> changes;
  while (!reader.atEnd()) changes.push_back(reader.change());
  return changes;
}

void appendRow(std::vector<uint32_t>& words, const RowLayout& layout, size_t address_words,
               const uint8_t* key, const uint8_t* value) {
  words.push_back(kPut << kVerbShift | static_cast<uint32_t>(layout.kind));
  appendFields(words, layout.key, address_words, key);
  appendFields(words, layout.value, address_words, value);
}

}  // namespace nodeplane::ebpf
