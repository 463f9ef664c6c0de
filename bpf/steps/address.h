/* Addresses of the family that the programs are compiled for. */
#pragma once

#include <linux/types.h>
#include <stdbool.h>

#include "maps.h"

#include <bpf/bpf_endian.h>

static __always_inline bool np_same(const struct np_address *a, const struct np_address *b)
{
  for (int i = 0; i < NP_WORDS; i++)
    if (a->word[i] != b->word[i]) return false;
  return true;
}

static __always_inline bool np_is_within(const struct np_address *address, const struct np_address *range,
                                         const struct np_address *mask)
{
  for (int i = 0; i < NP_WORDS; i++)
    if ((address->word[i] & mask->word[i]) != range->word[i]) return false;
  return true;
}

/* 127.0.0.0/8, ::1 */
static __always_inline bool np_is_loopback(const struct np_address *address)
{
#if NP_WORDS == 1
  return (address->word[0] & bpf_htonl(0xff000000)) == bpf_htonl(0x7f000000);
#else
  return (address->word[0] | address->word[1] | address->word[2]) == 0 && address->word[3] == bpf_htonl(1);
#endif
}
