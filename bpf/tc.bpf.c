#include "steps/maps.h"

#include <linux/pkt_cls.h>

SEC("tc") int arriving(struct __sk_buff *ctx) { return TC_ACT_UNSPEC; }
SEC("tc") int arriving_bare(struct __sk_buff *ctx) { return TC_ACT_UNSPEC; }
SEC("tc") int leaving(struct __sk_buff *ctx) { return TC_ACT_UNSPEC; }
SEC("tc") int leaving_bare(struct __sk_buff *ctx) { return TC_ACT_UNSPEC; }

char _license[] SEC("license") = "GPL";
