// SPDX-License-Identifier: BSD-2-Clause
// What a kernel leaves to its network interface, done for the simulated card's interfaces.
#include "synward/sim/offload.hpp"

#include <gtest/gtest.h>

#include "common/frame.hpp"

namespace synward::sim {
namespace {

using test::Bytes;
using test::Frame;
using test::FrameSpec;

FrameSpec segment(bool v6, std::size_t size) {
  FrameSpec spec;
  spec.src = test::address(v6 ? "2001:db8::1" : "192.0.2.1");
  spec.dst = test::address(v6 ? "2001:db8::2" : "192.0.2.2");
  spec.sport = 1234;
  spec.dport = 80;
  spec.seq = 0xfffff000;
  spec.ack = 77;
  spec.flags = test::kAck | test::kPsh | test::kFin | test::kCwr;
  spec.options = test::concat({test::opt_nop(2), test::opt_ts(1, 2)});
  for (std::size_t i = 0; i < size; ++i) spec.payload.push_back(static_cast<std::uint8_t>(i * 7));
  return spec;
}

std::vector<Bytes> finish(const Offload& offload, std::optional<TagBeside> tag, Bytes frame, bool understood = true) {
  std::vector<Bytes> out;
  EXPECT_EQ(finish_frame(offload, tag, frame,
                         [&](std::span<const std::uint8_t> one) { out.emplace_back(one.begin(), one.end()); }),
            understood);
  return out;
}

class OffloadFamily : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Families, OffloadFamily, testing::Bool());

TEST_P(OffloadFamily, AChecksumIsMade) {
  Frame frame = build(segment(GetParam(), 100));
  const Bytes right = frame.bytes;
  // As the kernel leaves it: the sum of the pseudo-header.
  const std::size_t at = frame.l4 + 16, ip = frame.l3 + (GetParam() ? 8 : 12);
  const std::size_t address = GetParam() ? 16 : 4;
  const std::uint16_t pseudo =
      test::pseudo_sum(test::ByteView(right).subspan(ip, address), test::ByteView(right).subspan(ip + address, address),
                       frame.end - frame.l4);
  frame.bytes[at] = static_cast<std::uint8_t>(pseudo >> 8);
  frame.bytes[at + 1] = static_cast<std::uint8_t>(pseudo);
  const Offload offload{.flags = Offload::kNeedsChecksum,
                        .cut_type = Offload::kWhole,
                        .header_size = 0,
                        .cut_size = 0,
                        .sum_start = static_cast<std::uint16_t>(frame.l4),
                        .sum_offset = 16};
  const auto out = finish(offload, {}, frame.bytes);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(test::to_hex(out[0]), test::to_hex(right));
}

TEST_P(OffloadFamily, ALongSegmentIsCut) {
  constexpr std::size_t kSize = 3'100, kCut = 1'000;
  const FrameSpec whole = segment(GetParam(), kSize);
  const Frame frame = build(whole);
  const Offload offload{
      .flags = Offload::kNeedsChecksum,
      .cut_type = static_cast<std::uint8_t>((GetParam() ? Offload::kTcp6 : Offload::kTcp4) | Offload::kCwr),
      .header_size = 0,
      .cut_size = kCut,
      .sum_start = static_cast<std::uint16_t>(frame.l4),
      .sum_offset = 16};
  const auto out = finish(offload, TagBeside{0x8100, 5}, frame.bytes);
  ASSERT_EQ(out.size(), 4U);
  for (std::size_t i = 0; i < out.size(); ++i) {
    FrameSpec expected = whole;
    expected.tags = {{0x8100, 5}};
    expected.pad = false;
    expected.seq += static_cast<std::uint32_t>(i * kCut);
    expected.ip_id = static_cast<std::uint16_t>(whole.ip_id + i);
    expected.payload.assign(whole.payload.begin() + static_cast<std::ptrdiff_t>(i * kCut),
                            whole.payload.begin() + static_cast<std::ptrdiff_t>(std::min(kSize, (i + 1) * kCut)));
    expected.flags =
        static_cast<std::uint8_t>(test::kAck | (i == 0 ? test::kCwr : 0) | (i == 3 ? test::kPsh | test::kFin : 0));
    EXPECT_EQ(test::to_hex(out[i]), test::to_hex(build(expected).bytes)) << i;
  }
}

TEST_P(OffloadFamily, DatagramsThatWereSentAsOneAreCut) {
  constexpr std::size_t kCut = 1'000, kSizes[] = {kCut, kCut, 100};
  const auto datagram = [](const Bytes& data) {
    FrameSpec spec = segment(GetParam(), 0);
    spec.tcp = false;
    spec.protocol = 17;
    spec.pad = false;
    test::put16(spec.payload, 1234);
    test::put16(spec.payload, 53);
    test::put16(spec.payload, static_cast<std::uint32_t>(8 + data.size()));
    test::put16(spec.payload, 0);
    test::append(spec.payload, data);
    return spec;
  };
  Bytes data(2 * kCut + 100);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 7);
  const Frame whole = build(datagram(data));
  const Offload offload{.flags = Offload::kNeedsChecksum,
                        .cut_type = Offload::kUdp,
                        .header_size = 0,
                        .cut_size = kCut,
                        .sum_start = static_cast<std::uint16_t>(whole.l4),
                        .sum_offset = 6};
  const auto out = finish(offload, {}, whole.bytes);
  ASSERT_EQ(out.size(), std::size(kSizes));
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto begin = data.begin() + static_cast<std::ptrdiff_t>(at);
    FrameSpec spec = datagram(Bytes(begin, begin + static_cast<std::ptrdiff_t>(kSizes[i])));
    spec.ip_id = static_cast<std::uint16_t>(i);
    Frame expected = build(spec);
    at += kSizes[i];
    // A receiver's sum over the datagram and its pseudo-header is right; the field itself is what makes it so.
    const std::size_t l4 = expected.l4, ip = expected.l3 + (GetParam() ? 8 : 12), address = GetParam() ? 16 : 4;
    const test::ByteView got(out[i]);
    ASSERT_EQ(got.size(), expected.bytes.size());
    EXPECT_NE(got[l4 + 6] << 8 | got[l4 + 7], 0);
    expected.bytes[l4 + 6] = got[l4 + 6];
    expected.bytes[l4 + 7] = got[l4 + 7];
    EXPECT_EQ(test::to_hex(got), test::to_hex(expected.bytes)) << i;
    // pseudo_sum() is TCP's: protocol 17 is 11 more.
    const std::uint32_t start =
        test::pseudo_sum(got.subspan(ip, address), got.subspan(ip + address, address), got.size() - l4) + 11U;
    EXPECT_EQ(test::ones_sum(got.subspan(l4), start), 0xffff) << i;
  }
}

