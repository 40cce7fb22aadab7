// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "kernels/records.hpp"

namespace synward {

/// What ingest keeps. The tables must be cleared after reset, which the first setting begins: who was reset alone, and
/// does not know its keys, is not ready until it has been told.
struct IngestState {
  bool started;  ///< the first clearing has begun
  bool clearing;
  std::uint32_t clear_at;
  std::uint8_t gap;  ///< bubbles to come
  bool held;         ///< `item` waits for them
  bool begins;       ///< a clearing begins with it
  Item item;
};

/// Requests that must see all of the tables, and whose own changes nobody may see late: they are rare, so that the
/// pipeline empties before and behind them instead of forwarding what they do.
inline bool stands_alone(const RequestRecord& request) {
#pragma HLS INLINE
  return request.op == kOpTimeout || request.op == kOpTick || request.op == kOpVisit;
}

/// Whether the next iteration takes a setting or a question, if there is one.
inline bool ingest_takes(const IngestState& state) {
#pragma HLS INLINE
  return state.gap == 0 && !state.held;
}

/// One iteration that took `taken`, or has nothing new: whether an item goes on, and which.
/// `kClearSteps` buckets are cleared.
template <std::uint32_t kClearSteps>
inline bool ingest_step(IngestState& state, const Item& taken, Item& out) {
#pragma HLS INLINE
  bool any = true;
  bool begins = false;
  const Item bubble = Item();
  out = bubble;
  if (state.gap != 0) {
    --state.gap;
  } else if (state.held) {
    state.held = false;
    begins = state.begins;
    out = state.item;
    state.gap = kDistance;
  } else if (taken.kind == Kind::setting || (taken.kind == Kind::request && stands_alone(taken.question.request))) {
    state.item = taken;
    state.begins = taken.kind == Kind::setting && (taken.load || !state.started);
    state.held = true;
    state.gap = kDistance - 1;
  } else {
    out = taken;
    any = taken.kind == Kind::request;
  }
  if (begins) {
    state.started = true;
    state.clearing = true;
    state.clear_at = 0;
  }
  out.ready = state.started && !state.clearing;
  out.clear = state.clearing;
  out.clear_at = state.clear_at;
  any = any || state.clearing;
  if (state.clearing && ++state.clear_at == kClearSteps) {
    state.clearing = false;
    state.gap = kDistance;
  }
  return any;
}

}  // namespace synward
