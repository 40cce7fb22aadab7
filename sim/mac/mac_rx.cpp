// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/mac_rx.hpp"

#include <algorithm>
#include <utility>

#include "synward/sim/mac_clock.hpp"
#include "synward/sim/wire.hpp"

namespace synward::sim {

namespace {

/// The CMAC kernel's clock crossing holds 512 beats, and loses beats of whoever falls further behind.
constexpr std::uint64_t kFifoBeats = 512;

}  // namespace

MacRx::MacRx(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(MacRx);
  SC_METHOD(on_clock);
  sensitive << clk.pos();
  dont_initialize();
}

void MacRx::reset(const Settings& settings) {
  settings_ = settings;
  random_.seed(settings.seed);
  queue_.clear();
  handed_ = 0;
  wire_free_ps_ = 0;
}

void MacRx::offer(std::vector<std::uint8_t> frame, std::uint64_t ps) {
  const std::uint64_t start = std::max({ps, wire_free_ps_, now_ps()});
  wire_free_ps_ = start + wire_slot(frame.size());
  queue_.push_back({std::move(frame), start, false});
}

void MacRx::begin(Waiting& frame) {
  frame.damaged = chance(settings_.bad_fcs_percent);
  if (frame.damaged) {
    const std::uint64_t bit = random_() % (8 * frame.bytes.size());
    frame.bytes[bit / 8] = static_cast<std::uint8_t>(frame.bytes[bit / 8] ^ 1u << bit % 8);
  }
  if (observer_)
    observer_({frame.bytes, frame.start_ps, frame.start_ps + wire_time(frame.bytes.size()), now_ps(), frame.damaged});
}

void MacRx::on_clock() {
  StreamBeat beat;
  if (!queue_.empty()) {
    Waiting& frame = queue_.front();
    const std::size_t size = std::min(kBeat, frame.bytes.size() - handed_);
    const bool last = handed_ + size == frame.bytes.size();
    const std::uint64_t there = frame.start_ps + (last ? wire_time(frame.bytes.size()) : wire_until(handed_ + size));
    const std::uint64_t now = now_ps();
    if (now >= there + MacClock::edge_ps(kFifoBeats)) SC_REPORT_ERROR("MacRx", "the receive FIFO has overflowed");
    if (now >= there && !(handed_ > 0 && chance(settings_.gap_percent))) {
      if (handed_ == 0) begin(frame);
      std::copy_n(frame.bytes.begin() + static_cast<std::ptrdiff_t>(handed_), size, beat.data.begin());
      beat.keep = ~std::uint64_t{0} >> (kBeat - size);
      beat.valid = true;
      beat.last = last;
      beat.error = last && frame.damaged;
      handed_ += size;
      if (last) {
        queue_.pop_front();
        handed_ = 0;
      }
    }
  }
  stream.write(beat);
}

}  // namespace synward::sim
