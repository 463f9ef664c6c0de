/* Sockets of processes on this node, whose calls are translated before there is a packet. */
#pragma once

#include "frontends.h"
#include "pick.h"

/* Verdicts of a program at a socket. */
enum { NP_FAIL = 0, NP_GOES_ON = 1 };

/* Source: asm-generic/errno.h */
#define NP_ECONNREFUSED 111

/* An end of a connection, as a call names it. */
struct np_name {
  struct np_address address;
  __be16 port;
  __u8 protocol;
};

static __always_inline void np_socket_key_of(struct np_socket_key *key, struct bpf_sock_addr *ctx, const struct np_name *name,
                                             __u8 role)
{
  __builtin_memset(key, 0, sizeof *key);
  key->cookie = bpf_get_socket_cookie(ctx);
  key->address = name->address;
  key->port = name->port;
  key->protocol = name->protocol;
  key->role = role;
}

static __always_inline int np_refuse_call(void)
{
  np_count(NP_REFUSED_AT_SOCKET);
  if (features.has_retval) bpf_set_retval(-NP_ECONNREFUSED);
  return NP_FAIL;
}

/* What a process sees instead of the endpoint that it is connected to, or has a datagram from. */
static __always_inline bool np_seen_as(struct bpf_sock_addr *ctx, struct np_name *name)
{
  struct np_socket_key key;
  np_socket_key_of(&key, ctx, name, NP_PEER);
  const struct np_socket *seen = bpf_map_lookup_elem(&sockets, &key);
  if (!seen) return false;
  name->address = seen->address;
  name->port = seen->port;
  return true;
}

/* Lets answers of the endpoint be seen as the frontend's. */
static __always_inline void np_see_as(struct bpf_sock_addr *ctx, const struct np_name *frontend, const struct np_name *endpoint)
{
  struct np_socket_key key;
  np_socket_key_of(&key, ctx, endpoint, NP_PEER);
  const struct np_socket seen = {.address = frontend->address, .port = frontend->port};
  bpf_map_update_elem(&sockets, &key, &seen, BPF_ANY);
}

/*
 * Whether the endpoint would see at the socket what it is to see. At a device the source is known; here it is what routing will
 * choose, which is what masquerading would give a process of the node; but not a pod, nor a process that has chosen its own.
 */
static __always_inline bool np_keeps_source(const struct np_request *r, const struct np_frontend *frontend,
                                            const struct np_settings *s, bool is_bound)
{
  const bool is_cluster_ip = np_is_member(&cluster_ips, &r->addressed);
  bool is_masqueraded = r->is_process;
  if (is_cluster_ip) is_masqueraded = s->flags & NP_MASQUERADE_ALL || (s->flags & NP_PODS_KNOWN && r->is_process);
  else if (frontend->outside.action == NP_NONE) is_masqueraded = true;
  return !is_masqueraded || (r->is_process && !is_bound);
}

/* What is decided at the socket, or left to a device: what needs the client's address (affinity, source ranges, policies of pods). */
enum np_call { NP_LEAVE_TO_DEVICE, NP_CALL_ENDPOINT, NP_CALL_REFUSED, NP_CALL_FAILS };

static __always_inline int np_judge_call(const struct np_request *r, bool is_bound, struct np_target *target)
{
  const struct np_settings *s = np_settings_now();
  if (!s) return NP_LEAVE_TO_DEVICE;
  const struct np_frontend *frontend = np_addressed(r, s);
  if (!frontend) {
    const int verdict = np_unknown(&r->addressed);
    if (verdict == NP_PASS_ON) return NP_LEAVE_TO_DEVICE;
    return verdict == NP_REFUSE ? NP_CALL_REFUSED : NP_CALL_FAILS;
  }
  if (frontend->source_list != 0) return NP_LEAVE_TO_DEVICE;
  if (frontend->outside.action != NP_NONE && !r->is_process) return NP_LEAVE_TO_DEVICE;
  *target = frontend->inside;
  if (target->action == NP_REJECT) return NP_CALL_REFUSED;
  if (target->action != NP_FORWARD) return NP_CALL_FAILS;
  if (target->seconds != 0 || target->count == 0) return NP_LEAVE_TO_DEVICE;
  return np_keeps_source(r, frontend, s, is_bound) ? NP_CALL_ENDPOINT : NP_LEAVE_TO_DEVICE;
}

