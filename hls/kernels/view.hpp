// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "kernels/packed.hpp"
#include "kernels/records.hpp"

namespace synward {

// What a word of each table holds. Every way has tables of its own; a bucket's order has one.
using KeyWord = Packed<1 + 128 + 128 + 16 + 16>;
using EntryWord = Packed<EntryRecord::kWidth>;
using OrderWord = std::uint32_t;  ///< eight places of 3 bits, then the ways with an entry
using FlowWord = std::uint64_t;   ///< fingerprint 28, aux 6, state 2 bits
using LapsWord = std::uint8_t;

/// A word of a table; tables that answer late, as in a test, have overloads of their own.
template <typename Word, unsigned long kDepth>
inline Word memory_read(const Word (&words)[kDepth], std::uint32_t index) {
#pragma HLS INLINE
  return words[index];
}
template <typename Word, unsigned long kDepth>
inline void memory_write(Word (&words)[kDepth], bool write, std::uint32_t index, const Word& word) {
#pragma HLS INLINE
  if (write) words[index] = word;
}

inline KeyWord pack_key(Endpoints ends) {
#pragma HLS INLINE
  KeyWord word;
  Packer<1 + 128 + 128 + 16 + 16> pack(word);
  pack(ends.v6, 1u);
  pack(ends.faddr, 128u);
  pack(ends.laddr, 128u);
  pack(ends.fport, 16u);
  pack(ends.lport, 16u);
  return word;
}

inline bool same_key(const KeyWord& a, const KeyWord& b) {
#pragma HLS INLINE
  std::uint64_t differ = 0;
  for (unsigned i = 0; i < KeyWord::kWords; ++i) {
#pragma HLS UNROLL
    differ |= a.word[i] ^ b.word[i];
  }
  return differ == 0;
}

inline EntryWord pack_entry(EntryRecord entry) {
#pragma HLS INLINE
  EntryWord word;
  Packer<EntryRecord::kWidth> pack(word);
  entry.each(pack);
  return word;
}

inline EntryRecord unpack_entry(const EntryWord& word) {
#pragma HLS INLINE
  EntryRecord entry = EntryRecord();
  Unpacker<EntryRecord::kWidth> unpack(word);
  entry.each(unpack);
  return entry;
}

inline FlowWord pack_flow(std::uint8_t state, std::uint8_t aux, std::uint32_t fingerprint) {
#pragma HLS INLINE
  return static_cast<FlowWord>(fingerprint & 0xfffffffu) | static_cast<FlowWord>(aux & 0x3fu) << 28 |
         static_cast<FlowWord>(state & 3u) << 34;
}

inline FlowWay unpack_flow(FlowWord word) {
#pragma HLS INLINE
  FlowWay way;
  way.fingerprint = static_cast<std::uint32_t>(word & 0xfffffffu);
  way.aux = static_cast<std::uint8_t>((word >> 28) & 0x3fu);
  way.state = static_cast<std::uint8_t>((word >> 34) & 3u);
  return way;
}

inline OrderWord pack_order(const BucketView& bucket) {
#pragma HLS INLINE
  OrderWord word = static_cast<OrderWord>(bucket.valid) << (3 * kWays);
  for (unsigned place = 0; place < kWays; ++place) {
#pragma HLS UNROLL
    OrderWord way = 0;
    for (unsigned i = 1; i < kWays; ++i) {
#pragma HLS UNROLL
      way |= ((bucket.order[place] >> i) & 1u) != 0 ? i : 0u;
    }
    word |= way << (3 * place);
  }
  return word;
}

inline BucketView unpack_order(OrderWord word) {
#pragma HLS INLINE
  BucketView bucket;
  bucket.valid = static_cast<std::uint8_t>(word >> (3 * kWays));
  unsigned entries = 0;
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    bucket.order[i] = static_cast<std::uint8_t>(1u << ((word >> (3 * i)) & 7u));
    entries += (bucket.valid >> i) & 1u;
  }
  bucket.filled = static_cast<std::uint8_t>((1u << entries) - 1u);
  return bucket;
}

/// The word of a bucket that is cleared: no entries, ways in order.
constexpr OrderWord kClearedOrder = 0u | 1u << 3 | 2u << 6 | 3u << 9 | 4u << 12 | 5u << 15 | 6u << 18 | 7u << 21;

/// A bucket's words, as one read of each memory shows them.
struct BucketWords {
  KeyWord keys[kWays];
  EntryWord entries[kWays];
};

template <typename Keys, typename Entries>
inline void read_bucket(const Keys& keys, const Entries& entries, std::uint32_t bucket, BucketWords& words) {
#pragma HLS INLINE
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    words.keys[i] = memory_read(keys[i], bucket);
    words.entries[i] = memory_read(entries[i], bucket);
  }
}

/// What the tables themselves say, perhaps late. `valid` ways alone count. The entry is that of the connection, or of
/// the way `peek`.
inline EntryView look_up_entry(const BucketWords& words, std::uint8_t valid, std::uint8_t peek, const Endpoints& ends) {
#pragma HLS INLINE
  const KeyWord key = pack_key(ends);
  EntryView view = EntryView();
  EntryWord word = EntryWord();
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    const bool hit = ((valid >> i) & 1u) != 0 && same_key(words.keys[i], key);
    const bool shown = hit || ((peek >> i) & 1u) != 0;
    view.way = static_cast<std::uint8_t>(view.way | (hit ? 1u << i : 0u));
    view.hit = view.hit || hit;
    for (unsigned k = 0; k < EntryWord::kWords; ++k) {
#pragma HLS UNROLL
      word.word[k] |= shown ? words.entries[i].word[k] : 0;
    }
  }
  view.entry = unpack_entry(word);
  return view;
}

