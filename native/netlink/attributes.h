#pragma once

#include <libmnl/libmnl.h>

#include <cstddef>

namespace nodeplane::netlink {

/** The attributes in some bytes of a message, for a range-based for. One that does not lie whole in them ends
 * it. */
class Attributes {
 public:
  class Iterator {
   public:
    Iterator(const nlattr* at, const char* end) : at_(at), end_(end) {}
    const nlattr* operator*() const { return at_; }
    Iterator& operator++() {
      at_ = mnl_attr_next(at_);
      return *this;
    }
    /** Compared with nothing but end(). */
    bool operator!=(const Iterator&) const {
      const auto* start = reinterpret_cast<const char*>(at_);
      return start < end_ && mnl_attr_ok(at_, static_cast<int>(end_ - start));
    }

   private:
    const nlattr* at_;
    const char* end_;
  };

  /** The attributes behind the first `offset` bytes of the payload. */
  Attributes(const nlmsghdr& message, size_t offset)
      : begin_(static_cast<const char*>(mnl_nlmsg_get_payload(&message)) + MNL_ALIGN(offset)),
        end_(static_cast<const char*>(mnl_nlmsg_get_payload_tail(&message))) {}

  /** The attributes inside an attribute. */
  explicit Attributes(const nlattr* nest)
      : begin_(static_cast<const char*>(mnl_attr_get_payload(nest))),
        end_(begin_ + mnl_attr_get_payload_len(nest)) {}

  Iterator begin() const { return {reinterpret_cast<const nlattr*>(begin_), end_}; }
  Iterator end() const { return {nullptr, end_}; }

 private:
  const char* begin_;
  const char* end_;
};

}  // namespace nodeplane::netlink
