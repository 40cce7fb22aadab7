// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "block/axis_beat.hpp"

namespace synward::test {

inline void set_u32(Bytes& bytes, std::uint32_t first, std::uint32_t second) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[i] = static_cast<std::uint8_t>(first >> (8 * i));
    bytes[4 + i] = static_cast<std::uint8_t>(second >> (8 * i));
  }
}

/// A frame by its beats' first bytes: number of the frame, number of the beat.
struct NumberedFrame {
  std::uint32_t number = 0;
  unsigned beats = 1;
};
inline AxisBeat beat_of(const NumberedFrame& frame, unsigned beat) {
  AxisBeat made;
  made.valid = true;
  made.last = beat + 1 == frame.beats;
  set_u32(made.data, frame.number, beat);
  return made;
}

/// Puts the frames of a stream together, and says what is wrong with it.
class FrameReader {
 public:
  /// A beat that moved.
  void take(const AxisBeat& beat) {
    const std::uint32_t number = first_u32(beat.data, 0);
    const std::uint32_t index = first_u32(beat.data, 4);
    if (index != beats_ || (beats_ != 0 && number != number_)) torn_ = true;
    number_ = number;
    ++beats_;
    if (!beat.last) return;
    frames_.push_back({number_, beats_});
    errors_.push_back(beat.error);
    beats_ = 0;
  }
  bool inside() const { return beats_ != 0; }
  bool torn() const { return torn_; }
  const std::vector<NumberedFrame>& frames() const { return frames_; }
  const std::vector<bool>& errors() const { return errors_; }

 private:
  static std::uint32_t first_u32(ByteView bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{bytes[at + i]} << (8 * i);
    return value;
  }

  std::uint32_t number_ = 0;
  unsigned beats_ = 0;
  bool torn_ = false;
  std::vector<NumberedFrame> frames_;
  std::vector<bool> errors_;
};

}  // namespace synward::test
