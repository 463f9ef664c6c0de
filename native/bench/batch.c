#include "batch.h"

#include <arpa/inet.h>
#include <err.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

struct batch_socket batch_open(void) {
  struct mnl_socket* socket = mnl_socket_open(NETLINK_NETFILTER);
  if (socket == NULL) err(1, "cannot open a netfilter socket");
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) err(1, "cannot bind a netfilter socket");
  const int limit = 1 << 30; /* only checked, never allocated */
  if (setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_SNDBUFFORCE, &limit, sizeof limit) < 0) {
    err(1, "cannot set SO_SNDBUFFORCE");
  }
  return (struct batch_socket){.socket = socket};
}

static struct nlmsghdr* put_message(struct batch* batch, uint16_t type, uint16_t flags, uint8_t family,
                                    uint16_t resource) {
  struct nlmsghdr* message = mnl_nlmsg_put_header(batch->bytes + batch->length);
  message->nlmsg_type = type;
  message->nlmsg_flags = NLM_F_REQUEST | flags;
  message->nlmsg_seq = ++batch->to->sequence;
  struct nfgenmsg* general = mnl_nlmsg_put_extra_header(message, sizeof *general);
  general->nfgen_family = family;
  general->version = NFNETLINK_V0;
  general->res_id = htons(resource);
  return message;
}

struct nlmsghdr* batch_begin_message(struct batch* batch, int type, uint16_t flags) {
  return put_message(batch, NFNL_SUBSYS_NFTABLES << 8 | type, flags, NFPROTO_IPV4, 0);
}

void batch_end_message(struct batch* batch, struct nlmsghdr* message) {
  batch->length += message->nlmsg_len;
  batch->last = message;
}

struct batch batch_begin(struct batch_socket* to, char* bytes) {
  struct batch batch = {.to = to, .bytes = bytes};
  batch_end_message(&batch, put_message(&batch, NFNL_MSG_BATCH_BEGIN, 0, NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES));
  return batch;
}

int batch_commit(struct batch* batch) {
  /* Answers come in order, a failed commit first: success for the last message means that all went well. */
  batch->last->nlmsg_flags |= NLM_F_ACK;
  batch_end_message(batch, put_message(batch, NFNL_MSG_BATCH_END, 0, NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES));
  if (mnl_socket_sendto(batch->to->socket, batch->bytes, batch->length) < 0) err(1, "cannot send a batch");
  char answer[4096];
  const ssize_t length = mnl_socket_recvfrom(batch->to->socket, answer, sizeof answer);
  const struct nlmsghdr* head = (const struct nlmsghdr*)answer;
  if (length < 0) err(1, "cannot receive the answer to a batch");
  if (!mnl_nlmsg_ok(head, (int)length) || head->nlmsg_type != NLMSG_ERROR) errx(1, "no answer to a batch");
  return -((const struct nlmsgerr*)mnl_nlmsg_get_payload(head))->error;
}
