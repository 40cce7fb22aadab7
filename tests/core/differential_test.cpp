// SPDX-License-Identifier: BSD-2-Clause
// Both cards, the same random and hostile frames and conversations, time for all timers, steps of the clock and resets
// under traffic: byte-identical output, the same counters, events and table sizes. The number of frames and the seed
// can be set: SYNWARD_DIFFERENTIAL_FRAMES, SYNWARD_SEED.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "common/card_under_test.hpp"
#include "common/events.hpp"
#include "common/generator.hpp"
#include "common/mail.hpp"
#include "common/same_record.hpp"
#include "common/setup.hpp"
#include "synward/half_open.hpp"
#include "synward/sim/card.hpp"

namespace synward::test {
namespace {

using sim::InPort;
using sim::OutFrame;
using sim::OutPort;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What a card sent, by port; on the line the card's answers and the host's frames apart, since their interleaving is a
/// matter of time. Host frames are told by the marker that this test puts in their source MAC.
struct Output {
  std::deque<Bytes> answers, from_host, to_host;

  sim::Card::Sink sink() {
    return [this](const OutFrame& frame) {
      const bool marked =
          frame.bytes.size() > 11 && std::equal(kMarker.begin(), kMarker.end(), frame.bytes.begin() + 6);
      auto& list = frame.port == OutPort::host_tx ? to_host : marked ? from_host : answers;
      list.emplace_back(frame.bytes.begin(), frame.bytes.end());
    };
  }
  static constexpr std::array<std::uint8_t, 6> kMarker{0x5e, 0x11, 0x22, 0x33, 0x44, 0x55};
};

/// Clocks after the beginning of a millisecond by which all that was due in it is done.
constexpr std::uint64_t kClocksOfSweep = 150'000;

/// Frames in hexadecimal, sorted where their order does not count.
std::vector<std::string> take_texts(std::deque<Bytes>& frames, bool in_order) {
  std::vector<std::string> texts;
  texts.reserve(frames.size());
  for (const Bytes& frame : frames) texts.push_back(to_hex(frame));
  frames.clear();
  if (!in_order) std::ranges::sort(texts);
  return texts;
}

/// Frames have to be the same and in the same order, which does not count for what the timers sent.
void compare(std::deque<Bytes>& rtl, std::deque<Bytes>& ref, const char* what, bool in_order = true) {
  const std::vector<std::string> a = take_texts(rtl, in_order);
  const std::vector<std::string> b = take_texts(ref, in_order);
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) ASSERT_EQ(a[i], b[i]) << what << ", frame " << i;
  ASSERT_EQ(a.size(), b.size()) << what << ", next " << (a.size() > common ? a : b)[common];
}

/// What left before a reset is the beginning of what would have left without one; the answers' order does not count.
void compare_cut(Output& rtl, Output& ref) {
  const auto begins = [](std::deque<Bytes>& cut, std::deque<Bytes>& whole) {
    const std::vector<std::string> a = take_texts(cut, true);
    const std::vector<std::string> b = take_texts(whole, true);
    return a.size() <= b.size() && std::equal(a.begin(), a.end(), b.begin());
  };
  EXPECT_TRUE(begins(rtl.from_host, ref.from_host)) << "host to line";
  EXPECT_TRUE(begins(rtl.to_host, ref.to_host)) << "line to host";
  EXPECT_TRUE(std::ranges::includes(take_texts(ref.answers, false), take_texts(rtl.answers, false))) << "replies";
}

/// What the timers do in one millisecond comes in an order of each card's own: their events are only counted, since the
/// limit by code takes the first.
void compare_events(sim::Card& rtl, sim::Card& ref) {
  constexpr std::uint32_t kRing = 512;
  if (rtl.read32(reg::kEventCount) == kRing || ref.read32(reg::kEventCount) == kRing) {
    // Which events a full ring lost is a matter of order.
    take_events(rtl);
    take_events(ref);
    return;
  }
  std::array<std::uint32_t, 32> timers{};
  const auto take = [&timers](sim::Card& card, std::uint32_t sign) {
    std::vector<EventRecord> events = take_events(card);
    std::erase_if(events, [&timers, sign](const EventRecord& event) {
      const auto is = [&event](reg::Event code) { return event.code == static_cast<std::uint8_t>(code); };
      // What was aborted for want of a confirmation has no segment, and so no flags.
      const bool aborted = (is(reg::Event::sock_fail_rst) || is(reg::Event::sock_fail)) && event.flags == 0;
      const bool timer = is(reg::Event::rexmt) || is(reg::Event::rexmt_exhausted) || aborted;
      if (timer) timers[event.code] += sign;
      return timer;
    });
    return events;
  };
  const std::vector<EventRecord> a = take(rtl, 1);
  const std::vector<EventRecord> b = take(ref, ~0U);
  EXPECT_EQ(timers, (std::array<std::uint32_t, 32>{}));
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) ASSERT_EQ(fields_of(a[i]), fields_of(b[i])) << "event " << i;
  ASSERT_EQ(a.size(), b.size()) << "events, next of code " << int{(a.size() > common ? a : b)[common].code};
}