/// What a PEEK is shown, and the key of the way `peek`.
inline Peeked peek_bucket(const BucketWords& words, std::uint8_t valid, std::uint8_t peek) {
#pragma HLS INLINE
  Peeked peeked = Peeked();
  peeked.ways = valid;
  KeyWord word = KeyWord();
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    const EntryRecord entry = unpack_entry(words.entries[i]);
    peeked.armed[i] = entry.armed;
    peeked.rxmits[i] = entry.rxmits;
    for (unsigned k = 0; k < KeyWord::kWords; ++k) {
#pragma HLS UNROLL
      word.word[k] |= ((peek >> i) & 1u) != 0 ? words.keys[i].word[k] : 0;
    }
  }
  Unpacker<1 + 128 + 128 + 16 + 16> unpack(word);
  unpack(peeked.ends.v6, 1u);
  unpack(peeked.ends.faddr, 128u);
  unpack(peeked.ends.laddr, 128u);
  unpack(peeked.ends.fport, 16u);
  unpack(peeked.ends.lport, 16u);
  return peeked;
}

/// The flows of a bucket as the table has them.
template <typename Flows>
inline void look_up_flows(const Flows& flows, std::uint32_t bucket, FlowWay (&ways)[kFlowWays]) {
#pragma HLS INLINE
  for (unsigned i = 0; i < kFlowWays; ++i) {
#pragma HLS UNROLL
    ways[i] = unpack_flow(memory_read(flows[i], bucket));
  }
}

inline FlowView match_flow(const FlowWay (&ways)[kFlowWays], std::uint32_t fingerprint) {
#pragma HLS INLINE
  FlowView view = FlowView();
  for (unsigned i = 0; i < kFlowWays; ++i) {
#pragma HLS UNROLL
    const bool hit = ways[i].state != kFlowFree && ways[i].fingerprint == fingerprint;
    view.hit = view.hit || hit;
    view.way = static_cast<std::uint16_t>(view.way | (hit ? 1u << i : 0u));
    view.state = static_cast<std::uint8_t>(view.state | (hit ? ways[i].state : 0u));
    view.aux = static_cast<std::uint8_t>(view.aux | (hit ? ways[i].aux : 0u));
  }
  return view;
}

inline std::uint16_t used_flows(const FlowWay (&ways)[kFlowWays]) {
#pragma HLS INLINE
  unsigned used = 0;
  for (unsigned i = 0; i < kFlowWays; ++i) {
#pragma HLS UNROLL
    used |= ways[i].state != kFlowFree ? 1u << i : 0u;
  }
  return static_cast<std::uint16_t>(used);
}

/// What a request left behind, for those that come before its writes have landed.
struct Outcome {
  View view;          ///< as it is now
  std::uint8_t lost;  ///< ways whose entries were replaced
};

/// What `view` is once an outcome of an earlier request is known.
inline View merge(const View& view, const Outcome& outcome, bool same, bool equal, bool same_flows,
                  bool equal_fingerprint) {
#pragma HLS INLINE
  View merged = view;
  const bool replaced = same && (outcome.lost & view.mine.way) != 0;
  merged.mine.hit = equal ? outcome.view.mine.hit : view.mine.hit && !replaced;
  merged.mine.way = equal ? outcome.view.mine.way : view.mine.way;
  if (equal) merged.mine.entry = outcome.view.mine.entry;
  if (same) merged.bucket = outcome.view.bucket;
  if (equal_fingerprint) merged.flow = outcome.view.flow;
  if (same_flows) merged.flows = outcome.view.flows;
  return merged;
}

// Each changes a bucket as its namesake of synward/syncache_bucket.hpp does. Places are sets too: a bit for each.

/// The way at `place`, which goes to the front; `upto` are the places before it, and its own.
inline std::uint8_t front_way(BucketView& bucket, std::uint8_t place, std::uint8_t upto) {
#pragma HLS INLINE
  std::uint8_t way = 0;
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    way = static_cast<std::uint8_t>(way | (((place >> i) & 1u) != 0 ? bucket.order[i] : 0u));
  }
  for (unsigned i = kWays - 1; i > 0; --i) {
#pragma HLS UNROLL
    if (((upto >> i) & 1u) != 0) bucket.order[i] = bucket.order[i - 1];
  }
  bucket.order[0] = way;
  bucket.valid = static_cast<std::uint8_t>(bucket.valid | way);
  return way;
}

/// Removes the entry in `way`, which then stands at `last`, the last place that bucketlimit allows; `within` are the
/// places before that.
inline void take_out(BucketView& bucket, std::uint8_t way, std::uint8_t last, std::uint8_t within) {
#pragma HLS INLINE
  BucketView out = bucket;
  unsigned moves = 0;  // the way's own place, and all behind it
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    moves |= (bucket.order[i] & way) != 0 ? 1u << i : 0u;
  }
  moves |= moves << 1;
  moves |= moves << 2;
  moves = (moves | moves << 4) & within;
  for (unsigned i = 0; i + 1 < kWays; ++i) {
#pragma HLS UNROLL
    const std::uint8_t here = bucket.order[i];
    const std::uint8_t next = bucket.order[i + 1];
    out.order[i] = ((moves >> i) & 1u) != 0 ? next : here;
  }
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    out.order[i] = ((last >> i) & 1u) != 0 ? way : out.order[i];
  }
  out.valid = static_cast<std::uint8_t>(bucket.valid & ~way);
  out.filled = static_cast<std::uint8_t>(bucket.filled >> 1);
  bucket = out;
}

}  // namespace synward
