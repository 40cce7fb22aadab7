// SPDX-License-Identifier: BSD-2-Clause
#include "common/reply_view.hpp"

namespace synward::test {

namespace {

std::uint32_t get(ByteView bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

void read_options(ReplyView& out) {
  const Bytes& options = out.options;
  for (std::size_t at = 0; at < options.size() && options[at] != 0; at += options[at] == 1 ? 1 : options[at + 1]) {
    if (options[at] == 2) out.mss = static_cast<std::uint16_t>(get(options, at + 2, 2));
    if (options[at] == 8) {
      out.tsval = get(options, at + 2, 4);
      out.tsecr = get(options, at + 6, 4);
    }
  }
}

}  // namespace

ReplyView read_reply(ByteView frame) {
  std::size_t type = 12;
  while (get(frame, type, 2) == 0x8100 || get(frame, type, 2) == 0x88a8) type += 4;
  const ByteView ip = frame.subspan(type + 2);
  ReplyView out;
  out.v6 = ip[0] >> 4 == 6;
  out.df = !out.v6 && (ip[6] & 0x40) != 0;
  out.tos = static_cast<std::uint8_t>(out.v6 ? get(ip, 0, 2) >> 4 : ip[1]);
  out.ttl = out.v6 ? ip[7] : ip[8];
  out.flowlabel = out.v6 ? get(ip, 0, 4) & 0xfffff : 0;
  const ByteView tcp = ip.subspan(out.v6 ? 40 : 20);
  out.sport = static_cast<std::uint16_t>(get(tcp, 0, 2));
  out.dport = static_cast<std::uint16_t>(get(tcp, 2, 2));
  out.seq = get(tcp, 4, 4);
  out.ack = get(tcp, 8, 4);
  out.flags = tcp[13];
  out.window = static_cast<std::uint16_t>(get(tcp, 14, 2));
  const ByteView options = tcp.subspan(20, 4u * (tcp[12] >> 4) - 20u);
  out.options = Bytes(options.begin(), options.end());
  read_options(out);
  return out;
}

}  // namespace synward::test
