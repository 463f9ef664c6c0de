/* Gives connections a source of this node. */
#pragma once

#include "flows.h"
#include "route.h"

/* Below are the ports of services; all above are as good as each other (MASQ-11). */
#define NP_FIRST_PORT 1024
/* With a thousand connections from one address to one endpoint, all of them miss once in 10^28. */
#define NP_PORT_TRIES 16

#if NP_WORDS == 1
#define NP_TUPLE_BYTES sizeof(((struct bpf_sock_tuple *)0)->ipv4)
#else
#define NP_TUPLE_BYTES sizeof(((struct bpf_sock_tuple *)0)->ipv6)
#endif

/* Source: include/net/tcp_states.h */
#define NP_TCP_LISTEN 10

/* Whether a process of this node has a connection that such answers (`home`) belong to. */
static __always_inline bool np_is_of_process(struct __sk_buff *ctx, const struct np_flow_key *home)
{
  struct bpf_sock_tuple tuple = {};
  if (home->protocol != IPPROTO_TCP) return false;
#if NP_WORDS == 1
  tuple.ipv4.saddr = home->source.word[0];
  tuple.ipv4.daddr = home->destination.word[0];
  tuple.ipv4.sport = home->source_port;
  tuple.ipv4.dport = home->destination_port;
#else
  __builtin_memcpy(tuple.ipv6.saddr, &home->source, sizeof home->source);
  __builtin_memcpy(tuple.ipv6.daddr, &home->destination, sizeof home->destination);
  tuple.ipv6.sport = home->source_port;
  tuple.ipv6.dport = home->destination_port;
#endif
  struct bpf_sock *socket = bpf_skc_lookup_tcp(ctx, &tuple, NP_TUPLE_BYTES, BPF_F_CURRENT_NETNS, 0);
  if (!socket) return false;
  const bool is_connection = socket->state != NP_TCP_LISTEN;
  bpf_sk_release(socket);
  return is_connection;
}

/*
 * Chooses address and port for a connection whose first packet is about to leave from `source`; remembers how answers to it come home. False
 * if there is no free port.
 */
static __noinline bool np_choose_source(struct __sk_buff *ctx, const struct np_packet *p, struct np_flow *pending,
                                        const struct np_address *source)
{
  struct np_flow_key key;
  np_flow_key_of(&key, p, NP_LEAVING);
  key.source = *source;
  np_reverse(&key, NP_ARRIVING);
  const struct np_flow home = {
    .address = p->source,
    .port = p->source_port,
    .flags = pending->flags & NP_CLIENT_HERE,
    .seen = pending->seen,
  };
  for (int i = 0; i < NP_PORT_TRIES; i++) {
    key.destination_port = bpf_htons(NP_FIRST_PORT + bpf_get_prandom_u32() % (65536 - NP_FIRST_PORT));
    if (np_is_of_process(ctx, &key)) continue;
    if (bpf_map_update_elem(&flows, &key, &home, BPF_NOEXIST) != 0) continue;
    pending->address = *source;
    pending->port = key.destination_port;
    pending->flags &= ~NP_PENDING;
    return true;
  }
  return false;
}
