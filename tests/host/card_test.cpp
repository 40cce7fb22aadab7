// SPDX-License-Identifier: BSD-2-Clause
#include "synward/card.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "mock_device.hpp"

namespace synward {
namespace {

TEST(Card, tells_its_sizes) {
  MockDevice device;
  const auto card = Card::identify(device);
  ASSERT_TRUE(card);
  const auto& info = card->info();
  EXPECT_EQ(info.version, reg::kVersionMajor << 16 | reg::kVersionMinor << 8);
  EXPECT_EQ(info.clock_hz, 322'265'625U);
  EXPECT_EQ(info.services, 32U);
  EXPECT_EQ(info.hashsize, 16384U);
  EXPECT_EQ(info.bucketlimit, 8U);
  EXPECT_EQ(info.flow_buckets, 65536U);
  EXPECT_EQ(info.event_ring, 512U);
  EXPECT_TRUE(device.writes.empty());
}

TEST(Card, strangers_are_refused) {
  MockDevice device;
  device.words[reg::kId] = 0xffffffff;
  auto refused = Card::identify(device);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text,
            "the card does not answer (ID is 0xffffffff): no bitstream, a function that is not enabled, or a reset");

  device.broken = Error{"bus error"};
  refused = Card::identify(device);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, "bus error");

  MockDevice other;
  other.words[reg::kId] = 0x12345678;
  refused = Card::identify(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, "the card's image is not Synward's: ID is 0x12345678, not 0x53594e57");

  for (const auto& [version, text] :
       {std::pair{7U << 16, "7.0.0"}, std::pair{(reg::kVersionMinor - 1) << 8 | 2, "0.3.2"},
        std::pair{(reg::kVersionMinor + 1) << 8, "0.5.0"}}) {
    MockDevice image;
    image.words[reg::kVersion] = version;
    refused = Card::identify(image);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().text,
              fmt::format("the card's image has register map {}, this program needs 0.4: load an image of its age, or "
                          "install the programs of the image's",
                          text));
    EXPECT_TRUE(image.writes.empty());
  }
}

TEST(Card, one_that_lies_about_itself_is_refused) {
  const std::uint32_t sizes = MockDevice{}.words[reg::kSizes];
  const std::uint32_t tables = MockDevice{}.words[reg::kTableStatus];
  struct Lie {
    std::uint32_t offset, word;
    std::string text;
  };
  for (const auto& [offset, word, text] :
       {Lie{reg::kSizes, sizes & ~0xffU, "the card cannot be right: 0 services, not 1..32"},
        Lie{reg::kSizes, sizes + 1, "the card cannot be right: 33 services, not 1..32"},
        Lie{reg::kSizes, sizes + 0x100,
            fmt::format("the card cannot be right: {} counters, not {}", reg::kCounters + 1, reg::kCounters)},
        Lie{reg::kSizes, sizes - 0x10000,
            fmt::format("the card cannot be right: {} drop reasons, not {}", reg::kDrops - 1, reg::kDrops)},
        Lie{reg::kSizes, sizes + 0x1000000, "the card cannot be right: 25 event codes, not 24"},
        Lie{reg::kClockHz, 0, "the card cannot be right: 0 Hz, not 1048576..1000000000"},
        Lie{reg::kClockHz, 1'000'000'001, "the card cannot be right: 1000000001 Hz, not 1048576..1000000000"},
        Lie{reg::kTableStatus, tables | 0xf00, "the card cannot be right: 15 for log2 of the most buckets, not 0..14"},
        Lie{reg::kTableStatus, tables & ~0xf000U, "the card cannot be right: 0 ways, not 1..8"},
        Lie{reg::kTableStatus, tables + 0x1000, "the card cannot be right: 9 ways, not 1..8"},
        Lie{reg::kTableStatus, tables + 0x10000,
            "the card cannot be right: 17 for log2 of the flow buckets, not 0..16"},
        Lie{reg::kTableStatus, tables & ~0xf000000U,
            "the card cannot be right: 0 for log2 of the event ring, not 1..12"}}) {
    MockDevice device;
    device.words[offset] = word;
    const auto refused = Card::identify(device);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().text, text);
    EXPECT_TRUE(device.writes.empty());
  }
}

