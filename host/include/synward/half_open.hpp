// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "synward/address.hpp"
#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// A half-open connection: one entry of the card's syncache.
struct HalfOpen {
  IpAddress foreign, local;
  std::uint16_t fport = 0, lport = 0;
  std::uint8_t service = 0;     ///< entry of the service table that it belongs to
  std::uint16_t mss = 0;        ///< the client's MSS option, bytes; 0: none
  bool window_scale = false;    ///< in use, as the next three
  std::uint8_t snd_wscale = 0;  ///< SND.WSCALE, the client's shift, 0..14
  bool sack = false, timestamps = false, ecn = false;
  bool unreach = false;             ///< an ICMP error came for it (SCF_UNREACH)
  std::uint8_t rxmits = 1;          ///< SYN-ACKs sent in the timer's count, 1..13
  std::uint32_t since_last_ms = 0;  ///< ms since the last of them

  auto operator<=>(const HalfOpen&) const = default;  // NOLINT(modernize-use-nullptr): there is no pointer here
};

enum class ListFrom : std::uint8_t { start, last };

/// Walks through the card's syncache, from its start or on from the entry that the card showed last: at most `most`
/// entries, fewer at its end. What comes or goes meanwhile may or may not be seen.
/// Error: the card does not find an entry in time.
Expected<std::vector<HalfOpen>> read_half_open(Device& device, std::size_t most, ListFrom from = ListFrom::start);

}  // namespace synward
