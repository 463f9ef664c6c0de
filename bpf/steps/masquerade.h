/* Gives connections a source of this node. */
#pragma once

#include "flows.h"
#include "route.h"

/* Below are the ports of services; all above are as good as each other (MASQ-11). */
#define NP_FIRST_PORT 1024
/* With a thousand connections from one address to one endpoint, all of them miss once in 10^28. */
#define NP_PORT_TRIES 16

/*
 * Chooses address and port for a connection whose first packet is about to leave from `source`; remembers how answers to it come home. False
 * if there is no free port.
 */
static __noinline bool np_choose_source(const struct np_packet *p, struct np_flow *pending, const struct np_address *source)
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
    if (bpf_map_update_elem(&flows, &key, &home, BPF_NOEXIST) != 0) continue;
    pending->address = *source;
    pending->port = key.destination_port;
    pending->flags &= ~NP_PENDING;
    return true;
  }
  return false;
}
