/* Only the first fragment of a packet has ports; the others follow it. */
#pragma once

#include "packet.h"

/*
 * Remembers the ports of a first fragment, and gives them to later ones. False for one whose first has not been seen: it came in the
 * wrong order, or long ago.
 */
static __always_inline bool np_join_fragments(struct np_packet *p)
{
  if (p->piece == NP_WHOLE || !np_has_ports(p)) return true;
  struct np_fragment_key key = {
    .source = p->source,
    .destination = p->destination,
    .id = p->fragment_id,
    .protocol = p->protocol,
  };
  if (p->piece == NP_FIRST_FRAGMENT) {
    const struct np_fragment ports = {.source_port = p->source_port, .destination_port = p->destination_port};
    bpf_map_update_elem(&fragments, &key, &ports, BPF_ANY);
    return true;
  }
  const struct np_fragment *first = bpf_map_lookup_elem(&fragments, &key);
  if (!first) return false;
  p->source_port = first->source_port;
  p->destination_port = first->destination_port;
  return true;
}
