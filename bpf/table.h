/*
 * What the programs and the addon know of the maps: one description for both. It has no include guard: it is included once for
 * each family, with NP_WORDS (32-bit words of an address: 1 or 4) defined; C++ includes it in a namespace for each.
 * Addresses and ports are in network byte order, all else in the host's. Padding is 0: keys are compared as bytes.
 */

/* Goes up with every change in here or of what the programs make of it: maps of another layout are not adopted. */
enum { NP_LAYOUT = 1 };

struct np_address {
  __be32 word[NP_WORDS];
};

/* ---- Frontends: what happens to new connections ---- */

enum np_action { NP_NONE = 0, NP_FORWARD = 1, NP_REJECT = 2, NP_DROP = 3 };

struct np_target {
  __u32 action;
  __u32 set;
  /* Slots of the set. */
  __u32 count;
  /* How long a client keeps its endpoint; 0 is no affinity. */
  __u32 seconds;
};

struct np_frontend_key {
  /* All 0 is a node port. */
  struct np_address address;
  __be16 port;
  __u8 protocol;
  __u8 zero;
};

struct np_frontend {
  struct np_target inside;
  /* For those who are neither pods nor processes of this node; NP_NONE if nothing tells them apart. */
  struct np_target outside;
  /* Number of the list of those who may use it, plus 1; 0 is everybody. */
  __u32 source_list;
};

/* ---- Slot sets ---- */

struct np_slot_key {
  __u32 set;
  /* With affinity, also the number of an endpoint. */
  __u32 slot;
};

struct np_endpoint {
  struct np_address address;
  __be16 port;
  __u16 zero;
};

/* ---- Ranges ---- */

struct np_source_key {
  /* Counts the bits of the list too. */
  __u32 prefix_length;
  __u32 list;
  struct np_address address;
};

struct np_range_key {
  __u32 prefix_length;
  struct np_address address;
};

/* ---- Affinity: which endpoint a client used last ---- */

struct np_binding_key {
  __u32 group;
  struct np_address client;
};

struct np_binding {
  __u32 number;
  /* Seconds since boot. */
  __u32 since;
};

/* ---- What holds for all Services ---- */

enum np_setting {
  NP_MASQUERADE_ALL = 1 << 0,
  NP_NODE_PORTS_ANYWHERE = 1 << 1,
  /* Pods are told from others, by one of the next two. */
  NP_PODS_KNOWN = 1 << 2,
  NP_PODS_BY_RANGE = 1 << 3,
  NP_PODS_BY_INTERFACE = 1 << 4,
};

struct np_settings {
  __u32 layout;
  __u32 flags;
  /* Cookie of the network namespace that is the node: sockets of another are a pod's. */
  __u64 node;
  struct np_address pods;
  struct np_address pod_mask;
};

enum np_interface_flag { NP_POD_INTERFACE = 1 << 0 };

/* ---- Connections ---- */

/* Where in its way a packet is looked up: before it is routed its destination may change, after that its source. */
enum np_place { NP_ARRIVING = 1, NP_LEAVING = 2 };

struct np_flow_key {
  struct np_address source;
  struct np_address destination;
  __be16 source_port;
  __be16 destination_port;
  __u8 protocol;
  __u8 place;
  __u16 zero;
};

enum np_flow_flag {
  /* From the client, addressed to a frontend. */
  NP_ORIGINAL = 1 << 0,
  /* The source is changed when it leaves. */
  NP_MASQUERADE = 1 << 1,
  /* ... to an address and port that are not chosen yet. */
  NP_PENDING = 1 << 2,
  /* The client is a process of this node. */
  NP_CLIENT_HERE = 1 << 3,
  /* A packet was seen in this direction (always, of NP_ORIGINAL). */
  NP_SEEN = 1 << 4,
  NP_FIN = 1 << 5,
  NP_RST = 1 << 6,
};

/* What becomes of packets with the key: their destination (arriving) or source (leaving) is replaced. */
struct np_flow {
  struct np_address address;
  __be16 port;
  /* The port of the other end is replaced too, if it is not 0: another connection has taken the client's. */
  __be16 client_port;
  __u16 flags;
  __u16 zero;
  /* Seconds since boot. */
  __u32 seen;
};

/* ---- Fragments: the ports that only the first one has ---- */

struct np_fragment_key {
  struct np_address source;
  struct np_address destination;
  __be32 id;
  __u32 protocol;
};

struct np_fragment {
  __be16 source_port;
  __be16 destination_port;
};

/* ---- Sockets that are translated themselves ---- */

enum np_socket_role {
  /* Key: the endpoint that answers. Value: the frontend that the process is to see. */
  NP_PEER = 1,
  /* Key: the frontend that datagrams are sent to. Value: where they go, as long as that slot still says so. */
  NP_SENDS = 2,
};

struct np_socket_key {
  __u64 cookie;
  struct np_address address;
  __be16 port;
  __u8 protocol;
  __u8 role;
#if NP_WORDS == 4
  __u32 zero;
#endif
};

struct np_socket {
  struct np_address address;
  __be16 port;
  __u16 zero;
  struct np_slot_key slot;
};

/* ---- What the kernel can do: set before the programs are loaded ---- */

struct np_features {
  /* BPF_F_IPV6 of bpf_l4_csum_replace (Linux 6.16), or 0: checksums that a card has computed stay right. */
  __u64 ipv6_flag;
  /* bpf_set_retval for sockets (Linux 5.18): a refused connection is told ECONNREFUSED, else EPERM. */
  __u32 has_retval;
  __u32 zero;
};

/* ---- Counters: why packets were not just passed on ---- */

enum np_reason {
  NP_OPENED,
  NP_REJECTED,
  NP_DROPPED_POLICY,
  NP_DROPPED_SOURCE,
  NP_DROPPED_UNKNOWN_CLUSTER_IP,
  NP_DROPPED_NO_SLOT,
  NP_DROPPED_NO_PORT,
  NP_DROPPED_CLASH,
  NP_DROPPED_FRAGMENT,
  NP_DROPPED_NOT_WRITABLE,
  NP_REFUSED_AT_SOCKET,
  NP_TRANSLATED_AT_SOCKET,
  NP_FLOWS_FORGOTTEN,
  NP_REASONS,
};