static __always_inline struct np_request np_request_of(struct bpf_sock_addr *ctx, const struct np_name *name)
{
  const struct np_settings *s = np_settings_now();
  return (struct np_request){
    .addressed = name->address,
    .port = name->port,
    .protocol = name->protocol,
    .opens = true,
    .is_process = s && bpf_get_netns_cookie(ctx) == s->node,
  };
}

/* A TCP connection: `name` is where it goes. What is done for it is done once. */
static __always_inline int np_connect(struct bpf_sock_addr *ctx, struct np_name *name, bool is_bound, bool *is_changed)
{
  /* Connected sockets of UDP outlive endpoints: their datagrams are translated at the device, by what is true when they are sent. */
  if (name->protocol != IPPROTO_TCP) return NP_GOES_ON;
  const struct np_request request = np_request_of(ctx, name);
  struct np_target target = {};
  switch (np_judge_call(&request, is_bound, &target)) {
    case NP_LEAVE_TO_DEVICE: return NP_GOES_ON;
    case NP_CALL_REFUSED: return np_refuse_call();
    case NP_CALL_FAILS: return NP_FAIL;
  }
  const struct np_endpoint *endpoint = np_slot(target.set, bpf_get_prandom_u32() % target.count);
  if (!endpoint) return NP_FAIL;
  const struct np_name frontend = *name;
  name->address = endpoint->address;
  name->port = endpoint->port;
  np_see_as(ctx, &frontend, name);
  np_count(NP_TRANSLATED_AT_SOCKET);
  *is_changed = true;
  return NP_GOES_ON;
}

/* The slot that earlier datagrams of the socket to the frontend went to, if it still is of its set. */
static __always_inline struct np_endpoint *np_used_slot(const struct np_socket_key *key, const struct np_target *target)
{
  const struct np_socket *used = bpf_map_lookup_elem(&sockets, key);
  if (!used || used->slot.set != target->set) return NULL;
  struct np_endpoint *endpoint = bpf_map_lookup_elem(&slots, &used->slot);
  if (!endpoint || !np_same(&endpoint->address, &used->address) || endpoint->port != used->port) return NULL;
  return endpoint;
}

static __always_inline struct np_endpoint *np_use_slot(const struct np_socket_key *key, const struct np_target *target)
{
  const struct np_slot_key slot = {.set = target->set, .slot = bpf_get_prandom_u32() % target->count};
  struct np_endpoint *endpoint = bpf_map_lookup_elem(&slots, &slot);
  if (!endpoint) return np_slot(target->set, 0);
  const struct np_socket use = {.address = endpoint->address, .port = endpoint->port, .slot = slot};
  bpf_map_update_elem(&sockets, key, &use, BPF_ANY);
  return endpoint;
}

/* A datagram of a socket without a peer. Those to one frontend go to one endpoint, and to another as soon as that has gone. */
static __always_inline int np_send(struct bpf_sock_addr *ctx, struct np_name *name, bool is_bound, bool *is_changed)
{
  const struct np_request request = np_request_of(ctx, name);
  struct np_target target = {};
  switch (np_judge_call(&request, is_bound, &target)) {
    case NP_LEAVE_TO_DEVICE: return NP_GOES_ON;
    case NP_CALL_REFUSED: return np_refuse_call();
    case NP_CALL_FAILS: return NP_FAIL;
  }
  struct np_socket_key key;
  np_socket_key_of(&key, ctx, name, NP_SENDS);
  const struct np_endpoint *endpoint = np_used_slot(&key, &target);
  if (!endpoint) endpoint = np_use_slot(&key, &target);
  if (!endpoint) return NP_FAIL;
  const struct np_name frontend = *name;
  name->address = endpoint->address;
  name->port = endpoint->port;
  np_see_as(ctx, &frontend, name);
  *is_changed = true;
  return NP_GOES_ON;
}
