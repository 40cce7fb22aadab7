// SPDX-License-Identifier: BSD-2-Clause
#include "common/generator.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/control.hpp"
#include "common/icmp.hpp"

namespace synward::test {

namespace {

constexpr std::array<std::uint16_t, 2> kTpids{0x8100, 0x88a8};
constexpr std::array<std::uint16_t, 11> kMssValues{0, 100, 216, 536, 1200, 1220, 1360, 1380, 1440, 1460, 8960};
constexpr std::array<std::uint8_t, 9> kExtensionTypes{0, 43, 44, 51, 60, 135, 139, 140, 60};
constexpr std::array<std::uint8_t, 16> kNextHeaders{6, 6, 0, 43, 44, 51, 60, 135, 139, 140, 17, 58, 59, 50, 132, 253};

/// Order of the random calls matters for determinism: function arguments are evaluated in no certain order, so a call
/// never has two of them.
void shuffle(std::vector<Bytes>& parts, Rng& rng) {
  for (std::size_t i = parts.size(); i > 1; --i) std::swap(parts[i - 1], parts[rng.below(i)]);
}

/// Protected, and at an address that row 26 leaves alone.
bool answers(const ServiceEntry& entry) {
  const std::uint8_t first = entry.address.bytes[0];
  return entry.mode == Mode::protect && (entry.address.v6 ? first != 0xff : first < 224);
}

void flip_bit(Bytes& bytes, Rng& rng) {
  if (bytes.empty()) return;
  const std::size_t at = rng.below(bytes.size());
  bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 1u << rng.below(8));
}

}  // namespace

const std::vector<FrameGenerator::Kind>& FrameGenerator::kinds() {
  using G = FrameGenerator;
  static const std::vector<Kind> all{
      {"talk", 500, &G::talk},
      {"syn", 190, &G::syn},
      {"valid_ack", 110, &G::valid_ack},
      {"near_miss_ack", 60, &G::near_miss_ack},
      {"other_ack", 30, &G::other_ack},
      {"odd_flags", 60, &G::odd_flags},
      {"syn_odd_options", 70, &G::syn_odd_options},
      {"forged_mark", 50, &G::forged_mark},
      {"vlan_depth", 20, &G::vlan_depth},
      {"other_ethertype", 15, &G::other_ethertype},
      {"other_protocol", 20, &G::other_protocol},
      {"bad_ip_header", 30, &G::bad_ip_header},
      {"bad_length", 30, &G::bad_length},
      {"bad_ip_checksum", 15, &G::bad_ip_checksum},
      {"fragment_v4", 20, &G::fragment_v4},
      {"fragment_v6", 30, &G::fragment_v6},
      {"extension_chain", 60, &G::extension_chain},
      {"bad_tcp_header", 40, &G::bad_tcp_header},
      {"bad_tcp_checksum", 20, &G::bad_tcp_checksum},
      {"bad_addresses", 35, &G::bad_addresses},
      {"group_mac", 15, &G::group_mac},
      {"self_connect", 15, &G::self_connect},
      {"garbage", 25, &G::garbage},
      {"long_frame", 25, &G::long_frame},
      {"jumbo_frame", 4, &G::jumbo_frame},
      {"oversize_frame", 1, &G::oversize_frame},
      {"mutated", 80, &G::mutated},
      {"cut_or_extended", 50, &G::cut_or_extended},
  };
  return all;
}

unsigned FrameGenerator::total_weight() {
  static const unsigned total = [] {
    unsigned sum = 0;
    for (const Kind& kind : kinds()) sum += kind.weight;
    return sum;
  }();
  return total;
}

FrameGenerator::FrameGenerator(std::uint64_t seed, GeneratorConfig config) : config_(std::move(config)), rng_(seed) {}

const FrameGenerator::Kind& FrameGenerator::pick_kind() {
  std::size_t left = rng_.below(total_weight());
  for (const Kind& kind : kinds()) {
    if (left < kind.weight) return kind;
    left -= kind.weight;
  }
  return kinds().front();
}

const Bytes& FrameGenerator::next() {
  const Kind& kind = pick_kind();
  kind_ = kind.name;
  return keep((this->*kind.make)().bytes);
}

const Bytes& FrameGenerator::next_from_host() {
  if (talks_.empty() || rng_.percent(30)) return next();
  kind_ = "from_host";
  return keep(talk_from_host(rng_.pick(talks_)).bytes);
}

