// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace synward {

/// Time for which the gate stays open: 15 s, in whole seconds, ms.
constexpr std::uint32_t kGateTime = 16000;

/// Whether an ACK without an entry may be a cookie of ours: open while the last reason to send one is recent
/// (FreeBSD sch_last_overflow, here one for all buckets).
struct GateState {
  bool open;
  std::uint32_t stamp;  ///< the last reason, ms
};

inline void gate_stamp(GateState& gate, std::uint32_t now) { gate = GateState{true, now}; }

inline void gate_tick(GateState& gate, std::uint32_t now) {
  const std::uint32_t age = now - gate.stamp;
  // A stamp ahead of the clock, which stepped back, keeps it open: what was sent then is still on its way.
  if (age >= kGateTime && age >> 31 == 0) gate.open = false;
}

}  // namespace synward