TEST(Card, check_finds_a_card_that_is_gone) {
  MockDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  EXPECT_TRUE(card->check());
  device.words[reg::kId] = 0;
  EXPECT_FALSE(card->check());
  device.words[reg::kId] = reg::kDeviceId;
  device.broken = Error{"read32 at 0x10: link down"};
  const auto gone = card->check();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().text, "read32 at 0x10: link down");
}

TEST(Card, secret_status_is_taken_apart) {
  MockDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  device.words[reg::kSecretStatus] = 0x2a00 | 0x3f;
  const auto all = card->read_secrets();
  EXPECT_EQ(all.parity, 1U);
  EXPECT_TRUE(all.all_loaded);
  EXPECT_EQ(all.rotations, 0x2aU);
  device.words[reg::kSecretStatus] = 0x1e;  // the table key is missing
  EXPECT_FALSE(card->read_secrets().all_loaded);
}

/// Takes no key; `at`: from this commit on.
class RefusingDevice : public MockDevice {
 public:
  void write32(std::uint32_t offset, std::uint32_t value) override {
    MockDevice::write32(offset, value);
    if (offset == reg::kSecretCommit && value != 5 && value != 6) {
      words[reg::kSecretStatus] = commits++ >= at ? 1U << 31 : 0;
    }
  }
  int at = 0, commits = 0;
};

TEST(Card, a_key_that_the_card_refused_is_an_error) {
  RefusingDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  const auto written = card->write_key(Key{}, reg::SecretCommit::ts_secret);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().text,
            "the card refused a key, of which a word never came; it goes on with the one that it had");
  for (int at = 0; at < 4; ++at) {
    device.at = at;
    device.commits = 0;
    EXPECT_FALSE(card->write_secrets(SecretSet{})) << at;
    EXPECT_EQ(device.commits, at + 1) << "it went on behind a refusal";
  }
  device.at = 4;
  device.commits = 0;
  EXPECT_TRUE(card->write_secrets(SecretSet{}));
}

TEST(Card, a_card_that_is_gone_refuses_no_key) {
  MockDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  device.broken = Error{"link down"};
  EXPECT_TRUE(card->write_key(Key{}, reg::SecretCommit::ts_secret));
  EXPECT_FALSE(card->check());
}

/// Knows its clock, as a board does; a card that takes nothing below 2^20 Hz.
class ClockedDevice : public MockDevice {
 public:
  std::optional<std::uint32_t> clock_hz() const override { return hz; }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    if (offset == reg::kClockHz && value < kMinClockHz) return;
    MockDevice::write32(offset, value);
  }
  std::optional<std::uint32_t> hz;
};

TEST(Card, is_told_its_clock_where_the_device_knows_it) {
  ClockedDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  ASSERT_TRUE(card->tell_clock());
  EXPECT_TRUE(device.writes.empty());
  EXPECT_EQ(card->info().clock_hz, 322'265'625U);
  device.hz = 300'000'000;
  ASSERT_TRUE(card->tell_clock());
  EXPECT_EQ(device.words[reg::kClockHz], 300'000'000U);
  EXPECT_EQ(card->info().clock_hz, 300'000'000U);
  device.hz = 5;
  const auto told = card->tell_clock();
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().text, "the card was told that its clock is 5 Hz, and goes by 300000000 Hz");
}

TEST(Card, parity_and_pause_have_their_words) {
  MockDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  card->set_parity(0);
  EXPECT_EQ(device.words[reg::kSecretCommit], 5U);
  card->set_parity(1);
  EXPECT_EQ(device.words[reg::kSecretCommit], 6U);
  card->end_pause();
  EXPECT_EQ(device.words[reg::kTableControl], 2U);
}

