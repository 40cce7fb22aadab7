// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/attack.hpp"

#include <algorithm>
#include <array>

#include "synward/sim/clock.hpp"
#include "synward/sim/icmp_frame.hpp"

namespace synward::sim {

namespace {

/// Wire units in a microsecond: exact.
constexpr double kUnitsPerUs = 412'500;
static_assert(kUnitsPerUs == kClockHz / 1e6 * kWireUnitsPerCycle);

constexpr std::size_t kEthernet = 14;

/// Deviations from a good SYN, one a frame.
enum Mutation : std::uint32_t {
  kCutShort,
  kWrongVersion,
  kHeaderLength,
  kTooLong,
  kIpChecksum,
  kTcpChecksum,
  kFragment,
  kDataOffsetShort,
  kDataOffsetBeyond,
  kForgedMark,
  kNoSource,
  kOddFlags,
  kSynAck,
  kSynFin,
  kGroupMac,
  kSelfConnect,
  kMulticast,
  kThreeTags,
  kNoise,
  kOptionNoise,
  kExtensionHeader,
  kMutations
};

}  // namespace

IpAddress random_address(const IpPrefix& prefix, Random& random) {
  IpAddress address = prefix.base;
  const auto wire = address.wire();
  for (unsigned bit = prefix.length; bit < 8 * wire.size(); bit = (bit / 8 + 1) * 8) {
    // The bits of this byte that lie behind the prefix.
    const auto mask = 0xffU >> bit % 8;
    wire[bit / 8] = static_cast<std::uint8_t>((wire[bit / 8] & ~mask) | (random.byte() & mask));
  }
  return address;
}

Attacker::Attacker(const AttackerSpec& spec, std::uint64_t seed)
    : spec_(spec),
      random_(seed),
      start_(static_cast<std::uint64_t>(spec.start_us * kUnitsPerUs)),
      stop_(static_cast<std::uint64_t>(spec.stop_us * kUnitsPerUs)) {
  fields_.to = kServerMac;
  fields_.from = kRouterMac;
}

std::optional<std::uint64_t> Attacker::due(std::uint64_t line_free) const {
  // From the count, not from the last frame: rounding must not add up.
  const auto time =
      spec_.rate_mpps
          ? start_ + static_cast<std::uint64_t>(static_cast<double>(frames_) * kUnitsPerUs / *spec_.rate_mpps)
          : std::max(start_, line_free);
  return time < stop_ ? std::optional(time) : std::nullopt;
}

const std::vector<std::uint8_t>& Attacker::next() {
  ++frames_;
  switch (spec_.kind) {
    case AttackKind::syn_flood:
      build_syn();
      break;
    case AttackKind::ack_flood:
      build_ack();
      break;
    case AttackKind::malformed:
      build_malformed();
      break;
    case AttackKind::rst_flood:
      build_rst();
      break;
    case AttackKind::icmp_flood:
      build_icmp();
      break;
    case AttackKind::dup_syn:
      build_again();
      break;
  }
  return frame_;
}

void Attacker::fill_common() {
  const auto& target = spec_.targets[random_.below(spec_.targets.size())];
  const IpPrefix* source = nullptr;
  do {
    source = &spec_.sources[random_.below(spec_.sources.size())];
  } while (source->base.v6 != target.address.v6);
  fields_.flow = {random_address(*source, random_), target.address, static_cast<std::uint16_t>(random_.bits()),
                  target.port};
  const auto numbers = random_.bits();
  fields_.seq = static_cast<std::uint32_t>(numbers);
  fields_.ack = static_cast<std::uint32_t>(numbers >> 32);
}

void Attacker::build_syn() {
  fill_common();
  fields_.ack = 0;
  fields_.flags = tcp_flag::syn;
  options_ = {};
  const auto style = spec_.options[random_.below(spec_.options.size())];
  const std::uint16_t mss = fields_.flow.source.v6 ? 1440 : 1460;
  write_syn_options(style, mss, static_cast<std::uint32_t>(random_.bits()), random_, options_);
  fields_.options = options_.padded();
  build_tcp(fields_, frame_);
}

void Attacker::build_ack() {
  fill_common();
  fields_.flags = tcp_flag::ack;
  fields_.options = {};
  build_tcp(fields_, frame_);
}

void Attacker::build_rst() {
  fill_common();
  fields_.flags = tcp_flag::rst;
  fields_.options = {};
  build_tcp(fields_, frame_);
}

void Attacker::build_icmp() {
  fill_common();
  build_port_unreachable(fields_.to, fields_.from, fields_.flow.reversed(), fields_.seq, frame_);
}

/// The SYN of before, or a new one after four.
void Attacker::build_again() {
  constexpr std::uint64_t kTimes = 4;
  if (frames_ % kTimes == 1) {
    build_syn();
  }
}

void Attacker::build_malformed() {
  build_syn();
  mutate(random_.below(kMutations));
}

void Attacker::mutate(std::uint32_t how) {
  const bool v6 = fields_.flow.source.v6;
  const auto rebuild = [this] { build_tcp(fields_, frame_); };
  std::uint8_t* const ip = frame_.data() + kEthernet;
  std::uint8_t* const tcp = ip + (v6 ? 40 : 20);
  switch (static_cast<Mutation>(how)) {
    case kCutShort:
      frame_.resize(1 + random_.below(frame_.size() - 1));
      break;
    case kWrongVersion:
      ip[0] = static_cast<std::uint8_t>(ip[0] ^ 0x10U << random_.below(4));
      break;
    case kHeaderLength:
      if (v6) {
        store16(ip + 4, static_cast<std::uint16_t>(random_.below(20)));
      } else {
        ip[0] = static_cast<std::uint8_t>(0x40U | random_.below(5));
      }
      break;
    case kTooLong:
      store16(ip + (v6 ? 4 : 2), static_cast<std::uint16_t>(frame_.size() + random_.below(1000)));
      break;
    case kIpChecksum:
      ip[v6 ? 4 : 10] = static_cast<std::uint8_t>(ip[v6 ? 4 : 10] ^ (1U + random_.below(255)));
      break;
    case kTcpChecksum:
      tcp[16] = static_cast<std::uint8_t>(tcp[16] ^ (1U + random_.below(255)));
      break;
    case kFragment:
      if (v6) {
        ip[6] = 44;
        tcp[0] = 6;
      } else {
        store16(ip + 6, static_cast<std::uint16_t>(random_.coin() ? 0x2000 : 1 + random_.below(0x1fff)));
        refresh_checksums(frame_);
      }
      break;
    case kDataOffsetShort:
      tcp[12] = static_cast<std::uint8_t>(random_.below(5) << 4);
      break;
    case kDataOffsetBeyond:
      tcp[12] = 0xf0;
      break;
    case kForgedMark: {
      OptionBytes mark;
      mark.add({253, 12, 0x5a, 0xc1, 0, 0, 5, 0xb4, random_.byte(), random_.byte(), random_.byte(), random_.byte()});
      fields_.options = mark.padded();
      fields_.flags = tcp_flag::ack;
      rebuild();
      break;
    }
    case kNoSource:
      std::ranges::fill(fields_.flow.source.wire(), std::uint8_t{0});
      rebuild();
      break;
    case kOddFlags:
      fields_.flags = static_cast<std::uint8_t>(random_.byte() & ~tcp_flag::syn);
      rebuild();
      break;
    case kSynAck:
      fields_.flags = tcp_flag::syn | tcp_flag::ack;
      rebuild();
      break;
    case kSynFin:
      fields_.flags = tcp_flag::syn | tcp_flag::fin;
      rebuild();
      break;
    case kGroupMac:
      frame_[0] = 0xff;
      break;
    case kSelfConnect:
      fields_.flow.source = fields_.flow.destination;
      fields_.flow.source_port = fields_.flow.destination_port;
      rebuild();
      break;
    case kMulticast:
      fields_.flow.source.wire()[0] = v6 ? 0xff : 0xe0;
      rebuild();
      break;
    case kThreeTags:
      for (int tag = 0; tag < 3; ++tag) {
        frame_.insert(frame_.begin() + 12, {0x81, 0x00, 0x00, 0x05});
      }
      break;
    case kNoise:
      frame_.resize(1 + random_.below(300));
      random_.fill(frame_);
      break;
    case kOptionNoise: {
      std::array<std::uint8_t, 40> noise{};
      random_.fill(noise);
      fields_.options = Bytes(noise).first(4 * random_.below(11));
      rebuild();
      break;
    }
    case kExtensionHeader:
      ip[v6 ? 6 : 9] = static_cast<std::uint8_t>(v6 ? 51 : random_.byte());
      break;
    case kMutations:
      break;
  }
}

}  // namespace synward::sim
