/*
 * Connections. One that is translated has up to four elements, each of which says what becomes of packets that look like its key:
 *
 *     client -> frontend   arriving  destination = endpoint          (NP_ORIGINAL)
 *     client -> endpoint   leaving   source = masquerade             if it is masqueraded
 *     endpoint -> masquerade  arriving  destination = client         if it is, or if the client is a process of this node
 *     endpoint -> client   leaving   source = frontend
 */
#pragma once

#include "count.h"
#include "packet.h"

/* Seconds without a packet after which a datagram opens a connection anew; with an answer seen, and without. As netfilter's. */
#define NP_UDP_STREAM_TIMEOUT 120
#define NP_UDP_TIMEOUT 30

/* Seconds after which it is written down that a connection is in use: writing for each packet would cost more. */
#define NP_SEEN_GRAIN 1

/* Seconds without a packet after which a TCP or SCTP connection may give its ports to another. As netfilter: five days are too long. */
#define NP_TCP_IDLE 86400

static __always_inline void np_flow_key_of(struct np_flow_key *key, const struct np_packet *p, __u8 place)
{
  key->source = p->source;
  key->destination = p->destination;
  key->source_port = p->source_port;
  key->destination_port = p->destination_port;
  key->protocol = p->protocol;
  key->place = place;
  key->zero = 0;
}

static __always_inline void np_reverse(struct np_flow_key *key, __u8 place)
{
  const struct np_address source = key->source;
  const __be16 source_port = key->source_port;
  key->source = key->destination;
  key->source_port = key->destination_port;
  key->destination = source;
  key->destination_port = source_port;
  key->place = place;
}

/* Writes down what a packet of the connection says. */
static __always_inline void np_see(struct np_flow *flow, const struct np_packet *p)
{
  const __u32 now = np_now();
  if (now - flow->seen >= NP_SEEN_GRAIN) flow->seen = now;
  __u16 flags = flow->flags | NP_SEEN;
  if (p->event & NP_FINISHES) flags |= NP_FIN;
  if (p->event & NP_ABORTS) flags |= NP_RST;
  if (flags != flow->flags) flow->flags = flags;
}

/* From the key of a connection's first packets to the key of what is sent to its endpoint. */
static __always_inline void np_turn_forward(struct np_flow_key *key, const struct np_flow *flow)
{
  key->destination = flow->address;
  key->destination_port = flow->port;
  if (flow->client_port) key->source_port = flow->client_port;
  key->place = NP_LEAVING;
}

/* The element of the answers to a connection, if it is still that of the same frontend. */
static __always_inline struct np_flow *np_answers_of(const struct np_flow_key *original, const struct np_flow *flow)
{
  struct np_flow_key key = *original;
  np_turn_forward(&key, flow);
  np_reverse(&key, NP_LEAVING);
  struct np_flow *answers = bpf_map_lookup_elem(&flows, &key);
  if (!answers || !np_same(&answers->address, &original->destination) || answers->port != original->destination_port)
    return NULL;
  return answers;
}

/*
 * Whether a packet that opens a connection has nothing to do with the one that is remembered: that has ended, or is forgotten by
 * all that could have been part of it.
 */
static __always_inline bool np_is_over(const struct np_flow_key *key, const struct np_flow *flow)
{
  const struct np_flow *answers = np_answers_of(key, flow);
  const __u16 theirs = answers ? answers->flags : 0;
  const __u32 idle = np_now() - (answers && answers->seen > flow->seen ? answers->seen : flow->seen);
  if (key->protocol == IPPROTO_UDP) return idle >= (theirs & NP_SEEN ? NP_UDP_STREAM_TIMEOUT : NP_UDP_TIMEOUT);
  if (idle >= NP_TCP_IDLE) return true;
  if ((flow->flags | theirs) & NP_RST) return true;
  return flow->flags & theirs & NP_FIN;
}

/* Deletes a connection, all of it. */
__noinline int np_forget(const struct np_flow_key *original, const struct np_flow *flow)
{
  if (!original || !flow) return 0;
  struct np_flow_key key = *original;
  const struct np_flow known = *flow;
  bpf_map_delete_elem(&flows, &key);

  np_turn_forward(&key, &known);
  const struct np_flow *masquerade = bpf_map_lookup_elem(&flows, &key);
  struct np_flow_key answer = key;
  if (masquerade) {
    answer.source = masquerade->address;
    answer.source_port = masquerade->port;
    bpf_map_delete_elem(&flows, &key);
  }
  np_reverse(&answer, NP_ARRIVING);
  bpf_map_delete_elem(&flows, &answer);
  np_reverse(&key, NP_LEAVING);
  bpf_map_delete_elem(&flows, &key);
  np_count(NP_FLOWS_FORGOTTEN);
  return 0;
}

/* The live connection that an arriving packet addressed to a frontend, or an answer to masqueraded packets, belongs to. */
static __always_inline struct np_flow *np_find_arriving(const struct np_packet *p)
{
  struct np_flow_key key;
  np_flow_key_of(&key, p, NP_ARRIVING);
  struct np_flow *flow = bpf_map_lookup_elem(&flows, &key);
  if (!flow) return NULL;
  if ((p->event & NP_OPENS) && (flow->flags & NP_ORIGINAL) && np_is_over(&key, flow)) {
    np_forget(&key, flow);
    return NULL;
  }
  np_see(flow, p);
  return flow;
}

static __always_inline struct np_flow *np_find_leaving(const struct np_packet *p)
{
  struct np_flow_key key;
  np_flow_key_of(&key, p, NP_LEAVING);
  struct np_flow *flow = bpf_map_lookup_elem(&flows, &key);
  if (flow) np_see(flow, p);
  return flow;
}

