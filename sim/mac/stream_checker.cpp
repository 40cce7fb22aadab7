// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/stream_checker.hpp"

namespace synward::sim {

void StreamChecker::observe(const StreamBeat& beat, bool ready) {
  if (stalled_ && !(beat == held_)) fail("a beat changed before tready took it");
  if (inside_ && !beat.valid) fail("tvalid fell inside a frame");
  if (beat.valid) {
    const bool full = beat.keep == ~std::uint64_t{0};
    const bool without_holes = (beat.keep & (beat.keep + 1)) == 0 && beat.keep != 0;
    if (!(full || (beat.last && without_holes))) fail("tkeep has holes");
    if (beat.error && !beat.last) fail("an error before the last beat");
    if (ready) inside_ = !beat.last;
  }
  stalled_ = beat.valid && !ready;
  if (stalled_) held_ = beat;
}

void StreamChecker::fail(const std::string& what) {
  constexpr std::size_t kKept = 10;
  if (violations_.size() < kKept) violations_.push_back(what + " at " + sc_core::sc_time_stamp().to_string());
}

}  // namespace synward::sim
