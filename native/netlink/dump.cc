#include "netlink/dump.h"

#include <libmnl/libmnl.h>

#include <cerrno>

#include "netlink/answer.h"
#include "netlink/kernel_error.h"

namespace nodeplane::netlink {
namespace {

class Reader {
 public:
  Reader(uint32_t sequence, std::string_view tried, const DumpHandlers& handlers)
      : sequence_(sequence), tried_(tried), handlers_(handlers) {}

  bool done() const { return done_; }
  DumpEnd end() const { return interrupted_ ? DumpEnd::Interrupted : DumpEnd::Whole; }

  void readDatagram(std::span<const uint8_t> datagram) {
    for (auto* message = firstMessage(datagram); message != nullptr && !done_;
         message = nextMessage(datagram, message)) {
      if (message->nlmsg_seq == sequence_) readMessage(*message);
    }
  }

 private:
  void readMessage(const nlmsghdr& message) {
    if ((message.nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted_ = true;
    if (const auto answer = readAnswer(message)) throw KernelError(tried_, answer->error, answer->text);
    if (message.nlmsg_type == NLMSG_DONE)
      finish(message);
    else
      handlers_.take(message);
  }

  void finish(const nlmsghdr& message) {
    const auto* status = static_cast<const int*>(mnl_nlmsg_get_payload(&message));
    if (mnl_nlmsg_get_payload_len(&message) >= sizeof *status && *status < 0) {
      throw KernelError(tried_, -*status);
    }
    done_ = true;
  }

  const uint32_t sequence_;
  const std::string_view tried_;
  const DumpHandlers& handlers_;
  bool done_ = false;
  bool interrupted_ = false;
};

}  // namespace

DumpEnd dump(Socket& socket, std::span<const uint8_t> request, std::string_view tried,
             const DumpHandlers& handlers) {
  Reader reader(reinterpret_cast<const nlmsghdr*>(request.data())->nlmsg_seq, tried, handlers);
  socket.send(request);
  while (!reader.done()) {
    if (handlers.abandoned()) return DumpEnd::Abandoned;
    const auto datagram = socket.receive();  // each one makes the kernel queue the next
    if (!datagram) throw KernelError(tried, EPROTO);
    reader.readDatagram(*datagram);
  }
  return reader.end();
}

}  // namespace nodeplane::netlink
