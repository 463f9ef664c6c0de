/*
 * Forgets all connections that the kernel tracks in this network namespace, once for each line on stdin, and answers
 * "forgotten": so that every round of `nodeplane bench path` begins with an empty table.
 */
#include <err.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdio.h>
#include <sys/socket.h>

/* A deletion that names no connection is one of all. */
static void forget_all(struct mnl_socket* kernel, unsigned sequence) {
  char bytes[MNL_SOCKET_BUFFER_SIZE];
  struct nlmsghdr* header = mnl_nlmsg_put_header(bytes);
  header->nlmsg_type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  header->nlmsg_seq = sequence;
  struct nfgenmsg* family = mnl_nlmsg_put_extra_header(header, sizeof *family);
  family->nfgen_family = AF_UNSPEC;
  family->version = NFNETLINK_V0;
  if (mnl_socket_sendto(kernel, header, header->nlmsg_len) < 0) err(1, "cannot ask the kernel to forget");
  const ssize_t length = mnl_socket_recvfrom(kernel, bytes, sizeof bytes);
  if (length < 0 || mnl_cb_run(bytes, (size_t)length, sequence, mnl_socket_get_portid(kernel), NULL, NULL) < 0) {
    err(1, "the kernel does not forget");
  }
}

int main(void) {
  struct mnl_socket* kernel = mnl_socket_open(NETLINK_NETFILTER);
  if (kernel == NULL || mnl_socket_bind(kernel, 0, MNL_SOCKET_AUTOPID) < 0) err(1, "cannot open a netlink socket");
  char line[16];
  for (unsigned sequence = 1; fgets(line, sizeof line, stdin) != NULL; sequence++) {
    forget_all(kernel, sequence);
    printf("forgotten\n");
    fflush(stdout);
  }
  mnl_socket_close(kernel);
  return 0;
}
