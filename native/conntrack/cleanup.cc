#include "conntrack/cleanup.h"

#include <cerrno>
#include <optional>
#include <string_view>

#include "conntrack/entry.h"
#include "netlink/answer.h"
#include "netlink/buffer.h"
#include "netlink/dump.h"
#include "netlink/kernel_error.h"
#include "netlink/message_writer.h"
#include "netlink/socket.h"

namespace nodeplane::conntrack {
namespace {

constexpr int kAttempts = 5;
constexpr std::string_view kList = "conntrack: cannot list the table";
constexpr std::string_view kDelete = "conntrack: cannot delete an entry";

/** Of the requests that are sent together: some 200. The answers to them fit a socket's queue many times. */
constexpr size_t kBatchBytes = 32 * 1024;

/** Deletes entries, many with one system call. */
class Deleter {
 public:
  explicit Deleter(uint8_t family) : family_(family) {}

  uint64_t deleted() const { return deleted_; }

  void add(const UdpEntry& entry) {
    netlink::MessageWriter writer(requests_);
    writeDelete(writer, family_, socket_.takeSequence(1), entry);
    ++deleted_;  // the kernel answers only if it was not
    if (requests_.size() >= kBatchBytes) flush();
  }

  void flush() {
    if (requests_.size() == 0) return;
    socket_.send(requests_.bytes());
    requests_.clear(kBatchBytes * 2);
    while (const auto datagram = socket_.receive()) {
      for (auto* message = netlink::firstMessage(*datagram); message != nullptr;
           message = netlink::nextMessage(*datagram, message)) {
        if (const auto answer = netlink::readAnswer(*message)) refused(*answer);
      }
    }
  }

  void throwFailure() const {
    if (failure_) throw *failure_;
  }

 private:
  void refused(const netlink::Answer& answer) {
    if (answer.error == 0) return;
    --deleted_;
    if (answer.error == ENOENT) return;  // it has ended by itself
    if (!failure_) failure_.emplace(kDelete, answer.error, answer.text);
  }

  const uint8_t family_;
  netlink::Socket socket_;
  netlink::Buffer requests_;
  uint64_t deleted_ = 0;
  std::optional<KernelError> failure_;
};

/** One pass over the table; returns how it ended, and counts the entries in `seen`. */
netlink::DumpEnd pass(uint8_t family, const Rules& rules, const std::function<bool()>& abandoned,
                      Deleter& deleter, uint64_t& seen) {
  netlink::Socket socket;
  netlink::Buffer request;
  netlink::MessageWriter writer(request);
  writeUdpDump(writer, family, socket.takeSequence(1));
  seen = 0;
  const auto take = [&](const nlmsghdr& message) {
    const auto entry = readUdpEntry(message);
    if (!entry) return;
    ++seen;
    if (rules.isStale(entry->destination, entry->reply_source)) deleter.add(*entry);
  };
  try {
    return netlink::dump(socket, request.bytes(), kList, {.take = take, .abandoned = abandoned});
  } catch (const KernelError& error) {
    if (error.number() == EINTR || error.number() == ENOBUFS) return netlink::DumpEnd::Interrupted;
    throw;
  }
}

}  // namespace

CleanupResult deleteStale(uint8_t family, const Rules& rules, const std::function<bool()>& abandoned) {
  Deleter deleter(family);
  uint64_t seen = 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto end = pass(family, rules, abandoned, deleter, seen);
    deleter.flush();
    if (end == netlink::DumpEnd::Abandoned) throw KernelError(kList, ECANCELED);
    if (end == netlink::DumpEnd::Whole) break;
  }
  deleter.throwFailure();
  return {.seen = seen, .deleted = deleter.deleted()};
}

}  // namespace nodeplane::conntrack
