// SPDX-License-Identifier: BSD-2-Clause
// Control frames between the servers' agents and the card's own host: what is kept for it and what is not, how it
// reads, and what it may send.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "common/card_under_test.hpp"
#include "common/contract.hpp"
#include "common/control.hpp"
#include "common/mail.hpp"
#include "common/reply_view.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using reg::Drop;
using sim::InPort;
using sim::OutPort;

constexpr std::size_t kWaiting = 64, kLimit = 64, kLongest = 256, kShortest = 60;
constexpr unsigned kWindowMs = 1024;

class Mail : public testing::Test {
 protected:
  Mail() { program(card(), default_services(), default_secrets()); }

  sim::Card& card() { return under_test_.card(); }
  std::uint64_t count(Counter counter) { return read_counters(card())[counter]; }
  std::uint64_t refused() { return read_counters(card())[Drop::host_control_frame]; }
  void from_host(const Bytes& frame) { EXPECT_TRUE(under_test_.exchange(frame, InPort::host_rx).empty()); }
  void run_ms(unsigned ms) {
    card().run_until(card().now() + static_cast<std::uint64_t>(std::ceil(ms * sim::kClockHz / 1000)));
  }
  std::vector<Sent> drained() {
    card().drain();
    return under_test_.take();
  }
  void expect_conserved() { EXPECT_EQ(conservation_faults(read_counters(card())), ""); }

  CardUnderTest under_test_;
};

TEST_F(Mail, AnEmptyBoxReadsAsZeros) {
  EXPECT_EQ(card().read32(reg::kMailStatus), 0u);
  for (std::uint32_t word = 0; word < 64; ++word) {
    EXPECT_EQ(card().read32(reg::kMailData + 4 * word), 0u);
    EXPECT_EQ(card().read32(reg::kMailOut + 4 * word), 0u);
  }
  pop_mail(card());
  EXPECT_EQ(card().read32(reg::kMailStatus), 0u);
}

TEST_F(Mail, IsKeptAsItCameWhateverItsTagsAndLength) {
  std::vector<Bytes> frames;
  for (const std::size_t tags : {0u, 1u, 2u}) {
    for (const std::size_t size : {14 + 4 * tags, 15 + 4 * tags, std::size_t{60}, std::size_t{61}, std::size_t{64},
                                   std::size_t{65}, std::size_t{128}, std::size_t{200}, kLongest - 1, kLongest}) {
      MailSpec spec;
      spec.tags = tags;
      spec.type = static_cast<std::uint8_t>(frames.size() == 1 ? 0 : 2 + frames.size());
      spec.size = size;
      frames.push_back(mail_frame(spec));
    }
  }
  // Without a version it is none: 14 bytes have an EtherType alone.
  std::erase_if(frames, [](const Bytes& frame) { return frame.size() % 4 == 2 && frame.size() < 24; });
  for (const Bytes& frame : frames) from_host(frame);
  EXPECT_EQ(count(Counter::mail_received), frames.size());
  std::size_t left = frames.size();
  for (const Bytes& frame : frames) {
    EXPECT_EQ(card().read32(reg::kMailStatus), left-- | frame.size() << 8);
    EXPECT_EQ(to_hex(read_mail(card())), to_hex(frame));
    EXPECT_EQ(to_hex(read_mail(card())), to_hex(frame));  // reading takes nothing away
    for (std::uint32_t word = static_cast<std::uint32_t>(frame.size() + 3) / 4; word < 64; ++word) {
      EXPECT_EQ(card().read32(reg::kMailData + 4 * word), 0u);
    }
    pop_mail(card());
  }
  EXPECT_EQ(card().read32(reg::kMailStatus), 0u);
  EXPECT_EQ(card().read32(reg::kMailData), 0u);
  EXPECT_EQ(refused(), 0u);
  EXPECT_EQ(count(Counter::control_frames), 0u);
  expect_conserved();
}