const Bytes& FrameGenerator::next_status() {
  if (talks_.empty()) return next();
  kind_ = "status";
  const Talk& talk = rng_.pick(talks_);
  StatusSpec spec;
  spec.mark = talk.syn;
  spec.mark.payload.clear();
  std::swap(spec.mark.mac_src, spec.mark.mac_dst);
  spec.mark.seq = talk.syn.seq + (rng_.percent(90) ? 1u : 2u);
  spec.mark.ack = talk.iss + (rng_.percent(90) ? 1u : 2u);
  spec.stamps = rng_.bit();
  spec.flags = rng_.u8();
  spec.wscale = rng_.u8();
  spec.mss = rng_.u16();
  spec.status = static_cast<std::uint8_t>(rng_.percent(95) ? rng_.between(1, 5) : rng_.below(8));
  if (rng_.percent(5)) (rng_.bit() ? spec.version : spec.type) = rng_.u8();
  Key key = config_.secrets.control;
  if (rng_.percent(8)) key[0] = static_cast<std::uint8_t>(key[0] ^ 1);
  Bytes frame = status_frame(spec, key);
  if (rng_.percent(10)) flip_bit(frame, rng_);
  if (rng_.percent(5)) frame.resize(rng_.between(14, frame.size()));
  if (rng_.percent(3)) append(frame, random_bytes(rng_.between(1, 300)));
  return keep(std::move(frame));
}

const Bytes& FrameGenerator::next_mail() {
  kind_ = "mail";
  Bytes frame = random_bytes(12);
  for (std::size_t tags = rng_.percent(30) ? rng_.between(1, 3) : 0; tags > 0; --tags) {
    put16(frame, rng_.pick(kTpids));
    put16(frame, rng_.u16());
  }
  put16(frame, rng_.percent(97) ? 0x88b5 : 0x88b6);
  frame.push_back(rng_.percent(95) ? 1 : rng_.u8());
  frame.push_back(rng_.percent(95) ? static_cast<std::uint8_t>(rng_.between(2, 6)) : rng_.u8());
  const std::size_t size = rng_.percent(85) ? rng_.between(60, 256) : rng_.between(14, 600);
  if (size > frame.size()) append(frame, random_bytes(size - frame.size()));
  frame.resize(size);
  return keep(std::move(frame));
}

const Bytes& FrameGenerator::keep(Bytes bytes) {
  bytes_ = std::move(bytes);
  if (bytes_.empty()) bytes_.push_back(0);
  if (bytes_.size() > config_.longest) bytes_.resize(config_.longest);
  return bytes_;
}

const ServiceEntry* FrameGenerator::service_of(const FrameSpec& spec) const {
  for (const ServiceEntry& entry : config_.services) {
    const bool family = spec.dst.v6 ? entry.v6 : entry.v4;
    if (family && (entry.any || entry.address == spec.dst) && (entry.port == 0 || entry.port == spec.dport)) {
      return &entry;
    }
  }
  return nullptr;
}

/// A handshake of one of few clients.
Frame FrameGenerator::begin_talk() {
  FrameSpec spec = syn_spec();
  spec.ip_options.clear();
  spec.extensions.clear();
  spec.src = address(spec.dst.v6 ? "2001:db8::" : "192.0.2.0");
  spec.src.bytes[spec.dst.v6 ? 15 : 3] = static_cast<std::uint8_t>(rng_.between(1, 4));
  spec.sport = static_cast<std::uint16_t>(rng_.between(5000, 5015));
  const bool mss = rng_.percent(90), scale = rng_.bit(), sack = rng_.bit(), timestamps = rng_.percent(70);
  const std::uint16_t mss_value = rng_.pick(kMssValues);
  const auto shift = static_cast<std::uint8_t>(rng_.below(15));
  const std::uint32_t tsval = rng_.u32();
  spec.options.clear();
  if (mss) append(spec.options, opt_mss(mss_value));
  if (sack) append(spec.options, opt_sack());
  if (timestamps) append(spec.options, opt_ts(tsval, 0));
  if (scale) append(spec.options, opt_ws(shift));
  const ServiceEntry* service = service_of(spec);
  if (service != nullptr) {
    const bool parity = config_.secrets.parity;
    const std::uint8_t byte =
        oracle_cookie_byte(mss ? mss_value : 0, scale && service->en_ws ? shift : -1, sack && service->en_sack, parity);
    const Tuple tuple{spec.src, spec.dst, spec.sport, spec.dport};
    const std::uint32_t iss = oracle_iss(config_.secrets.cookie[parity ? 1 : 0], tuple, spec.seq, byte);
    constexpr std::size_t kTalks = 16;
    const Talk talk{spec, iss, tsval, service->window};
    if (talks_.size() < kTalks) {
      talks_.push_back(talk);
    } else {
      talks_[rng_.below(kTalks)] = talk;
    }
  }
  return build(spec);
}

