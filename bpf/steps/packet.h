/*
 * What is looked at of a packet. Everything is read and written through helpers, at offsets: so it does not matter whether it is in
 * one piece, and a packet that is cut off is found out by a helper that fails.
 */
#pragma once

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <stddef.h>

#include "address.h"
#include "maps.h"

/* Source: linux/if_packet.h; IP_MF and IP_OFFSET of net/ip.h */
#define NP_PACKET_HOST 0
#define NP_PACKET_OTHERHOST 3
#define NP_MORE_FRAGMENTS 0x2000
#define NP_FRAGMENT_OFFSET 0x1fff

#if NP_WORDS == 1
#define NP_ETHERTYPE ETH_P_IP
#define NP_ICMP IPPROTO_ICMP
#define NP_SOURCE_OFFSET offsetof(struct iphdr, saddr)
#define NP_DESTINATION_OFFSET offsetof(struct iphdr, daddr)
#else
#define NP_ETHERTYPE ETH_P_IPV6
#define NP_ICMP IPPROTO_ICMPV6
#define NP_SOURCE_OFFSET offsetof(struct ipv6hdr, saddr)
#define NP_DESTINATION_OFFSET offsetof(struct ipv6hdr, daddr)
#endif

/* TCP flags */
#define NP_TCP_FIN 0x01
#define NP_TCP_SYN 0x02
#define NP_TCP_RST 0x04
#define NP_TCP_ACK 0x10

enum np_piece { NP_WHOLE, NP_FIRST_FRAGMENT, NP_LATER_FRAGMENT };

/* What a packet says about its connection, in any of the three protocols. */
enum np_event {
  NP_DATA = 0,
  NP_OPENS = 1 << 0,
  NP_FINISHES = 1 << 1,
  NP_ABORTS = 1 << 2,
};

struct np_packet {
  struct np_address source;
  struct np_address destination;
  /* 0 if it has none. */
  __be16 source_port;
  __be16 destination_port;
  __u8 protocol;
  __u8 piece;
  __u8 event;
  __u8 icmp_type;
  __be32 fragment_id;
  /* Offsets of the IP header, of what is behind it, and of its end: short frames are padded. */
  __u32 ip;
  __u32 transport;
  __u32 end;
};

static __always_inline bool np_has_ports(const struct np_packet *p)
{
  return p->protocol == IPPROTO_TCP || p->protocol == IPPROTO_UDP || p->protocol == IPPROTO_SCTP;
}

/* ICMP messages that quote a packet. */
static __always_inline bool np_is_error(const struct np_packet *p)
{
  if (p->protocol != NP_ICMP || p->piece == NP_LATER_FRAGMENT) return false;
#if NP_WORDS == 1
  /* Unreachable, source quench, time exceeded, parameter problem; a redirect is between neighbours. */
  return p->icmp_type == 3 || p->icmp_type == 4 || p->icmp_type == 11 || p->icmp_type == 12;
#else
  return p->icmp_type < 128;
#endif
}

/* Messages between neighbours, which are nobody's connection. */
static __always_inline bool np_is_neighbourly(const struct np_packet *p)
{
#if NP_WORDS == 1
  return p->protocol == NP_ICMP && p->icmp_type == 5;
#else
  return p->protocol == NP_ICMP && p->icmp_type >= 130 && p->icmp_type <= 137;
#endif
}

#if NP_WORDS == 1
static __always_inline bool np_read_ip(struct __sk_buff *ctx, struct np_packet *p)
{
  struct iphdr header;
  if (bpf_skb_load_bytes(ctx, p->ip, &header, sizeof header) != 0) return false;
  if (header.version != 4 || header.ihl < 5) return false;
  p->source.word[0] = header.saddr;
  p->destination.word[0] = header.daddr;
  p->protocol = header.protocol;
  p->transport = p->ip + header.ihl * 4;
  p->end = p->ip + bpf_ntohs(header.tot_len);
  p->fragment_id = header.id;
  const __u16 fragment = bpf_ntohs(header.frag_off);
  if (fragment & NP_FRAGMENT_OFFSET)
    p->piece = NP_LATER_FRAGMENT;
  else
    p->piece = fragment & NP_MORE_FRAGMENTS ? NP_FIRST_FRAGMENT : NP_WHOLE;
  return true;
}
#else
/* More extension headers than this nobody sends who means well. */
#define NP_EXTENSIONS 6

struct np_extension {
  __u8 next;
  __u8 length;
  __be16 fragment;
  __be32 id;
};