TEST(Offload, WhatIsFinishedStaysAsItIs) {
  const Bytes frame = build(segment(false, 10)).bytes;
  const auto out = finish({}, {}, frame);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0], frame);
}

TEST(Offload, WhatNoCardDoesIsRefused) {
  const Frame frame = build(segment(false, 2'000));
  Offload offload{.flags = 1,
                  .cut_type = 3,
                  .header_size = 0,
                  .cut_size = 1'000,
                  .sum_start = static_cast<std::uint16_t>(frame.l4),
                  .sum_offset = 16};
  EXPECT_TRUE(finish(offload, {}, frame.bytes, false).empty()) << "UDP in fragments";
  offload.cut_type = Offload::kTcp4;
  offload.cut_size = 0;
  EXPECT_TRUE(finish(offload, {}, frame.bytes, false).empty()) << "no size";
  offload.cut_size = 1'000;
  for (const std::uint16_t start : std::array<std::uint16_t, 4>{0, 14, 20, 65'535}) {
    offload.sum_start = start;
    EXPECT_TRUE(finish(offload, {}, frame.bytes, false).empty()) << start;
  }
  offload = {.flags = Offload::kNeedsChecksum,
             .cut_type = 0,
             .header_size = 0,
             .cut_size = 0,
             .sum_start = 65'535,
             .sum_offset = 65'535};
  EXPECT_TRUE(finish(offload, {}, frame.bytes, false).empty());
  EXPECT_TRUE(finish({}, {}, Bytes(13), false).empty());
}

}  // namespace
}  // namespace synward::sim
