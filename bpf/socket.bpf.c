// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
/*
 * Calls of processes that address a frontend: a connection is made with the endpoint itself, once, and no packet of it has to be
 * translated. The process sees the frontend as its peer.
 *
 * A socket of IPv6 may have a peer of IPv4, as ::ffff:a.b.c.d: so the object of IPv4 has programs for both kinds of sockets.
 */
#include "steps/maps.h"

#include "steps/socket.h"

#if NP_WORDS == 1
/* ::ffff:0:0/96 */
static __always_inline bool np_is_mine(const struct bpf_sock_addr *ctx)
{
  return (ctx->user_ip6[0] | ctx->user_ip6[1]) == 0 && ctx->user_ip6[2] == bpf_htonl(0xffff);
}

static __always_inline void np_read_ip6(const struct bpf_sock_addr *ctx, struct np_address *address)
{
  address->word[0] = ctx->user_ip6[3];
}

static __always_inline void np_write_ip6(struct bpf_sock_addr *ctx, const struct np_address *address)
{
  ctx->user_ip6[3] = address->word[0];
}
#else
static __always_inline bool np_is_mine(const struct bpf_sock_addr *ctx)
{
  return (ctx->user_ip6[0] | ctx->user_ip6[1]) != 0 || ctx->user_ip6[2] != bpf_htonl(0xffff);
}

static __always_inline void np_read_ip6(const struct bpf_sock_addr *ctx, struct np_address *address)
{
  address->word[0] = ctx->user_ip6[0];
  address->word[1] = ctx->user_ip6[1];
  address->word[2] = ctx->user_ip6[2];
  address->word[3] = ctx->user_ip6[3];
}

static __always_inline void np_write_ip6(struct bpf_sock_addr *ctx, const struct np_address *address)
{
  ctx->user_ip6[0] = address->word[0];
  ctx->user_ip6[1] = address->word[1];
  ctx->user_ip6[2] = address->word[2];
  ctx->user_ip6[3] = address->word[3];
}
#endif

static __always_inline struct np_name np_read_name6(const struct bpf_sock_addr *ctx)
{
  struct np_name name = {.port = ctx->user_port, .protocol = ctx->protocol};
  np_read_ip6(ctx, &name.address);
  return name;
}

static __always_inline void np_write_name6(struct bpf_sock_addr *ctx, const struct np_name *name)
{
  np_write_ip6(ctx, &name->address);
  ctx->user_port = name->port;
}

/* Whether the process has chosen an address of its own. */
static __always_inline bool np_is_bound6(struct bpf_sock_addr *ctx)
{
  struct bpf_sock *socket = ctx->sk;
  if (!socket) return false;
  return (socket->src_ip6[0] | socket->src_ip6[1] | socket->src_ip6[2] | socket->src_ip6[3]) != 0;
}

SEC("cgroup/connect6")
int connect6(struct bpf_sock_addr *ctx)
{
  if (!np_is_mine(ctx)) return NP_GOES_ON;
  struct np_name name = np_read_name6(ctx);
  bool is_changed = false;
  const int verdict = np_connect(ctx, &name, np_is_bound6(ctx), &is_changed);
  if (is_changed) np_write_name6(ctx, &name);
  return verdict;
}

SEC("cgroup/recvmsg6")
int recvmsg6(struct bpf_sock_addr *ctx)
{
  if (!np_is_mine(ctx)) return NP_GOES_ON;
  struct np_name name = np_read_name6(ctx);
  if (np_seen_as(ctx, &name)) np_write_name6(ctx, &name);
  return NP_GOES_ON;
}

SEC("cgroup/getpeername6")
int getpeername6(struct bpf_sock_addr *ctx)
{
  if (!np_is_mine(ctx)) return NP_GOES_ON;
  struct np_name name = np_read_name6(ctx);
  if (np_seen_as(ctx, &name)) np_write_name6(ctx, &name);
  return NP_GOES_ON;
}

#if NP_WORDS == 4
/* Datagrams of such sockets to peers of IPv4 come to sendmsg4. */
SEC("cgroup/sendmsg6")
int sendmsg6(struct bpf_sock_addr *ctx)
{
  struct np_name name = np_read_name6(ctx);
  bool is_changed = false;
  const bool is_bound = (ctx->msg_src_ip6[0] | ctx->msg_src_ip6[1] | ctx->msg_src_ip6[2] | ctx->msg_src_ip6[3]) != 0;
  const int verdict = np_send(ctx, &name, is_bound || np_is_bound6(ctx), &is_changed);
  if (is_changed) np_write_name6(ctx, &name);
  return verdict;
}
#else
static __always_inline struct np_name np_read_name4(const struct bpf_sock_addr *ctx)
{
  return (struct np_name){.address.word[0] = ctx->user_ip4, .port = ctx->user_port, .protocol = ctx->protocol};
}

static __always_inline void np_write_name4(struct bpf_sock_addr *ctx, const struct np_name *name)
{
  ctx->user_ip4 = name->address.word[0];
  ctx->user_port = name->port;
}

static __always_inline bool np_is_bound4(struct bpf_sock_addr *ctx)
{
  struct bpf_sock *socket = ctx->sk;
  return socket && socket->src_ip4 != 0;
}

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr *ctx)
{
  struct np_name name = np_read_name4(ctx);
  bool is_changed = false;
  const int verdict = np_connect(ctx, &name, np_is_bound4(ctx), &is_changed);
  if (is_changed) np_write_name4(ctx, &name);
  return verdict;
}

SEC("cgroup/sendmsg4")
int sendmsg4(struct bpf_sock_addr *ctx)
{
  struct np_name name = np_read_name4(ctx);
  bool is_changed = false;
  const bool is_bound = ctx->msg_src_ip4 != 0;
  const int verdict = np_send(ctx, &name, is_bound || np_is_bound4(ctx), &is_changed);
  if (is_changed) np_write_name4(ctx, &name);
  return verdict;
}

SEC("cgroup/recvmsg4")
int recvmsg4(struct bpf_sock_addr *ctx)
{
  struct np_name name = np_read_name4(ctx);
  if (np_seen_as(ctx, &name)) np_write_name4(ctx, &name);
  return NP_GOES_ON;
}

SEC("cgroup/getpeername4")
int getpeername4(struct bpf_sock_addr *ctx)
{
  struct np_name name = np_read_name4(ctx);
  if (np_seen_as(ctx, &name)) np_write_name4(ctx, &name);
  return NP_GOES_ON;
}
#endif

char _license[] SEC("license") = "GPL";
