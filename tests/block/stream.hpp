// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <verilated.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "block/axis_beat.hpp"
#include "block/bench.hpp"
#include "block/rtl_records.hpp"

namespace synward::test {

inline constexpr std::size_t kBeat = 64;  ///< bytes
inline std::size_t beats_of(std::size_t bytes) { return (bytes + kBeat - 1) / kBeat; }

// synward_inner_beat_t: its data, then these.
inline constexpr unsigned kTopAt = 512, kLastAt = 518;
inline bool is_last_beat(const VlWide<17>& port) { return get_bits(port, kLastAt, 1) != 0; }
inline Bytes bytes_of_beat(const VlWide<17>& port) { return get_bytes(port, 0, get_bits(port, kTopAt, 6) + 1); }

/// Sets an inner beat of a frame; true if it is the last.
inline bool set_beat(VlWide<17>& port, const Bytes& frame, std::size_t beat) {
  const std::size_t at = beat * kBeat;
  const bool last = at + kBeat >= frame.size();
  const std::size_t bytes = last ? frame.size() - at : kBeat;
  port = {};
  set_bytes(port, 0, ByteView(frame).subspan(at, bytes));
  set_bits(port, kTopAt, 6, bytes - 1);
  set_bits(port, kLastAt, 1, last);
  return last;
}

/// A source of beats that gaps may interrupt; the port is set anyway, to what does not count.
class BeatSource {
 public:
  bool busy() const { return !frame_.empty(); }
  void start(Bytes frame) {
    frame_ = std::move(frame);
    beat_ = 0;
  }
  bool next_is_last() const { return (beat_ + 1) * kBeat >= frame_.size(); }
  const Bytes& frame() const { return frame_; }
  /// Puts the next beat on the port; true if it was the last.
  bool drive(VlWide<17>& port) { return set_beat(port, frame_, beat_++); }
  void end() { frame_.clear(); }

 private:
  Bytes frame_;
  std::size_t beat_ = 0;
};

/// An AXI4-Stream output: puts frames together and holds the counters' signals against what moved.
template <typename Model>
class PortWatch {
 public:
  /// Looks at one clock, after settle(). True if a frame ended, which is then in frame().
  bool look(Model& model) {
    const AxisBeat beat = get_axis_beat(model.tx_o);
    const auto said = unpack<MovedRecord>(model.moved_o);
    if (said.moved != moved_ || (moved_ && (said.bytes != bytes_ || said.last != last_))) faults_ += "port counters; ";
    moved_ = beat.valid && model.tx_ready_i != 0;
    if (stalled_ && (!beat.valid || stalled_data_ != beat.data)) faults_ += "changed while stalled; ";
    if (beat.valid && beat.error) faults_ += "an error without a reset; ";
    stalled_ = beat.valid && model.tx_ready_i == 0;
    if (stalled_) stalled_data_ = beat.data;
    if (!moved_) return false;
    ++beats_;
    if (ended_) frame_.clear();
    bytes_ = 64 - static_cast<unsigned>(__builtin_clzll(beat.keep | 1));
    if (beat.keep != ~0ULL >> (64 - bytes_)) faults_ += "tkeep is not contiguous; ";
    last_ = beat.last;
    if (!last_ && bytes_ != kBeat) faults_ += "short beat inside a frame; ";
    append(frame_, ByteView(beat.data).first(bytes_));
    ended_ = last_;
    return last_;
  }
  const Bytes& frame() const { return frame_; }
  std::size_t beats() const { return beats_; }
  const std::string& faults() const { return faults_; }

 private:
  Bytes frame_, stalled_data_;
  bool ended_ = false, moved_ = false, last_ = false, stalled_ = false;
  unsigned bytes_ = 0;
  std::size_t beats_ = 0;
  std::string faults_;
};

}  // namespace synward::test