static __always_inline bool np_read_ip(struct __sk_buff *ctx, struct np_packet *p)
{
  struct ipv6hdr header;
  if (bpf_skb_load_bytes(ctx, p->ip, &header, sizeof header) != 0) return false;
  if (header.version != 6) return false;
  __builtin_memcpy(&p->source, &header.saddr, sizeof p->source);
  __builtin_memcpy(&p->destination, &header.daddr, sizeof p->destination);
  p->protocol = header.nexthdr;
  p->transport = p->ip + sizeof header;
  p->end = p->transport + bpf_ntohs(header.payload_len);
  for (int i = 0; i < NP_EXTENSIONS; i++) {
    struct np_extension extension;
    const __u8 type = p->protocol;
    if (type != IPPROTO_HOPOPTS && type != IPPROTO_ROUTING && type != IPPROTO_DSTOPTS &&
        type != IPPROTO_FRAGMENT && type != IPPROTO_AH)
      return true;
    if (bpf_skb_load_bytes(ctx, p->transport, &extension, sizeof extension) != 0) return false;
    p->protocol = extension.next;
    if (type == IPPROTO_FRAGMENT) {
      p->transport += sizeof extension;
      p->fragment_id = extension.id;
      if (extension.fragment & bpf_htons(0xfff8)) {
        p->piece = NP_LATER_FRAGMENT;
        return true;
      }
      if (extension.fragment & bpf_htons(1)) p->piece = NP_FIRST_FRAGMENT;
    } else if (type == IPPROTO_AH) {
      p->transport += (extension.length + 2) * 4;
    } else {
      p->transport += (extension.length + 1) * 8;
    }
  }
  return false;
}
#endif

struct np_tcp {
  __be16 source;
  __be16 destination;
  __be32 sequence;
  __be32 acknowledged;
  __u8 offset;
  __u8 flags;
};

/* The common header, and the type of the first chunk. Source: RFC 9260 */
struct np_sctp {
  __be16 source;
  __be16 destination;
  __be32 tag;
  __le32 checksum;
  __u8 chunk;
};

enum { NP_SCTP_INIT = 1, NP_SCTP_ABORT = 6, NP_SCTP_SHUTDOWN_COMPLETE = 14 };

static __always_inline bool np_read_tcp(struct __sk_buff *ctx, struct np_packet *p)
{
  struct np_tcp tcp;
  if (bpf_skb_load_bytes(ctx, p->transport, &tcp, 14) != 0) return false;
  p->source_port = tcp.source;
  p->destination_port = tcp.destination;
  if ((tcp.flags & (NP_TCP_SYN | NP_TCP_ACK)) == NP_TCP_SYN) p->event = NP_OPENS;
  if (tcp.flags & NP_TCP_FIN) p->event = NP_FINISHES;
  if (tcp.flags & NP_TCP_RST) p->event = NP_ABORTS;
  return true;
}

static __always_inline bool np_read_sctp(struct __sk_buff *ctx, struct np_packet *p)
{
  struct np_sctp sctp;
  if (bpf_skb_load_bytes(ctx, p->transport, &sctp, 13) != 0) return false;
  p->source_port = sctp.source;
  p->destination_port = sctp.destination;
  if (sctp.chunk == NP_SCTP_INIT) p->event = NP_OPENS;
  if (sctp.chunk == NP_SCTP_ABORT || sctp.chunk == NP_SCTP_SHUTDOWN_COMPLETE) p->event = NP_ABORTS;
  return true;
}

/* A datagram may be the first of a connection, always. */
static __always_inline bool np_read_udp(struct __sk_buff *ctx, struct np_packet *p)
{
  __be16 ports[2];
  if (bpf_skb_load_bytes(ctx, p->transport, ports, sizeof ports) != 0) return false;
  p->source_port = ports[0];
  p->destination_port = ports[1];
  p->event = NP_OPENS;
  return true;
}

static __always_inline bool np_read_transport(struct __sk_buff *ctx, struct np_packet *p)
{
  if (p->piece == NP_LATER_FRAGMENT) return true;
  switch (p->protocol) {
    case IPPROTO_TCP: return np_read_tcp(ctx, p);
    case IPPROTO_UDP: return np_read_udp(ctx, p);
    case IPPROTO_SCTP: return np_read_sctp(ctx, p);
    case NP_ICMP: return bpf_skb_load_bytes(ctx, p->transport, &p->icmp_type, 1) == 0;
    default: return true;
  }
}

/* Where a packet would end whose length field is 0. */
static __always_inline __u32 np_unset_end(const struct np_packet *p)
{
  return p->ip + (NP_WORDS == 4 ? sizeof(struct ipv6hdr) : 0);
}

/* Reads a packet whose IP header is at an offset; false if it is none that is looked at. */
static __always_inline bool np_read(struct __sk_buff *ctx, __u32 ip, struct np_packet *p)
{
  if (ctx->protocol != bpf_htons(NP_ETHERTYPE)) return false;
  /* It comes by again, on the device of its VLAN. */
  if (ctx->vlan_present && (ctx->vlan_tci & 0xfff)) return false;
  p->ip = ip;
  if (!np_read_ip(ctx, p)) return false;
  /* Cut off, or nonsense: the stack will drop it. Packets that are too long for the length field have none. */
  if (p->end == np_unset_end(p)) p->end = ctx->len;
  if (p->end > ctx->len || p->end < p->transport) return false;
  return np_read_transport(ctx, p);
}
