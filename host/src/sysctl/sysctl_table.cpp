// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sysctl_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace synward {

namespace {

using Kind = SysctlRefusal::Kind;

/// A sysctl that shows what the card is at.
struct StateSysctl {
  std::string_view name;
  std::uint32_t offset, shift, mask;  ///< where it stands
  bool ends;                          ///< 0 may be written, and ends it
  std::string_view doc;
};
constexpr std::array<StateSysctl, 4> kStates{{
    {"net.inet.tcp.syncache.count", reg::kSyncacheCount, 0, 0xffffffff, false, "Entries in the syncache now."},
    {"net.synward.flows", reg::kFlowCount, 0, 0xffffffff, false, "Flows in the flow table now."},
    {"net.synward.paused", reg::kTableStatus, 1, 1, true,
     "Whether SYNs are answered with cookies alone because the syncache overflowed. 0 ends the pause."},
    {"net.synward.pause_left", reg::kPauseLeft, 0, 0xffffffff, false, "Until the pause ends, ms; 0 without one."},
}};

const StateSysctl* find_state(std::string_view name) {
  const auto* found = std::ranges::find(kStates, name, &StateSysctl::name);
  return found == kStates.end() ? nullptr : found;
}

std::optional<std::size_t> card_index(std::string_view name) {
  const auto* found = std::ranges::find(reg::kSysctls, name, &reg::SysctlInfo::name);
  return found == reg::kSysctls.end() ? std::nullopt
                                      : std::optional(static_cast<std::size_t>(found - reg::kSysctls.begin()));
}

std::optional<HostSetting> host_setting(std::string_view name) {
  const auto* found = std::ranges::find(kHostSysctls, name, &HostSysctl::name);
  return found == kHostSysctls.end() ? std::nullopt
                                     : std::optional(static_cast<HostSetting>(found - kHostSysctls.begin()));
}

std::optional<LinuxName> linux_name(std::string_view name) {
  const auto* found = std::ranges::find(kLinuxSysctls, name, &LinuxSysctl::name);
  return found == kLinuxSysctls.end() ? std::nullopt
                                      : std::optional(static_cast<LinuxName>(found - kLinuxSysctls.begin()));
}

std::size_t index_at(std::uint32_t offset) {
  const auto* found = std::ranges::find(reg::kSysctls, offset, &reg::SysctlInfo::offset);
  return static_cast<std::size_t>(found - reg::kSysctls.begin());
}

/// The card's sysctls that a name of Linux stands for.
std::vector<std::size_t> stands_for(LinuxName name) {
  switch (name) {
    case LinuxName::tcp_syncookies:
      return {index_at(reg::kSysctlSyncookies), index_at(reg::kSysctlSyncookiesOnly)};
    case LinuxName::tcp_synack_retries:
      return {index_at(reg::kSysctlRexmtlimit)};
    case LinuxName::tcp_max_syn_backlog:
      break;
  }
  return {index_at(reg::kSysctlCachelimit)};
}

SysctlDescription describe_card(const reg::SysctlInfo& info) {
  const bool words = !info.words[0].empty();
  return {.name = std::string(info.name),
          .type = words ? "word" : "u32",
          .def = info.load ? "the card's" : sysctl_text(info, info.def),
          .range = sysctl_allowed(info.name),
          .doc = std::string(info.doc),
          .writable = !info.load,
          .tunable = info.load};
}

SysctlDescription describe_host(const HostSysctl& info) {
  return {.name = std::string(info.name),
          .type = info.words[0].empty() ? "u32" : "word",
          .def = sysctl_text(info, info.def),
          .range = sysctl_allowed(info.name),
          .doc = std::string(info.doc),
          .writable = true};
}

SysctlDescription describe_linux(const LinuxSysctl& info) {
  return {.name = std::string(info.name),
          .type = "u32",
          .def = info.tunable ? "the card's" : std::to_string(info.def),
          .range = sysctl_allowed(info.name),
          .doc = std::string(info.doc),
          .writable = !info.tunable,
          .tunable = info.tunable};
}

SysctlDescription describe_state(const StateSysctl& info) {
  return {.name = std::string(info.name),
          .type = "u32",
          .range = info.ends ? "0" : "",
          .doc = std::string(info.doc),
          .writable = info.ends};
}

const std::vector<SysctlDescription>& all() {
  static const auto sorted = [] {
    std::vector<SysctlDescription> list;
    std::ranges::transform(reg::kSysctls, std::back_inserter(list), describe_card);
    std::ranges::transform(kHostSysctls, std::back_inserter(list), describe_host);
    std::ranges::transform(kStates, std::back_inserter(list), describe_state);
    std::ranges::transform(kLinuxSysctls, std::back_inserter(list), describe_linux);
    std::ranges::sort(list, {}, &SysctlDescription::name);
    return list;
  }();
  return sorted;
}

SysctlRefusal unknown_oid(std::string_view name) {
  return {Kind::unknown_oid, fmt::format("unknown oid '{}'", name), {}};
}

SysctlRefusal invalid_argument(std::string_view name, std::string_view text) {
  return {Kind::invalid, fmt::format("{}={}: Invalid argument", name, text), {}};
}

SysctlRefusal no_card(std::string_view name) { return {Kind::no_card, fmt::format("{}: there is no card", name), {}}; }

SysctlRefusal read_only(const SysctlDescription& info) {
  if (info.tunable) {
    return {Kind::read_only, fmt::format("oid '{}' is a read only tunable", info.name),
            "Tunable values are set in [sysctl] of the configuration"};
  }
  return {Kind::read_only, fmt::format("oid '{}' is read only", info.name), {}};
}

/// Reads a value as sysctl(8) does: strtol with base 0, blanks before it are passed over.
std::variant<std::int64_t, SysctlRefusal> read_value(const SysctlDescription& info, const std::string& text) {
  if (info.type == "word") {
    if (const auto word = sysctl_word(info.name, text)) {
      return std::int64_t{*word};
    }
  }
  if (text.empty()) {
    return SysctlRefusal{Kind::invalid, "empty numeric value", {}};
  }
  char* end = nullptr;
  errno = 0;
  const auto value = std::int64_t{std::strtoll(text.c_str(), &end, 0)};
  if (end == text.c_str() || end != text.data() + text.size()) {
    return SysctlRefusal{Kind::invalid, fmt::format("invalid integer '{}'", text), {}};
  }
  if (errno == ERANGE) {
    return invalid_argument(info.name, text);
  }
  return value;
}

}  // namespace

