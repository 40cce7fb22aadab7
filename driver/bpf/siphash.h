/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* SipHash-2-4 (Aumasson, Bernstein, 2012), both halves of its 64 bits folded into 32. */
#pragma once

#include <linux/types.h>

#define SIP_ROTATE(x, bits) (((x) << (bits)) | ((x) >> (64 - (bits))))

struct sip {
  __u64 v0, v1, v2, v3;
};

static __always_inline void sip_round(struct sip *s) {
  s->v0 += s->v1;
  s->v2 += s->v3;
  s->v1 = SIP_ROTATE(s->v1, 13) ^ s->v0;
  s->v3 = SIP_ROTATE(s->v3, 16) ^ s->v2;
  s->v0 = SIP_ROTATE(s->v0, 32) + s->v3;
  s->v2 += s->v1;
  s->v3 = SIP_ROTATE(s->v3, 21) ^ s->v0;
  s->v1 = SIP_ROTATE(s->v1, 17) ^ s->v2;
  s->v2 = SIP_ROTATE(s->v2, 32);
}

static __always_inline void sip_word(struct sip *s, __u64 word) {
  s->v3 ^= word;
  sip_round(s);
  sip_round(s);
  s->v0 ^= word;
}

/* Of `words` whole words, and one byte more if `tail` is not negative. */
static __noinline __u32 sip_fold(const __u64 *key, const __u64 *message, int words, int tail) {
  struct sip s = {
      .v0 = key[0] ^ 0x736f6d6570736575ULL,
      .v1 = key[1] ^ 0x646f72616e646f6dULL,
      .v2 = key[0] ^ 0x6c7967656e657261ULL,
      .v3 = key[1] ^ 0x7465646279746573ULL,
  };
  const __u64 length = (__u64)(8 * words + (tail >= 0)) << 56;
  __u64 hash;
  for (int i = 0; i < words; i++) sip_word(&s, message[i]);
  sip_word(&s, tail >= 0 ? length | (__u8)tail : length);
  s.v2 ^= 0xff;
  for (int i = 0; i < 4; i++) sip_round(&s);
  hash = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  return (__u32)hash ^ (__u32)(hash >> 32);
}