TEST_F(Mail, IsNothingElse) {
  MailSpec spec;
  spec.size = kLongest + 1;
  from_host(mail_frame(spec));
  spec.size = 9000;
  from_host(mail_frame(spec));
  spec.size = 20000;
  from_host(mail_frame(spec));
  spec.size = 100;
  spec.version = 2;
  from_host(mail_frame(spec));
  spec.version = 0;
  from_host(mail_frame(spec));
  spec.version = 1;
  spec.type = 1;  // a broken status
  from_host(mail_frame(spec));
  from_host(Bytes{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5});
  EXPECT_EQ(refused(), 7u);
  // Damaged ones have a counter of their own.
  spec.type = 2;
  card().offer_damaged(InPort::host_rx, mail_frame(spec), card().now());
  EXPECT_TRUE(drained().empty());
  EXPECT_EQ(count(Counter::host_bad_fcs), 1u);
  // A third tag, or another EtherType: it goes to the line. From the line it never crosses.
  spec.tags = 3;
  EXPECT_EQ(under_test_.exchange(mail_frame(spec), InPort::host_rx).size(), 1u);
  spec.tags = 0;
  spec.ethertype = 0x88b6;
  EXPECT_EQ(under_test_.exchange(mail_frame(spec), InPort::host_rx).size(), 1u);
  spec.ethertype = 0x88b5;
  EXPECT_TRUE(under_test_.exchange(mail_frame(spec)).empty());
  EXPECT_EQ(count(Counter::mail_received), 0u);
  EXPECT_EQ(card().read32(reg::kMailStatus), 0u);
  expect_conserved();
}

TEST_F(Mail, StandsBesideStatuses) {
  for (int i = 0; i < 20; ++i) {
    MailSpec mail;
    mail.size = i % 2 == 0 ? 100 : 300;
    const Bytes frame = mail_frame(mail);
    StatusSpec status;
    status.mark = plain_syn(i % 3 == 0);
    const Bytes right = status_frame(status, default_secrets().control);
    const Bytes wrong = status_frame(status, default_secrets().mark);
    for (const Bytes* each : {&frame, &right, &frame, &wrong}) card().offer(InPort::host_rx, *each, card().now());
    EXPECT_TRUE(drained().empty());
    run_ms(1);
  }
  EXPECT_EQ(count(Counter::mail_received), 20u);
  EXPECT_EQ(count(Counter::status_taken), 20u);
  EXPECT_EQ(refused(), 40u);
  expect_conserved();
}

TEST_F(Mail, AFullBoxAndABusyServerAreRefused) {
  MailSpec spec;
  const auto burst = [&](std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
      spec.type = static_cast<std::uint8_t>(2 + i);
      card().offer(InPort::host_rx, mail_frame(spec), card().now());
    }
    EXPECT_TRUE(drained().empty());
  };
  // Over the limit of the window, though it is taken away at once.
  burst(kLimit / 2);
  for (std::size_t i = 0; i < kLimit / 2; ++i) pop_mail(card());
  burst(kLimit / 2 + 5);
  EXPECT_EQ(count(Counter::mail_received), kLimit);
  EXPECT_EQ(refused(), 5u);
  // The next window has room for what the box holds.
  run_ms(kWindowMs);
  burst(kWaiting);
  EXPECT_EQ(card().read32(reg::kMailStatus) & 0x7f, kWaiting);
  EXPECT_EQ(count(Counter::mail_received), kLimit + kWaiting / 2);
  EXPECT_EQ(refused(), 5 + kWaiting / 2);
  // What found no room is not of the window's number.
  pop_mail(card());
  pop_mail(card());
  burst(3);
  EXPECT_EQ(count(Counter::mail_received), kLimit + kWaiting / 2 + 2);
  EXPECT_EQ(refused(), 5 + kWaiting / 2 + 1);
  EXPECT_EQ(card().read32(reg::kMailStatus) & 0x7f, kWaiting);
  expect_conserved();
}

TEST_F(Mail, IsSentAsWritten) {
  for (const std::size_t tags : {0u, 1u, 2u}) {
    for (const std::size_t size :
         {kShortest, kShortest + 1, std::size_t{64}, std::size_t{65}, std::size_t{130}, kLongest - 1, kLongest}) {
      MailSpec spec;
      spec.tags = tags;
      spec.size = size;
      const Bytes frame = mail_frame(spec);
      write_mail(card(), frame);
      send_mail(card(), size);
      const std::vector<Sent> sent = drained();
      ASSERT_EQ(sent.size(), 1u);
      EXPECT_EQ(sent[0].port, OutPort::host_tx);
      EXPECT_EQ(to_hex(sent[0].bytes), to_hex(frame));
      EXPECT_EQ(card().read32(reg::kMailStatus), 0u);
    }
  }
  EXPECT_EQ(count(Counter::mail_sent), 21u);
  expect_conserved();
}

