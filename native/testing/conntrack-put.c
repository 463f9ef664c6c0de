/*
 * Puts entries into the connection tracking table of the network namespace that it runs in.
 *
 *   conntrack-put < LINES
 *
 * A line is PROTOCOL SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT REPLY-SOURCE REPLY-SOURCE-PORT [ZONE]:
 * the original direction of a connection and where its replies come from. PROTOCOL is a number. Replies go
 * back to where the connection came from. Prints how many entries were made; on the first refusal it says why
 * and exits with 1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_SECONDS = 600, BATCH_BYTES = 32 * 1024, MAX_MESSAGE = 512, MAX_ADDRESS = 64 };

struct end {
  char address[MAX_ADDRESS];
  unsigned port;
};

struct entry {
  unsigned protocol;
  unsigned zone;
  struct end source;
  struct end destination;
  struct end reply_source;
};

static struct mnl_socket* sock;
static char batch[BATCH_BYTES + MAX_MESSAGE];
static size_t batch_length;

static void fail(const char* tried) {
  perror(tried);
  exit(1);
}

static int family_of(const struct end* end) {
  return strchr(end->address, ':') != NULL ? AF_INET6 : AF_INET;
}

static void put_address(struct nlmsghdr* message, uint16_t type_v4, uint16_t type_v6, const struct end* end) {
  unsigned char bytes[16];
  int family = family_of(end);
  if (inet_pton(family, end->address, bytes) != 1) {
    fprintf(stderr, "%s is not an address\n", end->address);
    exit(1);
  }
  if (family == AF_INET)
    mnl_attr_put(message, type_v4, 4, bytes);
  else
    mnl_attr_put(message, type_v6, 16, bytes);
}

static void put_tuple(struct nlmsghdr* message, uint16_t type, unsigned protocol, const struct end* source,
                      const struct end* destination) {
  struct nlattr* tuple = mnl_attr_nest_start(message, type);
  struct nlattr* addresses = mnl_attr_nest_start(message, CTA_TUPLE_IP);
  put_address(message, CTA_IP_V4_SRC, CTA_IP_V6_SRC, source);
  put_address(message, CTA_IP_V4_DST, CTA_IP_V6_DST, destination);
  mnl_attr_nest_end(message, addresses);
  struct nlattr* proto = mnl_attr_nest_start(message, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(message, CTA_PROTO_NUM, protocol);
  mnl_attr_put_u16(message, CTA_PROTO_SRC_PORT, htons(source->port));
  mnl_attr_put_u16(message, CTA_PROTO_DST_PORT, htons(destination->port));
  mnl_attr_nest_end(message, proto);
  mnl_attr_nest_end(message, tuple);
}

static void add_to_batch(const struct entry* entry) {
  struct nlmsghdr* message = mnl_nlmsg_put_header(batch + batch_length);
  message->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL;
  struct nfgenmsg* general = mnl_nlmsg_put_extra_header(message, sizeof *general);
  general->nfgen_family = family_of(&entry->source);
  put_tuple(message, CTA_TUPLE_ORIG, entry->protocol, &entry->source, &entry->destination);
  put_tuple(message, CTA_TUPLE_REPLY, entry->protocol, &entry->reply_source, &entry->source);
  mnl_attr_put_u32(message, CTA_TIMEOUT, htonl(TIMEOUT_SECONDS));
  if (entry->zone != 0) mnl_attr_put_u16(message, CTA_ZONE, htons(entry->zone));
  batch_length += MNL_ALIGN(message->nlmsg_len);
}

/* The kernel has done all when send returns, and answers only what it refuses. */
static void flush(void) {
  char answer[8192];
  if (batch_length == 0) return;
  if (mnl_socket_sendto(sock, batch, batch_length) < 0) fail("send");
  batch_length = 0;
  ssize_t length = recv(mnl_socket_get_fd(sock), answer, sizeof answer, MSG_DONTWAIT);
  if (length < 0 && errno == EAGAIN) return;
  if (length < 0) fail("receive");
  const struct nlmsgerr* refusal = mnl_nlmsg_get_payload((struct nlmsghdr*)answer);
  errno = -refusal->error;
  fail("the kernel refused an entry");
}

int main(void) {
  char line[512];
  struct entry entry;
  unsigned long count = 0;
  sock = mnl_socket_open(NETLINK_NETFILTER);
  if (sock == NULL || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0) fail("open a netlink socket");
  while (fgets(line, sizeof line, stdin) != NULL) {
    entry.zone = 0;
    if (sscanf(line, "%u %63s %u %63s %u %63s %u %u", &entry.protocol, entry.source.address,
               &entry.source.port, entry.destination.address, &entry.destination.port,
               entry.reply_source.address, &entry.reply_source.port, &entry.zone) < 7) {
      fprintf(stderr, "not an entry: %s", line);
      return 1;
    }
    add_to_batch(&entry);
    if (batch_length >= BATCH_BYTES) flush();
    ++count;
  }
  flush();
  printf("%lu\n", count);
  return 0;
}