/// In what order entries of one bucket stand is a matter of the order of timers; the age is that of the reading.
void compare_listings(sim::Card& rtl, sim::Card& ref) {
  const auto take = [](sim::Card& card) {
    auto entries = *read_half_open(card, std::size_t{8} << kSmallTables.log_buckets);
    for (HalfOpen& entry : entries) entry.since_last_ms = 0;
    std::ranges::sort(entries);
    return entries;
  };
  const auto entries = take(rtl);
  EXPECT_TRUE(entries == take(ref)) << "half-open connections";
  EXPECT_EQ(entries.size(), rtl.read32(reg::kSyncacheCount));
}

/// What waits in the mailboxes; takes some of it away.
void compare_mail(sim::Card& rtl, sim::Card& ref, Rng& rng, std::uint64_t& seen) {
  for (bool more = true; more;) {
    const std::uint32_t status = ref.read32(reg::kMailStatus);
    ASSERT_EQ(rtl.read32(reg::kMailStatus), status);
    if ((status & 0x7f) == 0) return;
    ASSERT_EQ(to_hex(read_mail(rtl)), to_hex(read_mail(ref)));
    const std::uint32_t word = reg::kMailData + 4 * static_cast<std::uint32_t>(rng.below(64));
    ASSERT_EQ(rtl.read32(word), ref.read32(word));
    more = rng.percent(95);
    if (!more) return;
    pop_mail(rtl);
    pop_mail(ref);
    ++seen;
  }
}

/// Has both send a frame, or nearly one.
void send_some_mail(sim::Card& rtl, sim::Card& ref, Rng& rng) {
  Bytes frame(rng.between(20, 256));
  for (std::uint8_t& byte : frame) byte = rng.u8();
  const std::size_t tags = rng.below(3);
  for (std::size_t i = 0; i < tags; ++i) {
    frame[12 + 4 * i] = rng.bit() ? 0x81 : 0x88;
    frame[13 + 4 * i] = frame[12 + 4 * i] == 0x81 ? 0x00 : 0xa8;
  }
  if (18 + 4 * tags <= frame.size()) {
    frame[12 + 4 * tags] = 0x88;
    frame[13 + 4 * tags] = rng.percent(90) ? 0xb5 : 0xb6;
  }
  const std::size_t length = rng.percent(90) ? rng.between(60, 256) : rng.below(512);
  for (sim::Card* card : {&rtl, &ref}) {
    write_mail(*card, frame);
    send_mail(*card, length);
  }
}

/// A clock in the first third of the next millisecond, or of one `ms` later: a burst that begins then is over before
/// anything is due.
std::uint64_t burst_start(std::uint64_t now, std::uint64_t ms, std::uint64_t offset) {
  constexpr auto kHz = static_cast<std::uint64_t>(sim::kClockHz);
  const std::uint64_t next = now * 1000 / kHz + 1 + ms;
  return (next * kHz + 999) / 1000 + kClocksOfSweep + offset % 50'000;
}

