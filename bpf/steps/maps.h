/* The maps. The addon makes or adopts them by their names; sizes are the addon's to choose where it says so. */
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_helpers.h>

#include "../table.h"

/* Elements are allocated as they come: an upper bound costs 16 bytes for each element that may be. */
#define NP_HASH(NAME, KEY, VALUE, MOST)       \
  struct {                                    \
    __uint(type, BPF_MAP_TYPE_HASH);          \
    __uint(map_flags, BPF_F_NO_PREALLOC);     \
    __uint(max_entries, MOST);                \
    __type(key, KEY);                         \
    __type(value, VALUE);                     \
  } NAME SEC(".maps")

#define NP_RANGES(NAME, KEY, MOST)            \
  struct {                                    \
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);      \
    __uint(map_flags, BPF_F_NO_PREALLOC);     \
    __uint(max_entries, MOST);                \
    __type(key, KEY);                         \
    __type(value, __u32);                     \
  } NAME SEC(".maps")

/* The least recently used gives way when it is full. */
#define NP_LRU(NAME, KEY, VALUE, MOST)        \
  struct {                                    \
    __uint(type, BPF_MAP_TYPE_LRU_HASH);      \
    __uint(max_entries, MOST);                \
    __type(key, KEY);                         \
    __type(value, VALUE);                     \
  } NAME SEC(".maps")

NP_HASH(frontends, struct np_frontend_key, struct np_frontend, 1 << 17);
NP_HASH(slots, struct np_slot_key, struct np_endpoint, 1 << 19);
NP_HASH(affinity_slots, struct np_slot_key, __u32, 1 << 17);
NP_HASH(affinity_ends, struct np_slot_key, struct np_endpoint, 1 << 17);
NP_RANGES(sources, struct np_source_key, 1 << 18);
NP_HASH(cluster_ips, struct np_address, __u32, 1 << 17);
NP_HASH(hairpins, struct np_address, __u32, 1 << 16);

/* Settings, and what the addon follows. */
NP_HASH(node_addresses, struct np_address, __u32, 1 << 14);
NP_RANGES(service_cidrs, struct np_range_key, 1 << 10);
NP_HASH(local_addresses, struct np_address, __u32, 1 << 16);
NP_HASH(interfaces, __u32, __u32, 1 << 16);

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct np_settings);
} settings SEC(".maps");

/* Written by packets. */
NP_LRU(bindings, struct np_binding_key, struct np_binding, 1 << 16);
NP_LRU(flows, struct np_flow_key, struct np_flow, 1 << 18);
NP_LRU(fragments, struct np_fragment_key, struct np_fragment, 1 << 12);
NP_LRU(sockets, struct np_socket_key, struct np_socket, 1 << 15);

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, NP_REASONS);
  __type(key, __u32);
  __type(value, __u64);
} counters SEC(".maps");

const volatile struct np_features features SEC(".rodata.features");
