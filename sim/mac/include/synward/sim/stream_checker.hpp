// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "synward/sim/stream.hpp"

namespace synward::sim {

/// Watches an AXI4-Stream that goes to a CMAC. The rules: a beat stays as it is until tready takes it (AMBA IHI 0051,
/// 2.2.1); tkeep starts at byte 0 without holes and is full but for the last beat; and, what a CMAC demands beyond
/// AXI4-Stream (PG203, else the frame underflows), tvalid does not fall inside a frame.
class StreamChecker {
 public:
  /// One clock, as a rising edge finds it.
  void observe(const StreamBeat& beat, bool ready);
  void reset() { *this = {}; }
  /// The CMAC is reset: what was promised to it is forgotten.
  void forget() { stalled_ = inside_ = false; }

  /// The first rules that were broken, at most 10, with their times; empty if none.
  const std::vector<std::string>& violations() const { return violations_; }
  void fail(const std::string& what);

 private:
  StreamBeat held_;
  bool stalled_ = false;  ///< `held_` was not taken
  bool inside_ = false;   ///< a frame has begun and not ended
  std::vector<std::string> violations_;
};

}  // namespace synward::sim