/// Has one frame in its mailbox, and sends control frames without tags alone.
class MailDevice : public MockDevice {
 public:
  void write32(std::uint32_t offset, std::uint32_t value) override {
    MockDevice::write32(offset, value);
    if (offset != reg::kMailControl) {
      return;
    }
    if (value == 1) {
      words[reg::kMailStatus] = 0;
    } else {
      words[reg::kMailStatus] = (words[reg::kMailOut + 12] & 0xffff) == 0xb588 ? 0 : 1U << 25;
    }
  }
  void put(std::span<const std::uint8_t> frame) {
    words[reg::kMailStatus] = 1 | static_cast<std::uint32_t>(frame.size()) << 8;
    for (std::uint32_t i = 0; i < frame.size(); ++i) {
      words[reg::kMailData + i / 4 * 4] |= std::uint32_t{frame[i]} << 8 * (i % 4);
    }
  }
};

std::vector<std::uint8_t> control_frame(std::size_t size) {
  std::vector<std::uint8_t> frame(size);
  for (std::size_t i = 0; i < size; ++i) {
    frame[i] = static_cast<std::uint8_t>(i + 1);
  }
  frame[12] = 0x88;
  frame[13] = 0xb5;
  return frame;
}

TEST(Card, mail_is_taken_byte_for_byte) {
  for (const std::size_t size : {15U, 60U, 61U, 255U, 256U}) {
    MailDevice device;
    auto card = Card::identify(device);
    ASSERT_TRUE(card);
    const auto frame = control_frame(size);
    device.put(frame);
    const auto mail = card->take_mail();
    ASSERT_TRUE(mail);
    ASSERT_TRUE(mail->has_value());
    EXPECT_EQ(**mail, frame);
    EXPECT_EQ(device.writes, (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{reg::kMailControl, 1}}));
    const auto none = card->take_mail();
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has_value());
  }
}

TEST(Card, mail_that_cannot_be_is_an_error) {
  MailDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  for (const std::uint32_t length : {0U, 257U, 511U}) {
    device.words[reg::kMailStatus] = 1 | length << 8;
    const auto mail = card->take_mail();
    ASSERT_FALSE(mail);
    EXPECT_EQ(mail.error().text,
              fmt::format("the card cannot be right: {} bytes in a frame of the mailbox, not 1..256", length));
  }
  EXPECT_TRUE(device.writes.empty());
  device.words[reg::kMailStatus] = 0xffffffff;  // a card that is gone
  const auto mail = card->take_mail();
  ASSERT_TRUE(mail);
  EXPECT_FALSE(mail->has_value());
}

TEST(Card, mail_is_sent_padded_and_whole) {
  for (const std::size_t size : {20U, 59U, 60U, 61U, 256U}) {
    MailDevice device;
    auto card = Card::identify(device);
    ASSERT_TRUE(card);
    auto frame = control_frame(size);
    ASSERT_TRUE(card->send_mail(frame));
    frame.resize(std::max<std::size_t>(size, 60));
    for (std::uint32_t i = 0; i < frame.size(); ++i) {
      EXPECT_EQ(device.words[reg::kMailOut + i / 4 * 4] >> 8 * (i % 4) & 0xff, frame[i]) << size << ", byte " << i;
    }
    EXPECT_EQ(device.writes.size(), (frame.size() + 3) / 4 + 1);
    EXPECT_EQ(device.writes.back(), std::pair(reg::kMailControl, std::uint32_t(2 | frame.size() << 16)));
  }
}

TEST(Card, mail_that_is_not_sent_is_an_error) {
  MailDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  const auto error = [&](const std::vector<std::uint8_t>& frame) {
    const auto sent = card->send_mail(frame);
    return sent ? std::string() : sent.error().text;
  };
  EXPECT_EQ(error(control_frame(257)), "a control frame of 257 bytes: the card sends at most 256");
  EXPECT_TRUE(device.writes.empty());
  device.words[reg::kMailStatus] = 1U << 24;
  EXPECT_EQ(error(control_frame(60)), "the card has not sent the control frame before this one yet");
  EXPECT_TRUE(device.writes.empty());
  device.words[reg::kMailStatus] = 0;
  auto other = control_frame(60);
  other[13] = 0;
  EXPECT_EQ(error(other), "the card refused to send a frame that is no control frame");
  EXPECT_EQ(error(control_frame(60)), "");
  device.broken = Error{"link down"};
  EXPECT_EQ(error(control_frame(60)), "link down");
}

}  // namespace
}  // namespace synward
