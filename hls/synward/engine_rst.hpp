// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_flow.hpp"
#include "synward/engine_step.hpp"
#include "synward/reply.hpp"

namespace synward {

/// A RST of a connection that has an entry.
inline void rst_entry(EngineStep& step) {
  const RequestRecord& request = step.request;
  EntryRecord& entry = step_entry(step);
  const std::uint32_t next = entry.irs + 1;
  const bool in_window = request.seq - next < request.window;
  if (request.seq == next || (step.config.insecure_rst && in_window)) {
    step_event(step, kEventRstRejected);
    step.answer.counts.reset = true;
    step_remove_entry(step);
    step_drop(step, kDropRstHalfOpen);
    return;
  }
  step.answer.counts.badrst = true;
  step_event(step, in_window ? kEventRstChallenge : kEventRstInvalid, request.seq, next, request.window);
  if (in_window) reply_challenge(step, entry);
  step_drop(step, kDropRstInvalid);
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
  if (!flow_fails_open(step)) step_drop(step, kDropUnknownRst);
}

}  // namespace synward
