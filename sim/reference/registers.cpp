// SPDX-License-Identifier: BSD-2-Clause
#include "reference/registers.hpp"

#include "synward/sim/card.hpp"

namespace synward::reference {

namespace {

constexpr std::uint32_t kVersionWord = reg::kVersionMajor << 16 | reg::kVersionMinor << 8 | reg::kVersionPatch;
constexpr std::uint32_t kSizesWord = kServices | reg::kCounters << 8 | reg::kDrops << 16;

// SECRET_STATUS.
constexpr std::uint32_t kLoadedSlot0 = 1u << 1;
constexpr std::uint32_t kLoadedTs = 1u << 3;
constexpr std::uint32_t kLoadedMark = 1u << 4;
constexpr std::uint32_t kLoadedEach = 0x1eu;
constexpr std::uint32_t kLoadedAll = 1u << 5;

bool in_array(std::uint32_t offset, std::uint32_t first, std::size_t words) {
  return offset >= first && offset < first + 4 * words;
}

std::uint64_t wide(std::uint32_t high, std::uint32_t low) { return std::uint64_t{high} << 32 | low; }

}  // namespace

RegisterBlock::RegisterBlock() {
  for (std::size_t i = 0; i < kSysctls; ++i) sysctls_[i] = reg::kSysctls[i].def;
  apply_sysctls();
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
      return static_cast<std::uint32_t>(sim::kClockHz);
    case reg::kTimeMs:
      return time_ms;
    case reg::kScratch:
      return scratch_;
    case reg::kSecretStatus:
      return secret_status();
    default:
      break;
  }
  if (in_array(offset, reg::kSysctlSyncookiesOnly, kSysctls)) {
    return sysctls_[(offset - reg::kSysctlSyncookiesOnly) / 4];
  }
  if (in_array(offset, reg::kServiceAddr, kServiceWords)) return staged_[(offset - reg::kServiceAddr) / 4];
  if (in_array(offset, reg::kCounter, 2 * reg::kCounters)) {
    const std::uint64_t counter = latched_[(offset - reg::kCounter) / 8];
    return static_cast<std::uint32_t>((offset & 4) != 0 ? counter >> 32 : counter);
  }
  return 0;
}

void RegisterBlock::write(std::uint32_t offset, std::uint32_t value) {
  if (offset == reg::kScratch) {
    scratch_ = value;
  } else if (in_array(offset, reg::kSysctlSyncookiesOnly, kSysctls)) {
    sysctls_[(offset - reg::kSysctlSyncookiesOnly) / 4] = value;
    apply_sysctls();
  } else if (in_array(offset, reg::kSecretData, secret_data_.size())) {
    secret_data_[(offset - reg::kSecretData) / 4] = value;
  } else if (offset == reg::kSecretCommit) {
    commit_secret(value);
  } else if (in_array(offset, reg::kServiceAddr, kServiceWords)) {
    staged_[(offset - reg::kServiceAddr) / 4] = value;
  } else if (offset == reg::kServiceCommit) {
    commit_service(value);
  } else if (offset == reg::kSnapshot) {
    latched_ = counters_;
  }
}

void RegisterBlock::apply_sysctls() {
  const auto word = [this](std::uint32_t offset) -> std::uint32_t& {
    return sysctls_[(offset - reg::kSysctlSyncookiesOnly) / 4];
  };
  for (std::uint32_t& value : sysctls_) value &= &value == &word(reg::kSysctlRfc1323) ? 3 : 1;
  word(reg::kSysctlSyncookiesOnly) = 1;
  settings_.rfc1323 = word(reg::kSysctlRfc1323);
  settings_.sack_enable = word(reg::kSysctlSackEnable) != 0;
  settings_.drop_synfin = word(reg::kSysctlDropSynfin) != 0;
  settings_.ts_offset_per_conn = word(reg::kSysctlTsOffsetPerConn) != 0;
  settings_.unknown_ack_drop = word(reg::kSysctlUnknownAck) != 0;
  settings_.fragments_drop = word(reg::kSysctlFragments) != 0;
  settings_.unclassified_drop = word(reg::kSysctlUnclassified) != 0;
}

void RegisterBlock::commit_secret(std::uint32_t what) {
  const SipKey key = {wide(secret_data_[1], secret_data_[0]), wide(secret_data_[3], secret_data_[2])};
  // Whatever the value, no secret stays behind.
  secret_data_ = {};
  const auto load_slot = [this, &key](bool slot) {
    keys_.cookie[slot ? 1 : 0] = key;
    loaded_ |= kLoadedSlot0 << (slot ? 1 : 0);
  };
  switch (static_cast<reg::SecretCommit>(what)) {
    case reg::SecretCommit::cookie_rotate:
      load_slot(!keys_.parity);
      keys_.parity = !keys_.parity;
      ++rotations_;
      break;
    case reg::SecretCommit::cookie_slot0:
      load_slot(false);
      break;
    case reg::SecretCommit::cookie_slot1:
      load_slot(true);
      break;
    case reg::SecretCommit::ts_secret:
      keys_.ts_secret = key;
      loaded_ |= kLoadedTs;
      break;
    case reg::SecretCommit::mark_key:
      keys_.mark_key = key;
      loaded_ |= kLoadedMark;
      break;
    case reg::SecretCommit::parity0:
      keys_.parity = false;
      break;
    case reg::SecretCommit::parity1:
      keys_.parity = true;
      break;
    default:
      break;
  }
  settings_.secrets_loaded = loaded_ == kLoadedEach;
}

std::uint32_t RegisterBlock::secret_status() const {
  return (keys_.parity ? 1u : 0u) | loaded_ | (settings_.secrets_loaded ? kLoadedAll : 0u) |
         std::uint32_t{rotations_} << 8;
}

void RegisterBlock::commit_service(std::uint32_t what) {
  const std::uint32_t entry = what & 0xff;
  if (entry >= kServices) return;
  settings_.services[entry] = (what >> 8 & 1) != 0 ? staged_service() : Service{};
}

Service RegisterBlock::staged_service() const {
  const auto word = [this](std::uint32_t offset) { return staged_[(offset - reg::kServiceAddr) / 4]; };
  const std::uint32_t match = word(reg::kServiceMatch);
  const std::uint32_t mss = word(reg::kServiceMss);
  const std::uint32_t window = word(reg::kServiceWindow);
  const std::uint32_t ip = word(reg::kServiceIp);
  const std::uint32_t options = word(reg::kServiceOptions);
  Service service;
  service.valid = true;
  service.address = {wide(staged_[0], staged_[1]), wide(staged_[2], staged_[3])};
  service.port = static_cast<std::uint16_t>(match);
  service.v4 = (match >> 16 & 1) != 0;
  service.v6 = (match >> 17 & 1) != 0;
  service.any = (match >> 18 & 1) != 0;
  service.answer = {.mode = static_cast<std::uint8_t>(options >> 4 & 3),
                    .en_ws = (options & 1) != 0,
                    .en_sack = (options >> 1 & 1) != 0,
                    .en_ts = (options >> 2 & 1) != 0,
                    .mss4 = static_cast<std::uint16_t>(mss),
                    .mss6 = static_cast<std::uint16_t>(mss >> 16),
                    .window = static_cast<std::uint16_t>(window),
                    .wscale = static_cast<std::uint8_t>(window >> 16 & 15),
                    .ttl = static_cast<std::uint8_t>(ip),
                    .tos = static_cast<std::uint8_t>(ip >> 8)};
  return service;
}

}  // namespace synward::reference
