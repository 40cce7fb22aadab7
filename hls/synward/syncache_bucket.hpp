// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/cookie.hpp"
#include "synward/records.hpp"

namespace synward {

/// Entries that a bucket can hold. net.inet.tcp.syncache.bucketlimit may allow fewer.
constexpr unsigned kWays = 8;
/// No such way: the entry was not found.
constexpr unsigned kNoWay = 0xff;

/// A half-open connection with its key.
struct SyncacheWay {
  Endpoints ends;
  EntryRecord entry;
};

/// A bucket of the syncache.
struct SyncacheBucket {
  SyncacheWay way[kWays];
  std::uint8_t valid;         ///< bit n: way n holds an entry
  std::uint8_t order[kWays];  ///< a permutation of the ways: entries, newest first, then free ways
};

inline bool same_address(const Wide128& a, const Wide128& b) { return a.hi == b.hi && a.lo == b.lo; }

inline bool same_ends(const Endpoints& a, const Endpoints& b) {
  return a.v6 == b.v6 && a.fport == b.fport && a.lport == b.lport && same_address(a.faddr, b.faddr) &&
         same_address(a.laddr, b.laddr);
}

inline bool way_valid(const SyncacheBucket& bucket, unsigned way) { return ((bucket.valid >> way) & 1u) != 0; }

/// Empties a bucket, as a load does.
inline void bucket_clear(SyncacheBucket& bucket) {
  bucket.valid = 0;
  for (unsigned i = 0; i < kWays; ++i) bucket.order[i] = static_cast<std::uint8_t>(i);
}

/// Entries in the bucket, 0..8.
inline unsigned bucket_entries(const SyncacheBucket& bucket) {
  unsigned entries = 0;
  for (unsigned i = 0; i < kWays; ++i) entries += way_valid(bucket, i) ? 1u : 0u;
  return entries;
}

/// The way that holds the connection, or kNoWay.
inline unsigned bucket_find(const SyncacheBucket& bucket, const Endpoints& ends) {
  unsigned found = kNoWay;
  for (unsigned i = 0; i < kWays; ++i) {
    if (way_valid(bucket, i) && same_ends(bucket.way[i].ends, ends)) found = i;
  }
  return found;
}

/// Moves what stands at place `from` of the order to the front.
inline void order_to_front(SyncacheBucket& bucket, unsigned from) {
  const std::uint8_t way = bucket.order[from & (kWays - 1)];
  for (unsigned i = kWays - 1; i > 0; --i) {
    if (i <= from) bucket.order[i] = bucket.order[i - 1];
  }
  bucket.order[0] = way;
}

/// Makes room at the front of the order and says which way it is: the one at place `place`, whose entry, if it holds
/// one, is lost. `bucketlimit` - 1 takes a free way, or the oldest entry's where there is none;
/// bucket_entries() - 1 the oldest entry's.
inline unsigned bucket_take(SyncacheBucket& bucket, unsigned place) {
  order_to_front(bucket, place);
  const unsigned way = bucket.order[0];
  bucket.valid = static_cast<std::uint8_t>(bucket.valid | 1u << way);
  return way;
}

/// Removes the entry in `way`, which then stands last among the first `bucketlimit` places.
inline void bucket_remove(SyncacheBucket& bucket, unsigned way, unsigned bucketlimit) {
  bool behind = false;
  for (unsigned i = 0; i < kWays; ++i) {
    behind = behind || bucket.order[i] == way;
    if (behind && i + 1 < bucketlimit) bucket.order[i] = bucket.order[(i + 1) & (kWays - 1)];
  }
  bucket.order[(bucketlimit - 1) & (kWays - 1)] = static_cast<std::uint8_t>(way);
  bucket.valid = static_cast<std::uint8_t>(bucket.valid & ~(1u << way));
}

/// Removes all entries and leaves the order; how many there were, 0..8.
inline unsigned bucket_flush(SyncacheBucket& bucket) {
  const unsigned entries = bucket_entries(bucket);
  bucket.valid = 0;
  return entries;
}

}  // namespace synward
