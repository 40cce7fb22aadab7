// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/flow_bucket.hpp"
#include "synward/syncache_bucket.hpp"

namespace synward {

/// `kBits` bits of table memory. Records are packed by hand, because the tools do not trim what bool and uint8_t take.
template <unsigned kBits>
struct Packed {
  static constexpr unsigned kWords = (kBits + 63) / 64;
  std::uint64_t word[kWords];
};

/// Puts fields into a Packed, one behind the other from bit 0.
template <unsigned kBits>
class Packer {
 public:
  explicit Packer(Packed<kBits>& out) : out_(out), at_(0) {
    for (unsigned i = 0; i < Packed<kBits>::kWords; ++i) out_.word[i] = 0;
  }

  void operator()(const Wide128& value, unsigned) {
    put(value.lo, 64);
    put(value.hi, 64);
  }
  template <typename T>
  void operator()(const T& value, unsigned width) {
    put(static_cast<std::uint64_t>(value), width);
  }

 private:
  void put(std::uint64_t value, unsigned width) {
    const unsigned shift = at_ & 63;
    out_.word[at_ >> 6] |= value << shift;
    if (shift + width > 64) out_.word[(at_ >> 6) + 1] |= value >> (64 - shift);
    at_ += width;
  }

  Packed<kBits>& out_;
  unsigned at_;
};

/// Takes them out again, in the same order.
template <unsigned kBits>
class Unpacker {
 public:
  explicit Unpacker(const Packed<kBits>& in) : in_(in), at_(0) {}

  void operator()(Wide128& value, unsigned) {
    value.lo = take(64);
    value.hi = take(64);
  }
  template <typename T>
  void operator()(T& value, unsigned width) {
    value = static_cast<T>(take(width));
  }

 private:
  std::uint64_t take(unsigned width) {
    const unsigned shift = at_ & 63;
    std::uint64_t value = in_.word[at_ >> 6] >> shift;
    if (shift + width > 64) value |= in_.word[(at_ >> 6) + 1] << (64 - shift);
    at_ += width;
    return width == 64 ? value : value & ((std::uint64_t{1} << width) - 1);
  }

  const Packed<kBits>& in_;
  unsigned at_;
};

/// Calls f(value, width in bits) for each field of a bucket, in the order of its bits in memory.
template <typename F>
void each_field(SyncacheBucket& bucket, F&& f) {
  f(bucket.valid, kWays);
  for (unsigned i = 0; i < kWays; ++i) f(bucket.order[i], 3u);
  for (unsigned i = 0; i < kWays; ++i) {
    Endpoints& ends = bucket.way[i].ends;
    f(ends.v6, 1u);
    f(ends.faddr, 128u);
    f(ends.laddr, 128u);
    f(ends.fport, 16u);
    f(ends.lport, 16u);
    bucket.way[i].entry.each(f);
  }
}

template <typename F>
void each_field(FlowBucket& flows, F&& f) {
  f(flows.open_laps, 6u);
  for (unsigned i = 0; i < kFlowWays; ++i) {
    f(flows.way[i].state, 2u);
    f(flows.way[i].aux, 6u);
    f(flows.way[i].fingerprint, 28u);
  }
}

/// How many bits a bucket takes in memory.
template <typename Bucket>
struct BucketBits;
template <>
struct BucketBits<SyncacheBucket> {
  static constexpr unsigned kEnds = 1 + 128 + 128 + 16 + 16;
  static constexpr unsigned value = kWays * (1 + 3 + kEnds + EntryRecord::kWidth);
};
template <>
struct BucketBits<FlowBucket> {
  static constexpr unsigned value = 6 + kFlowWays * (2 + 6 + 28);
};
template <typename Bucket>
using PackedBucket = Packed<BucketBits<Bucket>::value>;

template <typename Bucket>
PackedBucket<Bucket> pack(Bucket bucket) {
  PackedBucket<Bucket> out;
  Packer<BucketBits<Bucket>::value> packer(out);
  each_field(bucket, packer);
  return out;
}

template <typename Bucket>
Bucket unpack(const PackedBucket<Bucket>& in) {
  Bucket bucket = Bucket();
  Unpacker<BucketBits<Bucket>::value> unpacker(in);
  each_field(bucket, unpacker);
  return bucket;
}

}  // namespace synward
