#include "path-rate.h"

#include <sys/epoll.h>
#include <sys/prctl.h>

#include "path-common.h"
#include "path-latency.h"
#include "path-pool.h"
#include "path-socket.h"

enum { REQUEST_BYTES = 128, BULK_BYTES = 256 * 1024, PATIENCE_MS = 5000 };

/* When counting begins, and for how long. */
struct window {
  uint64_t begin;
  uint64_t nanoseconds;
  bool is_open;
};

static struct window window_of(uint64_t nanoseconds) {
  return (struct window){.begin = now() + nanoseconds / 10, .nanoseconds = nanoseconds};
}

/* Takes what was done since the last call; false when the window is over. It opens with the first call within it. */
static bool count(struct rate* rate, struct window* window, uint64_t done) {
  const uint64_t time = now();
  if (!window->is_open) {
    if (time < window->begin) return true;
    window->is_open = true;
    window->begin = time;
    return true;
  }
  rate->done += done;
  rate->nanoseconds = time - window->begin;
  return rate->nanoseconds < window->nanoseconds;
}

struct rate rate_connections(struct route* route, uint32_t at_once, uint64_t nanoseconds) {
  static struct pool pool;
  uint64_t took[POOL_MOST];
  struct rate rate = {0};
  pool_open(&pool, route, at_once);
  struct window window = window_of(nanoseconds);
  uint32_t ended = 0;
  do {
    while (pool_begin(&pool, 0)) continue;
    ended = pool_wait(&pool, UINT64_MAX, took);
  } while (count(&rate, &window, ended));
  pool_close(&pool);
  return rate;
}

void paced_connections(struct route* route, uint32_t per_second, uint64_t* samples, uint32_t samples_wanted) {
  static struct pool pool;
  uint64_t took[POOL_MOST];
  const uint32_t all = PATH_WARM_UP + samples_wanted;
  const uint64_t start = now();
  uint32_t begun = 0;
  uint32_t ended = 0;
  /* Timers are late by 50 us without this. */
  must(prctl(PR_SET_TIMERSLACK, 1), "have exact timers");
  pool_open(&pool, route, POOL_MOST);
  while (ended < all) {
    uint64_t due = UINT64_MAX;
    for (; begun < all; begun++) {
      due = start + (uint64_t)begun * 1000000000 / per_second;
      if (due > now() || !pool_begin(&pool, due)) break;
    }
    const uint32_t count = pool_wait(&pool, begun < all ? due : UINT64_MAX, took);
    for (uint32_t i = 0; i < count; i++, ended++) {
      if (ended >= PATH_WARM_UP) samples[ended - PATH_WARM_UP] = took[i];
    }
  }
  pool_close(&pool);
}

static int open_connection(struct route* route) {
  const struct sockaddr_in source = route_source(route);
  const struct sockaddr_in destination = route_destination(route);
  const int fd = path_tcp_socket(&source, 0);
  path_connect(fd, &destination);
  return fd;
}

static void ask(int fd) {
  static const char question[REQUEST_BYTES] = {'e'};
  if (send(fd, question, sizeof question, MSG_NOSIGNAL) != sizeof question) err(1, "cannot send");
}

/* An answer of this size is one segment: it comes whole. */
static void take_answer(int fd) {
  char answer[REQUEST_BYTES];
  if (WAITING(recv(fd, answer, sizeof answer, 0)) != sizeof answer) err(1, "no answer");
}

struct rate rate_requests(struct route* route, uint32_t at_once, uint64_t nanoseconds) {
  int connections[POOL_MOST];
  struct epoll_event events[POOL_MOST];
  struct rate rate = {0};
  OWNED_FD epoll = must(epoll_create1(EPOLL_CLOEXEC), "open an epoll");
  for (uint32_t i = 0; i < at_once; i++) {
    connections[i] = open_connection(route);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = connections[i]};
    must(epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i], &event), "watch a connection");
  }
  for (uint32_t i = 0; i < at_once; i++) ask(connections[i]);
  struct window window = window_of(nanoseconds);
  int answered = 0;
  do {
    answered = must(WAITING(epoll_wait(epoll, events, POOL_MOST, PATIENCE_MS)), "wait");
    if (answered == 0) errx(1, "no answer");
    for (int i = 0; i < answered; i++) {
      take_answer(events[i].data.fd);
      ask(events[i].data.fd);
    }
  } while (count(&rate, &window, (uint64_t)answered));
  for (uint32_t i = 0; i < at_once; i++) close(connections[i]);
  return rate;
}

struct rate rate_bulk(struct route* route, uint64_t nanoseconds) {
  static char bytes[BULK_BYTES];
  struct rate rate = {0};
  OWNED_FD fd = open_connection(route);
  if (send(fd, &BULK_REQUEST, 1, MSG_NOSIGNAL) != 1) err(1, "cannot send");
  struct window window = window_of(nanoseconds);
  ssize_t got = 0;
  do {
    got = WAITING(recv(fd, bytes, sizeof bytes, 0));
    if (got <= 0) err(1, "no bytes");
  } while (count(&rate, &window, (uint64_t)got));
  return rate;
}
