// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <type_traits>

#include "synward/engine.hpp"

namespace synward::sim {

// Records on the ports of the engine's socket, for an engine in C++.

template <typename Port>
std::uint64_t get_bits(const Port& port, unsigned at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) {
    value |= static_cast<std::uint64_t>(port[(at + i) / 32] >> ((at + i) % 32) & 1U) << i;
  }
  return value;
}

template <typename Port>
void set_bits(Port& port, unsigned at, unsigned width, std::uint64_t value) {
  for (unsigned i = 0; i < width; ++i) {
    const std::uint32_t bit = 1U << ((at + i) % 32);
    auto& word = port[(at + i) / 32];
    word = (value >> i & 1U) != 0 ? word | bit : word & ~bit;
  }
}

/// A record as it lies on a port from bit `base` on: its first field is the most significant.
template <typename Record, typename Port>
Record read_record(const Port& port, unsigned base = 0) {
  Record record{};
  unsigned at = base + Record::kWidth;
  record.each([&](auto& field, unsigned width) {
    at -= width;
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, Wide128>) {
      field = {get_bits(port, at + 64, 64), get_bits(port, at, 64)};
    } else {
      field = static_cast<std::remove_reference_t<decltype(field)>>(get_bits(port, at, width));
    }
  });
  return record;
}

template <typename Record, typename Port>
void write_record(Record record, Port& port, unsigned base = 0) {
  unsigned at = base + Record::kWidth;
  record.each([&](auto& field, unsigned width) {
    at -= width;
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, Wide128>) {
      set_bits(port, at + 64, 64, field.hi);
      set_bits(port, at, 64, field.lo);
    } else {
      set_bits(port, at, width, field);
    }
  });
}

inline SipKey key_of(const Wide128& wide) { return {wide.lo, wide.hi}; }

inline EngineConfig config_of(const SettingsRecord& s) {
  EngineConfig config{};
  config.keys = {{key_of(s.cookie_key0), key_of(s.cookie_key1)},
                 s.parity,
                 key_of(s.ts_key),
                 key_of(s.mark_key),
                 key_of(s.table_key)};
  config.tables_ready = true;
  config.syncookies = s.syncookies;
  config.syncookies_only = s.syncookies_only;
  config.ts_offset_per_conn = s.ts_offset_per_conn;
  config.tolerate_missing_ts = s.tolerate_missing_ts;
  config.insecure_rst = s.insecure_rst;
  config.hashsize = s.hash_mask + 1U;
  config.bucketlimit = s.bucketlimit;
  config.cachelimit = s.cachelimit;
  config.rexmtlimit = s.rexmtlimit;
  config.rexmit = {s.rexmit_initial, s.rexmit_min, s.rexmit_slop, s.rexmit_max};
  config.ecn_maxretries = s.ecn_maxretries;
  config.ack_war_cnt = s.ack_war_cnt;
  config.ack_war_timewindow = s.ack_war_timewindow;
  config.blackhole = s.no_rst ? kBlackholeAll : std::uint8_t{0};
  config.icmplim = s.icmplim;
  config.unknown_ack = s.unknown_ack;
  config.flow_idle = s.flow_idle;
  config.flow_learn = s.flow_learn;
  config.rst_on_sock_fail = s.rst_on_sock_fail;
  config.cookie_gate_always = s.cookie_gate_always;
  return config;
}

}  // namespace synward::sim
