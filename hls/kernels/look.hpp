// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "kernels/hashes.hpp"
#include "kernels/records.hpp"

namespace synward {

/// What a request is compared with: where those before it looked.
struct Seen {
  bool tables;  ///< it may have changed them
  Endpoints ends;
  std::uint32_t bucket, flow_bucket, fingerprint;
};

struct LookState {
  EngineConfig config;
  Seen seen[kDistance];  ///< the last one first
};

/// The cookie hash: of a SYN's new ISS, or of the cookie that an ACK brings.
inline void look_cookie(const EngineConfig& config, const RequestRecord& request, Looked& looked) {
#pragma HLS INLINE
  const bool fresh = request.op == kOpSyn;
  const std::uint32_t iss = request.ack - 1;
  const std::uint8_t byte =
      fresh ? cookie_encode(request.mss, request.ws_ok, request.ws, request.sack_ok, config.keys.parity)
            : cookie_byte_of(iss);
  const bool parity = fresh ? config.keys.parity : (byte & kCookieParity) != 0;
  const SipKey key = parity ? config.keys.cookie[1] : config.keys.cookie[0];
  const std::uint32_t irs = fresh ? request.seq : request.seq - 1;
  const std::uint32_t mac = kernel_cookie_mac(key, request_ends(request), irs, byte);
  const bool cookies = cookies_on(config);
  looked.iss = cookies ? cookie_of_mac(mac, byte) : mac + (request.time_ms << 8);
  looked.cookie_ok = (iss >> 8) == (mac >> 8);
  looked.cookie_byte = byte;
}

/// Compares with the requests before, and becomes one of them.
inline void look_back(LookState& state, const Seen& now, Looked& looked) {
#pragma HLS INLINE
  for (unsigned i = 0; i < kDistance; ++i) {
#pragma HLS UNROLL
    const Seen& before = state.seen[i];
    const bool both = now.tables && before.tables;
    const bool flows = both && before.flow_bucket == now.flow_bucket;
    looked.same[i] = both && before.bucket == now.bucket;
    looked.equal[i] = both && same_ends(before.ends, now.ends);
    looked.same_flows[i] = flows;
    looked.equal_fingerprint[i] = flows && before.fingerprint == now.fingerprint;
  }
  for (unsigned i = kDistance - 1; i > 0; --i) {
#pragma HLS UNROLL
    state.seen[i] = state.seen[i - 1];
  }
  state.seen[0] = now;
}

/// One item: hashes, and which of the requests before it met the same buckets. Without `kFlows` there is no flow table.
template <unsigned kLogBuckets, unsigned kLogFlows, bool kFlows>
inline Looked look_step(LookState& state, const Item& item) {
#pragma HLS INLINE
  const RequestRecord& request = item.question.request;
  const EngineConfig& config = state.config;
  Looked looked = Looked();
  looked.item = item;
  const std::uint64_t hash = kernel_table_hash(config.keys.table_key, request_ends(request));
  const bool visit = request.op == kOpVisit;
  const bool peek = request.op == kOpPeek;
  looked.bucket = (peek ? request.seq : syncache_index(hash, config.hashsize)) & ((1u << kLogBuckets) - 1);
  looked.flow_bucket = visit ? request.seq & ((1u << kLogFlows) - 1) : flow_index(hash, kLogFlows);
  looked.fingerprint = flow_fingerprint(hash);
  look_cookie(config, request, looked);
  looked.tsoff = kernel_timestamp_offset(config.keys.ts_secret, request_ends(request), config.ts_offset_per_conn);
  // A PEEK changes nothing, and sees what the memories show: whoever changes an entry meanwhile arms it.
  const bool tables = item.kind == Kind::request && item.ready && !peek;
  look_back(state, Seen{tables, request_ends(request), looked.bucket, looked.flow_bucket, looked.fingerprint}, looked);
  if (!kFlows) {
    for (unsigned i = 0; i < kDistance; ++i) {
#pragma HLS UNROLL
      looked.same_flows[i] = looked.equal_fingerprint[i] = false;
    }
  }
  return looked;
}

}  // namespace synward
