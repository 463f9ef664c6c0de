// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
/*
 * Packets at the devices of a node, where netfilter would translate them: the destination before they are routed, the source after.
 *
 *     arriving: packets to frontends go to endpoints; answers to masqueraded packets go home to their clients
 *     leaving:  what goes to endpoints gets a source of this node, if it is to; answers of endpoints come from the frontend
 *
 * What a process of the node sends has no arriving: it goes through both steps when it leaves, and is then sent where its new
 * destination is. Answers to it go through both when they arrive, and are handed to it over the loopback.
 */
#include "steps/maps.h"

#include "steps/decide.h"
#include "steps/fragments.h"
#include "steps/icmp_errors.h"
#include "steps/masquerade.h"
#include "steps/refuse.h"
#include "steps/rewrite.h"

/* Not ours, or done: whoever is next at this device goes on with it. */
#define NP_GO_ON TC_ACT_UNSPEC

static __always_inline int np_shoot(__u32 reason)
{
  np_count(reason);
  return TC_ACT_SHOT;
}

/* A fragment whose first is not known must not leave for a Service untranslated. */
static __always_inline int np_orphan(const struct np_packet *p)
{
  if (!bpf_map_lookup_elem(&cluster_ips, &p->destination)) return NP_GO_ON;
  return np_shoot(NP_DROPPED_FRAGMENT);
}

/* Sends a packet to where its destination now is, instead of where it was going. */
static __always_inline int np_send_on(struct __sk_buff *ctx, const struct np_packet *p)
{
  struct np_route route;
  if (!np_find_route(ctx, p, 0, &route)) return NP_GO_ON; /* by the way that was chosen for it */
  return bpf_redirect_neigh(route.interface, NULL, 0, 0);
}

/* The new source of a packet that is about to leave. False if there is none. */
static __always_inline bool np_complete(struct __sk_buff *ctx, const struct np_packet *p, struct np_flow *flow, __u32 interface)
{
  struct np_route route = {.source = p->source};
  if (!(flow->flags & NP_PENDING)) return true;
  /* Without a route to ask, a source that is this node's already will do. */
  if (!np_find_route(ctx, p, interface, &route) && !np_is_local(&p->source)) return false;
  return np_choose_source(ctx, p, flow, &route.source);
}

static __always_inline int np_change_source(struct __sk_buff *ctx, struct np_packet *p, __u32 interface, int verdict)
{
  struct np_flow *flow = np_find_leaving(p);
  if (!flow) return verdict;
  if (!np_complete(ctx, p, flow, interface)) return np_shoot(NP_DROPPED_NO_PORT);
  const struct np_flow known = *flow;
  if (np_rewrite(ctx, p, &known.address, known.port, NP_SOURCE) != 0) return np_shoot(NP_DROPPED_NOT_WRITABLE);
  if (known.client_port && np_rewrite(ctx, p, &p->destination, known.client_port, NP_DESTINATION) != 0)
    return np_shoot(NP_DROPPED_NOT_WRITABLE);
  return verdict;
}

/* What is translated before it is routed although it has been routed: both steps, and a new way. */
static __always_inline int np_finish_here(struct __sk_buff *ctx, struct np_packet *p)
{
  if (np_change_source(ctx, p, 0, NP_GO_ON) == TC_ACT_SHOT) return TC_ACT_SHOT;
  return np_send_on(ctx, p);
}

static __always_inline int np_error_arrives(struct __sk_buff *ctx, struct np_packet *p)
{
  switch (np_translate_error(ctx, p, NP_ARRIVING)) {
    case NP_ERROR_LOST: return np_shoot(NP_DROPPED_NOT_WRITABLE);
    case NP_ERROR_FOR_PROCESS:
      if (np_translate_error(ctx, p, NP_LEAVING) == NP_ERROR_LOST) return np_shoot(NP_DROPPED_NOT_WRITABLE);
      return np_send_on(ctx, p);
    default: return NP_GO_ON;
  }
}

static __always_inline int np_error_leaves(struct __sk_buff *ctx, struct np_packet *p, bool is_process)
{
  const int before = is_process ? np_translate_error(ctx, p, NP_ARRIVING) : NP_ERROR_OF_OTHERS;
  if (before == NP_ERROR_LOST || np_translate_error(ctx, p, NP_LEAVING) == NP_ERROR_LOST)
    return np_shoot(NP_DROPPED_NOT_WRITABLE);
  return before == NP_ERROR_OF_OTHERS ? NP_GO_ON : np_send_on(ctx, p);
}

/* Changes the destination of a packet, of a known connection or a new one; `verdict` is what then becomes of it. */
enum np_step { NP_STEP_NONE, NP_STEP_DONE, NP_STEP_FOR_PROCESS, NP_STEP_REFUSE, NP_STEP_SHOOT };

