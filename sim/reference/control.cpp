// SPDX-License-Identifier: BSD-2-Clause
#include "reference/control.hpp"

#include <algorithm>
#include <array>

#include "synward/codes.hpp"

namespace synward::reference {

namespace {

constexpr std::size_t kHeader = 4;  ///< version, type, status, zero
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kTypeStatus = 1;
constexpr std::size_t kTcpHeader = 20;
constexpr std::array<std::uint8_t, 4> kMarkStart{253, 12, 0x5a, 0xc1};
constexpr std::array<std::uint8_t, 4> kStampStart{1, 1, 8, 10};

/// Where the mark begins among the TCP options: the card puts it first, or right behind timestamps.
std::optional<std::size_t> mark_at(const FrameReader& in, std::size_t l4) {
  const std::size_t words = in.u8(l4 + 12) >> 4;
  const auto is = [&in](std::size_t at, const std::array<std::uint8_t, 4>& want) {
    for (std::size_t i = 0; i < want.size(); ++i) {
      if (in.u8(at + i) != want[i]) return false;
    }
    return true;
  };
  const std::size_t options = l4 + kTcpHeader;
  if (words == 8 && is(options, kMarkStart)) return options;
  if (words == 11 && is(options, kStampStart) && is(options + 12, kMarkStart)) return options + 12;
  return std::nullopt;
}

}  // namespace

std::optional<StatusFrame> read_status(ByteView frame, const ParsedFrame& parsed, std::span<const SipKey> keys) {
  if (parsed.reading != Reading::control) return std::nullopt;
  const FrameReader in(frame);
  const std::size_t at = parsed.l3;
  if (frame.size() < at + kHeader || in.u8(at) != kVersion || in.u8(at + 1) != kTypeStatus || in.u8(at + 3) != 0) {
    return std::nullopt;
  }
  // Without the four bytes it is the mark's own frame.
  Bytes mark(frame.begin(), frame.end());
  mark.erase(mark.begin() + static_cast<std::ptrdiff_t>(at), mark.begin() + static_cast<std::ptrdiff_t>(at + kHeader));
  const FrameReader read(mark);
  const bool v6 = read.u8(at) >> 4 == 6;
  mark[at - 2] = v6 ? 0x86 : 0x08;
  mark[at - 1] = v6 ? 0xdd : 0x00;
  StatusFrame out;
  out.mark = parse(mark, false);
  out.status = in.u8(at + 2);
  if (out.mark.reading != Reading::tcp || out.status < kStatusTaken || out.status > kStatusBusy) return std::nullopt;
  const std::optional<std::size_t> option = mark_at(read, out.mark.l4);
  if (!option) return std::nullopt;
  const Endpoints ends{out.mark.v6, out.mark.src, out.mark.dst, out.mark.sport, out.mark.dport};
  const MarkContent content{read.u8(*option + 4), read.u8(*option + 5), read.u16(*option + 6)};
  const std::uint32_t tag = read.u32(*option + 8);
  const bool right = std::ranges::any_of(keys, [&](const SipKey& key) {
    return status_tag(key, ends, out.mark.seq, out.mark.ack, content, out.status) == tag;
  });
  if (!right) return std::nullopt;
  return out;
}

}  // namespace synward::reference
