/*
 * The pod behind a Service, for `nodeplane bench path`: sends back what it gets over TCP and UDP, on all addresses of
 * its network namespace, or streams without end (see path-common.h). Prints "ready" when it listens; ends with
 * stdin. One thread, and nothing is allocated: what there is to know of a connection is in its epoll entry.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "path-common.h"

enum { BACKLOG = 4096, EVENTS = 256, ECHO_BYTES = 16384, BULK_BYTES = 256 * 1024 };

enum kind { STDIN, LISTENER, DATAGRAMS, CONNECTION, BULK };

/* What epoll gives back for a descriptor. */
union entry {
  struct {
    int fd;
    enum kind kind;
  };
  uint64_t packed;
};

static void watch(int epoll, int operation, int fd, enum kind kind, uint32_t events) {
  const union entry entry = {.fd = fd, .kind = kind};
  struct epoll_event event = {.events = events, .data.u64 = entry.packed};
  must(epoll_ctl(epoll, operation, fd, &event), "watch a descriptor");
}

static int bound_socket(int type) {
  const int fd = must(socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "open a socket");
  const int on = 1;
  must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "set SO_REUSEADDR");
  const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
  must(bind(fd, (const struct sockaddr*)&address, sizeof address), "bind to the port");
  return fd;
}

static void accept_all(int epoll, int listener) {
  for (;;) {
    const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EAGAIN || errno == ECONNABORTED)) return;
    must(fd, "accept a connection");
    const int on = 1;
    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "set TCP_NODELAY");
    watch(epoll, EPOLL_CTL_ADD, fd, CONNECTION, EPOLLIN);
  }
}

/* The client has always taken the last answer before it asks again, so that there is room for this one. */
static bool send_back(int fd) {
  char bytes[ECHO_BYTES];
  const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
  return got > 0 && send(fd, bytes, (size_t)got, MSG_NOSIGNAL) == got;
}

static bool stream(int fd) {
  static const char bytes[BULK_BYTES];
  return send(fd, bytes, sizeof bytes, MSG_NOSIGNAL) > 0 || errno == EAGAIN;
}

static bool is_bulk_request(int fd) {
  char first = 0;
  return recv(fd, &first, 1, MSG_PEEK) == 1 && first == BULK_REQUEST;
}

static bool serve_connection(int epoll, int fd) {
  if (!is_bulk_request(fd)) return send_back(fd);
  watch(epoll, EPOLL_CTL_MOD, fd, BULK, EPOLLOUT);
  return true;
}

/* The answer must come from the address that was asked, which is one of many: the control message carries it back. */
static void send_datagrams_back(int fd) {
  char bytes[2048];
  char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
  struct sockaddr_in client;
  for (;;) {
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {.msg_name = &client, .msg_namelen = sizeof client, .msg_iov = &part,
                             .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    const ssize_t got = recvmsg(fd, &message, 0);
    if (got < 0) return;
    struct cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header == NULL) errx(1, "a datagram came without its destination address");
    struct in_pktinfo* info = (struct in_pktinfo*)CMSG_DATA(header);
    info->ipi_spec_dst = info->ipi_addr;
    info->ipi_ifindex = 0;
    part.iov_len = (size_t)got;
    sendmsg(fd, &message, 0);
  }
}

/* False when stdin ended. */
static bool handle(int epoll, union entry entry) {
  switch (entry.kind) {
    case STDIN: return false;
    case LISTENER: accept_all(epoll, entry.fd); return true;
    case DATAGRAMS: send_datagrams_back(entry.fd); return true;
    case CONNECTION:
      if (!serve_connection(epoll, entry.fd)) close(entry.fd);
      return true;
    case BULK:
      if (!stream(entry.fd)) close(entry.fd);
      return true;
  }
  return true;
}

static void allow_many_descriptors(void) {
  struct rlimit limit;
  must(getrlimit(RLIMIT_NOFILE, &limit), "read the limit of descriptors");
  limit.rlim_cur = limit.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &limit), "raise the limit of descriptors");
}

int main(void) {
  allow_many_descriptors();
  OWNED_FD epoll = must(epoll_create1(EPOLL_CLOEXEC), "open an epoll");
  OWNED_FD listener = bound_socket(SOCK_STREAM);
  must(listen(listener, BACKLOG), "listen");
  OWNED_FD datagrams = bound_socket(SOCK_DGRAM);
  const int on = 1;
  must(setsockopt(datagrams, IPPROTO_IP, IP_PKTINFO, &on, sizeof on), "set IP_PKTINFO");
  watch(epoll, EPOLL_CTL_ADD, listener, LISTENER, EPOLLIN);
  watch(epoll, EPOLL_CTL_ADD, datagrams, DATAGRAMS, EPOLLIN);
  watch(epoll, EPOLL_CTL_ADD, STDIN_FILENO, STDIN, EPOLLIN);
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[EVENTS];
    const int count = must(WAITING(epoll_wait(epoll, events, EVENTS, -1)), "wait");
    for (int i = 0; i < count; i++) {
      if (!handle(epoll, (union entry){.packed = events[i].data.u64})) return 0;
    }
  }
}
