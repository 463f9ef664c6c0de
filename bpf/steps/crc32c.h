/*
 * The checksum of SCTP after a change of its ports. A CRC is linear: the difference of two checksums is the (plain) CRC of the
 * difference of the data. That is 4 bytes and then nothing but zeros, and to append n zeros is a multiplication with
 * x^(8n) modulo the polynomial: 32 steps for each bit of n, however long the packet.
 */
#pragma once

#include <linux/types.h>

/* CRC32c, bits reflected: the highest power of x is the lowest bit. Source: RFC 9260, appendix A */
#define NP_CRC_POLYNOMIAL 0x82f63b78
/* Lengths have fewer bits. */
#define NP_CRC_STEPS 16

/* x^8, x^16, x^32, x^64, ... modulo the polynomial: what 1, 2, 4, 8, ... zero bytes multiply with. */
static const __u32 np_crc_powers[NP_CRC_STEPS] = {
  0x00800000, 0x00008000, 0x82f63b78, 0x6ea2d55c, 0x18b8ea18, 0x510ac59a,
  0xb82be955, 0xb8fdb1e7, 0x88e56f72, 0x74c360a4, 0xe4172b16, 0x0d65762a,
  0x35d73a62, 0x28461564, 0xbf455269, 0xe2ea32dc,
};

/* One step of 32: of a register, or of a factor. */
static __always_inline __u32 np_crc_step(__u32 a)
{
  return a & 1 ? (a >> 1) ^ NP_CRC_POLYNOMIAL : a >> 1;
}

/* a * b modulo the polynomial. Global, so that the verifier looks at it once, and not with each value there may be. */
__noinline __u32 np_crc_multiply(__u32 a, __u32 b)
{
  __u32 product = 0;
  for (int i = 0; i < 32; i++) {
    if (b & 0x80000000) product ^= a;
    b <<= 1;
    a = np_crc_step(a);
  }
  return product;
}

/* How the checksum of a packet changes if its first 4 bytes do by `difference` (exclusive or), and `rest` bytes follow. */
__noinline __u32 np_crc_difference(__u32 difference, __u32 rest)
{
  __u32 crc = difference;
  for (int i = 0; i < 32; i++) crc = np_crc_step(crc);
  for (int i = 0; i < NP_CRC_STEPS; i++) {
    if (rest & (1u << i)) crc = np_crc_multiply(crc, np_crc_powers[i]);
  }
  return crc;
}
