#pragma once

#include <linux/types.h>

/** The structs of the maps, for both families; bpf/table.h says what is in them. */
namespace nodeplane::ebpf {

namespace ipv4 {
#define NP_WORDS 1
#include "bpf/table.h"  // IWYU pragma: export
#undef NP_WORDS
}  // namespace ipv4

namespace ipv6 {
#define NP_WORDS 4
#include "bpf/table.h"  // IWYU pragma: export
#undef NP_WORDS
}  // namespace ipv6

/** What does not depend on the family, under one name. */
using ipv4::NP_ARRIVING;
using ipv4::NP_CLIENT_HERE;
using ipv4::NP_FORWARD;
using ipv4::NP_LAYOUT;
using ipv4::NP_LEAVING;
using ipv4::NP_ORIGINAL;
using ipv4::NP_POD_INTERFACE;
using ipv4::NP_PODS_BY_INTERFACE;
using ipv4::NP_PODS_BY_RANGE;
using ipv4::NP_SEEN;

/** The structs of one family as template arguments. */
struct Ipv4 {
  static constexpr size_t kWords = 1;
  using Address = ipv4::np_address;
  using Binding = ipv4::np_binding_key;
  using Endpoint = ipv4::np_endpoint;
  using Flow = ipv4::np_flow;
  using FlowKey = ipv4::np_flow_key;
  using Frontend = ipv4::np_frontend;
  using FrontendKey = ipv4::np_frontend_key;
  using RangeKey = ipv4::np_range_key;
  using Settings = ipv4::np_settings;
  using SlotKey = ipv4::np_slot_key;
  using SourceKey = ipv4::np_source_key;
  using Target = ipv4::np_target;
};

struct Ipv6 {
  static constexpr size_t kWords = 4;
  using Address = ipv6::np_address;
  using Binding = ipv6::np_binding_key;
  using Endpoint = ipv6::np_endpoint;
  using Flow = ipv6::np_flow;
  using FlowKey = ipv6::np_flow_key;
  using Frontend = ipv6::np_frontend;
  using FrontendKey = ipv6::np_frontend_key;
  using RangeKey = ipv6::np_range_key;
  using Settings = ipv6::np_settings;
  using SlotKey = ipv6::np_slot_key;
  using SourceKey = ipv6::np_source_key;
  using Target = ipv6::np_target;
};

}  // namespace nodeplane::ebpf
