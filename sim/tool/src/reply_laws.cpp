// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/reply_laws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "synward/sim/clock.hpp"

namespace synward::sim {

namespace {

constexpr std::uint8_t kEce = 0x40, kCwr = 0x80;
constexpr std::size_t kMacs = 12;

/// How many bytes of an Ethernet frame stand before its IP header.
std::size_t ethernet_size(Bytes frame, const TcpView& view) {
  return static_cast<std::size_t>(view.ip.data() - frame.data());
}

/// Which option of a reply is none that may be there, none that has its right length, or behind the end of the list.
std::string broken_options(Bytes options) {
  for (std::size_t at = 0; at < options.size();) {
    const auto kind = options[at];
    if (kind == 0) {
      const bool padding = std::ranges::all_of(options.subspan(at), [](auto byte) { return byte == 0; });
      return padding ? "" : "something behind the end of its options";
    }
    if (kind == 1) {
      ++at;
      continue;
    }
    const std::size_t length = kind == 2 ? 4 : kind == 3 ? 3 : kind == 4 ? 2 : kind == 8 ? 10 : 0;
    if (length == 0 || at + length > options.size() || options[at + 1] != length) {
      return fmt::format("option {} of a wrong kind or length", kind);
    }
    at += length;
  }
  return {};
}

}  // namespace

void ReplyLaws::from_line(Bytes frame) {
  const auto view = parse_tcp(frame);
  if (!view) {
    return;
  }
  flows_[view->flow] = true;
  if ((view->flags & tcp_flag::syn) == 0) {
    return;
  }
  auto& syns = syns_[view->flow];
  if (std::ranges::any_of(syns, [&](const Syn& syn) { return std::ranges::equal(syn.frame, frame); })) {
    return;
  }
  if (syns.size() == kMostSyns) {
    syns.pop_front();
  }
  syns.push_back({view->seq, {frame.begin(), frame.end()}});
}

std::string ReplyLaws::broken_to_line(Bytes frame) const {
  const auto view = parse_tcp(frame);
  if (!view) {
    return "not TCP";
  }
  if (!checksums_right(*view)) {
    return "a wrong checksum";
  }
  if (!view->payload.empty()) {
    return "a payload";
  }
  const auto asked = view->flow.reversed();
  if (!flows_.contains(asked)) {
    return "nobody asked for it";
  }
  if (auto broken = broken_options(view->options); !broken.empty()) {
    return broken;
  }
  if (!view->is_syn_ack()) {
    const auto options = parse_options(view->options);
    const bool rst = view->flags == tcp_flag::rst;
    if (!rst && view->flags != tcp_flag::ack) {
      return fmt::format("flags {:02x}", view->flags);
    }
    if (options.mss || options.window_scale || options.sack_permitted || (rst && options.timestamps)) {
      return "options that only SYNs have";
    }
    return {};
  }
  const auto syns = syns_.find(asked);
  if (syns == syns_.end()) {
    return "no SYN that it answers";
  }
  std::string broken = "no SYN that it acknowledges";
  for (const auto& syn : syns->second) {
    if (syn.irs + 1 != view->ack) {
      continue;
    }
    broken = broken_syn_ack(*view, frame, syn);
    if (broken.empty()) {
      break;
    }
  }
  return broken;
}

std::string ReplyLaws::broken_syn_ack(const TcpView& view, Bytes frame, const Syn& syn) {
  const auto asked = parse_tcp(syn.frame);
  if (std::max<std::size_t>(frame.size(), kMinFrame) > std::max<std::size_t>(syn.frame.size(), kMinFrame)) {
    return fmt::format("longer than its SYN, {} of {} bytes", frame.size(), syn.frame.size());
  }
  const auto has = parse_options(view.options);
  const auto may = parse_options(asked->options);
  if ((has.window_scale && !may.window_scale) || (has.sack_permitted && !may.sack_permitted) ||
      (has.timestamps && !may.timestamps)) {
    return "an option that its SYN lacked";
  }
  if (has.timestamps && has.timestamps->echo != may.timestamps->value) {
    return "a timestamp echoed that its SYN had not";
  }
  if (!view.is(tcp_flag::syn | tcp_flag::ack, static_cast<std::uint8_t>(~kEce))) {
    return fmt::format("flags {:02x}", view.flags);
  }
  if ((view.flags & kEce) != 0 && (asked->flags & (kEce | kCwr)) != (kEce | kCwr)) {
    return "ECN that its SYN lacked";
  }
  const auto head = ethernet_size(frame, view);
  const bool turned = head == ethernet_size(syn.frame, *asked) &&
                      std::memcmp(frame.data(), syn.frame.data() + kMacs / 2, kMacs / 2) == 0 &&
                      std::memcmp(frame.data() + kMacs / 2, syn.frame.data(), kMacs / 2) == 0 &&
                      std::memcmp(frame.data() + kMacs, syn.frame.data() + kMacs, head - kMacs) == 0;
  return turned ? "" : "Ethernet addresses or tags that are not its SYN's";
}

std::string ReplyLaws::broken_to_host(Bytes frame) const {
  const auto view = parse_tcp(frame);
  if (!view) {
    return "not TCP";
  }
  if (!checksums_right(*view)) {
    return "a wrong checksum";
  }
  if (view->flags != tcp_flag::ack || !view->payload.empty() || parse_options(view->options).mark.empty()) {
    return "neither from the line nor a mark";
  }
  return flows_.contains(view->flow) ? "" : "a mark for a connection that nobody asked for";
}

}  // namespace synward::sim
