/* Finds the frontend that a new connection addresses, and what else the tables say of it. Devices and sockets ask here. */
#pragma once

#include <linux/in.h>

#include "address.h"
#include "count.h"

enum np_verdict { NP_PASS_ON, NP_TRANSLATE, NP_REFUSE, NP_LOSE };

/* Who asks for what. */
struct np_request {
  struct np_address client;
  struct np_address addressed;
  __be16 port;
  __u8 protocol;
  /* False for a TCP segment in the middle of a connection that nothing is known of. */
  bool opens;
  /* From a process of this node. */
  bool is_process;
  /* That it arrived on; 0 for a process. */
  __u32 interface;
};

static __always_inline const struct np_settings *np_settings_now(void)
{
  const __u32 only = 0;
  return bpf_map_lookup_elem(&settings, &only);
}

/* The compiler would combine tests of several such pointers into arithmetic, which the verifier does not allow. */
static __always_inline bool np_is_member(void *map, const void *key)
{
  const void *element = bpf_map_lookup_elem(map, key);
  asm volatile("" : "+r"(element));
  return element != NULL;
}

static __always_inline bool np_is_local(const struct np_address *address)
{
  return np_is_member(&local_addresses, address);
}

/* MASQ-13; a process of the node arrives nowhere (MASQ-14), but may have an address of the range. */
static __always_inline bool np_is_pod(const struct np_request *r, const struct np_settings *s)
{
  if (s->flags & NP_PODS_BY_RANGE) return np_is_within(&r->client, &s->pods, &s->pod_mask);
  if (!(s->flags & NP_PODS_BY_INTERFACE) || r->is_process) return false;
  const __u32 *flags = bpf_map_lookup_elem(&interfaces, &r->interface);
  return flags && (*flags & NP_POD_INTERFACE);
}

/* Section 6 of the spec. Loopback is never served (NPA-06). */
static __always_inline bool np_takes_node_ports(const struct np_address *address, const struct np_settings *s)
{
  if (s->flags & NP_NODE_PORTS_ANYWHERE) return np_is_local(address) && !np_is_loopback(address);
  return np_is_member(&node_addresses, address);
}

static __always_inline const struct np_frontend *np_find_frontend(const struct np_request *r)
{
  const struct np_frontend_key key = {.address = r->addressed, .port = r->port, .protocol = r->protocol};
  return bpf_map_lookup_elem(&frontends, &key);
}

static __always_inline const struct np_frontend *np_find_node_port(const struct np_request *r,
                                                                   const struct np_settings *s)
{
  const struct np_frontend_key key = {.port = r->port, .protocol = r->protocol};
  const struct np_frontend *frontend = bpf_map_lookup_elem(&frontends, &key);
  return frontend && np_takes_node_ports(&r->addressed, s) ? frontend : NULL;
}

/* LB-01 */
static __always_inline bool np_may_use(const struct np_frontend *frontend, const struct np_address *source)
{
  if (frontend->source_list == 0) return true;
  const struct np_source_key key = {
    .prefix_length = 8 * (sizeof key.list + sizeof key.address),
    .list = frontend->source_list - 1,
    .address = *source,
  };
  return np_is_member(&sources, &key);
}

/* Section 13: addresses of Services, but no frontend. What the node itself has is left to it. */
static __always_inline enum np_verdict np_unknown(const struct np_address *address)
{
  const struct np_range_key key = {.prefix_length = 8 * sizeof key.address, .address = *address};
  if (np_is_member(&cluster_ips, address)) return np_is_local(address) ? NP_PASS_ON : NP_REFUSE;
  if (!np_is_member(&service_cidrs, &key) || np_is_local(address)) return NP_PASS_ON;
  np_count(NP_DROPPED_UNKNOWN_CLUSTER_IP);
  return NP_LOSE;
}

static __always_inline const struct np_frontend *np_addressed(const struct np_request *r, const struct np_settings *s)
{
  if (r->protocol != IPPROTO_TCP && r->protocol != IPPROTO_UDP && r->protocol != IPPROTO_SCTP) return NULL;
  const struct np_frontend *frontend = np_find_frontend(r);
  /* The middle of a connection to a port of this node may be an answer to one of its processes. */
  return frontend || !r->opens ? frontend : np_find_node_port(r, s);
}