Frame FrameGenerator::duplicate_syn(Talk& talk) {
  FrameSpec spec = talk.syn;
  if (rng_.percent(30)) spec.seq += rng_.u32();
  if (rng_.percent(30)) spec.options = syn_options();
  if (rng_.percent(30)) spec.flags = static_cast<std::uint8_t>(spec.flags ^ (kEce | kCwr));
  return build(spec);
}

/// The ACK that completes it.
FrameSpec FrameGenerator::talk_ack(Talk& talk) {
  FrameSpec spec = talk.syn;
  spec.flags = rng_.percent(70) ? kAck : static_cast<std::uint8_t>(kAck | kPsh);
  if (rng_.percent(10)) spec.flags |= kFin;
  spec.seq = talk.syn.seq + 1;
  spec.ack = talk.iss + 1;
  talk.tsval += static_cast<std::uint32_t>(rng_.below(10));
  spec.options.clear();
  if (rng_.percent(75)) spec.options = concat({opt_nop(2), opt_ts(talk.tsval, 1)});
  spec.payload = random_bytes(rng_.percent(70) ? 0 : rng_.between(1, 200));
  return spec;
}

/// Wrong in one thing: ACK, SEQ at the edges of the window, an old timestamp.
Frame FrameGenerator::talk_wrong_ack(Talk& talk) {
  FrameSpec spec = talk_ack(talk);
  switch (rng_.below(6)) {
    case 0:
      spec.ack += rng_.bit() ? 1u : rng_.u32();
      break;
    case 1:
      spec.seq = talk.syn.seq;
      break;
    case 2:
      spec.seq = talk.syn.seq + talk.window + static_cast<std::uint32_t>(rng_.below(3));
      break;
    case 3:
      spec.seq = talk.syn.seq + static_cast<std::uint32_t>(rng_.below(70'000));
      break;
    case 4:
      spec.seq = rng_.u32();
      break;
    default:
      spec.options = concat({opt_nop(2), opt_ts(talk.tsval - 1000, 1)});
      break;
  }
  return build(spec);
}

Frame FrameGenerator::talk_rst(const Talk& talk) {
  FrameSpec spec = talk.syn;
  spec.flags = rng_.bit() ? kRst : static_cast<std::uint8_t>(kRst | kAck);
  spec.options.clear();
  const std::uint32_t offset = rng_.bit() ? static_cast<std::uint32_t>(rng_.below(70'000)) : talk.window;
  spec.seq = talk.syn.seq + (rng_.percent(40) ? 1 : offset);
  return build(spec);
}

/// A router's error about a SYN-ACK, or nearly one.
Frame FrameGenerator::talk_icmp(const Talk& talk) {
  IcmpSpec error;
  error.quoted = talk.syn;
  std::swap(error.quoted.src, error.quoted.dst);
  std::swap(error.quoted.sport, error.quoted.dport);
  std::swap(error.quoted.mac_src, error.quoted.mac_dst);
  error.quoted.seq = talk.iss + (rng_.percent(85) ? 0u : 1u);
  if (!talk.syn.dst.v6 && rng_.percent(10)) error.quoted.ip_options = Bytes(8, 1);
  error.type = static_cast<std::uint8_t>(talk.syn.dst.v6 ? rng_.between(0, 5) : rng_.between(2, 13));
  if (rng_.percent(60)) error.type = talk.syn.dst.v6 ? 1 : 3;
  if (rng_.percent(20)) error.bytes = rng_.between(0, 64);
  error.bad_checksum = rng_.percent(8);
  if (rng_.percent(5)) error.quoted.protocol = 17;
  if (rng_.percent(5)) error.quoted.fragment = rng_.u16();
  FrameSpec spec = icmp_error(error);
  if (rng_.percent(5)) spec.fragment = 0x2000;
  return build(spec);
}

/// A segment of the server.
Frame FrameGenerator::talk_from_host(const Talk& talk) {
  constexpr std::array<std::uint8_t, 6> kFlags{kAck, kAck | kPsh, kSyn, kAck | kFin, kRst, kSyn | kAck};
  FrameSpec spec = talk.syn;
  std::swap(spec.src, spec.dst);
  std::swap(spec.sport, spec.dport);
  spec.flags = rng_.pick(kFlags);
  spec.options = ack_options();
  spec.payload = random_bytes(rng_.percent(60) ? 0 : rng_.between(1, 300));
  if (rng_.percent(5)) spec.tcp_checksum = rng_.u16();
  return build(spec);
}

Frame FrameGenerator::talk() {
  if (talks_.size() < 4 || rng_.percent(25)) return begin_talk();
  Talk& talk = talks_[rng_.below(talks_.size())];
  const std::size_t dice = rng_.below(100);
  if (dice < 12) return duplicate_syn(talk);
  if (dice < 42) return build(talk_ack(talk));
  if (dice < 60) return talk_wrong_ack(talk);
  if (dice < 72) return talk_rst(talk);
  return talk_icmp(talk);
}

Bytes FrameGenerator::random_bytes(std::size_t count) {
  Bytes out(count);
  for (std::uint8_t& byte : out) byte = rng_.u8();
  return out;
}

Address FrameGenerator::random_client(bool v6) {
  Address out = address(v6 ? "2001:db8::" : "192.0.2.0");
  if (rng_.percent(50)) {
    // Any unicast address: the first byte decides.
    for (std::uint8_t& byte : out.bytes) byte = rng_.u8();
    out.bytes[0] = static_cast<std::uint8_t>(v6 ? 0x20 : rng_.between(1, 223));
  } else {
    out.bytes[v6 ? 15 : 3] = static_cast<std::uint8_t>(rng_.between(1, 254));
  }
  return out;
}

/// What every kind may have besides what makes it that kind: tags, IP options, extension headers, payload, trailer.
FrameSpec FrameGenerator::base() {
  FrameSpec spec;
  for (std::uint8_t& byte : spec.mac_dst) byte = rng_.u8();
  for (std::uint8_t& byte : spec.mac_src) byte = rng_.u8();
  spec.mac_dst[0] &= 0xfe;  // group_mac makes the others
  spec.mac_src[0] &= 0xfe;
  for (std::size_t tags = rng_.percent(25) ? rng_.between(1, 2) : 0; tags > 0; --tags) {
    VlanTag tag;
    tag.tpid = rng_.pick(kTpids);
    tag.tci = rng_.u16();
    spec.tags.push_back(tag);
  }
  spec.tos = rng_.percent(30) ? rng_.u8() : std::uint8_t{0};
  spec.ttl = rng_.u8();
  spec.ip_id = rng_.u16();
  spec.flowlabel = rng_.u32();
  spec.sport = rng_.u16();
  spec.seq = rng_.u32();
  spec.window = rng_.u16();
  if (rng_.percent(5)) spec.urgent = rng_.u16();
  if (rng_.percent(8)) spec.trailer = random_bytes(rng_.between(1, 40));
  spec.pad = !rng_.percent(10);
  return spec;
}

FrameSpec FrameGenerator::to_service() {
  FrameSpec spec = base();
  ServiceEntry entry = rng_.pick(config_.services);
  // One more try for one that answers: the others' fates come early, and hide what the frame is made for.
  if (rng_.percent(75) && !answers(entry)) entry = rng_.pick(config_.services);
  const bool v6 = entry.v4 && entry.v6 ? rng_.bit() : entry.v6;
  spec.dst = entry.address;
  if (entry.any || spec.dst.v6 != v6) spec.dst = random_client(v6);
  spec.dport = entry.port != 0 ? entry.port : rng_.u16();
  spec.src = random_client(v6);
  if (rng_.percent(4)) spec.dst = random_client(v6);
  if (rng_.percent(4)) spec.dport = rng_.u16();
  if (!v6 && rng_.percent(8)) spec.ip_options = random_bytes(4 * rng_.between(1, 10));
  if (v6 && rng_.percent(10)) {
    spec.extensions.push_back({60, Bytes(8)});
    if (rng_.bit()) spec.extensions.push_back({43, Bytes(8)});
  }
  return spec;
}

/// What stacks send: all mixes of the four options, mostly in common orders, rarely without MSS.
Bytes FrameGenerator::syn_options() {
  std::vector<Bytes> parts;
  if (rng_.percent(80)) {
    const std::uint16_t mss = rng_.percent(40) ? rng_.pick(kMssValues) : rng_.u16();
    parts.push_back(opt_mss(mss));
  }
  if (rng_.bit()) parts.push_back(opt_sack());
  if (rng_.bit()) {
    const std::uint32_t tsval = rng_.u32();
    parts.push_back(opt_ts(tsval, 0));
  }
  if (rng_.bit()) {
    const std::uint8_t shift = rng_.percent(90) ? static_cast<std::uint8_t>(rng_.below(16)) : rng_.u8();
    parts.push_back(opt_ws(shift));
  }
  if (rng_.percent(30)) shuffle(parts, rng_);
  Bytes out;
  for (const Bytes& part : parts) {
    if (rng_.percent(40)) append(out, opt_nop(rng_.between(1, 2)));
    append(out, part);
  }
  if (out.size() > 40) out.resize(40);
  return out;
}

Bytes FrameGenerator::ack_options() {
  if (rng_.percent(40)) return {};
  const std::uint32_t tsval = rng_.u32();
  const std::uint32_t tsecr = rng_.u32();
  return concat({opt_nop(rng_.below(3)), opt_ts(tsval, tsecr)});
}

/// Options as nobody should send them: wrong and impossible lengths, repeats, EOL early, cut off, any kinds.
Bytes FrameGenerator::odd_options() {
  constexpr std::array<std::uint8_t, 9> kKinds{2, 3, 4, 8, 253, 5, 19, 29, 254};
  Bytes out;
  const std::size_t wanted = rng_.between(1, 40);
  while (out.size() < wanted) {
    switch (rng_.below(10)) {
      case 0:
        append(out, opt_nop(rng_.between(1, 3)));
        break;
      case 1:
        if (rng_.percent(30)) out.push_back(0);
        break;
      case 2: {  // a kind with any length, and as many bytes as it says, or any number
        const std::uint8_t kind = rng_.pick(kKinds);
        const auto length = static_cast<std::uint8_t>(rng_.percent(90) ? rng_.below(16) : rng_.u8());
        out.push_back(kind);
        out.push_back(length);
        const std::size_t body =
            length >= 2 && rng_.percent(80) ? std::min<std::size_t>(length - 2u, 38) : rng_.below(6);
        append(out, random_bytes(body));
        break;
      }
      case 3:
      case 4:
        append(out, opt_mss(rng_.u16()));
        break;
      case 5:
        append(out, opt_sack());
        break;
      case 6:
        append(out, opt_ws(rng_.u8()));
        break;
      case 7:
      case 8: {
        const std::uint32_t tsval = rng_.u32();
        append(out, opt_ts(tsval, rng_.u32()));
        break;
      }
      default:
        out.push_back(rng_.u8());
        break;
    }
  }
  // Cut where it comes to lie, in the middle of an option too.
  out.resize(rng_.percent(50) ? std::min<std::size_t>(out.size(), 40) : std::min(out.size(), wanted));
  if (rng_.percent(50)) out.resize(out.size() / 4 * 4);
  return out;
}

FrameSpec FrameGenerator::syn_spec() {
  FrameSpec spec = to_service();
  spec.flags = kSyn;
  if (rng_.percent(20)) spec.flags |= kEce | kCwr;
  if (rng_.percent(5)) spec.ack = rng_.u32();
  spec.options = syn_options();
  if (rng_.percent(8)) spec.payload = random_bytes(rng_.between(1, 200));
  return spec;
}

FrameSpec FrameGenerator::ack_spec() {
  FrameSpec spec = to_service();
  const unsigned mss = rng_.percent(50) ? rng_.pick(kMssValues) : rng_.u16();
  const int shift = static_cast<int>(rng_.below(16)) - 1;
  const bool sack = rng_.bit();
  const bool parity = rng_.bit();
  const Tuple tuple{spec.src, spec.dst, spec.sport, spec.dport};
  const std::uint8_t byte = oracle_cookie_byte(mss, shift, sack, parity);
  spec.ack = oracle_iss(config_.secrets.cookie[parity ? 1 : 0], tuple, spec.seq, byte) + 1;
  ++spec.seq;
  spec.flags = kAck;
  if (rng_.percent(30)) spec.flags = static_cast<std::uint8_t>((rng_.u8() & ~(kSyn | kRst)) | kAck);
  spec.options = rng_.percent(90) ? ack_options() : odd_options();
  if (rng_.percent(30)) spec.payload = random_bytes(rng_.between(1, 300));
  return spec;
}

FrameSpec FrameGenerator::any_spec() { return rng_.percent(70) ? syn_spec() : ack_spec(); }

Frame FrameGenerator::syn() { return build(syn_spec()); }

Frame FrameGenerator::valid_ack() { return build(ack_spec()); }

Frame FrameGenerator::near_miss_ack() {
  FrameSpec spec = ack_spec();
  const unsigned bit = static_cast<unsigned>(rng_.below(32));
  switch (rng_.below(5)) {
    case 0:
      spec.seq ^= 1u << bit;
      break;
    case 1:
      spec.ack ^= 1u << bit;
      break;
    case 2:
      spec.sport = static_cast<std::uint16_t>(spec.sport ^ 1u << bit % 16);
      break;
    case 3:
      spec.src.bytes[1] = static_cast<std::uint8_t>(spec.src.bytes[1] ^ 1u << bit % 8);
      break;
    default:
      spec.ack += rng_.bit() ? 1u : 0x100u;
      break;
  }
  return build(spec);
}

Frame FrameGenerator::other_ack() {
  FrameSpec spec = ack_spec();
  spec.ack = rng_.u32();
  return build(spec);
}

Frame FrameGenerator::odd_flags() {
  FrameSpec spec = any_spec();
  spec.flags = rng_.u8();
  if (rng_.percent(60)) spec.flags &= static_cast<std::uint8_t>(~kRst);
  if (rng_.percent(30)) spec.flags &= static_cast<std::uint8_t>(~kAck);
  return build(spec);
}

Frame FrameGenerator::syn_odd_options() {
  FrameSpec spec = any_spec();
  spec.options = odd_options();
  return build(spec);
}

/// A mark at any offset, or nearly one.
Frame FrameGenerator::forged_mark() {
  FrameSpec spec = any_spec();
  Bytes mark = concat({Bytes{253, 12, 0x5a, 0xc1}, random_bytes(8)});
  switch (rng_.below(8)) {
    case 0:
      mark[1] = static_cast<std::uint8_t>(rng_.below(20));
      break;
    case 1:
      mark[2] = static_cast<std::uint8_t>(mark[2] ^ 1u << rng_.below(8));
      break;
    case 2:
      mark[3] = static_cast<std::uint8_t>(mark[3] ^ 1u << rng_.below(8));
      break;
    case 3:
      mark[0] = 254;
      break;
    default:
      break;
  }
  Bytes before = rng_.bit() ? opt_nop(rng_.below(30)) : odd_options();
  if (before.size() > 34) before.resize(34);
  spec.options = concat({before, mark});
  if (spec.options.size() > 40) spec.options.resize(40);
  return build(spec);
}

Frame FrameGenerator::vlan_depth() {
  FrameSpec spec = any_spec();
  spec.tags.clear();
  for (std::size_t tags = rng_.between(1, 4); tags > 0; --tags) {
    VlanTag tag;
    tag.tpid = rng_.pick(kTpids);
    tag.tci = rng_.u16();
    spec.tags.push_back(tag);
  }
  return build(spec);
}

Frame FrameGenerator::other_ethertype() {
  constexpr std::array<std::uint16_t, 8> kTypes{0x0806, 0x88cc, 0x8847, 0x9100, 0x8808, 0x0801, 0x86dc, 64};
  FrameSpec spec = any_spec();
  spec.ethertype = rng_.percent(70) ? rng_.pick(kTypes) : rng_.u16();
  return build(spec);
}

Frame FrameGenerator::other_protocol() {
  constexpr std::array<std::uint8_t, 6> kProtocols{17, 1, 58, 50, 47, 132};
  FrameSpec spec = any_spec();
  spec.protocol = rng_.percent(80) ? rng_.pick(kProtocols) : rng_.u8();
  spec.tcp = false;
  spec.payload = random_bytes(rng_.between(0, 120));
  return build(spec);
}

Frame FrameGenerator::bad_ip_header() {
  FrameSpec spec = any_spec();
  spec.extensions.clear();
  switch (rng_.below(4)) {
    case 0:
      spec.ip_version = static_cast<std::uint8_t>(rng_.below(16));
      break;
    case 1:
      spec.ihl = static_cast<std::uint8_t>(rng_.below(16));
      break;
    case 2:
      spec.ip_length = static_cast<std::uint16_t>(rng_.below(64));
      break;
    default: {
      Frame frame = build(spec);
      frame.bytes.resize(std::min(frame.bytes.size(), rng_.between(frame.l3, frame.l3 + 42)));
      return frame;
    }
  }
  return build(spec);
}

/// A length field that is off by a little, or anything.
Frame FrameGenerator::bad_length() {
  FrameSpec spec = any_spec();
  const Frame right = build(spec);
  const std::size_t length = right.end - right.l3 - (right.v6 ? 40 : 0);
  if (rng_.percent(85)) {
    spec.ip_length = static_cast<std::uint16_t>(length + rng_.below(17) - 8);
  } else {
    spec.ip_length = rng_.u16();
  }
  spec.pad = rng_.bit();
  return build(spec);
}

Frame FrameGenerator::bad_ip_checksum() {
  FrameSpec spec = any_spec();
  spec.ip_checksum = rng_.u16();
  if (rng_.bit()) return build(spec);
  spec.ip_checksum.reset();
  Frame frame = build(spec);
  frame.bytes[frame.l3 + rng_.below(20)] ^= 0x01;
  return frame;
}

Frame FrameGenerator::fragment_v4() {
  FrameSpec spec = any_spec();
  if (spec.dst.v6) return fragment_v6();
  const std::uint16_t bits = rng_.u16();
  spec.fragment = rng_.bit() ? bits : static_cast<std::uint16_t>(bits & 0xe001);
  if (rng_.percent(25)) spec.protocol = rng_.u8();
  return build(spec);
}

Frame FrameGenerator::fragment_v6() {
  FrameSpec spec = any_spec();
  if (!spec.dst.v6) return fragment_v4();
  for (std::size_t before = rng_.below(4); before > 0; --before)
    spec.extensions.insert(spec.extensions.begin(), {60, Bytes(8)});
  spec.extensions.push_back({44, random_bytes(8)});
  spec.protocol = rng_.pick(kNextHeaders);
  if (rng_.percent(20)) spec.ip_length = static_cast<std::uint16_t>(rng_.below(60));
  return build(spec);
}

/// Bytes 2 and on of a header of options: options that end where the header does, of which few are odd.
void FrameGenerator::fill_options(Bytes& header) {
  for (std::size_t at = 2; at < header.size();) {
    const std::size_t left = header.size() - at;
    const bool odd = rng_.percent(5);
    if (left == 1 || rng_.percent(20)) {
      header[at++] = odd ? rng_.u8() : std::uint8_t{0};
      continue;
    }
    const std::size_t length = rng_.below(left - 1);
    header[at] = static_cast<std::uint8_t>(odd ? rng_.u8() : rng_.between(1, 63));
    header[at + 1] = static_cast<std::uint8_t>(length + (rng_.percent(5) ? rng_.below(4) : 0));
    at += 2 + length;
  }
}

/// One header of a chain. Its length field is mostly what it says, 8 to 32 bytes.
Extension FrameGenerator::random_extension() {
  Extension out;
  out.type = rng_.percent(60) ? std::uint8_t{60} : rng_.pick(kExtensionTypes);
  const std::size_t units = rng_.percent(75) ? 1 : rng_.between(1, 4);
  out.bytes = random_bytes(8 * units);
  if (rng_.percent(80)) fill_options(out.bytes);
  out.bytes[1] = rng_.percent(93) ? static_cast<std::uint8_t>(units - 1) : rng_.u8();
  // Segments Left, if it is a routing header.
  if (rng_.percent(60)) out.bytes[3] = 0;
  return out;
}

Frame FrameGenerator::extension_chain() {
  FrameSpec spec = any_spec();
  while (!spec.dst.v6) spec = any_spec();
  spec.extensions.clear();
  for (std::size_t headers = rng_.between(1, 5); headers > 0; --headers) {
    spec.extensions.push_back(random_extension());
    if (spec.extensions.size() == 1 && rng_.percent(40)) spec.extensions[0].type = 0;
  }
  if (rng_.percent(30)) spec.protocol = rng_.pick(kNextHeaders);
  // The packet may end inside the chain, and the frame with it.
  if (rng_.percent(15)) {
    spec.ip_length = static_cast<std::uint16_t>(rng_.below(48));
    spec.pad = false;
    Frame frame = build(spec);
    if (rng_.bit()) frame.bytes.resize(std::min(frame.bytes.size(), frame.l3 + 40u + *spec.ip_length));
    return frame;
  }
  return build(spec);
}

Frame FrameGenerator::bad_tcp_header() {
  FrameSpec spec = any_spec();
  const Frame right = build(spec);
  switch (rng_.below(3)) {
    case 0:
      spec.data_offset = static_cast<std::uint8_t>(rng_.below(16));
      break;
    case 1:
      // The packet ends in the TCP header.
      spec.ip_length = static_cast<std::uint16_t>(right.l4 - right.l3 - (right.v6 ? 40 : 0) + rng_.below(24));
      break;
    default:
      spec.tcp = false;
      spec.protocol = 6;
      spec.payload = random_bytes(rng_.below(24));
      break;
  }
  return build(spec);
}

Frame FrameGenerator::bad_tcp_checksum() {
  FrameSpec spec = any_spec();
  if (rng_.bit()) {
    spec.tcp_checksum = rng_.u16();
    return build(spec);
  }
  Frame frame = build(spec);
  const std::size_t at = rng_.between(frame.l4, frame.end - 1);
  frame.bytes[at] = static_cast<std::uint8_t>(frame.bytes[at] ^ 1u << rng_.below(8));
  return frame;
}

Frame FrameGenerator::bad_addresses() {
  constexpr std::array kV4{"0.0.0.0", "224.0.0.1", "239.255.255.250", "255.255.255.255", "127.0.0.1", "240.0.0.1"};
  constexpr std::array kV6{"::", "ff02::1", "ff00::", "::1", "fe80::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
  FrameSpec spec = any_spec();
  const Address odd = address(spec.dst.v6 ? rng_.pick(kV6) : rng_.pick(kV4));
  if (rng_.percent(80)) {
    spec.src = odd;
  } else {
    spec.dst = odd;
    spec.dport = 443;
  }
  return build(spec);
}

Frame FrameGenerator::group_mac() {
  FrameSpec spec = any_spec();
  std::array<std::uint8_t, 6>& mac = rng_.bit() ? spec.mac_dst : spec.mac_src;
  mac[0] |= 1;
  if (rng_.bit()) mac.fill(0xff);
  return build(spec);
}

Frame FrameGenerator::self_connect() {
  FrameSpec spec = any_spec();
  if (rng_.percent(85)) spec.src = spec.dst;
  if (rng_.percent(85)) spec.sport = spec.dport;
  return build(spec);
}

Frame FrameGenerator::garbage() {
  Frame frame;
  frame.bytes = random_bytes(rng_.between(1, 70));
  // Half of it gets as far as an EtherType.
  if (frame.bytes.size() > 14 && rng_.bit()) {
    constexpr std::array<std::uint16_t, 5> kTypes{0x0800, 0x86dd, 0x8100, 0x88a8, 0x88b5};
    const std::uint16_t type = rng_.pick(kTypes);
    frame.bytes[12] = static_cast<std::uint8_t>(type >> 8);
    frame.bytes[13] = static_cast<std::uint8_t>(type);
    if (rng_.bit()) frame.bytes[14] = type == 0x0800 ? 0x45 : 0x60;
  }
  return frame;
}

Frame FrameGenerator::long_frame() {
  FrameSpec spec = any_spec();
  spec.payload = random_bytes(rng_.between(64, 1380));
  return build(spec);
}

Frame FrameGenerator::jumbo_frame() {
  FrameSpec spec = any_spec();
  spec.payload = random_bytes(rng_.between(1400, 8900));
  return build(spec);
}

Frame FrameGenerator::oversize_frame() {
  FrameSpec spec = any_spec();
  spec.payload = random_bytes(rng_.between(16000, 17000));
  return build(spec);
}

/// Any other kind with some bits flipped; in half of the cases the checksums are put right again, to get further.
Frame FrameGenerator::mutated() {
  const Kind& kind = pick_kind();
  Frame frame = kind.make == &FrameGenerator::mutated ? syn() : (this->*kind.make)();
  Bytes& bytes = frame.bytes;
  for (std::size_t flips = rng_.between(1, 4); flips > 0 && !bytes.empty(); --flips) {
    // Headers more often than payload.
    Bytes head(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(bytes.size(), 100)));
    if (rng_.percent(80)) {
      flip_bit(head, rng_);
      std::copy(head.begin(), head.end(), bytes.begin());
    } else {
      flip_bit(bytes, rng_);
    }
  }
  if (rng_.bit()) fix_checksums(frame);
  return frame;
}

Frame FrameGenerator::cut_or_extended() {
  Frame frame = build(any_spec());
  if (rng_.percent(60)) {
    frame.bytes.resize(rng_.between(1, frame.bytes.size()));
  } else {
    append(frame.bytes, random_bytes(rng_.between(1, 90)));
  }
  return frame;
}

}  // namespace synward::test
