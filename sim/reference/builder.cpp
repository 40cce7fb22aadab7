// SPDX-License-Identifier: BSD-2-Clause
#include "reference/builder.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "reference/checksum.hpp"
#include "reference/parse.hpp"
#include "synward/codes.hpp"

namespace synward::reference {

namespace {

constexpr std::size_t kMinFrame = 60;  ///< Ethernet's least, without FCS
constexpr std::size_t kTcpHeader = 20;
constexpr std::uint16_t kDontFragment = 0x4000;
constexpr std::uint32_t kFlowlabelMask = 0xfffff;

/// Writes in network order.
class Writer {
 public:
  void u8(std::uint64_t v) { be(v, 1); }
  void u16(std::uint64_t v) { be(v, 2); }
  void u32(std::uint64_t v) { be(v, 4); }
  void mac(std::uint64_t v) { be(v, 6); }
  void address(bool v6, const Wide128& a) {
    if (v6) be(a.hi, 8);
    be(a.lo, v6 ? 8 : 4);
  }
  void raw(std::initializer_list<std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) u8(byte);
  }
  void raw(ByteView bytes) {
    for (const std::uint8_t byte : bytes) u8(byte);
  }

  /// Puts `value` into two bytes already written.
  void patch16(std::size_t at, std::uint16_t value) {
    bytes_[at] = static_cast<std::uint8_t>(value >> 8);
    bytes_[at + 1] = static_cast<std::uint8_t>(value);
  }
  void pad_to(std::size_t size) { size_ = std::max(size_, size); }

  std::size_t size() const { return size_; }
  ByteView from(std::size_t at) const { return ByteView(bytes_).subspan(at, size_ - at); }

 private:
  void be(std::uint64_t v, unsigned bytes) {
    while (bytes-- > 0) bytes_[size_++] = static_cast<std::uint8_t>(v >> (8 * bytes));
  }

  std::array<std::uint8_t, 128> bytes_{};  // the longest frame made has 106: two tags, IPv6, 24 bytes of options
  std::size_t size_ = 0;
};

/// What differs between the kinds of frame that the card makes.
struct Segment {
  std::uint64_t mac_dst, mac_src;
  Wide128 src, dst;
  std::uint16_t sport, dport;
  std::uint32_t seq, ack;
  std::uint8_t flags;
  std::uint16_t window;
  std::uint8_t ttl, tos;
  std::uint32_t flowlabel;
  bool df;
};

void put_ethernet(const ContextRecord& context, const Segment& segment, Writer& out) {
  out.mac(segment.mac_dst);
  out.mac(segment.mac_src);
  if (context.tags >= 1) out.u32(context.tag1);
  if (context.tags == 2) out.u32(context.tag2);
  out.u16(context.v6 ? 0x86dd : 0x0800);
}

void put_ipv4(const Segment& segment, std::size_t tcp_length, Writer& out) {
  const std::size_t l3 = out.size();
  out.u8(0x45);
  out.u8(segment.tos);
  out.u16(20 + tcp_length);
  out.u16(0);
  out.u16(segment.df ? kDontFragment : 0);
  out.u8(segment.ttl);
  out.u8(6);
  out.u16(0);
  out.address(false, segment.src);
  out.address(false, segment.dst);
  Checksum checksum;
  checksum.add(out.from(l3));
  out.patch16(l3 + 10, checksum.field());
}

void put_ipv6(const Segment& segment, std::size_t tcp_length, Writer& out) {
  out.u32(6u << 28 | std::uint32_t{segment.tos} << 20 | segment.flowlabel);
  out.u16(tcp_length);
  out.u8(6);
  out.u8(segment.ttl);
  out.address(true, segment.src);
  out.address(true, segment.dst);
}

void put_tcp(const Segment& segment, ByteView options, Writer& out) {
  const std::size_t l4 = out.size();
  const std::size_t length = kTcpHeader + options.size();
  out.u16(segment.sport);
  out.u16(segment.dport);
  out.u32(segment.seq);
  out.u32(segment.ack);
  out.u8(length / 4 << 4);
  out.u8(segment.flags);
  out.u16(segment.window);
  out.u16(0);
  out.u16(0);
  out.raw(options);
  Checksum checksum;
  checksum.add_pseudo_header(segment.src, segment.dst, static_cast<std::uint32_t>(length));
  checksum.add(out.from(l4));
  out.patch16(l4 + 16, checksum.field());
}

Bytes put_frame(const ContextRecord& context, const Segment& segment, ByteView options) {
  Writer out;
  put_ethernet(context, segment, out);
  const std::size_t tcp_length = kTcpHeader + options.size();
  if (context.v6) {
    put_ipv6(segment, tcp_length, out);
  } else {
    put_ipv4(segment, tcp_length, out);
  }
  put_tcp(segment, options, out);
  out.pad_to(kMinFrame);
  const ByteView frame = out.from(0);
  return Bytes(frame.begin(), frame.end());
}

/// Timestamps, behind two bytes that align them.
void put_timestamps(const ContextRecord& context, const VerdictRecord& verdict,
                    std::initializer_list<std::uint8_t> first, Writer& out) {
  out.raw(first);
  out.raw({8, 10});
  out.u32(verdict.tsoff + context.time_ms);
  out.u32(verdict.tsecr);
}

/// Options in FreeBSD's order and padding (tcp_addoptions).
Writer reply_options(const ContextRecord& context, const VerdictRecord& verdict, bool with_mss) {
  Writer out;
  if (with_mss) {
    out.raw({2, 4});
    out.u16(context.svc_mss);
  }
  if (verdict.ws_ok) {
    out.raw({1, 3, 3});
    out.u8(context.svc_wscale);
  }
  if (verdict.ts_ok && verdict.sack_ok) {
    put_timestamps(context, verdict, {4, 2}, out);
  } else if (verdict.ts_ok) {
    put_timestamps(context, verdict, {1, 1}, out);
  } else if (verdict.sack_ok) {
    out.raw({4, 2, 0, 0});
  }
  return out;
}

/// What all replies have in common: the way back, the verdict's numbers, the service's TTL.
Segment reply_segment(const ContextRecord& context, const VerdictRecord& verdict, std::uint8_t flags) {
  return {.mac_dst = context.mac_src,
          .mac_src = context.mac_dst,
          .src = context.laddr,
          .dst = context.faddr,
          .sport = context.lport,
          .dport = context.fport,
          .seq = verdict.seq,
          .ack = verdict.ack,
          .flags = flags,
          .window = context.svc_window,
          .ttl = context.svc_ttl,
          .tos = context.svc_tos,
          .flowlabel = verdict.seq & kFlowlabelMask,
          .df = verdict.df};
}

Bytes build_syn_ack(const ContextRecord& context, const VerdictRecord& verdict) {
  const auto flags = static_cast<std::uint8_t>(kSyn | kAck | (verdict.ece ? kEce : 0));
  const Segment segment = reply_segment(context, verdict, flags);
  Bytes reply = put_frame(context, segment, reply_options(context, verdict, true).from(0));
  // A card must not send more than it gets: where the SYN had no MSS option, ours goes rather than make the reply the
  // longer one.
  if (!context.has_mss && reply.size() > std::max<std::size_t>(kMinFrame, context.len)) {
    reply = put_frame(context, segment, reply_options(context, verdict, false).from(0));
  }
  return reply;
}

Bytes build_challenge_ack(const ContextRecord& context, const VerdictRecord& verdict) {
  Segment segment = reply_segment(context, verdict, kAck);
  segment.flowlabel = (verdict.seq - 1) & kFlowlabelMask;  // that of the SYN-ACK
  return put_frame(context, segment, reply_options(context, verdict, false).from(0));
}

Bytes build_rst(const ContextRecord& context, const VerdictRecord& verdict) {
  Segment segment = reply_segment(context, verdict, kRst);
  segment.window = 0;
  segment.tos = 0;
  segment.flowlabel = 0;
  return put_frame(context, segment, {});
}

}  // namespace

