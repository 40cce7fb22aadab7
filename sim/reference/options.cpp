// SPDX-License-Identifier: BSD-2-Clause
#include "reference/options.hpp"

namespace synward::reference {

namespace {

// Option kinds: RFC 9293 section 3.2, RFC 7323, RFC 2018; 253 is experimental (RFC 4727), shared by ExID (RFC 6994).
constexpr std::uint8_t kEol = 0;
constexpr std::uint8_t kNop = 1;
constexpr std::uint8_t kMss = 2;
constexpr std::uint8_t kWindowScale = 3;
constexpr std::uint8_t kSackPermitted = 4;
constexpr std::uint8_t kTimestamps = 8;
constexpr std::uint8_t kMd5 = 19;  // RFC 2385
constexpr std::uint8_t kAo = 29;   // RFC 5925
constexpr std::uint8_t kExperiment = 253;
constexpr std::uint16_t kMarkExid = 0x5ac1;
constexpr std::size_t kMarkLength = 12;

void read_one(const FrameReader& in, std::size_t at, std::size_t length, bool syn, OptionsRecord& options) {
  const std::uint8_t kind = in.u8(at);
  if (kind == kMss && length == 4 && syn) {
    options.has_mss = true;
    options.mss = in.u16(at + 2);
  } else if (kind == kWindowScale && length == 3 && syn) {
    options.has_ws = true;
    options.ws = in.u8(at + 2);
  } else if (kind == kSackPermitted && length == 2 && syn) {
    options.has_sack = true;
  } else if (kind == kTimestamps && length == 10) {
    options.has_ts = true;
    options.tsval = in.u32(at + 2);
    options.tsecr = in.u32(at + 6);
  } else if (kind == kMd5 || kind == kAo) {
    options.is_signed = true;
  } else if (kind == kExperiment && length == kMarkLength && in.u16(at + 2) == kMarkExid) {
    options.mark = true;
  }
}

}  // namespace

OptionsRecord read_options(ByteView bytes, bool syn) {
  OptionsRecord options{};
  const FrameReader in(bytes);
  std::size_t at = 0;
  while (at < in.size() && in.u8(at) != kEol) {
    if (in.u8(at) == kNop) {
      ++at;
      continue;
    }
    if (at + 1 >= in.size()) break;
    const std::size_t length = in.u8(at + 1);
    if (length < 2 || at + length > in.size()) break;
    read_one(in, at, length, syn, options);
    at += length;
  }
  return options;
}

}  // namespace synward::reference
