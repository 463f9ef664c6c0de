#include "path-pool.h"

#include <sys/epoll.h>

#include "path-common.h"
#include "path-socket.h"

static const uint64_t PATIENCE = 5000000000; /* nanoseconds */

void pool_open(struct pool* pool, struct route* route, uint32_t size) {
  pool->route = route;
  pool->epoll = must(epoll_create1(EPOLL_CLOEXEC), "open an epoll");
  pool->busy = 0;
  pool->size = size;
  for (uint32_t i = 0; i < size; i++) {
    pool->order[i] = i;
    pool->connections[i].place = i;
  }
}

static void swap_places(struct pool* pool, uint32_t a, uint32_t b) {
  const uint32_t moved = pool->order[a];
  pool->order[a] = pool->order[b];
  pool->order[b] = moved;
  pool->connections[pool->order[a]].place = a;
  pool->connections[pool->order[b]].place = b;
}

bool pool_begin(struct pool* pool, uint64_t begin) {
  if (pool->busy == pool->size) return false;
  const uint32_t index = pool->order[pool->busy++];
  struct pool_connection* connection = &pool->connections[index];
  const struct sockaddr_in source = route_source(pool->route);
  const struct sockaddr_in destination = route_destination(pool->route);
  connection->fd = path_tcp_socket(&source, SOCK_NONBLOCK);
  connection->has_asked = false;
  connection->begin = begin;
  path_connect(connection->fd, &destination);
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = index};
  must(epoll_ctl(pool->epoll, EPOLL_CTL_ADD, connection->fd, &event), "watch a connection");
  return true;
}

static void end(struct pool* pool, struct pool_connection* connection) {
  close(connection->fd);
  swap_places(pool, connection->place, --pool->busy);
}

static void fail(int fd) {
  socklen_t length = sizeof errno;
  must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &length), "ask a connection what is wrong");
  err(1, "a connection failed");
}

/* True when the connection got its answer. */
static bool advance(struct pool_connection* connection, uint32_t events) {
  char byte = 'e';
  if (events & (EPOLLERR | EPOLLHUP)) fail(connection->fd);
  if (!connection->has_asked && events & EPOLLOUT) {
    if (send(connection->fd, &byte, 1, MSG_NOSIGNAL) != 1) err(1, "cannot send");
    connection->has_asked = true;
  }
  return events & EPOLLIN && recv(connection->fd, &byte, 1, 0) == 1;
}

static struct timespec time_until(uint64_t until) {
  const uint64_t time = now();
  const uint64_t left = until > time ? until - time : 0;
  return (struct timespec){.tv_sec = (time_t)(left / 1000000000), .tv_nsec = (long)(left % 1000000000)};
}

uint32_t pool_wait(struct pool* pool, uint64_t until, uint64_t* took) {
  const uint64_t give_up = now() + PATIENCE;
  struct epoll_event events[POOL_MOST];
  const struct timespec left = time_until(until < give_up ? until : give_up);
  const int count = must(WAITING(epoll_pwait2(pool->epoll, events, POOL_MOST, &left, NULL)), "wait");
  if (count == 0 && until >= give_up) errx(1, "no answer");
  uint32_t ended = 0;
  for (int i = 0; i < count; i++) {
    struct pool_connection* connection = &pool->connections[events[i].data.u32];
    if (!advance(connection, events[i].events)) continue;
    took[ended++] = now() - connection->begin;
    end(pool, connection);
  }
  return ended;
}

void pool_close(struct pool* pool) {
  while (pool->busy > 0) end(pool, &pool->connections[pool->order[0]]);
  close(pool->epoll);
}
