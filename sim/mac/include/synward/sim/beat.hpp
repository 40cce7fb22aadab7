// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace synward::sim {

inline constexpr std::size_t kBeat = 64;  ///< bytes of a beat: 512 bits

/// What an AXI4-Stream of 512 bits shows in one clock, but for tready, which runs the other way.
struct StreamBeat {
  bool valid = false;
  bool last = false;
  bool error = false;                      ///< with the last beat: the FCS is wrong (from a MAC), or shall be (to one)
  std::uint64_t keep = 0;                  ///< bit n: byte n counts
  std::array<std::uint8_t, kBeat> data{};  ///< byte n on tdata[8n+7:8n]

  bool operator==(const StreamBeat& other) const {
    return valid == other.valid && last == other.last && error == other.error && keep == other.keep &&
           data == other.data;
  }
};

}  // namespace synward::sim