/* A connection to no frontend: it is translated only if it needs another port, to be told from one that is. */
static __always_inline int np_open_direct(const struct np_packet *p, const struct np_request *request, struct np_decision *d)
{
  if (!request->opens || !np_has_ports(p) || np_make_way(p)) return NP_STEP_NONE;
  d->endpoint.address = p->destination;
  d->endpoint.port = p->destination_port;
  d->flags = request->is_process ? NP_CLIENT_HERE | NP_MASQUERADE : 0;
  return NP_STEP_DONE;
}

static __always_inline int np_open_new(const struct np_packet *p, __u32 interface, struct np_decision *d)
{
  const struct np_request request = {
    .client = p->source,
    .addressed = p->destination,
    .port = p->destination_port,
    .protocol = p->protocol,
    .opens = (p->event & NP_OPENS) || (!np_has_ports(p) && !np_is_neighbourly(p)),
    .is_process = interface == 0,
    .interface = interface,
  };
  switch (np_decide(&request, d)) {
    case NP_PASS_ON:
      if (np_open_direct(p, &request, d) == NP_STEP_NONE) return NP_STEP_NONE;
      break;
    case NP_REFUSE: return NP_STEP_REFUSE;
    case NP_LOSE: return NP_STEP_SHOOT;
  }
  if (np_open(p, d)) return NP_STEP_DONE;
  np_count(NP_DROPPED_CLASH);
  return NP_STEP_SHOOT;
}

/* `interface`: that the packet arrived on, 0 if a process of this node sends it. */
static __noinline int np_change_destination(struct __sk_buff *ctx, struct np_packet *p, __u32 interface)
{
  struct np_decision d = {};
  int step = NP_STEP_DONE;
  const struct np_flow *flow = np_find_arriving(p);
  if (flow) {
    d.endpoint.address = flow->address;
    d.endpoint.port = flow->port;
    d.client_port = flow->client_port;
    if ((flow->flags & (NP_CLIENT_HERE | NP_ORIGINAL)) == NP_CLIENT_HERE) step = NP_STEP_FOR_PROCESS;
  } else {
    if (p->piece == NP_LATER_FRAGMENT) return NP_STEP_NONE;
    step = np_open_new(p, interface, &d);
    if (step != NP_STEP_DONE) return step;
  }
  if (np_rewrite(ctx, p, &d.endpoint.address, d.endpoint.port, NP_DESTINATION) == 0 &&
      (!d.client_port || np_rewrite(ctx, p, &p->source, d.client_port, NP_SOURCE) == 0))
    return step;
  np_count(NP_DROPPED_NOT_WRITABLE);
  return NP_STEP_SHOOT;
}

static __always_inline int np_arrive(struct __sk_buff *ctx, __u32 ip)
{
  struct np_packet p = {};
  if (!np_read(ctx, ip, &p)) return NP_GO_ON;
  if (ctx->pkt_type != NP_PACKET_HOST) {
    /* Between two pods on one bridge: nothing to translate, but its answers will be looked at when they leave. */
    if (ctx->pkt_type == NP_PACKET_OTHERHOST && (p.event & NP_OPENS)) np_make_way(&p);
    return NP_GO_ON;
  }
  if (!np_join_fragments(&p)) return np_orphan(&p);
  if (np_is_error(&p)) return np_error_arrives(ctx, &p);

  switch (np_change_destination(ctx, &p, ctx->ifindex)) {
    case NP_STEP_REFUSE: return np_refuse(ctx, &p, false);
    case NP_STEP_SHOOT: return TC_ACT_SHOT;
    case NP_STEP_FOR_PROCESS: return np_finish_here(ctx, &p);
    default: return NP_GO_ON;
  }
}

static __always_inline int np_leave(struct __sk_buff *ctx, __u32 ip)
{
  struct np_packet p = {};
  if (!np_read(ctx, ip, &p) || np_is_loopback(&p.destination)) return NP_GO_ON;
  if (!np_join_fragments(&p)) return np_orphan(&p);
  const bool is_process = ctx->ingress_ifindex == 0;
  if (np_is_error(&p)) return np_error_leaves(ctx, &p, is_process);

  if (is_process) {
    switch (np_change_destination(ctx, &p, 0)) {
      case NP_STEP_REFUSE: return np_refuse(ctx, &p, true);
      case NP_STEP_SHOOT: return TC_ACT_SHOT;
      case NP_STEP_NONE: break;
      default: return np_finish_here(ctx, &p);
    }
  }
  return np_change_source(ctx, &p, ctx->ifindex, NP_GO_ON);
}

SEC("tc")
int arriving(struct __sk_buff *ctx)
{
  return np_arrive(ctx, ETH_HLEN);
}

SEC("tc")
int leaving(struct __sk_buff *ctx)
{
  return np_leave(ctx, ETH_HLEN);
}

/* The same on devices whose packets have no Ethernet header. */
SEC("tc")
int arriving_bare(struct __sk_buff *ctx)
{
  return np_arrive(ctx, 0);
}

SEC("tc")
int leaving_bare(struct __sk_buff *ctx)
{
  return np_leave(ctx, 0);
}

char _license[] SEC("license") = "GPL";
