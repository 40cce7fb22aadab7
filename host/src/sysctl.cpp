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

const reg::SysctlInfo* find_card(std::string_view name) {
  const auto* found = std::ranges::find(reg::kSysctls, name, &reg::SysctlInfo::name);
  return found == reg::kSysctls.end() ? nullptr : found;
}

const HostSysctl* find_host(std::string_view name) {
  const auto* found = std::ranges::find(kHostSysctls, name, &HostSysctl::name);
  return found == kHostSysctls.end() ? nullptr : found;
}

Error out_of_range(std::string_view name, std::int64_t value) {
  return Error{fmt::format("{} is out of range, allowed {}", value, sysctl_allowed(name))};
}

}  // namespace

Expected<void> check_sysctl_name(std::string_view name) {
  if (name == kCount) {
    return Error{"can only be read"};
  }
  if (find_card(name) != nullptr || find_host(name) != nullptr) {
    return {};
  }
  std::vector<std::string_view> names;
  std::ranges::transform(reg::kSysctls, std::back_inserter(names), &reg::SysctlInfo::name);
  std::ranges::transform(kHostSysctls, std::back_inserter(names), &HostSysctl::name);
  return Error{fmt::format("no such sysctl, allowed {}", fmt::join(names, ", "))};
}

std::string sysctl_allowed(std::string_view name) {
  if (const auto* host = find_host(name)) {
    return fmt::format("0..{}", host->max);
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
  return Error{fmt::format("\"{}\" is not known, allowed {}", word, sysctl_allowed(name))};
}

Expected<void> Sysctls::set(std::string_view name, std::int64_t value) {
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
  const auto* info = std::ranges::find(reg::kSysctls, offset, &reg::SysctlInfo::offset);
  return card_[static_cast<std::size_t>(info - reg::kSysctls.begin())].value_or(info->def);
}

Expected<void> set_sysctl(Device& device, std::string_view name, std::int64_t value) {
  if (auto known = check_sysctl_name(name); !known) {
    return known;
  }
  const auto* info = find_card(name);
  if (info == nullptr) {
    return Error{"is the host's own, the card does not know it"};
  }
  if (info->load) {
    return Error{"is taken when the card is set up, and cannot be changed while it runs"};
  }
  if (value < info->min || value > info->max) {
    return out_of_range(name, value);
  }
  device.write32(info->offset, static_cast<std::uint32_t>(value));
  return {};
}

}  // namespace synward
