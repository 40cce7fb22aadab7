// SPDX-License-Identifier: BSD-2-Clause
#include "synward/counters.hpp"

#include <fmt/format.h>

#include <numeric>

namespace synward {

std::uint64_t Counters::lost() const {
  return drop(reg::Drop::line_tx_full) + drop(reg::Drop::host_tx_full) + drop(reg::Drop::to_line_full);
}

Counters read_counters(Device& device) {
  device.write32(reg::kSnapshot, 1);
  Counters counters;
  for (std::uint32_t i = 0; i < reg::kCounters; ++i) {
    const std::uint64_t low = device.read32(reg::kCounter + 8 * i);
    const std::uint64_t high = device.read32(reg::kCounter + 8 * i + 4);
    counters.values[i] = high << 32 | low;
  }
  return counters;
}

std::uint64_t acceptable_syns(const Counters& counters) {
  return counters[reg::Counter::answered] + counters.drop(reg::Drop::line_tx_full) +
         counters.drop(reg::Drop::syncache_full);
}

TableState read_table_state(Device& device) {
  const auto status = device.read32(reg::kTableStatus);
  return {.entries = device.read32(reg::kSyncacheCount),
          .flows = device.read32(reg::kFlowCount),
          .paused = (status >> 1 & 1) != 0,
          .backoff = status >> 2 & 7,
          .pause_left_ms = device.read32(reg::kPauseLeft)};
}

std::string broken_conservation(const Counters& counters) {
  using enum reg::Counter;
  const auto all_drops =
      std::accumulate(counters.values.begin() + reg::kFirstDrop, counters.values.end(), std::uint64_t{0});
  const auto to_line_full = counters.drop(reg::Drop::to_line_full);
  const auto host_control = counters.drop(reg::Drop::host_control_frame);
  struct Equation {
    const char* text;
    std::uint64_t left, right;
    std::uint64_t slack = 0;  ///< by which they may differ
  };
  const auto lost = counters.drop(reg::Drop::pairing_lost);
  const std::array<Equation, 5> law{{
      {"line_rx frames = passed + answered + drops", counters[line_rx_frames],
       counters[passed] + counters[answered] + all_drops - to_line_full - host_control},
      {"host_tx frames = passed + marks + mail_sent", counters[host_tx_frames],
       counters[passed] + counters[marks] + counters[mail_sent]},
      {"line_tx frames = answered + retransmitted + challenge_acks + resets_sent + to_line", counters[line_tx_frames],
       counters[answered] + counters[retransmitted] + counters[challenge_acks] + counters[resets_sent] +
           counters[to_line],
       lost},
      {"host_rx frames = to_line + control_frames + mail_received + drop:to_line_full + drop:host_control_frame + "
       "host_bad_fcs",
       counters[host_rx_frames],
       counters[to_line] + counters[control_frames] + counters[mail_received] + to_line_full + host_control +
           counters[host_bad_fcs]},
      {"marks = handed + recvcookie + remarked", counters[marks],
       counters[handed] + counters[recvcookie] + counters[remarked], lost},
  }};
  for (const auto& equation : law) {
    if (equation.left > equation.right + equation.slack || equation.right > equation.left + equation.slack) {
      return fmt::format("{}: {} is not {}", equation.text, equation.left, equation.right);
    }
  }
  return {};
}

}  // namespace synward
