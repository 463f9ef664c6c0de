/* Turns a packet into the ICMP error that tells its sender that nobody listens there (NEP-06). */
#pragma once

#include "count.h"
#include "packet.h"
#include "route.h"

/* In units of a read: the checksum is summed up piece by piece. */
#define NP_PIECE 64

#if NP_WORDS == 1
/* RFC 1812, 4.3.2.3: as much of the packet as 576 bytes hold. */
#define NP_ERROR_BYTES 576
#define NP_IP_HEADER struct iphdr
#define NP_UNREACHABLE 3
#define NP_PORT_UNREACHABLE 3
#else
/* RFC 4443, 3.1: as much as the smallest MTU. */
#define NP_ERROR_BYTES 1280
#define NP_IP_HEADER struct ipv6hdr
#define NP_UNREACHABLE 1
#define NP_PORT_UNREACHABLE 4
#endif

#define NP_TTL 64

struct np_icmp {
  __u8 type;
  __u8 code;
  __u16 checksum;
  __be32 unused;
};

/* In front of the packet that is refused. */
#define NP_ERROR_HEAD (sizeof(NP_IP_HEADER) + sizeof(struct np_icmp))

static __always_inline __u16 np_fold(__u64 sum)
{
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return ~sum;
}

static __always_inline void np_write_ip(NP_IP_HEADER *header, const struct np_packet *p, __u32 icmp_bytes)
{
#if NP_WORDS == 1
  header->version = 4;
  header->ihl = 5;
  header->tos = 0xc0; /* internetwork control, RFC 1812, 4.3.2.5 */
  header->tot_len = bpf_htons(sizeof *header + icmp_bytes);
  header->ttl = NP_TTL;
  header->protocol = NP_ICMP;
  header->saddr = p->destination.word[0];
  header->daddr = p->source.word[0];
  header->check = np_fold(bpf_csum_diff(0, 0, (__be32 *)header, sizeof *header, 0));
#else
  header->version = 6;
  header->payload_len = bpf_htons(icmp_bytes);
  header->nexthdr = NP_ICMP;
  header->hop_limit = NP_TTL;
  __builtin_memcpy(&header->saddr, &p->destination, sizeof header->saddr);
  __builtin_memcpy(&header->daddr, &p->source, sizeof header->daddr);
#endif
}

/* Of the pseudo header of ICMPv6; ICMP has none. */
static __always_inline __u32 np_pseudo_sum(const struct np_packet *p, __u32 icmp_bytes)
{
#if NP_WORDS == 1
  return 0;
#else
  struct {
    struct np_address source, destination;
    __be32 length, protocol;
  } pseudo = {p->destination, p->source, bpf_htonl(icmp_bytes), bpf_htonl(NP_ICMP)};
  return bpf_csum_diff(0, 0, (__be32 *)&pseudo, sizeof pseudo, 0);
#endif
}

/* The sum of `bytes` bytes from an offset on. */
static __noinline __s64 np_sum(struct __sk_buff *ctx, __u32 at, __u32 bytes, __u32 sum)
{
  for (int i = 0; i < NP_ERROR_BYTES / NP_PIECE; i++) {
    __u8 piece[NP_PIECE] = {};
    __u32 here = bytes > NP_PIECE ? NP_PIECE : bytes;
    if (here == 0) break;
    if (bpf_skb_load_bytes(ctx, at, piece, here) != 0) return -1;
    sum = bpf_csum_diff(0, 0, (__be32 *)piece, sizeof piece, sum);
    at += here;
    bytes -= here;
  }
  return sum;
}

static __always_inline long np_swap_ethernet(struct __sk_buff *ctx)
{
  __u8 ends[2 * ETH_ALEN];
  __u8 swapped[2 * ETH_ALEN];
  if (bpf_skb_load_bytes(ctx, 0, ends, sizeof ends) != 0) return -1;
  __builtin_memcpy(swapped, ends + ETH_ALEN, ETH_ALEN);
  __builtin_memcpy(swapped + ETH_ALEN, ends, ETH_ALEN);
  return bpf_skb_store_bytes(ctx, 0, swapped, sizeof swapped, 0);
}

/* The packet becomes the error, to its sender, from whom it addressed. */
static __noinline long np_become_error(struct __sk_buff *ctx, const struct np_packet *p)
{
  const __u32 most = NP_ERROR_BYTES - NP_ERROR_HEAD;
  const __u32 whole = p->end - p->ip;
  const __u32 quoted = whole > most ? most : whole;
  const __u32 icmp_bytes = quoted + sizeof(struct np_icmp);
  if (p->ip + quoted < ctx->len && bpf_skb_change_tail(ctx, p->ip + quoted, 0) != 0) return -1;
  if (bpf_skb_adjust_room(ctx, NP_ERROR_HEAD, BPF_ADJ_ROOM_MAC, 0) != 0) return -1;

  struct np_icmp icmp = {.type = NP_UNREACHABLE, .code = NP_PORT_UNREACHABLE};
  __u32 sum = bpf_csum_diff(0, 0, (__be32 *)&icmp, sizeof icmp, np_pseudo_sum(p, icmp_bytes));
  const __s64 all = np_sum(ctx, p->ip + NP_ERROR_HEAD, quoted, sum);
  if (all < 0) return -1;
  icmp.checksum = np_fold((__u32)all);
  if (bpf_skb_store_bytes(ctx, p->ip + sizeof(NP_IP_HEADER), &icmp, sizeof icmp, 0) != 0) return -1;

  NP_IP_HEADER header = {};
  np_write_ip(&header, p, icmp_bytes);
  return bpf_skb_store_bytes(ctx, p->ip, &header, sizeof header, 0);
}

/* To the sender, by the way the packet came; to a process of this node over the loopback. */
static __always_inline int np_refuse(struct __sk_buff *ctx, const struct np_packet *p, bool is_process)
{
  if (np_become_error(ctx, p) != 0) {
    np_count(NP_DROPPED_NOT_WRITABLE);
    return TC_ACT_SHOT; /* cannot be answered: as good as refused */
  }
  np_count(NP_REJECTED);
  if (is_process) return bpf_redirect_neigh(NP_LOOPBACK, NULL, 0, 0);
  if (p->ip != 0 && np_swap_ethernet(ctx) != 0) return TC_ACT_SHOT;
  return bpf_redirect(ctx->ifindex, 0);
}
