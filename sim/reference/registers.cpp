// SPDX-License-Identifier: BSD-2-Clause
#include "reference/registers.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "synward/sim/card.hpp"

namespace synward::reference {

namespace {

constexpr std::uint32_t kVersionWord = reg::kVersionMajor << 16 | reg::kVersionMinor << 8 | reg::kVersionPatch;
constexpr std::uint32_t kSizesWord = kServices | reg::kCounters << 8 | reg::kDrops << 16 | reg::kEvents.size() << 24;

// SECRET_STATUS.
constexpr std::uint32_t kLoadedSlot0 = 1u << 1;
constexpr std::uint32_t kLoadedTs = 1u << 3;
constexpr std::uint32_t kLoadedMark = 1u << 4;
constexpr std::uint32_t kLoadedEach = 0x5eu;  ///< all that a handshake needs
constexpr std::uint32_t kLoadedAll = 1u << 5;
constexpr std::uint32_t kLoadedTable = 1u << 6;
constexpr std::uint32_t kLoadedControl = 1u << 7;
constexpr std::uint32_t kLoadedNextMark = 1u << 16;
constexpr std::uint32_t kRefused = 1u << 31;

constexpr unsigned kAllFresh = 0xf;  ///< each word of SECRET_DATA

// TABLE_CONTROL.
constexpr std::uint32_t kTableLoad = 1;
constexpr std::uint32_t kTableEndPause = 2;

// LIST_CONTROL and LIST_STATUS.
constexpr std::uint32_t kListFirst = 1;
constexpr std::uint32_t kListNext = 2;
constexpr std::uint32_t kListShown = 2;
constexpr std::uint32_t kEngineStreams = 1;

bool in_array(std::uint32_t offset, std::uint32_t first, std::size_t words) {
  return offset >= first && offset < first + 4 * words;
}

/// Whether a value of SECRET_COMMIT moves SECRET_DATA.
bool carries_key(std::uint32_t what) {
  const auto commit = static_cast<reg::SecretCommit>(what);
  return what <= static_cast<std::uint32_t>(reg::SecretCommit::mark_next) && commit != reg::SecretCommit::parity0 &&
         commit != reg::SecretCommit::parity1;
}

std::uint64_t wide(std::uint32_t high, std::uint32_t low) { return std::uint64_t{high} << 32 | low; }

}  // namespace

RegisterBlock::RegisterBlock(Engine& engine)
    : engine_(engine), lister_(engine), clock_hz_(static_cast<std::uint32_t>(sim::kClockHz)) {
  for (std::size_t i = 0; i < kSysctls; ++i) sysctls_[i] = default_of(reg::kSysctls[i]);
  config_.tables_ready = true;
  apply_sysctls();
  load_tables();
}

/// The counters of a CountsRecord, in the order of its fields.
constexpr std::array kCountsOrder = {
    reg::Counter::added,       reg::Counter::retransmitted,  reg::Counter::dupsyn,      reg::Counter::sc_dropped,
    reg::Counter::completed,   reg::Counter::bucketoverflow, reg::Counter::reset,       reg::Counter::stale,
    reg::Counter::unreach,     reg::Counter::zonefail,       reg::Counter::sendcookie,  reg::Counter::recvcookie,
    reg::Counter::spurcookie,  reg::Counter::failcookie,     reg::Counter::badrst,      reg::Counter::evicted,
    reg::Counter::stateless,   reg::Counter::challenge_acks, reg::Counter::resets_sent, reg::Counter::resets_limited,
    reg::Counter::flows_added, reg::Counter::flows_full,     reg::Counter::established, reg::Counter::remarked,
    reg::Counter::handed,      reg::Counter::aborted,        reg::Counter::flushed,     reg::Counter::flows_aged,
};

void RegisterBlock::count(CountsRecord counts) {
  std::size_t field = 0;
  counts.each(
      [this, &field](auto value, unsigned) { count(kCountsOrder[field++], static_cast<std::uint64_t>(value)); });
}

std::uint32_t RegisterBlock::read(std::uint32_t offset, std::uint32_t time_ms) const {
  switch (offset) {
    case reg::kId:
      return reg::kDeviceId;
    case reg::kVersion:
      return kVersionWord;
    case reg::kSizes:
      return kSizesWord;
    case reg::kClockHz:
      return clock_hz_;
    case reg::kTimeMs:
      return time_ms;
    case reg::kScratch:
      return scratch_;
    case reg::kSecretStatus:
      return secret_status();
    case reg::kEngineStatus:
      return engine_.streams() ? kEngineStreams : 0;
    case reg::kTableStatus:
      return table_status();
    case reg::kSyncacheCount:
      return engine_.state().count;
    case reg::kPauseLeft:
      return pause_left(engine_.state().pause, time_ms);
    case reg::kFlowCount:
      return engine_.state().flows;
    case reg::kEventCount:
      return events_.size();
    case reg::kHandoffAgents:
      return agents_;
    case reg::kListStatus:
      return lister_.shown() ? kListShown : 0;
    case reg::kMailStatus:
      return mailbox_.status();
    default:
      break;
  }
  for (std::size_t i = 0; i < kSysctls; ++i) {
    if (reg::kSysctls[i].offset == offset) return sysctls_[i];
  }
  if (in_array(offset, reg::kEventData, kEventWords)) return events_.word((offset - reg::kEventData) / 4);
  if (in_array(offset, reg::kListData, kListWords)) return lister_.word((offset - reg::kListData) / 4);
  if (in_array(offset, reg::kMailData, kMailWords)) return mailbox_.word((offset - reg::kMailData) / 4);
  if (in_array(offset, reg::kEventLost, kEventCodes)) return events_.lost((offset - reg::kEventLost) / 4);
  if (offset != reg::kServiceCommit && in_array(offset, reg::kServiceAddr, kServiceWords))
    return staged_[(offset - reg::kServiceAddr) / 4];
  if (in_array(offset, reg::kCounter, 2 * reg::kCounters)) {
    const std::uint64_t counter = latched_[(offset - reg::kCounter) / 8];
    return static_cast<std::uint32_t>((offset & 4) != 0 ? counter >> 32 : counter);
  }
  return 0;
}

std::optional<Bytes> RegisterBlock::write(std::uint32_t offset, std::uint32_t value) {
  if (offset == reg::kClockHz) {
    // Time is the simulator's: it is only read back.
    if (value >> 20 != 0 && value >> 31 == 0) clock_hz_ = value;
  } else if (offset == reg::kScratch) {
    scratch_ = value;
  } else if (in_array(offset, reg::kSecretData, secret_data_.size())) {
    secret_data_[(offset - reg::kSecretData) / 4] = value;
    secret_fresh_ |= 1u << (offset - reg::kSecretData) / 4;
  } else if (offset == reg::kSecretCommit) {
    commit_secret(value);
  } else if (offset == reg::kServiceCommit) {
    commit_service(value);
  } else if (in_array(offset, reg::kServiceAddr, kServiceWords)) {
    staged_[(offset - reg::kServiceAddr) / 4] = value;
  } else if (offset == reg::kSnapshot) {
    latched_ = counters_;
  } else if (offset == reg::kTableControl) {
    control_tables(value);
  } else if (offset == reg::kEventPop) {
    events_.pop();
  } else if (offset == reg::kHandoffAgents) {
    agents_ = value;
  } else if (offset == reg::kListControl) {
    control_list(value);
  } else if (offset == reg::kMailControl) {
    return mailbox_.control(value);
  } else if (in_array(offset, reg::kMailOut, kMailWords)) {
    mailbox_.write((offset - reg::kMailOut) / 4, value);
  } else {
    for (std::size_t i = 0; i < kSysctls; ++i) {
      if (reg::kSysctls[i].offset == offset) write_sysctl(i, value);
    }
  }
  return std::nullopt;
}

std::uint32_t RegisterBlock::sysctl(std::uint32_t offset) const {
  for (std::size_t i = 0; i < kSysctls; ++i) {
    if (reg::kSysctls[i].offset == offset) return sysctls_[i];
  }
  return 0;
}

/// The defaults of the syncache's size are those of the card.
std::uint32_t RegisterBlock::default_of(const reg::SysctlInfo& sysctl) const {
  const std::uint32_t hashsize = 1u << engine_.sizes().log_buckets;
  if (sysctl.offset == reg::kSysctlHashsize) return hashsize;
  return sysctl.offset == reg::kSysctlCachelimit ? hashsize * kWays : sysctl.def;
}

/// A register has as many bits as its greatest value.
void RegisterBlock::write_sysctl(std::size_t index, std::uint32_t value) {
  const std::uint32_t mask = std::bit_ceil(reg::kSysctls[index].max + 1) - 1;
  sysctls_[index] = value & mask;
  apply_sysctls();
  engine_.expect_earlier();
}

void RegisterBlock::apply_sysctls() {
  settings_.rfc1323 = sysctl(reg::kSysctlRfc1323);
  settings_.sack_enable = sysctl(reg::kSysctlSackEnable) != 0;
  settings_.drop_synfin = sysctl(reg::kSysctlDropSynfin) != 0;
  settings_.ecn_enable = sysctl(reg::kSysctlEcnEnable) != 0;
  settings_.fragments_drop = sysctl(reg::kSysctlFragments) != 0;
  settings_.unclassified_drop = sysctl(reg::kSysctlUnclassified) != 0;
  settings_.signed_drop = sysctl(reg::kSysctlSigned) != 0;
  const auto byte = [this](std::uint32_t offset) { return static_cast<std::uint8_t>(sysctl(offset)); };
  config_.syncookies = sysctl(reg::kSysctlSyncookies) != 0;
  config_.syncookies_only = sysctl(reg::kSysctlSyncookiesOnly) != 0;
  config_.ts_offset_per_conn = sysctl(reg::kSysctlTsOffsetPerConn) != 0;
  config_.tolerate_missing_ts = sysctl(reg::kSysctlTolerateMissingTs) != 0;
  config_.insecure_rst = sysctl(reg::kSysctlInsecureRst) != 0;
  config_.rexmtlimit = byte(reg::kSysctlRexmtlimit);
  config_.rexmit = {sysctl(reg::kSysctlRexmitInitial), sysctl(reg::kSysctlRexmitMin), sysctl(reg::kSysctlRexmitSlop),
                    sysctl(reg::kSysctlRexmitMax)};
  config_.ecn_maxretries = byte(reg::kSysctlEcnMaxretries);
  config_.ack_war_cnt = byte(reg::kSysctlAckWarCnt);
  config_.ack_war_timewindow = sysctl(reg::kSysctlAckWarTimewindow);
  config_.blackhole = byte(reg::kSysctlBlackhole);
  config_.icmplim = sysctl(reg::kSysctlIcmplim);
  config_.unknown_ack = byte(reg::kSysctlUnknownAck);
  config_.flow_idle = byte(reg::kSysctlFlowIdle);
  config_.flow_learn = byte(reg::kSysctlFlowLearn);
  config_.rst_on_sock_fail = sysctl(reg::kSysctlRstOnSockFail) != 0;
  config_.cookie_gate_always = sysctl(reg::kSysctlCookieGate) != 0;
}

/// Empties the tables and takes their sizes.
void RegisterBlock::load_tables() {
  config_.hashsize = std::clamp(sysctl(reg::kSysctlHashsize), 1u, 1u << engine_.sizes().log_buckets);
  config_.bucketlimit = std::clamp(sysctl(reg::kSysctlBucketlimit), 1u, kWays);
  config_.cachelimit = std::max(sysctl(reg::kSysctlCachelimit), 1u);
  clear_tables();
}

void RegisterBlock::clear_tables() {
  engine_.clear(config_.flow_learn);
  lister_.clear();
}

void RegisterBlock::control_list(std::uint32_t what) {
  if (what == kListFirst) lister_.first();
  if (what == kListNext) lister_.next();
}

void RegisterBlock::control_tables(std::uint32_t what) {
  if (what == kTableLoad) load_tables();
  if (what == kTableEndPause) engine_.end_pause();
}

std::uint32_t RegisterBlock::table_status() const {
  const PauseState& pause = engine_.state().pause;
  return (config_.tables_ready ? 1u : 0u) | (pause.paused ? 2u : 0u) | std::uint32_t{pause.backoff} << 2 |
         engine_.sizes().log_buckets << 8 | kWays << 12 | engine_.sizes().log_flows << 16 | kLogEvents << 24;
}

void RegisterBlock::commit_secret(std::uint32_t what) {
  const SipKey key = {wide(secret_data_[1], secret_data_[0]), wide(secret_data_[3], secret_data_[2])};
  const bool whole = secret_fresh_ == kAllFresh;
  // Whatever the value, no secret stays behind.
  secret_data_ = {};
  secret_fresh_ = 0;
  if (carries_key(what)) {
    secret_refused_ = !whole;
    if (!whole) return;
  }
  const auto load_slot = [this, &key](bool slot) {
    config_.keys.cookie[slot ? 1 : 0] = key;
    loaded_ |= kLoadedSlot0 << (slot ? 1 : 0);
  };
  switch (static_cast<reg::SecretCommit>(what)) {
    case reg::SecretCommit::cookie_rotate:
      load_slot(!config_.keys.parity);
      config_.keys.parity = !config_.keys.parity;
      ++rotations_;
      break;
    case reg::SecretCommit::cookie_slot0:
      load_slot(false);
      break;
    case reg::SecretCommit::cookie_slot1:
      load_slot(true);
      break;
    case reg::SecretCommit::ts_secret:
      config_.keys.ts_secret = key;
      loaded_ |= kLoadedTs;
      break;
    case reg::SecretCommit::mark_key:
      config_.keys.mark_key = key;
      loaded_ |= kLoadedMark;
      break;
    case reg::SecretCommit::table_key:
      config_.keys.table_key = key;
      loaded_ |= kLoadedTable;
      clear_tables();
      break;
    case reg::SecretCommit::control_key:
      control_keys_[1] = std::exchange(control_keys_[0], key);
      control_loaded_ = {true, control_loaded_[0]};
      loaded_ |= kLoadedControl;
      break;
    case reg::SecretCommit::mark_next:
      next_mark_key_ = key;
      loaded_ |= kLoadedNextMark;
      break;
    case reg::SecretCommit::mark_swap:
      if ((loaded_ & kLoadedNextMark) != 0) std::swap(next_mark_key_, config_.keys.mark_key);
      break;
    case reg::SecretCommit::parity0:
      config_.keys.parity = false;
      break;
    case reg::SecretCommit::parity1:
      config_.keys.parity = true;
      break;
    default:
      break;
  }
  settings_.secrets_loaded = (loaded_ & kLoadedEach) == kLoadedEach;
}

std::vector<SipKey> RegisterBlock::control_keys() const {
  std::vector<SipKey> keys;
  for (std::size_t i = 0; i < control_keys_.size(); ++i) {
    if (control_loaded_[i]) keys.push_back(control_keys_[i]);
  }
  return keys;
}

std::uint32_t RegisterBlock::secret_status() const {
  return (secret_refused_ ? kRefused : 0u) | (config_.keys.parity ? 1u : 0u) | loaded_ |
         (settings_.secrets_loaded ? kLoadedAll : 0u) | std::uint32_t{rotations_} << 8;
}

void RegisterBlock::commit_service(std::uint32_t what) {
  const std::uint32_t entry = what & 0xff;
  if (entry >= kServices) return;
  // What an entry says of answers stays when it is removed: retransmissions still use it.
  settings_.services[entry] = staged_service();
  settings_.services[entry].valid = (what >> 8 & 1) != 0;
  agents_ &= ~(1u << entry);
}

Service RegisterBlock::staged_service() const {
  const auto word = [this](std::uint32_t offset) { return staged_[(offset - reg::kServiceAddr) / 4]; };
  const std::uint32_t match = word(reg::kServiceMatch);
  const std::uint32_t mss = word(reg::kServiceMss);
  const std::uint32_t window = word(reg::kServiceWindow);
  const std::uint32_t ip = word(reg::kServiceIp);
  const std::uint32_t options = word(reg::kServiceOptions);
  Service service;
  service.address = {wide(staged_[0], staged_[1]), wide(staged_[2], staged_[3])};
  service.port = static_cast<std::uint16_t>(match);
  service.v4 = (match >> 16 & 1) != 0;
  service.v6 = (match >> 17 & 1) != 0;
  service.any = (match >> 18 & 1) != 0;
  const std::uint32_t path_mss = word(reg::kServicePathMss);
  service.answer = {.mode = static_cast<std::uint8_t>(options >> 4 & 3),
                    .en_ws = (options & 1) != 0,
                    .en_sack = (options >> 1 & 1) != 0,
                    .en_ts = (options >> 2 & 1) != 0,
                    .en_ecn = (options >> 3 & 1) != 0,
                    .mss4 = static_cast<std::uint16_t>(mss),
                    .mss6 = static_cast<std::uint16_t>(mss >> 16),
                    .path_mss4 = static_cast<std::uint16_t>(path_mss),
                    .path_mss6 = static_cast<std::uint16_t>(path_mss >> 16),
                    .window = static_cast<std::uint16_t>(window),
                    .wscale = static_cast<std::uint8_t>(window >> 16 & 15),
                    .ttl = static_cast<std::uint8_t>(ip),
                    .tos = static_cast<std::uint8_t>(ip >> 8 & 0xfcu)};
  return service;
}

}  // namespace synward::reference