/// Milliseconds between two bursts: mostly the next, sometimes long enough for timers, rarely for a pause, or for flows
/// to age away and the rest of a day.
std::uint64_t random_pause(Rng& rng) {
  const std::size_t dice = rng.below(100);
  if (dice < 80) return 0;
  if (dice < 90) return rng.below(50);
  if (dice < 99) return rng.below(5'000);
  return rng.bit() ? rng.below(40'000) : rng.below(90'000'000);
}

/// A setting in range, near its least value half of the time. Load settings wait for a load.
std::uint32_t random_value(const reg::SysctlInfo& sysctl, Rng& rng) {
  if (sysctl.offset == reg::kSysctlHashsize) return 1u << rng.below(kSmallTables.log_buckets + 1);
  if (sysctl.offset == reg::kSysctlEventLimit) return static_cast<std::uint32_t>(rng.between(1, 30));
  const std::uint32_t most = rng.bit() ? sysctl.max : std::min(sysctl.max, sysctl.min + 3);
  return static_cast<std::uint32_t>(rng.between(sysctl.min, most));
}

/// A step of the millisecond clock. Entries wait for a clock that steps back by less than 2^17 ms with their group, as
/// one card alone does: no such step while there are `entries`.
std::uint32_t random_step(Rng& rng, bool entries) {
  constexpr std::uint32_t kBehind = 1u << 17, kArmed = 1u << 24;
  if (!entries) return rng.bit() ? rng.u32() : static_cast<std::uint32_t>(rng.below(2 * kBehind)) - kBehind;
  return (rng.u32() & ~(kArmed - 1)) + static_cast<std::uint32_t>(rng.between(kBehind, kArmed - 2 * kBehind));
}

/// A card, and how many frames it is compared on, besides its name.
struct Subject {
  const char* name;
  std::unique_ptr<sim::Card> (*make)();
  std::uint64_t frames;
  bool shaken;  ///< clock steps and resets; what stands at the shell's socket knows of neither
};
std::ostream& operator<<(std::ostream& out, const Subject& subject) { return out << subject.name; }

class Differential : public testing::TestWithParam<Subject> {};

INSTANTIATE_TEST_SUITE_P(
    Cards, Differential,
    testing::Values(Subject{"rtl", [] { return sim::make_rtl_card({}, kSmallTables); }, 100'000, true},
                    Subject{"shell_with_hls_engine", [] { return sim::make_socket_card(); }, 30'000, false},
                    Subject{"shell_with_hls_kernels", [] { return sim::make_kernel_card(kSmallTables); }, 30'000,
                            true}),
    [](const auto& subject) { return std::string(subject.param.name); });

TEST_P(Differential, SendsTheSameBytesAsTheReference) {
  const std::uint64_t total = setting("SYNWARD_DIFFERENTIAL_FRAMES", GetParam().frames);
  const std::uint64_t first_seed = setting("SYNWARD_SEED", 1);
  constexpr std::uint64_t kPerSeed = 100'000;
  constexpr std::uint64_t kBurst = 200;            // frames between comparisons; few enough that no buffer fills
  constexpr std::uint64_t kIdle = 20'000'000'000;  // clocks until a burst must have gone through, its start included
  std::uint64_t done = 0, mail_seen = 0, mail_sent = 0, resets = 0, steps = 0;
  for (std::uint64_t seed = first_seed; done < total; ++seed) {
    std::cout << "seed " << seed << std::endl;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed ^ 0x5bd1e995);
    GeneratorConfig config;
    if (rng.bit()) config.services = any_address_services();
    FrameGenerator frames(seed, config);
    const auto rtl = GetParam().make();
    const auto ref = sim::make_reference_card(kSmallTables);
    Output rtl_out, ref_out;
    rtl->set_sink(rtl_out.sink());
    ref->set_sink(ref_out.sink());
    std::uint32_t origin = rng.u32();
    for (sim::Card* card : {rtl.get(), ref.get()}) {
      card->set_time_origin(origin);
      program(*card, config.services, config.secrets);
    }
    for (std::uint64_t sent = 0; sent < kPerSeed && done < total;) {
      // Settings change only while nothing is in flight: the cards differ in the clock at which they act.
      bool reload = false;
      if (rng.percent(5)) {
        const auto& sysctl = reg::kSysctls[rng.below(reg::kSysctls.size())];
        const std::uint32_t value = rng.bit() ? sysctl.def : random_value(sysctl, rng);
        if (!sysctl.load || value != sysctl.def) {
          rtl->write32(sysctl.offset, value);
          ref->write32(sysctl.offset, value);
        }
        // What is armed already is due as before in one card, at once in the other.
        reload = sysctl.name.starts_with("net.inet.tcp.rexmit_");
      }
      if (reload || rng.percent(1)) {
        load_tables(*rtl);
        load_tables(*ref);
      }
      if (rng.percent(2)) {
        const Key key{static_cast<std::uint8_t>(rng.u32())};
        constexpr std::array kCommits{0u, 1u, 2u, 3u, 4u, 5u, 6u, 9u, 10u};  // table_key stays
        const auto commit = static_cast<reg::SecretCommit>(rng.pick(kCommits));
        for (sim::Card* card : {rtl.get(), ref.get()})
          load_secret(*card, commit == reg::SecretCommit::cookie_slot0 ? config.secrets.cookie[0] : key, commit);
      }
      if (rng.percent(2)) {
        // What was the agents' key is the former one then, or the current one again.
        Key key{static_cast<std::uint8_t>(rng.u32())};
        if (rng.bit()) key = config.secrets.control;
        for (sim::Card* card : {rtl.get(), ref.get()}) load_secret(*card, key, reg::SecretCommit::control_key);
      }
      if (rng.percent(3)) {
        const std::uint32_t agents = rng.u32();
        for (sim::Card* card : {rtl.get(), ref.get()}) card->write32(reg::kHandoffAgents, agents);
      }
      if (GetParam().shaken && rng.percent(3)) {
        const std::uint64_t cycle =
            burst_start(std::max(rtl->now(), ref->now()), rng.percent(20) ? 600'000 : 0, rng.next());
        rtl->run_until(cycle);
        ref->run_until(cycle);
        origin += random_step(rng, ref->read32(reg::kSyncacheCount) != 0);
        for (sim::Card* card : {rtl.get(), ref.get()}) card->set_time_origin(origin);
        ++steps;
      }
      const std::uint64_t wait = random_pause(rng);
      std::uint64_t cycle = burst_start(std::max(rtl->now(), ref->now()), wait, rng.next());
      rtl->run_until(cycle);
      ref->run_until(cycle);
      // What the host says in the same clocks may be looked at before or after: one side speaks at a time.
      const bool from_host = rng.percent(15);
      const bool statuses = from_host && rng.bit();
      const bool mails = from_host && !statuses && rng.bit();
      if (rng.percent(20)) send_some_mail(*rtl, *ref, rng);
      const bool gaps = rng.percent(30);
      const auto offer = [&](InPort port, const Bytes& frame, std::uint64_t at) {
        const bool damaged = rng.below(100) == 0;
        for (sim::Card* card : {rtl.get(), ref.get()}) {
          if (damaged) {
            card->offer_damaged(port, frame, at);
          } else {
            card->offer(port, frame, at);
          }
        }
      };
      for (std::uint64_t i = 0; i < kBurst && sent < kPerSeed && done < total; ++i, ++sent, ++done) {
        if (from_host) {
          const bool mail = mails && rng.percent(60);
          Bytes frame = statuses ? frames.next_status() : mail ? frames.next_mail() : frames.next_from_host();
          frame.resize(std::max<std::size_t>(frame.size(), 14));
          std::copy(Output::kMarker.begin(), Output::kMarker.end(), frame.begin() + 6);
          // Their tags are checked one after the other, and a RST of the card's own leaves before the next frame.
          if (statuses) cycle += 400;
          offer(InPort::host_rx, frame, cycle);
        } else {
          const Bytes& frame = frames.next();
          // The bus takes a beat a clock: the cycle at which the frame really starts is the same in both cards.
          offer(InPort::line_rx, frame, cycle);
        }
        if (gaps) cycle += rng.below(8);
      }
      if (GetParam().shaken && rng.percent(2)) {
        rtl->drain(rng.below(2'000));
        ASSERT_TRUE(ref->drain(kIdle));
        mail_sent += read_counters(*ref)[reg::Counter::mail_sent];
        // Frames leave until the reset has gone through the card.
        for (sim::Card* card : {rtl.get(), ref.get()}) card->reset();
        compare_cut(rtl_out, ref_out);
        for (sim::Card* card : {rtl.get(), ref.get()}) program(*card, config.services, config.secrets);
        ++resets;
        continue;
      }
      ASSERT_TRUE(rtl->drain(kIdle));
      ASSERT_TRUE(ref->drain(kIdle));
      ASSERT_NO_FATAL_FAILURE(compare(rtl_out.answers, ref_out.answers, "replies", false));
      ASSERT_NO_FATAL_FAILURE(compare(rtl_out.from_host, ref_out.from_host, "host to line"));
      ASSERT_NO_FATAL_FAILURE(compare(rtl_out.to_host, ref_out.to_host, "line to host"));
      ASSERT_NO_FATAL_FAILURE(compare_events(*rtl, *ref));
      ASSERT_EQ(rtl->read32(reg::kSyncacheCount), ref->read32(reg::kSyncacheCount));
      ASSERT_EQ(rtl->read32(reg::kFlowCount), ref->read32(reg::kFlowCount));
      ASSERT_NO_FATAL_FAILURE(compare_mail(*rtl, *ref, rng, mail_seen));
    }
    compare_listings(*rtl, *ref);
    const Counters a = read_counters(*rtl);
    const Counters b = read_counters(*ref);
    EXPECT_EQ(conservation_faults(a), "");
    EXPECT_EQ(conservation_faults(b), "");
    for (std::size_t i = 0; i < reg::kCounters; ++i) EXPECT_EQ(a.value[i], b.value[i]) << reg::kCounterInfo[i].name;
    mail_sent += a[reg::Counter::mail_sent];
    EXPECT_EQ(a[reg::Drop::host_tx_full], 0u);
    EXPECT_EQ(a[reg::Drop::line_tx_full], 0u);
  }
  // A few bursts may have none.
  EXPECT_GE(mail_seen, total / 10'000 * 30);
  EXPECT_GE(mail_sent, total / 10'000 * 2);
  if (GetParam().shaken) {
    EXPECT_GE(resets, total / 100'000 * 2);
    EXPECT_GE(steps, total / 100'000 * 4);
  }
  std::cout << done << " frames compared, " << resets << " resets, " << steps << " steps of the clock, " << mail_seen
            << " mails read, " << mail_sent << " sent" << std::endl;
}

}  // namespace
}  // namespace synward::test
