// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_flow.hpp"
#include "synward/engine_step.hpp"
#include "synward/reply.hpp"

namespace synward {

/// A RST of a connection that has an entry. For one that was handed over only the RST that ends it counts, and the
/// server, which may have its socket, hears them all.
inline void rst_entry(EngineStep& step) {
  const RequestRecord& request = step.request;
  EntryRecord& entry = step_entry(step);
  const std::uint32_t next = entry.irs + 1;
  const bool in_window = request.seq - next < request.window;
  if (request.seq == next || (step.config.insecure_rst && in_window)) {
    step_event(step, kEventRstRejected);
    step.answer.counts.reset = true;
    step_remove_entry(step);
    if (!step.handed) step_drop(step, kDropRstHalfOpen);
  } else if (!step.handed) {
    step.answer.counts.badrst = true;
    step_event(step, in_window ? kEventRstChallenge : kEventRstInvalid, request.seq, next, request.window);
    if (in_window) reply_challenge(step, entry);
    // Far from the entry it may be of a living connection of which the card does not know.
    if (in_window || !unknown_passes(step)) step_drop(step, kDropRstInvalid);
  }
}

/// A RST without a flow (FreeBSD syncache_chkrst).
inline void engine_rst(EngineStep& step) {
  if (step.way != kNoWay) {
    rst_entry(step);
    return;
  }
  if (!step.stateless) {
    step.answer.counts.badrst = true;
    step_event(step, kEventRstSpurious);
  }
  if (!unknown_passes(step)) step_drop(step, kDropUnknownRst);
}

}  // namespace synward
