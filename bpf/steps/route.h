/* Where the node's own routing would send a packet, and with which source. */
#pragma once

#include "packet.h"

/* Flags and results of bpf_fib_lookup that older headers do not have. Source: linux/bpf.h */
#define NP_FIB_OUTPUT (1 << 1)
#define NP_FIB_NO_NEIGHBOUR (1 << 2)
#define NP_FIB_SOURCE (1 << 4)

/* Present in each network namespace under this number. */
#define NP_LOOPBACK 1

#if NP_WORDS == 1
#define NP_FAMILY 2 /* AF_INET */
#else
#define NP_FAMILY 10 /* AF_INET6 */
#endif

struct np_route {
  struct np_address source;
  __u32 interface;
};

static __always_inline void np_set_ends(struct bpf_fib_lookup *query, const struct np_packet *p)
{
#if NP_WORDS == 1
  query->ipv4_dst = p->destination.word[0];
#else
  __builtin_memcpy(query->ipv6_dst, &p->destination, sizeof p->destination);
#endif
}

static __always_inline void np_get_source(const struct bpf_fib_lookup *query, struct np_address *source)
{
#if NP_WORDS == 1
  source->word[0] = query->ipv4_src;
#else
  __builtin_memcpy(source, query->ipv6_src, sizeof *source);
#endif
}

/*
 * The route to the destination: out of an interface, or whichever (0). What is this node's own address goes over the loopback, and
 * from that address. False if the kernel does not tell: there is no route, or the node forwards nothing.
 */
__noinline int np_find_route(struct __sk_buff *ctx, const struct np_packet *p, __u32 interface, struct np_route *route)
{
  if (!p || !route) return false;
  struct bpf_fib_lookup query = {.family = NP_FAMILY, .l4_protocol = p->protocol, .ifindex = NP_LOOPBACK};
  __u32 flags = NP_FIB_SOURCE | NP_FIB_NO_NEIGHBOUR;
  if (interface) {
    query.ifindex = interface;
    flags |= NP_FIB_OUTPUT;
  }
  np_set_ends(&query, p);
  const long result = bpf_fib_lookup(ctx, &query, sizeof query, flags);
  if (result == BPF_FIB_LKUP_RET_SUCCESS || result == BPF_FIB_LKUP_RET_NO_NEIGH) {
    np_get_source(&query, &route->source);
    route->interface = query.ifindex;
    return true;
  }
  if (result != BPF_FIB_LKUP_RET_NOT_FWDED) return false;
  route->source = p->destination;
  route->interface = NP_LOOPBACK;
  return true;
}
