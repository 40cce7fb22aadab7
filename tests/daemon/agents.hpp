// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "synward/control_frame.hpp"

namespace synward {

using Frame = std::vector<std::uint8_t>;
using Frames = std::vector<Frame>;

inline Key channel_key(std::uint8_t byte) {
  Key key;
  std::ranges::fill(key.bytes(), byte);
  return key;
}

inline control::Record address(std::string_view text) {
  return {.address = *parse_address(text), .verdict = control::Verdict::address};
}
inline control::Record listener(std::string_view text, std::uint16_t port,
                                control::Verdict verdict = control::Verdict::protect) {
  return {.address = *parse_address(text),
          .port = port,
          .verdict = verdict,
          .mss4 = 1460,
          .mss6 = 1440,
          .window = 64'240,
          .wscale = 10,
          .timestamps = true,
          .sack = true,
          .window_scaling = true,
          .ecn = true};
}

/// A server's end of the channel, as far as a test wants it right.
struct TestAgent {
  std::uint64_t id = 1, boot = 100, sequence = 0;
  control::Mac mac{2, 0, 0, 0, 0, 7};

  /// The frames of a whole table.
  Frames says(const std::vector<control::Record>& records, std::uint64_t nonce, const Key& key) {
    Frames frames;
    for (auto& page : control::pages_of(records, key, {.agent = id, .boot = boot, .nonce = nonce, .records = {}})) {
      page.sequence = ++sequence;
      frames.push_back(control::to_frame(page, key, control::kMulticast, mac));
    }
    return frames;
  }
};

}  // namespace synward
