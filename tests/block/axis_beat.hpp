// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "block/bench.hpp"

namespace synward::test {

using AxisPort = VlWide<19>;  ///< synward_beat_t

/// A beat of an AXI4-Stream.
struct AxisBeat {
  bool valid = false, error = false, last = false;
  std::uint64_t keep = ~std::uint64_t{0};
  Bytes data = Bytes(64);
};

inline void set_axis_beat(AxisPort& port, const AxisBeat& beat) {
  set_bytes(port, 0, beat.data);
  set_bits(port, 512, 64, beat.keep);
  set_bits(port, 576, 1, beat.last);
  set_bits(port, 577, 1, beat.error);
  set_bits(port, 578, 1, beat.valid);
}
inline AxisBeat get_axis_beat(const AxisPort& port) {
  AxisBeat beat;
  beat.valid = get_bits(port, 578, 1) != 0;
  beat.error = get_bits(port, 577, 1) != 0;
  beat.last = get_bits(port, 576, 1) != 0;
  beat.keep = get_bits(port, 512, 64);
  beat.data = get_bytes(port, 0, 64);
  return beat;
}

}  // namespace synward::test
