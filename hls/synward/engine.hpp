// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_ack.hpp"
#include "synward/engine_flow.hpp"
#include "synward/engine_rst.hpp"
#include "synward/engine_status.hpp"
#include "synward/engine_step.hpp"
#include "synward/engine_syn.hpp"
#include "synward/engine_timer.hpp"

namespace synward {

/// Largest tables that the hashes have bits for.
constexpr unsigned kMaxLogBuckets = 14;
constexpr unsigned kMaxLogFlows = 16;

/// Both tables: 2^kLogBuckets buckets of the syncache and 2^kLogFlows of the flow table.
template <unsigned kLogBuckets, unsigned kLogFlows>
struct EngineTables {
  static_assert(kLogBuckets <= kMaxLogBuckets && kLogFlows <= kMaxLogFlows, "the hash has no more bits");
  static constexpr unsigned log_buckets = kLogBuckets;
  static constexpr unsigned log_flows = kLogFlows;

  SyncacheBucket syncache[1u << kLogBuckets];
  FlowBucket flows[1u << kLogFlows];
  EngineState state;
};

/// Empties the tables, as a load and a new table_key do. What else the engine keeps stays. `flow_learn`: laps.
template <typename Tables>
inline void engine_clear(Tables& tables, std::uint8_t flow_learn) {
  for (unsigned i = 0; i < (1u << Tables::log_buckets); ++i) bucket_clear(tables.syncache[i]);
  for (unsigned i = 0; i < (1u << Tables::log_flows); ++i) flows_clear(tables.flows[i], flow_learn);
  tables.state.count = 0;
  tables.state.flows = 0;
}

/// As after reset.
template <typename Tables>
inline void engine_reset(Tables& tables) {
  tables.state = EngineState();
  engine_clear(tables, 0);
}

/// The buckets that a request reads and may change.
struct EngineAddress {
  std::uint32_t bucket, flows;
  std::uint32_t fingerprint;
};

/// Where a request looks. The syncache has 2^log_buckets buckets, the flow table 2^log_flows.
inline EngineAddress engine_address(const EngineConfig& config, const RequestRecord& request, unsigned log_buckets,
                                    unsigned log_flows) {
  const std::uint64_t hash = table_hash(config.keys.table_key, request_ends(request));
  EngineAddress address;
  address.bucket = syncache_index(hash, config.hashsize) & ((1u << log_buckets) - 1);
  address.flows = request.op == kOpVisit ? request.seq & ((1u << log_flows) - 1) : flow_index(hash, log_flows);
  address.fingerprint = flow_fingerprint(hash);
  return address;
}

/// Answers one request, whose buckets are at hand, and changes them. What means nothing for the answer is 0.
inline EngineAnswer engine_decide(const EngineConfig& config, const RequestRecord& request, const Room& room,
                                  std::uint32_t fingerprint, SyncacheBucket& bucket, FlowBucket& flows,
                                  EngineState& state) {
  EngineAnswer answer = EngineAnswer();
  answer.verdict.op = request.op;
  const Endpoints ends = request_ends(request);
  const bool ready = config.tables_ready;
  const bool stateless = config.syncookies_only || (config.syncookies && (state.pause.paused || !ready));
  // What a pause bypasses is still there for the timer and for the server.
  const bool always = request.op == kOpTimeout || request.op == kOpServer || request.op == kOpStatus;
  const unsigned stored = ready ? bucket_find(bucket, ends) : kNoWay;
  const bool handed = stored != kNoWay && bucket.way[stored & (kWays - 1)].entry.handed;
  const unsigned way = !stateless || always ? stored : kNoWay;
  const unsigned flow = ready ? flows_find(flows, fingerprint) : kNoFlow;
  EngineStep step = {config, request,     room,      bucket, flows, state, answer,
                     ends,   fingerprint, stateless, handed, way,   flow};
  switch (request.op) {
    case kOpSyn:
    case kOpAck:
    case kOpRst:
    case kOpStray:
      if (flow != kNoFlow) {
        flow_segment(step);
      } else if (request.op == kOpSyn) {
        engine_syn(step);
      } else if (request.op == kOpAck) {
        engine_ack(step);
      } else if (request.op == kOpRst) {
        engine_rst(step);
      } else {
        engine_stray(step);
      }
      break;
    case kOpUnreach:
      engine_unreach(step);
      break;
    case kOpServer:
      flow_server(step);
      break;
    case kOpStatus:
      engine_status(step);
      break;
    case kOpTimeout:
      engine_timeout(step);
      break;
    case kOpTick:
      engine_tick(step);
      break;
    case kOpVisit:
      flow_sweep(step);
      break;
    case kOpNote:
      step_event(step, request.note);
      break;
    default:
      break;
  }
  return answer;
}

/// Answers one request from the tables and changes them.
template <typename Tables>
inline EngineAnswer engine_step(Tables& tables, const EngineConfig& config, const RequestRecord& request,
                                const Room& room) {
  const EngineAddress address = engine_address(config, request, Tables::log_buckets, Tables::log_flows);
  return engine_decide(config, request, room, address.fingerprint, tables.syncache[address.bucket],
                       tables.flows[address.flows], tables.state);
}

}  // namespace synward