std::vector<SysctlDescription> SysctlTable::list(std::string_view prefix) {
  std::vector<SysctlDescription> found;
  std::ranges::copy_if(all(), std::back_inserter(found), [prefix](const SysctlDescription& one) {
    return prefix.empty() || one.name == prefix ||
           (one.name.starts_with(prefix) && one.name.substr(prefix.size()).starts_with('.'));
  });
  return found;
}

std::optional<SysctlDescription> SysctlTable::describe(std::string_view name) {
  const auto found = std::ranges::find(all(), name, &SysctlDescription::name);
  return found == all().end() ? std::nullopt : std::optional(*found);
}

void SysctlTable::configure(const Sysctls& configured) {
  running_.forget(configured);
  configured_ = configured;
}

void SysctlTable::resume(const Sysctls& running) { running_ = running; }

Sysctls SysctlTable::values() const {
  Sysctls values = configured_;
  values.overlay(running_);
  return values;
}

std::variant<std::string, SysctlRefusal> SysctlTable::get(std::string_view name, Card* card) const {
  if (const auto* state = find_state(name)) {
    if (card == nullptr) {
      return no_card(name);
    }
    return std::to_string(card->device().read32(state->offset) >> state->shift & state->mask);
  }
  const auto held = values();
  if (const auto setting = host_setting(name)) {
    return sysctl_text(kHostSysctls[static_cast<std::size_t>(*setting)], held.host(*setting));
  }
  const auto value = [&](std::size_t index) {
    return card != nullptr ? card->read_sysctl(index) : held.card(reg::kSysctls[index].offset);
  };
  if (const auto index = card_index(name)) {
    return sysctl_text(reg::kSysctls[*index], value(*index));
  }
  if (const auto other = linux_name(name)) {
    const auto indices = stands_for(*other);
    const bool always = indices.size() == 2 && value(indices[1]) != 0;
    return std::to_string(always ? 2 : value(indices[0]));
  }
  return unknown_oid(name);
}

std::variant<SysctlChange, SysctlRefusal> SysctlTable::set(std::string_view name, const std::string& text, Card* card) {
  const auto info = describe(name);
  if (!info) {
    return unknown_oid(name);
  }
  if (!info->writable) {
    return read_only(*info);
  }
  const auto value = read_value(*info, text);
  if (const auto* refusal = std::get_if<SysctlRefusal>(&value)) {
    return *refusal;
  }
  const auto before = get(name, card);
  if (const auto* refusal = std::get_if<SysctlRefusal>(&before)) {
    return *refusal;
  }
  auto after = write(name, std::get<std::int64_t>(value), card);
  if (auto* refusal = std::get_if<SysctlRefusal>(&after)) {
    return refusal->kind == Kind::invalid ? invalid_argument(name, text) : *refusal;
  }
  return SysctlChange{std::get<std::string>(before), std::get<std::string>(after)};
}

std::variant<std::string, SysctlRefusal> SysctlTable::write(std::string_view name, std::int64_t value, Card* card) {
  if (find_state(name) != nullptr) {
    if (value != 0) {
      return invalid_argument(name, std::to_string(value));
    }
    card->end_pause();
    return "0";  // from the card's next tick on
  }
  if (card == nullptr && !host_setting(name)) {
    return no_card(name);
  }
  if (!running_.set(name, value)) {
    return invalid_argument(name, std::to_string(value));
  }
  const auto held = values();
  std::vector<std::size_t> indices;
  if (const auto index = card_index(name)) {
    indices = {*index};
  } else if (const auto other = linux_name(name)) {
    indices = stands_for(*other);
  }
  for (const auto index : indices) {
    card->write_sysctl(index, held.card(reg::kSysctls[index].offset));
  }
  return get(name, card);
}

}  // namespace synward