/* What is decided of a new connection. */
struct np_decision {
  struct np_endpoint endpoint;
  /* NP_MASQUERADE, NP_CLIENT_HERE */
  __u16 flags;
  /* That the endpoint is to see instead of the client's; 0 if not. */
  __be16 client_port;
};

/* Tries to find a port that no connection of the client to the endpoint has. */
#define NP_CLIENT_PORT_TRIES 16
#define NP_FIRST_CLIENT_PORT 1024

/* Whether the connection goes on whose answers an element translates. One that is over is deleted, but for its answers. */
static __always_inline bool np_goes_on(const struct np_flow_key *answers, const struct np_flow *translated)
{
  struct np_flow_key original = *answers;
  original.source = answers->destination;
  original.source_port = translated->client_port ? translated->client_port : answers->destination_port;
  original.destination = translated->address;
  original.destination_port = translated->port;
  original.place = NP_ARRIVING;
  const struct np_flow *flow = bpf_map_lookup_elem(&flows, &original);
  if (!flow) return false;
  if (!np_is_over(&original, flow)) return true;
  bpf_map_delete_elem(&flows, &original);
  return false;
}

/*
 * Whether answers of the endpoint to this client mean another connection: the client uses one port for two frontends that lead to the
 * same endpoint.
 */
__noinline int np_is_taken(const struct np_flow_key *answers, const struct np_packet *p)
{
  if (!answers || !p) return true;
  const struct np_flow *other = bpf_map_lookup_elem(&flows, answers);
  if (!other) return false;
  if (np_same(&other->address, &p->destination) && other->port == p->destination_port && !other->client_port) return false;
  return np_goes_on(answers, other);
}

/*
 * A connection to no frontend begins: answers to it must not be taken for those of a translated one between the same ports. False if
 * that one goes on.
 */
__noinline int np_make_way(const struct np_packet *p)
{
  if (!p) return true;
  struct np_flow_key key;
  np_flow_key_of(&key, p, NP_LEAVING);
  np_reverse(&key, NP_ARRIVING);
  const struct np_flow *home = bpf_map_lookup_elem(&flows, &key);
  if (home && !(home->flags & NP_ORIGINAL)) {
    struct np_flow_key answers = key;
    answers.destination = home->address;
    answers.destination_port = home->port;
    answers.place = NP_LEAVING;
    const struct np_flow *translated = bpf_map_lookup_elem(&flows, &answers);
    /* From a process: this is a packet of it that was translated when it left first, and leaves again by the right device. */
    if (translated && np_goes_on(&answers, translated)) return (home->flags & NP_CLIENT_HERE) != 0;
    bpf_map_delete_elem(&flows, &key);
  }

  key.place = NP_LEAVING;
  const struct np_flow *other = bpf_map_lookup_elem(&flows, &key);
  if (!other || (other->flags & NP_MASQUERADE)) return true;
  if (np_goes_on(&key, other)) return false;
  bpf_map_delete_elem(&flows, &key);
  np_reverse(&key, NP_LEAVING);
  bpf_map_delete_elem(&flows, &key);
  return true;
}

/* Remembers which frontend answers come from; as another connection of the client, if the port that it uses is taken. */
static __always_inline bool np_open_answers(const struct np_packet *p, struct np_flow_key *key, struct np_flow *flow)
{
  if (!np_is_taken(key, p)) return bpf_map_update_elem(&flows, key, flow, BPF_ANY) == 0;
  flow->client_port = p->source_port;
  for (int i = 0; i < NP_CLIENT_PORT_TRIES; i++) {
    const __u32 range = 65536 - NP_FIRST_CLIENT_PORT;
    key->destination_port = bpf_htons(NP_FIRST_CLIENT_PORT + bpf_get_prandom_u32() % range);
    if (bpf_map_update_elem(&flows, key, flow, BPF_NOEXIST) == 0) return true;
  }
  return false;
}

/* Remembers a new connection; `d` is completed. False if no port is left that would tell it from others. */
__noinline int np_open(const struct np_packet *p, struct np_decision *d)
{
  if (!p || !d) return false;
  struct np_flow_key key;
  struct np_flow flow = {.address = p->destination, .port = p->destination_port, .seen = np_now()};
  np_flow_key_of(&key, p, NP_LEAVING);
  key.destination = d->endpoint.address;
  key.destination_port = d->endpoint.port;
  np_reverse(&key, NP_LEAVING);
  if (!np_open_answers(p, &key, &flow)) return false;
  d->client_port = flow.client_port ? key.destination_port : 0;

  /* Key: from the endpoint to the client. */
  flow.address = p->source;
  flow.port = key.destination_port;
  flow.client_port = 0;
  flow.flags = d->flags;
  if ((d->flags & NP_CLIENT_HERE) && !(d->flags & NP_MASQUERADE)) {
    key.place = NP_ARRIVING;
    bpf_map_update_elem(&flows, &key, &flow, BPF_ANY);
  }

  /* Key: from the client to the endpoint. */
  np_reverse(&key, NP_LEAVING);
  if (d->flags & NP_MASQUERADE) {
    flow.flags |= NP_PENDING;
    bpf_map_update_elem(&flows, &key, &flow, BPF_ANY);
  } else {
    /* Left by an earlier connection between the same ports. */
    bpf_map_delete_elem(&flows, &key);
  }

  np_flow_key_of(&key, p, NP_ARRIVING);
  flow.address = d->endpoint.address;
  flow.port = d->endpoint.port;
  flow.client_port = d->client_port;
  flow.flags = d->flags | NP_ORIGINAL | NP_SEEN;
  bpf_map_update_elem(&flows, &key, &flow, BPF_ANY);
  np_count(NP_OPENED);
  return true;
}
