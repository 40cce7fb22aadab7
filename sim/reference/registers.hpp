// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "reference/classify.hpp"
#include "reference/engine.hpp"
#include "reference/events.hpp"
#include "reference/lister.hpp"
#include "reference/mailbox.hpp"
#include "synward/registers.hpp"

namespace synward::reference {

/// The register block (docs/registers.md): sysctls, secrets, tables, service table, counters and events.
class RegisterBlock {
 public:
  /// `engine` is the one whose tables the registers show and clear.
  explicit RegisterBlock(Engine& engine);

  /// `time_ms` is what TIME_MS shows.
  std::uint32_t read(std::uint32_t offset, std::uint32_t time_ms) const;
  /// Returns the frame that the write sends to the servers, if any.
  std::optional<Bytes> write(std::uint32_t offset, std::uint32_t value);

  const Settings& settings() const { return settings_; }
  const EngineConfig& engine_config() const { return config_; }

  void count(reg::Counter counter, std::uint64_t by = 1) { counters_[static_cast<std::size_t>(counter)] += by; }
  void count(reg::Drop reason) { ++counters_[reg::kFirstDrop + static_cast<std::size_t>(reason)]; }
  /// Adds what one request counts.
  void count(CountsRecord counts);
  void record(const EventRecord& event) { events_.push(event, sysctl(reg::kSysctlEventLimit)); }

  /// The keys that a control frame may be tagged with.
  std::vector<SipKey> control_keys() const;
  /// True if the service's hand-overs are confirmed.
  bool has_agent(std::size_t service) const { return (agents_ >> service & 1) != 0; }
  void learn_agent(std::size_t service) { agents_ |= 1u << service; }
  Mailbox& mailbox() { return mailbox_; }

 private:
  static constexpr std::size_t kSysctls = reg::kSysctls.size();
  static constexpr std::size_t kServiceWords = (reg::kServicePathMss - reg::kServiceAddr) / 4 + 1;

  std::uint32_t sysctl(std::uint32_t offset) const;
  std::uint32_t default_of(const reg::SysctlInfo& sysctl) const;
  void write_sysctl(std::size_t index, std::uint32_t value);
  void apply_sysctls();
  void load_tables();
  void clear_tables();
  void control_tables(std::uint32_t what);
  void control_list(std::uint32_t what);
  void commit_secret(std::uint32_t what);
  void commit_service(std::uint32_t what);
  Service staged_service() const;
  std::uint32_t secret_status() const;
  std::uint32_t table_status() const;

  Engine& engine_;
  Lister lister_;
  std::uint32_t clock_hz_;
  std::uint32_t scratch_ = 0;
  std::array<std::uint32_t, kSysctls> sysctls_{};
  std::array<std::uint32_t, 4> secret_data_{};
  unsigned secret_fresh_ = 0;    ///< bit n: word n was written since the last commit
  bool secret_refused_ = false;  ///< the last commit of a key found a word missing
  EngineConfig config_{};
  std::uint32_t loaded_ = 0;  ///< bits as in SECRET_STATUS
  std::uint8_t rotations_ = 0;
  SipKey next_mark_key_{};
  std::array<SipKey, 2> control_keys_{};  ///< current, former
  std::array<bool, 2> control_loaded_{};
  std::uint32_t agents_ = 0;  ///< HANDOFF_AGENTS
  std::array<std::uint32_t, kServiceWords> staged_{};
  Settings settings_;
  std::array<std::uint64_t, reg::kCounters> counters_{};
  std::array<std::uint64_t, reg::kCounters> latched_{};
  EventRing events_;
  Mailbox mailbox_;
};

}  // namespace synward::reference