TEST_F(Mail, NothingElseIsSent) {
  constexpr std::uint32_t kRefused = 1u << 25;
  const auto refuses = [&](const Bytes& frame, std::size_t length) {
    write_mail(card(), frame);
    send_mail(card(), length);
    EXPECT_TRUE(drained().empty());
    EXPECT_EQ(card().read32(reg::kMailStatus), kRefused);
  };
  MailSpec spec;
  spec.size = kLongest;
  for (const std::size_t length : {0u, 14u, 59u, 257u, 511u}) refuses(mail_frame(spec), length);
  spec.tags = 3;
  refuses(mail_frame(spec), 100);
  for (const std::size_t tags : {0u, 1u, 2u}) {
    spec.tags = tags;
    for (const unsigned type : {0x0800u, 0x86ddu, 0x0806u, 0x88b4u, 0x89b5u, 0xb588u, 0u}) {
      spec.ethertype = static_cast<std::uint16_t>(type);
      refuses(mail_frame(spec), 100);
    }
  }
  // A frame that was refused may be mended, and is used up when it is sent.
  spec.tags = 0;
  spec.ethertype = 0x88b5;
  const Bytes frame = mail_frame(spec);
  card().write32(reg::kMailOut + 12, frame[12] | frame[13] << 8 | frame[14] << 16 | frame[15] << 24);
  send_mail(card(), 100);
  EXPECT_EQ(drained().size(), 1u);
  EXPECT_EQ(card().read32(reg::kMailStatus), 0u);
  send_mail(card(), 100);
  EXPECT_TRUE(drained().empty());
  EXPECT_EQ(card().read32(reg::kMailStatus), kRefused);
  EXPECT_EQ(count(Counter::mail_sent), 1u);
  // Words that nobody wrote are zeros, not what was sent before.
  write_mail(card(), ByteView(frame).first(16));
  send_mail(card(), kLongest);
  Bytes expected(frame.begin(), frame.begin() + 16);
  expected.resize(kLongest);
  const std::vector<Sent> sent = drained();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(to_hex(sent[0].bytes), to_hex(expected));
  expect_conserved();
}

// At line rate from the line, each frame behind a mark: mail comes through, between a frame and the next mark.
TEST_F(Mail, GoesBetweenTwoFramesWhileMarksFlow) {
  card().write32(reg::kSysctlSyncookiesOnly, 1);
  constexpr std::size_t kClients = 300;
  std::vector<Bytes> acks;
  for (std::size_t i = 0; i < kClients; ++i) {
    FrameSpec spec = plain_syn(false);
    spec.sport = static_cast<std::uint16_t>(10000 + i);
    const std::vector<Sent> reply = under_test_.exchange(build(spec).bytes);
    ASSERT_EQ(reply.size(), 1u);
    spec.flags = kAck;
    ++spec.seq;
    spec.ack = read_reply(reply[0].bytes).seq + 1;
    spec.options.clear();
    spec.payload = Bytes(20 + i % 100, static_cast<std::uint8_t>(i));
    acks.push_back(build(spec).bytes);
  }
  const std::uint64_t start = card().now() + 3000;
  for (const Bytes& ack : acks) card().offer(InPort::line_rx, ack, start);
  card().run_until(start);
  MailSpec spec;
  std::size_t mails = 0;
  std::vector<Sent> sent;
  while (sent.size() < 2 * kClients + mails) {
    spec.size = kLongest - mails % 100;
    if (mails < 5 && card().read32(reg::kMailStatus) == 0) {
      write_mail(card(), mail_frame(spec));
      send_mail(card(), spec.size);
      ++mails;
    }
    card().run_until(card().now() + 20);
    if (mails == 5) card().drain();
    const std::vector<Sent> more = under_test_.take();
    if (more.empty() && mails == 5) break;
    sent.insert(sent.end(), more.begin(), more.end());
  }
  ASSERT_EQ(sent.size(), 2 * kClients + mails);
  std::size_t found = 0, next = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    ASSERT_EQ(sent[i].port, OutPort::host_tx);
    if (sent[i].bytes[12] == 0x88) {
      ++found;
      continue;
    }
    ASSERT_LT(i + 1, sent.size());
    EXPECT_EQ(read_reply(sent[i].bytes).options.size(), 12u) << "a mark";
    ASSERT_EQ(to_hex(sent[++i].bytes), to_hex(acks[next++]));
  }
  EXPECT_EQ(found, mails);
  EXPECT_EQ(count(Counter::mail_sent), mails);
  EXPECT_EQ(count(Counter::marks), kClients);
  expect_conserved();
}

}  // namespace
}  // namespace synward::test
