// SPDX-License-Identifier: BSD-2-Clause
#include "common/frame.hpp"

#include <arpa/inet.h>

#include <cstdlib>

namespace synward::test {

namespace {

constexpr std::size_t kMinFrame = 60;  ///< without FCS

void patch16(Bytes& out, std::size_t at, std::uint32_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}

Bytes padded(Bytes bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

Bytes build_tcp(const FrameSpec& spec) {
  const Bytes options = padded(spec.options);
  const auto words = static_cast<std::uint8_t>((20 + options.size()) / 4);
  Bytes out;
  out.reserve(20 + options.size() + spec.payload.size());
  put16(out, spec.sport);
  put16(out, spec.dport);
  put32(out, spec.seq);
  put32(out, spec.ack);
  out.push_back(static_cast<std::uint8_t>(spec.data_offset.value_or(words) << 4));
  out.push_back(spec.flags);
  put16(out, spec.window);
  put16(out, 0);
  put16(out, spec.urgent);
  append(out, options);
  append(out, spec.payload);
  return out;
}

void put_ipv4(const FrameSpec& spec, std::size_t payload, Bytes& out) {
  const Bytes options = padded(spec.ip_options);
  const std::size_t header = 20 + options.size();
  const unsigned ihl = spec.ihl.value_or(static_cast<std::uint8_t>(header / 4));
  const unsigned version = spec.ip_version.value_or(std::uint8_t{4});
  out.push_back(static_cast<std::uint8_t>(version << 4 | (ihl & 15)));
  out.push_back(spec.tos);
  put16(out, spec.ip_length.value_or(static_cast<std::uint16_t>(header + payload)));
  put16(out, spec.ip_id);
  put16(out, spec.fragment);
  out.push_back(spec.ttl);
  out.push_back(spec.protocol.value_or(std::uint8_t{6}));
  put16(out, 0);
  append(out, spec.src.view());
  append(out, spec.dst.view());
  append(out, options);
}

void put_ipv6(const FrameSpec& spec, std::size_t payload, Bytes& out) {
  const std::uint32_t version = spec.ip_version.value_or(std::uint8_t{6});
  const std::uint8_t last = spec.protocol.value_or(std::uint8_t{6});
  std::size_t length = payload;
  for (const Extension& extension : spec.extensions) length += extension.bytes.size();
  put32(out, version << 28 | std::uint32_t{spec.tos} << 20 | (spec.flowlabel & 0xfffff));
  put16(out, spec.ip_length.value_or(static_cast<std::uint16_t>(length)));
  out.push_back(spec.extensions.empty() ? last : spec.extensions.front().type);
  out.push_back(spec.ttl);
  append(out, spec.src.view());
  append(out, spec.dst.view());
  for (std::size_t i = 0; i < spec.extensions.size(); ++i) {
    const std::size_t at = out.size();
    append(out, spec.extensions[i].bytes);
    if (out.size() > at) out[at] = i + 1 < spec.extensions.size() ? spec.extensions[i + 1].type : last;
  }
}

void fix_ip_checksum(Frame& frame) {
  if (frame.v6 || frame.bytes.size() < frame.l3 + 20) return;
  const std::size_t header = 4u * (frame.bytes[frame.l3] & 15u);
  if (header < 20 || frame.l3 + header > frame.bytes.size()) return;
  patch16(frame.bytes, frame.l3 + 10, 0);
  const auto sum = ones_sum(ByteView(frame.bytes).subspan(frame.l3, header));
  patch16(frame.bytes, frame.l3 + 10, static_cast<std::uint16_t>(~sum));
}

void fix_tcp_checksum(Frame& frame) {
  if (!frame.tcp || frame.l4 + 20 > frame.end || frame.end > frame.bytes.size()) return;
  const ByteView all(frame.bytes);
  const std::size_t width = frame.v6 ? 16 : 4;
  const std::size_t src = frame.l3 + (frame.v6 ? 8 : 12);
  patch16(frame.bytes, frame.l4 + 16, 0);
  const ByteView segment = all.subspan(frame.l4, frame.end - frame.l4);
  const auto sum =
      ones_sum(segment, pseudo_sum(all.subspan(src, width), all.subspan(src + width, width), segment.size()));
  patch16(frame.bytes, frame.l4 + 16, static_cast<std::uint16_t>(~sum));
}

}  // namespace

Address address(const std::string& text) {
  Address out;
  out.v6 = text.find(':') != std::string::npos;
  if (inet_pton(out.v6 ? AF_INET6 : AF_INET, text.c_str(), out.bytes.data()) != 1) std::abort();
  return out;
}

Frame build(const FrameSpec& spec) {
  Frame out;
  out.v6 = spec.dst.v6;
  out.tcp = spec.tcp;
  append(out.bytes, spec.mac_dst);
  append(out.bytes, spec.mac_src);
  for (const VlanTag& tag : spec.tags) {
    put16(out.bytes, tag.tpid);
    put16(out.bytes, tag.tci);
  }
  put16(out.bytes, spec.ethertype.value_or(out.v6 ? std::uint16_t{0x86dd} : std::uint16_t{0x0800}));
  out.l3 = out.bytes.size();
  const Bytes upper = spec.tcp ? build_tcp(spec) : spec.payload;
  if (out.v6) {
    put_ipv6(spec, upper.size(), out.bytes);
  } else {
    put_ipv4(spec, upper.size(), out.bytes);
  }
  out.l4 = out.bytes.size();
  append(out.bytes, upper);
  out.end = out.bytes.size();
  fix_checksums(out);
  if (spec.ip_checksum && !out.v6) patch16(out.bytes, out.l3 + 10, *spec.ip_checksum);
  if (spec.tcp_checksum && spec.tcp) patch16(out.bytes, out.l4 + 16, *spec.tcp_checksum);
  append(out.bytes, spec.trailer);
  if (spec.pad && out.bytes.size() < kMinFrame) out.bytes.resize(kMinFrame);
  return out;
}

void fix_checksums(Frame& frame) {
  fix_ip_checksum(frame);
  fix_tcp_checksum(frame);
}

std::uint16_t ones_sum(ByteView bytes, std::uint32_t start) {
  std::uint64_t sum = start;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += (i & 1) != 0 ? bytes[i] : std::uint32_t{bytes[i]} << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

std::uint16_t pseudo_sum(ByteView src, ByteView dst, std::size_t length) {
  Bytes header;
  append(header, src);
  append(header, dst);
  put32(header, static_cast<std::uint32_t>(length));
  put32(header, 6);
  return ones_sum(header);
}

void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put32(Bytes& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Bytes concat(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& part : parts) append(out, part);
  return out;
}

Bytes opt_mss(std::uint16_t mss) {
  Bytes out{2, 4};
  put16(out, mss);
  return out;
}

Bytes opt_ws(std::uint8_t shift) { return {3, 3, shift}; }

Bytes opt_sack() { return {4, 2}; }

Bytes opt_ts(std::uint32_t tsval, std::uint32_t tsecr) {
  Bytes out{8, 10};
  put32(out, tsval);
  put32(out, tsecr);
  return out;
}

Bytes opt_nop(std::size_t count) { return Bytes(count, 1); }

Bytes opt_mark(std::uint8_t flags, std::uint8_t wscale, std::uint16_t mss, std::uint32_t mac) {
  Bytes out{253, 12, 0x5a, 0xc1, flags, wscale};
  put16(out, mss);
  put32(out, mac);
  return out;
}

Bytes hex(const std::string& text) {
  Bytes out;
  bool high = true;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const char lower = static_cast<char>(c | 0x20);
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      digit = static_cast<unsigned>(lower - 'a' + 10);
    } else {
      std::abort();
    }
    if (high) {
      out.push_back(static_cast<std::uint8_t>(digit << 4));
    } else {
      out.back() = static_cast<std::uint8_t>(out.back() | digit);
    }
    high = !high;
  }
  if (!high) std::abort();
  return out;
}

std::string to_hex(ByteView bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace synward::test
