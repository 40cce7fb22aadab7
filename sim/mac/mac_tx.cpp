// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/mac_tx.hpp"

#include <algorithm>
#include <utility>

#include "synward/sim/wire.hpp"

namespace synward::sim {

MacTx::MacTx(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(MacTx);
  SC_METHOD(on_clock);
  sensitive << clk.pos();
  dont_initialize();
}

void MacTx::reset() {
  checker_.reset();
  coming_ = {};
  frames_.clear();
  sending_ = false;
  wire_free_ps_ = paused_until_ps_ = 0;
  fifo_beats_ = most_beats_ = 0;
  stalled_clocks_ = 0;
}

void MacTx::lose_frame() {
  fifo_beats_ -= coming_.beats;
  coming_ = {};
  checker_.forget();
}

void MacTx::on_clock() {
  const StreamBeat& beat = stream.read();
  const bool taken = ready.read();
  checker_.observe(beat, taken);
  if (beat.valid && taken) take(beat);
  if (beat.valid && !taken) ++stalled_clocks_;
  send();
  if (fifo_beats_ == kFifoBeats && frames_.empty()) checker_.fail("a frame does not fit the transmit FIFO");
  ready.write(fifo_beats_ < kFifoBeats);
}

void MacTx::take(const StreamBeat& beat) {
  for (std::size_t i = 0; i < kBeat; ++i)
    if ((beat.keep >> i & 1) != 0) coming_.bytes.push_back(beat.data[i]);
  ++coming_.beats;
  most_beats_ = std::max(most_beats_, ++fifo_beats_);
  if (!beat.last) return;
  coming_.whole_ps = now_ps();
  coming_.damaged = beat.error;
  if (coming_.bytes.size() < kMinFrame) coming_.bytes.resize(kMinFrame);
  frames_.push_back(std::exchange(coming_, {}));
}

bool MacTx::start_next() {
  if (frames_.empty()) return false;
  start_ps_ = std::max({frames_.front().whole_ps, wire_free_ps_, paused_until_ps_});
  sending_ = start_ps_ <= now_ps();
  serialised_ = 0;
  return sending_;
}

/// Brings the wire up to the present.
void MacTx::send() {
  const std::uint64_t now = now_ps();
  while (sending_ || start_next()) {
    const Frame& frame = frames_.front();
    for (; serialised_ < frame.beats && start_ps_ + wire_until(serialised_ * kBeat) <= now; ++serialised_)
      --fifo_beats_;
    const std::uint64_t end = start_ps_ + wire_time(frame.bytes.size());
    if (end > now) return;
    wire_free_ps_ = start_ps_ + wire_slot(frame.bytes.size());
    if (observer_) observer_({frame.bytes, start_ps_, end, frame.damaged});
    frames_.pop_front();
    sending_ = false;
  }
}

}  // namespace synward::sim
