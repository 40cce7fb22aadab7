// SPDX-License-Identifier: BSD-2-Clause
#include "synward/attack.hpp"

#include <algorithm>
#include <span>

namespace synward {

namespace {

// A service with few clients has nothing of these in a quiet hour, and thousands a second never come by chance. The
// syncache's own timers make 25,200 SYN-ACKs a second at most: 131,072 entries, three each in 15.6 s.
constexpr AttackLimits kFrames{5'000, 100'000};
constexpr AttackLimits kRetransmissions{5'000, 20'000};

constexpr std::array<AttackInfo, kAttackClasses> kInfo{{
    {"syn-flood", "SYN flood", "SYNs that led to no handshake", kFrames},
    {"ack-flood", "ACK flood", "ACKs that fit nothing", kFrames},
    {"rst-flood", "RST flood", "RSTs that fit nothing", kFrames},
    {"malformed", "malformed frames", "frames that no client sends", kFrames},
    {"retransmission", "retransmission load", "SYN-ACKs that had to be repeated", kRetransmissions},
}};

using enum reg::Counter;

constexpr std::array kSyns{answered, drop_line_tx_full, drop_syncache_full};
constexpr std::array kHandshakes{handed, recvcookie};
constexpr std::array kAcks{spurcookie, failcookie, drop_seq_invalid};  // drop_ack_invalid is among the first two
constexpr std::array kRsts{badrst};
constexpr std::array kDroppedRsts{drop_unknown_rst};
// Not among them: damaged on the line, and what a service or a sysctl refuses as such.
constexpr std::array kMalformed{drop_oversize,        drop_short_frame,      drop_unclassified,   drop_bad_ip_header,
                                drop_truncated,       drop_bad_ip_checksum,  drop_fragment,       drop_bad_tcp_header,
                                drop_forged_mark,     drop_bad_tcp_checksum, drop_bad_source,     drop_syn_missing,
                                drop_syn_ack_invalid, drop_syn_fin,          drop_link_multicast, drop_self_connect,
                                drop_bad_address,     drop_control_frame,    drop_ipv6_option};
constexpr std::array kRetransmitted{retransmitted};

std::uint64_t gained(std::span<const reg::Counter> counters, const Counters& before, const Counters& after) {
  std::uint64_t sum = 0;
  for (const auto counter : counters) {
    sum += after[counter] - before[counter];
  }
  return sum;
}

constexpr std::array kSynEvents{reg::Event::rexmt, reg::Event::rexmt_exhausted, reg::Event::dup_syn};
constexpr std::array kAckEvents{reg::Event::ack_disabled, reg::Event::ack_spurious, reg::Event::cookie_failed,
                                reg::Event::seq_challenge, reg::Event::ack_invalid};
constexpr std::array kRstEvents{reg::Event::rst_spurious, reg::Event::rst_challenge, reg::Event::rst_invalid};
constexpr std::array kMalformedEvents{reg::Event::syn_missing,    reg::Event::syn_ack_invalid, reg::Event::syn_fin,
                                      reg::Event::link_multicast, reg::Event::self_connect,    reg::Event::bad_address};
constexpr std::array kRetransmissionEvents{reg::Event::rexmt, reg::Event::rexmt_exhausted};

std::span<const reg::Event> events_of(AttackClass kind) {
  switch (kind) {
    case AttackClass::syn_flood:
      return kSynEvents;
    case AttackClass::ack_flood:
      return kAckEvents;
    case AttackClass::rst_flood:
      return kRstEvents;
    case AttackClass::malformed:
      return kMalformedEvents;
    case AttackClass::retransmission:
      break;
  }
  return kRetransmissionEvents;
}

}  // namespace

const AttackInfo& attack_info(AttackClass kind) { return kInfo[static_cast<std::size_t>(kind)]; }

std::optional<AttackClass> attack_class(std::string_view name) {
  const auto* found = std::ranges::find(kInfo, name, &AttackInfo::name);
  return found == kInfo.end() ? std::nullopt : std::optional(kAllAttackClasses[found - kInfo.begin()]);
}

std::uint64_t attack_frames(AttackClass kind, const Counters& before, const Counters& after) {
  switch (kind) {
    case AttackClass::syn_flood: {
      // A crowd of clients that all get through is no flood. Handshakes of SYNs that came before may end now.
      const auto syns = gained(kSyns, before, after);
      return syns - std::min(syns, gained(kHandshakes, before, after));
    }
    case AttackClass::ack_flood:
      return gained(kAcks, before, after);
    case AttackClass::rst_flood:
      // While SYNs are answered with cookies alone, a RST counts where it is dropped only; otherwise it counts in both.
      return std::max(gained(kRsts, before, after), gained(kDroppedRsts, before, after));
    case AttackClass::malformed:
      return gained(kMalformed, before, after);
    case AttackClass::retransmission:
      break;
  }
  return gained(kRetransmitted, before, after);
}

bool is_evidence(AttackClass kind, const LogEvent& event) {
  return std::ranges::any_of(events_of(kind), [&event](reg::Event one) { return event.is(one); });
}

}  // namespace synward
