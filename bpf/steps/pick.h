/* Picks an endpoint of a slot set. */
#pragma once

#include "count.h"
#include "maps.h"

/* The slot was counted, but has gone since: slot 0 is there as long as anything is. */
static __always_inline struct np_endpoint *np_slot(__u32 set, __u32 slot)
{
  struct np_slot_key key = {.set = set, .slot = slot};
  struct np_endpoint *endpoint = bpf_map_lookup_elem(&slots, &key);
  if (endpoint) return endpoint;
  key.slot = 0;
  return bpf_map_lookup_elem(&slots, &key);
}

static __always_inline __u32 *np_affinity_slot(__u32 set, __u32 slot)
{
  struct np_slot_key key = {.set = set, .slot = slot};
  __u32 *number = bpf_map_lookup_elem(&affinity_slots, &key);
  if (number) return number;
  key.slot = 0;
  return bpf_map_lookup_elem(&affinity_slots, &key);
}

static __always_inline struct np_endpoint *np_numbered(__u32 set, __u32 number)
{
  const struct np_slot_key key = {.set = set, .slot = number};
  return bpf_map_lookup_elem(&affinity_ends, &key);
}

/*
 * The endpoint that the client used last, or another that it is bound to from now on. Both lists of a service port are of one group, so
 * that a binding made through one holds for the other, if its endpoint is in that too (AFF-02, AFF-04).
 */
static __always_inline struct np_endpoint *np_bound(const struct np_target *target, const struct np_address *client)
{
  const struct np_binding_key key = {.group = target->set >> 1, .client = *client};
  const __u32 now = np_now();
  struct np_binding *binding = bpf_map_lookup_elem(&bindings, &key);
  if (binding && now - binding->since < target->seconds) {
    struct np_endpoint *endpoint = np_numbered(target->set, binding->number);
    if (endpoint) {
      binding->since = now;
      return endpoint;
    }
  }
  const __u32 *number = np_affinity_slot(target->set, bpf_get_prandom_u32() % target->count);
  if (!number) return NULL;
  const struct np_binding fresh = {.number = *number, .since = now};
  bpf_map_update_elem(&bindings, &key, &fresh, BPF_ANY);
  return np_numbered(target->set, *number);
}

static __always_inline struct np_endpoint *np_pick(const struct np_target *target, const struct np_address *client)
{
  if (target->count == 0) return NULL;
  if (target->seconds) return np_bound(target, client);
  return np_slot(target->set, bpf_get_prandom_u32() % target->count);
}
