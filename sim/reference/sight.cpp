// SPDX-License-Identifier: BSD-2-Clause
#include "reference/sight.hpp"

#include <algorithm>

namespace synward::reference {

namespace {

void look_through(const EngineConfig& config, const RequestRecord& request, const SyncacheBucket& bucket,
                  SightRecord& sight) {
  std::uint32_t least = 0xffff;
  for (unsigned way = 0; way < kWays; ++way) {
    if (!way_valid(bucket, way)) continue;
    const EntryRecord& entry = bucket.way[way].entry;
    sight.any = true;
    if (entry_due(config.rexmit, entry, request.time_ms)) {
      if (!sight.found) sight.way = static_cast<std::uint8_t>(way);
      sight.found = true;
    } else {
      const std::uint32_t due = entry.armed + entry_interval(config.rexmit, entry);
      least = std::min(least, (due - request.time_ms) & kArmedMask);
    }
  }
  if (sight.any) sight.due = (request.time_ms + (sight.found ? 0 : least)) & kArmedMask;
}

void show_way(const RequestRecord& request, const SyncacheBucket& bucket, SightRecord& sight) {
  sight.ways = bucket.valid;
  for (unsigned way = 0; way < kWays; ++way) {
    // What a way without an entry holds is junk.
    if ((request.ack >> way & 1U) == 0 || !way_valid(bucket, way)) continue;
    sight.listing = listing_of(bucket.way[way]);
    sight.tags = bucket.way[way].entry.tags;
    sight.tag1 = bucket.way[way].entry.tag1;
    sight.tag2 = bucket.way[way].entry.tag2;
  }
}

}  // namespace

ListingRecord listing_of(const SyncacheWay& way) {
  const EntryRecord& entry = way.entry;
  return {.v6 = way.ends.v6,
          .faddr = way.ends.faddr,
          .laddr = way.ends.laddr,
          .fport = way.ends.fport,
          .lport = way.ends.lport,
          .mss = entry.mss,
          .ws = entry.ws,
          .ws_ok = entry.ws_ok,
          .sack_ok = entry.sack_ok,
          .ts_ok = entry.ts_ok,
          .ecn_ok = entry.ecn_ok,
          .unreach = entry.unreach,
          .rxmits = entry.rxmits,
          .armed = entry.armed,
          .service = entry.service,
          .handed = entry.handed};
}

SightRecord sight_of(const EngineConfig& config, const RequestRecord& request, const EngineAnswer& answer,
                     std::uint32_t index, const SyncacheBucket& bucket, const EngineState& state) {
  SightRecord sight{};
  sight.state = {.ready = config.tables_ready,
                 .paused = state.pause.paused,
                 .backoff = state.pause.backoff,
                 .pause_until = state.pause.until,
                 .count = state.count,
                 .flows = state.flows};
  if (request.op == kOpPeek) {
    sight.peek = true;
    sight.kind = request.flags & 0xf;
    sight.bucket = static_cast<std::uint16_t>(index);
    if (!config.tables_ready) return sight;
    if (sight.kind == kPeekWalk) look_through(config, request, bucket, sight);
    if ((sight.kind & (kPeekFetch | kPeekList)) != 0) show_way(request, bucket, sight);
  } else if (answer.verdict.send == kSendSynAck && !answer.counts.stateless) {
    const EntryRecord& entry = bucket.way[bucket_find(bucket, request_ends(request))].entry;
    sight.armed = true;
    sight.bucket = static_cast<std::uint16_t>(index);
    sight.due = (entry.armed + entry_interval(config.rexmit, entry)) & kArmedMask;
  }
  return sight;
}

}  // namespace synward::reference
