// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine.hpp"

namespace synward::test {

/// An engine's settings as the RTL takes them. Ranges as in rtl/csr/registers.toml.
inline SettingsRecord settings_record(const EngineConfig& config) {
  const auto key = [](const SipKey& k) { return Wide128{k.k1, k.k0}; };
  SettingsRecord settings{};
  settings.cookie_key0 = key(config.keys.cookie[0]);
  settings.cookie_key1 = key(config.keys.cookie[1]);
  settings.ts_key = key(config.keys.ts_secret);
  settings.mark_key = key(config.keys.mark_key);
  settings.table_key = key(config.keys.table_key);
  settings.parity = config.keys.parity;
  settings.ts_offset_per_conn = config.ts_offset_per_conn;
  settings.syncookies = config.syncookies;
  settings.syncookies_only = config.syncookies_only;
  settings.tolerate_missing_ts = config.tolerate_missing_ts;
  settings.insecure_rst = config.insecure_rst;
  settings.no_rst = config.blackhole == kBlackholeAll;
  settings.unknown_ack = config.unknown_ack;
  settings.rst_on_sock_fail = config.rst_on_sock_fail;
  settings.cookie_gate_always = config.cookie_gate_always;
  settings.rexmtlimit = config.rexmtlimit;
  settings.rexmit_initial = static_cast<std::uint16_t>(config.rexmit.initial);
  settings.rexmit_min = static_cast<std::uint16_t>(config.rexmit.min);
  settings.rexmit_slop = static_cast<std::uint16_t>(config.rexmit.slop);
  settings.rexmit_max = static_cast<std::uint16_t>(config.rexmit.max);
  settings.ecn_maxretries = config.ecn_maxretries;
  settings.ack_war_cnt = config.ack_war_cnt;
  settings.ack_war_timewindow = static_cast<std::uint16_t>(config.ack_war_timewindow);
  settings.icmplim = config.icmplim;
  settings.flow_idle = config.flow_idle;
  settings.flow_learn = config.flow_learn;
  settings.hash_mask = static_cast<std::uint16_t>(config.hashsize - 1);
  settings.bucketlimit = static_cast<std::uint8_t>(config.bucketlimit);
  settings.cachelimit = config.cachelimit;
  return settings;
}

}  // namespace synward::test
