#include "path-socket.h"

#include <netinet/tcp.h>
#include <stdbool.h>

#include "path-common.h"

/* Longer than TCP takes to send a lost packet again, twice. */
enum { ANSWER_WITHIN_SECONDS = 5, MOST_BYTES = 4096 };

static void set(int fd, int level, int option, const void* value, socklen_t length) {
  must(setsockopt(fd, level, option, value, length), "set a socket option");
}

static int bound_socket(int type, const struct sockaddr_in* source) {
  const int fd = must(socket(AF_INET, type | SOCK_CLOEXEC, 0), "open a socket");
  const int on = 1;
  const struct timeval patience = {.tv_sec = ANSWER_WITHIN_SECONDS};
  /* Without it, bind() takes a port for this address alone, whatever the destination. */
  set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  set(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  must(bind(fd, (const struct sockaddr*)source, sizeof *source), "bind to a source address");
  return fd;
}

int path_tcp_socket(const struct sockaddr_in* source, int flags) {
  const int fd = bound_socket(SOCK_STREAM | flags, source);
  const int on = 1;
  const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  set(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  set(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  return fd;
}

int path_udp_socket(const struct sockaddr_in* source) { return bound_socket(SOCK_DGRAM, source); }

void path_connect(int fd, const struct sockaddr_in* destination) {
  const int result = connect(fd, (const struct sockaddr*)destination, sizeof *destination);
  if (result < 0 && errno != EINPROGRESS) err(1, "cannot connect");
}

void path_round_trip(int fd, size_t bytes) {
  static const char question[MOST_BYTES] = {'e'};
  char answer[MOST_BYTES];
  if (send(fd, question, bytes, MSG_NOSIGNAL) != (ssize_t)bytes) err(1, "cannot send");
  for (size_t received = 0; received < bytes;) {
    const ssize_t got = WAITING(recv(fd, answer, sizeof answer, 0));
    if (got < 0) err(1, "no answer");
    if (got == 0) errx(1, "the server closed the connection");
    received += (size_t)got;
  }
}
