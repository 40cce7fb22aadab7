// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "synward/sim/random.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// Option bytes of a segment: at most 40, written one option at a time.
class OptionBytes {
 public:
  void add(std::initializer_list<unsigned> bytes) {
    for (const auto byte : bytes) {
      bytes_[size_++] = static_cast<std::uint8_t>(byte);
    }
  }
  void add_mss(unsigned mss) { add({2, 4, mss >> 8 & 0xff, mss & 0xff}); }
  void add_timestamps(std::uint32_t value, std::uint32_t echo) {
    add({8, 10});
    for (const auto word : {value, echo}) {
      add({word >> 24, word >> 16 & 0xff, word >> 8 & 0xff, word & 0xff});
    }
  }
  /// Ends the list and fills it up to a multiple of 4.
  Bytes padded() {
    while (size_ % 4 != 0) {
      bytes_[size_++] = 0;
    }
    return {bytes_.data(), size_};
  }
  Bytes bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<std::uint8_t, 40> bytes_{};
  std::size_t size_ = 0;
};

/// Writes the options of a SYN in a certain style. `mss` is what the link allows.
inline void write_syn_options(OptionStyle style, std::uint16_t mss, std::uint32_t tsval, Random& random,
                              OptionBytes& out) {
  switch (style) {
    case OptionStyle::none:
      break;
    case OptionStyle::mss:
      out.add_mss(mss);
      break;
    case OptionStyle::linux_like:
      out.add_mss(mss);
      out.add({4, 2});
      out.add_timestamps(tsval, 0);
      out.add({1, 3, 3, 7});
      break;
    case OptionStyle::windows_like:
      out.add_mss(mss);
      out.add({1, 3, 3, 8, 1, 1, 4, 2});
      break;
    case OptionStyle::random: {
      // Each option at most once, any subset, values at random, NOPs in between.
      const auto chosen = random.below(16);
      const auto pad = [&] {
        if (random.coin()) {
          out.add({1});
        }
      };
      if ((chosen & 1) != 0) {
        out.add_mss(random.below(0x10000));
        pad();
      }
      if ((chosen & 2) != 0) {
        out.add({3, 3, random.below(16)});
        pad();
      }
      if ((chosen & 4) != 0) {
        out.add({4, 2});
        pad();
      }
      if ((chosen & 8) != 0) {
        out.add_timestamps(tsval, 0);
        pad();
      }
      break;
    }
  }
}

}  // namespace synward::sim
