// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sysctl.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <vector>

namespace synward {

namespace {

constexpr std::string_view kCount = "net.inet.tcp.syncache.count";

std::size_t card_index(std::uint32_t offset) {
  const auto* info = std::ranges::find(reg::kSysctls, offset, &reg::SysctlInfo::offset);
  return static_cast<std::size_t>(info - reg::kSysctls.begin());
}

const reg::SysctlInfo* find_card(std::string_view name) {
  const auto* found = std::ranges::find(reg::kSysctls, name, &reg::SysctlInfo::name);
  return found == reg::kSysctls.end() ? nullptr : found;
}

const HostSysctl* find_host(std::string_view name) {
  const auto* found = std::ranges::find(kHostSysctls, name, &HostSysctl::name);
  return found == kHostSysctls.end() ? nullptr : found;
}

const LinuxSysctl* find_linux(std::string_view name) {
  const auto* found = std::ranges::find(kLinuxSysctls, name, &LinuxSysctl::name);
  return found == kLinuxSysctls.end() ? nullptr : found;
}

/// Takes from `to` what `from` sets, or gives it.
template <typename Values>
void each_set(Values& to, const Values& from, bool give) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (from[i]) {
      to[i] = give ? from[i] : std::nullopt;
    }
  }
}

Error out_of_range(std::string_view name, std::int64_t value) {
  return Error{fmt::format("{} is out of range, allowed {}", value, sysctl_allowed(name))};
}

}  // namespace

Expected<void> check_sysctl_name(std::string_view name) {
  if (name == kCount) {
    return Error{"can only be read"};
  }
  if (find_card(name) != nullptr || find_host(name) != nullptr || find_linux(name) != nullptr) {
    return {};
  }
  std::vector<std::string_view> names;
  std::ranges::transform(reg::kSysctls, std::back_inserter(names), &reg::SysctlInfo::name);
  std::ranges::transform(kHostSysctls, std::back_inserter(names), &HostSysctl::name);
  std::ranges::transform(kLinuxSysctls, std::back_inserter(names), &LinuxSysctl::name);
  return Error{fmt::format("no such sysctl, allowed {}", fmt::join(names, ", "))};
}

std::string sysctl_allowed(std::string_view name) {
  if (const auto* host = find_host(name)) {
    return host->words[0].empty() ? fmt::format("0..{}", host->max) : fmt::format("{}", fmt::join(host->words, ", "));
  }
  if (const auto* other = find_linux(name)) {
    return fmt::format("{}..{}", other->tunable ? 1 : 0, other->max);
  }
  const auto& info = *find_card(name);
  if (!info.words[0].empty()) {
    return fmt::format("{}", fmt::join(std::span(info.words).first(info.max + 1), ", "));
  }
  return fmt::format("{}..{}", info.min, info.max);
}

Expected<std::uint32_t> sysctl_word(std::string_view name, std::string_view word) {
  if (const auto* info = find_card(name); info != nullptr && !word.empty()) {
    if (const auto* at = std::ranges::find(info->words, word); at != info->words.end()) {
      return static_cast<std::uint32_t>(at - info->words.begin());
    }
  }
  if (const auto* host = find_host(name); host != nullptr && !word.empty()) {
    if (const auto* at = std::ranges::find(host->words, word); at != host->words.end()) {
      return static_cast<std::uint32_t>(at - host->words.begin());
    }
  }
  return Error{fmt::format("\"{}\" is not known, allowed {}", word, sysctl_allowed(name))};
}

std::string sysctl_text(const reg::SysctlInfo& info, std::uint32_t value) {
  const bool word = value < info.words.size() && !info.words[value].empty();
  return word ? std::string(info.words[value]) : std::to_string(value);
}

std::string sysctl_text(const HostSysctl& info, std::uint32_t value) {
  const bool word = value < info.words.size() && !info.words[value].empty();
  return word ? std::string(info.words[value]) : std::to_string(value);
}

Expected<void> Sysctls::set(std::string_view name, std::int64_t value) {
  if (const auto* other = find_linux(name)) {
    if (value < (other->tunable ? 1 : 0) || value > other->max) {
      return out_of_range(name, value);
    }
    const auto word = static_cast<std::uint32_t>(value);
    switch (static_cast<LinuxName>(other - kLinuxSysctls.begin())) {
      case LinuxName::tcp_syncookies:
        card_[card_index(reg::kSysctlSyncookies)] = word == 0 ? 0 : 1;
        card_[card_index(reg::kSysctlSyncookiesOnly)] = word == 2 ? 1 : 0;
        break;
      case LinuxName::tcp_synack_retries:
        card_[card_index(reg::kSysctlRexmtlimit)] = word;
        break;
      case LinuxName::tcp_max_syn_backlog:
        card_[card_index(reg::kSysctlCachelimit)] = word;
        break;
    }
    return {};
  }
  if (const auto* host = find_host(name)) {
    if (value < 0 || value > host->max) {
      return out_of_range(name, value);
    }
    host_[static_cast<std::size_t>(host - kHostSysctls.begin())] = static_cast<std::uint32_t>(value);
    return {};
  }
  const auto* info = find_card(name);
  if (value < info->min || value > info->max) {
    return out_of_range(name, value);
  }
  card_[static_cast<std::size_t>(info - reg::kSysctls.begin())] = static_cast<std::uint32_t>(value);
  return {};
}

std::uint32_t Sysctls::card(std::uint32_t offset) const {
  const auto index = card_index(offset);
  return card_[index].value_or(reg::kSysctls[index].def);
}

std::uint32_t Sysctls::host(HostSetting setting) const {
  const auto index = static_cast<std::size_t>(setting);
  return host_[index].value_or(kHostSysctls[index].def);
}

std::vector<std::pair<std::string, std::string>> Sysctls::texts() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t i = 0; i < card_.size(); ++i) {
    if (card_[i]) {
      all.emplace_back(reg::kSysctls[i].name, sysctl_text(reg::kSysctls[i], *card_[i]));
    }
  }
  for (std::size_t i = 0; i < host_.size(); ++i) {
    if (host_[i]) {
      all.emplace_back(kHostSysctls[i].name, sysctl_text(kHostSysctls[i], *host_[i]));
    }
  }
  return all;
}

void Sysctls::overlay(const Sysctls& other) {
  each_set(card_, other.card_, true);
  each_set(host_, other.host_, true);
}

void Sysctls::forget(const Sysctls& other) {
  each_set(card_, other.card_, false);
  each_set(host_, other.host_, false);
}

}  // namespace synward
