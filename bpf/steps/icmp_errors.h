/*
 * ICMP errors about translated connections (ICM-03): the packet that they quote must look to their receiver as it did when that sent it.
 * Such a packet went the other way, so the element that changes the destination of arriving answers changes the source of an
 * arriving quotation, and so on.
 */
#pragma once

#include "flows.h"
#include "rewrite.h"

#define NP_ICMP_HEADER 8

/* Reads the quoted packet: its addresses and, in what may be all that is quoted of it, its ports. */
static __always_inline bool np_read_quoted(struct __sk_buff *ctx, const struct np_packet *p, struct np_packet *quoted)
{
  __be16 ports[2];
  quoted->ip = p->transport + NP_ICMP_HEADER;
  if (!np_read_ip(ctx, quoted) || quoted->piece == NP_LATER_FRAGMENT || !np_has_ports(quoted)) return false;
  if (bpf_skb_load_bytes(ctx, quoted->transport, ports, sizeof ports) != 0) return false;
  quoted->source_port = ports[0];
  quoted->destination_port = ports[1];
  return true;
}

/* Replaces bytes of the quotation by others, which changes the checksum of the ICMP message. */
static __always_inline long np_replace_quoted(struct __sk_buff *ctx, const struct np_packet *p, __u32 at, __be16 before,
                                              __be16 after)
{
  if (before == after) return 0;
  if (bpf_l4_csum_replace(ctx, p->transport + 2, before, after, sizeof before) != 0) return -1;
  return bpf_skb_store_bytes(ctx, at, &after, sizeof after, 0);
}

/* The quoted checksum of TCP or UDP, if so much was quoted. It is not always there: that is no failure. */
static __always_inline long np_fix_quoted_checksum(struct __sk_buff *ctx, const struct np_packet *p,
                                                   const struct np_packet *quoted, __s64 difference, __be16 before,
                                                   __be16 after)
{
  __be16 old, fresh;
  const __u32 at = quoted->transport + (quoted->protocol == IPPROTO_UDP ? 6 : 16);
  if (quoted->protocol == IPPROTO_SCTP || bpf_skb_load_bytes(ctx, at, &old, sizeof old) != 0) return 0;
  const __u64 flags = quoted->protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0;
  if (bpf_l4_csum_replace(ctx, at, 0, difference, flags) != 0) return -1;
  if (bpf_l4_csum_replace(ctx, at, before, after, flags | sizeof before) != 0) return -1;
  if (bpf_skb_load_bytes(ctx, at, &fresh, sizeof fresh) != 0) return -1;
  return bpf_l4_csum_replace(ctx, p->transport + 2, old, fresh, sizeof old);
}

__noinline int np_rewrite_quoted(struct __sk_buff *ctx, const struct np_packet *p, const struct np_packet *quoted,
                                 const struct np_flow *flow, enum np_end end)
{
  if (!p || !quoted || !flow) return -1;
  const struct np_address *old = end == NP_SOURCE ? &quoted->source : &quoted->destination;
  const __be16 old_port = end == NP_SOURCE ? quoted->source_port : quoted->destination_port;
  const __s64 difference =
    bpf_csum_diff((__be32 *)old, sizeof *old, (__be32 *)&flow->address, sizeof flow->address, 0);
  if (np_fix_quoted_checksum(ctx, p, quoted, difference, old_port, flow->port) != 0) return -1;
  const __u32 port_at = quoted->transport + (end == NP_SOURCE ? 0 : sizeof old_port);
  if (np_replace_quoted(ctx, p, port_at, old_port, flow->port) != 0) return -1;
#if NP_WORDS == 1
  /* The address and the checksum of its header balance each other in the sum over both. */
  if (bpf_l3_csum_replace(ctx, quoted->ip + offsetof(struct iphdr, check), 0, difference, 0) != 0) return -1;
#else
  if (bpf_l4_csum_replace(ctx, p->transport + 2, 0, difference, 0) != 0) return -1;
#endif
  const __u32 at = quoted->ip + (end == NP_SOURCE ? NP_SOURCE_OFFSET : NP_DESTINATION_OFFSET);
  return bpf_skb_store_bytes(ctx, at, &flow->address, sizeof flow->address, 0);
}

enum np_error_result { NP_ERROR_OF_OTHERS, NP_ERROR_TRANSLATED, NP_ERROR_FOR_PROCESS, NP_ERROR_LOST };

/* What a quotation goes through at a place, and its envelope with it. */
static __noinline int np_translate_error(struct __sk_buff *ctx, struct np_packet *p, __u8 place)
{
  struct np_packet quoted = {};
  if (!np_read_quoted(ctx, p, &quoted)) return NP_ERROR_OF_OTHERS;
  struct np_flow_key key;
  np_flow_key_of(&key, &quoted, place);
  np_reverse(&key, place);
  const struct np_flow *found = bpf_map_lookup_elem(&flows, &key);
  if (!found || (found->flags & NP_PENDING)) return NP_ERROR_OF_OTHERS;
  const struct np_flow flow = *found;

  if (place == NP_ARRIVING) {
    if (np_rewrite_quoted(ctx, p, &quoted, &flow, NP_SOURCE) != 0) return NP_ERROR_LOST;
    if (np_rewrite(ctx, p, &flow.address, 0, NP_DESTINATION) != 0) return NP_ERROR_LOST;
    const bool is_for_process = (flow.flags & (NP_CLIENT_HERE | NP_ORIGINAL)) == NP_CLIENT_HERE;
    return is_for_process ? NP_ERROR_FOR_PROCESS : NP_ERROR_TRANSLATED;
  }
  /* Who tells it is only then hidden when it is the endpoint itself: a router on the way is worth to be known. */
  const bool is_endpoint = np_same(&p->source, &quoted.destination);
  if (np_rewrite_quoted(ctx, p, &quoted, &flow, NP_DESTINATION) != 0) return NP_ERROR_LOST;
  if (is_endpoint && np_rewrite(ctx, p, &flow.address, 0, NP_SOURCE) != 0) return NP_ERROR_LOST;
  return NP_ERROR_TRANSLATED;
}