Bytes build_reply(const ContextRecord& context, const VerdictRecord& verdict) {
  if (verdict.send == kSendSynAck) return build_syn_ack(context, verdict);
  return verdict.send == kSendChallenge ? build_challenge_ack(context, verdict) : build_rst(context, verdict);
}

ContextRecord own_context(const VerdictRecord& verdict, const ServiceRecord& service) {
  ContextRecord context{};
  context.mac_dst = verdict.mac_dst;
  context.mac_src = verdict.mac_src;
  context.tags = verdict.tags;
  context.tag1 = verdict.tag1;
  context.tag2 = verdict.tag2;
  context.v6 = verdict.v6;
  context.faddr = verdict.faddr;
  context.laddr = verdict.laddr;
  context.fport = verdict.fport;
  context.lport = verdict.lport;
  context.len = verdict.len;
  context.has_mss = verdict.has_mss;
  context.time_ms = verdict.time_ms;
  put_service(service, context);
  return context;
}

void put_service(const ServiceRecord& service, ContextRecord& context) {
  context.svc_mss = context.v6 ? service.mss6 : service.mss4;
  context.svc_window = service.window;
  context.svc_wscale = service.wscale;
  context.svc_ttl = service.ttl;
  context.svc_tos = service.tos;
}

Bytes build_marked_ack(const ContextRecord& context, const VerdictRecord& verdict, std::uint32_t mark_mac) {
  const Segment segment = {.mac_dst = context.mac_dst,
                           .mac_src = context.mac_src,
                           .src = context.faddr,
                           .dst = context.laddr,
                           .sport = context.fport,
                           .dport = context.lport,
                           .seq = verdict.seq,
                           .ack = verdict.ack,
                           .flags = kAck,
                           .window = context.window,
                           .ttl = context.ttl,
                           .tos = context.tos,
                           .flowlabel = context.flowlabel,
                           .df = true};
  Writer options;
  if (context.ts_ok) {
    options.raw({1, 1, 8, 10});
    options.u32(context.tsval);
    options.u32(context.tsecr);
  }
  options.raw({253, 12, 0x5a, 0xc1});
  options.u8(verdict.mark_flags);
  options.u8(verdict.mark_wscale);
  options.u16(verdict.mark_mss);
  options.u32(mark_mac);
  return put_frame(context, segment, options.from(0));
}

}  // namespace synward::reference
