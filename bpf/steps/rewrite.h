/* Replaces one end of a packet, with all checksums that cover it. */
#pragma once

#include "crc32c.h"
#include "packet.h"

/* What is replaced. */
enum np_end { NP_SOURCE, NP_DESTINATION };

static __always_inline long np_fix_sctp(struct __sk_buff *ctx, const struct np_packet *p, __be16 before, __be16 after,
                                        enum np_end end)
{
  if (before == after) return 0;
  __u32 checksum;
  const __u32 at = p->transport + offsetof(struct np_sctp, checksum);
  if (bpf_skb_load_bytes(ctx, at, &checksum, sizeof checksum) != 0) return -1;
  /* A card will fill it in. */
  if (checksum == 0) return 0;
  /* How long the whole packet is, only its last fragment knows. */
  if (p->piece != NP_WHOLE) return -1;
  const __u16 changed = before ^ after;
  const __u32 difference = end == NP_SOURCE ? (__u32)changed : (__u32)changed << 16;
  checksum ^= np_crc_difference(difference, p->end - p->transport - sizeof difference);
  return bpf_skb_store_bytes(ctx, at, &checksum, sizeof checksum, 0);
}

/* TCP and UDP: the checksum covers the ports, and the addresses by its pseudo header. */
static __always_inline long np_fix_checksum(struct __sk_buff *ctx, const struct np_packet *p, __s64 address_difference,
                                            __be16 before, __be16 after)
{
  const bool is_udp = p->protocol == IPPROTO_UDP;
  const __u32 at = p->transport + (is_udp ? 6 : 16);
  const __u64 absent = is_udp ? BPF_F_MARK_MANGLED_0 : 0;
  const __u64 flags = BPF_F_PSEUDO_HDR | absent | features.ipv6_flag;
  if (bpf_l4_csum_replace(ctx, at, 0, address_difference, flags) != 0) return -1;
  if (before == after) return 0;
  return bpf_l4_csum_replace(ctx, at, before, after, absent | sizeof before);
}

static __always_inline long np_fix_transport(struct __sk_buff *ctx, const struct np_packet *p, __s64 address_difference,
                                             __be16 before, __be16 after, enum np_end end)
{
  switch (p->protocol) {
    case IPPROTO_TCP:
    case IPPROTO_UDP: return np_fix_checksum(ctx, p, address_difference, before, after);
    case IPPROTO_SCTP: return np_fix_sctp(ctx, p, before, after, end);
    case IPPROTO_ICMPV6:
      return bpf_l4_csum_replace(ctx, p->transport + 2, 0, address_difference, BPF_F_PSEUDO_HDR | features.ipv6_flag);
    default: return 0;
  }
}

/*
 * Nonzero if the packet cannot be written to: it is not to go on then. Global, as all functions here that are not static: the verifier
 * looks at it once, and not at each place that it is called from.
 */
__noinline int np_rewrite(struct __sk_buff *ctx, struct np_packet *p, const struct np_address *address, __be16 port,
                          enum np_end end)
{
  if (!p || !address) return -1;
  struct np_address *old = end == NP_SOURCE ? &p->source : &p->destination;
  __be16 *old_port = end == NP_SOURCE ? &p->source_port : &p->destination_port;
  const __s64 difference =
    bpf_csum_diff((__be32 *)old, sizeof *old, (__be32 *)address, sizeof *address, 0);

  if (p->piece != NP_LATER_FRAGMENT) {
    if (np_fix_transport(ctx, p, difference, *old_port, port, end) != 0) return -1;
    const __u32 at = p->transport + (end == NP_SOURCE ? 0 : sizeof port);
    if (*old_port != port && bpf_skb_store_bytes(ctx, at, &port, sizeof port, 0) != 0) return -1;
  }
#if NP_WORDS == 1
  if (bpf_l3_csum_replace(ctx, p->ip + offsetof(struct iphdr, check), 0, difference, 0) != 0) return -1;
#endif
  const __u32 at = p->ip + (end == NP_SOURCE ? NP_SOURCE_OFFSET : NP_DESTINATION_OFFSET);
  if (bpf_skb_store_bytes(ctx, at, address, sizeof *address, 0) != 0) return -1;
  *old = *address;
  *old_port = port;
  return 0;
}
