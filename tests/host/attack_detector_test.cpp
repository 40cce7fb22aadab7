// SPDX-License-Identifier: BSD-2-Clause
// Attacks told from counters, second by second, by a clock of the test's own.
#include "synward/attack_detector.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "synward/attack_json.hpp"
#include "synward/attack_text.hpp"

namespace synward {
namespace {

using enum reg::Counter;

constexpr double kUnix = 1'800'000'000;
constexpr double kLineRate = 148'809'523;  ///< frames of 60 bytes a second at 100 Gb/s

/// The counter by which a test makes a class.
reg::Counter counter_of(AttackClass kind) {
  switch (kind) {
    case AttackClass::syn_flood:
      return answered;
    case AttackClass::ack_flood:
      return spurcookie;
    case AttackClass::rst_flood:
      return badrst;
    case AttackClass::malformed:
      return drop_bad_ip_checksum;
    case AttackClass::retransmission:
      break;
  }
  return retransmitted;
}

class AttackDetection : public testing::Test {
 protected:
  /// Frames go on at a rate for some time; the counters are looked at each `step` seconds.
  void pass(double seconds, reg::Counter counter, double rate, double step = 1) {
    const auto end = now + seconds;
    while (now < end - 1e-6) {
      const double part = std::min(step, end - now);
      owed += rate * part;
      const auto whole = std::floor(owed);
      owed -= whole;
      counters[counter] += static_cast<std::uint64_t>(whole);
      now += part;
      look();
    }
  }
  void quiet(double seconds, double step = 1) { pass(seconds, line_rx_frames, 0, step); }
  void look() {
    for (auto& change : detector.take(now, kUnix + now, counters)) {
      seen.emplace_back(now, std::move(change));
    }
  }

  AttackDetector detector;
  Counters counters;
  double now = 1'000;  ///< s, steady
  double owed = 0;
  std::vector<std::pair<double, AttackChange>> seen;
};

TEST_F(AttackDetection, tells_each_class_within_five_seconds_at_any_rate_and_its_end) {
  for (const auto kind : kAllAttackClasses) {
    for (const double rate : {20'000.0, 1e6, kLineRate}) {
      for (const double phase : {0.0, 0.3, 0.9}) {
        SCOPED_TRACE(std::string(attack_info(kind).name) + " at " + std::to_string(rate));
        detector = AttackDetector();
        seen.clear();
        quiet(30);
        const auto began = now + phase;
        // The first look finds a part of a second of it.
        counters[counter_of(kind)] += static_cast<std::uint64_t>(rate * (1 - phase));
        now += 1;
        look();
        pass(20, counter_of(kind), rate);
        ASSERT_EQ(seen.size(), 1U);
        const auto& [told, change] = seen.front();
        EXPECT_TRUE(change.begins);
        EXPECT_EQ(change.attack.kind, kind);
        EXPECT_EQ(change.attack.number, 1U);
        EXPECT_LE(told - began, 5);
        EXPECT_NEAR(change.attack.rate, rate, 0.05 * rate);
        EXPECT_NEAR(change.attack.began, kUnix + began, 1.01);
        const auto ended = now;
        quiet(70);
        ASSERT_EQ(seen.size(), 2U);
        const auto& over = seen.back().second;
        EXPECT_FALSE(over.begins);
        EXPECT_TRUE(over.attack.over && over.attack.end_seen);
        EXPECT_EQ(over.attack.number, 1U);
        EXPECT_NEAR(over.attack.until, kUnix + ended, 1.01);
        EXPECT_NEAR(over.attack.peak, rate, 0.05 * rate);
        EXPECT_NEAR(over.attack.mean(), rate, 0.05 * rate);
        // A part of a second may have been below the threshold.
        EXPECT_NEAR(static_cast<double>(over.attack.frames), rate * (21 - phase), 5'000);
      }
    }
  }
}

TEST_F(AttackDetection, a_crowd_that_gets_through_is_no_flood) {
  quiet(5);
  for (int i = 0; i < 120; ++i) {
    counters[answered] += 500'000;
    counters[i % 2 == 0 ? handed : recvcookie] += 499'000;
    now += 1;
    look();
  }
  EXPECT_TRUE(seen.empty());
}

TEST_F(AttackDetection, rsts_count_once_and_also_where_they_are_dropped_alone) {
  quiet(5);
  for (int i = 0; i < 10; ++i) {
    counters[badrst] += i < 5 ? 20'000 : 0;
    counters[drop_unknown_rst] += 20'000;
    now += 1;
    look();
  }
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(detector.active().front().kind, AttackClass::rst_flood);
  EXPECT_EQ(detector.active().front().frames, 200'000U);
}

TEST_F(AttackDetection, a_spike_of_a_second_is_no_attack) {
  quiet(5);
  for (int i = 0; i < 20; ++i) {
    // It may fall into two looks.
    pass(0.5, answered, 1e6);
    quiet(0.5);
    quiet(20);
  }
  EXPECT_TRUE(seen.empty());
  for (const auto kind : kAllAttackClasses) {
    EXPECT_LT(detector.memory().usual[static_cast<std::size_t>(kind)], 1) << "it taught something";
  }
}

TEST_F(AttackDetection, a_flood_that_pulses_is_one_attack) {
  quiet(5);
  for (int i = 0; i < 100; ++i) {
    pass(10, spurcookie, 1e6);
    quiet(10);
  }
  quiet(60);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NEAR(seen.back().second.attack.seconds(), 1'990, 2);
  EXPECT_NEAR(seen.back().second.attack.mean(), 5e5, 0.05 * 5e5);
  EXPECT_EQ(seen.back().second.attack.frames, 1'000'000'000U);
}

TEST_F(AttackDetection, short_pulses_are_an_attack_too) {
  quiet(5);
  for (int i = 0; i < 10; ++i) {
    pass(1, spurcookie, 1e6);
    quiet(3);
  }
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_LE(seen.front().first, 1'005 + 10);
}

TEST_F(AttackDetection, hysteresis_keeps_what_wavers_one_attack) {
  quiet(5);
  // Threshold 5,000 a second; the end is below 2,500.
  for (int i = 0; i < 600; ++i) {
    pass(1, badrst, i % 6 == 0 ? 6'000 : 3'000);
  }
  EXPECT_EQ(seen.size(), 0U) << "never above for three seconds of ten";
  for (int i = 0; i < 600; ++i) {
    pass(1, badrst, i % 2 == 0 ? 6'000 : 3'000);
  }
  pass(600, badrst, 2'600);
  ASSERT_EQ(seen.size(), 1U);
  pass(61, badrst, 2'400);
  EXPECT_EQ(seen.size(), 2U);
}

TEST_F(AttackDetection, a_slow_ramp_is_told_at_the_ceiling_at_the_latest) {
  quiet(5);
  // To a million a second within half an hour.
  double rate = 0;
  for (; rate < 1e6 && seen.empty(); rate += 1e6 / 1'800) {
    pass(1, answered, rate);
  }
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_LT(rate, 10'000);
  // To the same within a week, which is learned on the way.
  detector = AttackDetector();
  seen.clear();
  rate = 0;
  for (; rate < 1e6 && seen.empty(); rate += 10 * 1e6 / (7 * 86'400)) {
    pass(10, answered, rate, 5);
  }
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_LE(rate, attack_info(AttackClass::syn_flood).limits.ceiling * 1.01);
}

TEST_F(AttackDetection, what_is_usual_is_learned_within_hours_and_an_attack_teaches_nothing) {
  quiet(5);
  pass(4 * 3'600, answered, 4'000);
  EXPECT_TRUE(seen.empty());
  EXPECT_NEAR(detector.threshold(AttackClass::syn_flood), 4 * 4'000, 500);
  pass(60, answered, 12'000);
  EXPECT_TRUE(seen.empty()) << "three times the usual rate is none";
  const auto threshold = detector.threshold(AttackClass::syn_flood);
  pass(12 * 3'600, answered, 40'000);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(detector.threshold(AttackClass::syn_flood), threshold);
  pass(120, answered, 4'000);
  EXPECT_EQ(seen.size(), 2U);
  // The next one of the same rate is told as well.
  pass(5, answered, 40'000);
  EXPECT_EQ(seen.size(), 3U);
}

TEST_F(AttackDetection, what_lasts_longer_than_a_day_becomes_usual_but_never_above_the_ceiling) {
  quiet(5);
  pass(48 * 3'600, answered, 20'000, 2);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_FALSE(seen.back().second.begins);
  pass(60, answered, 150'000);
  ASSERT_EQ(seen.size(), 3U);
  pass(72 * 3'600, answered, 150'000, 2);
  EXPECT_EQ(seen.size(), 3U) << "still one attack";
}

TEST_F(AttackDetection, a_restart_in_the_middle_is_not_blind) {
  quiet(5);
  pass(600, spurcookie, 20'000);
  ASSERT_EQ(seen.size(), 1U);
  auto memory = detector.memory();
  for (const bool remembers : {true, false}) {
    detector = AttackDetector({}, remembers ? memory : AttackMemory());
    seen.clear();
    const auto started = now;
    look();
    pass(5, spurcookie, 20'000);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_LE(seen.front().first - started, 5);
    EXPECT_EQ(seen.front().second.attack.number, remembers ? 2U : 1U);
  }
}

TEST_F(AttackDetection, a_reset_of_the_counters_is_no_attack_and_no_end) {
  counters[spurcookie] = 1ULL << 40;
  counters[line_rx_frames] = 1ULL << 41;
  quiet(5);
  counters = {};
  quiet(30);
  EXPECT_TRUE(seen.empty());
  pass(10, spurcookie, 1e6);
  ASSERT_EQ(seen.size(), 1U);
  counters = {};
  pass(10, spurcookie, 1e6);
  EXPECT_EQ(seen.size(), 1U);
  // A card that counted more than the one before it, and says so.
  detector.begin_anew();
  counters[spurcookie] += 1ULL << 50;
  pass(10, spurcookie, 1e6);
  EXPECT_LT(detector.active().front().peak, 1.1e6);
}

TEST_F(AttackDetection, counters_at_the_end_of_their_64_bits) {
  counters[spurcookie] = UINT64_MAX - 3'500'000;
  quiet(5);
  pass(10, spurcookie, 1e6);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_NEAR(detector.active().front().peak, 1e6, 1e4);
}

TEST_F(AttackDetection, a_card_that_is_lost_ends_an_attack_and_begins_none) {
  quiet(5);
  pass(10, spurcookie, 1e6);
  ASSERT_EQ(seen.size(), 1U);
  const auto lost = now;
  std::vector<AttackChange> ends;
  for (int i = 0; i < 30; ++i) {
    now += 1;
    EXPECT_TRUE(detector.absent(now).empty());
  }
  // There again for a moment, with the attack: it goes on.
  counters = {};
  pass(5, spurcookie, 1e6);
  EXPECT_EQ(detector.active().size(), 1U);
  for (int i = 0; i < 61; ++i) {
    now += 1;
    const auto more = detector.absent(now);
    ends.insert(ends.end(), more.begin(), more.end());
  }
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_FALSE(ends.front().attack.end_seen);
  EXPECT_NEAR(ends.front().attack.until, kUnix + lost + 35, 1.5);
  EXPECT_TRUE(detector.active().empty());
  counters = {};
  quiet(60);
  EXPECT_EQ(seen.size(), 1U);
}

TEST_F(AttackDetection, a_gap_in_polling_alone_is_no_attack) {
  quiet(5);
  // A minute without a look, in which there was a second of something.
  counters[spurcookie] += 3'000'000;
  now += 60;
  look();
  quiet(60);
  EXPECT_TRUE(seen.empty());
  // An attack that goes on through gaps is told at the second look.
  counters[spurcookie] += 60'000'000;
  now += 60;
  look();
  counters[spurcookie] += 1'000'000;
  now += 1;
  look();
  ASSERT_EQ(seen.size(), 1U);
  // Slow looks do as well.
  quiet(61);
  seen.clear();
  pass(4, spurcookie, 1e6, 2);
  EXPECT_EQ(seen.size(), 1U);
}

TEST_F(AttackDetection, looks_that_waver_do_not_make_peaks) {
  quiet(5);
  for (int i = 0; i < 50; ++i) {
    pass(1, spurcookie, 1e6, i % 2 == 0 ? 0.7 : 1);
    look();  // twice at once
  }
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_NEAR(detector.active().front().peak, 1e6, 5e4);
}

TEST_F(AttackDetection, limits_and_factor_are_the_operators) {
  AttackSettings settings;
  settings.limits[static_cast<std::size_t>(AttackClass::malformed)] = {10, 20};
  settings.quiet = std::chrono::seconds(5);
  detector.configure(settings);
  quiet(5);
  pass(5, drop_short_frame, 11);
  ASSERT_EQ(seen.size(), 1U);
  quiet(5);
  ASSERT_EQ(seen.size(), 2U);
}

TEST_F(AttackDetection, the_share_of_cookies_that_passed) {
  quiet(5);
  for (int i = 0; i < 10; ++i) {
    counters[failcookie] += 900'000;
    counters[recvcookie] += 100'000;
    now += 1;
    look();
  }
  const auto attack = detector.active().front();
  EXPECT_EQ(attack.cookies_passed, 1'000'000U);
  EXPECT_EQ(attack.cookies_failed, 9'000'000U);
  EXPECT_EQ(attack_json(attack, [](const IpAddress&, std::uint16_t) { return true; })["cookies"]["share"], 0.1);
}

LogEvent event(reg::Event code, const std::string& foreign, const std::string& local, std::uint16_t lport) {
  LogEvent one;
  one.code = static_cast<unsigned>(code);
  one.foreign = parse_address(foreign);
  one.local = parse_address(local);
  one.lport = lport;
  return one;
}

TEST_F(AttackDetection, events_tell_where_it_comes_from_and_goes_to) {
  quiet(5);
  detector.take(event(reg::Event::ack_spurious, "192.0.2.99", "203.0.113.9", 22));
  quiet(1);  // that was before it
  pass(2, spurcookie, 1e6);
  for (int i = 0; i < 100; ++i) {
    detector.take(event(reg::Event::ack_spurious, "192.0.2." + std::to_string(i), "203.0.113.7", 443));
    detector.take(event(reg::Event::rst_spurious, "192.0.2.1", "203.0.113.7", 443));  // of another class
  }
  detector.take(event(reg::Event::cookie_failed, "2001:db8:0:1::5", "2001:db8::7", 80));
  pass(2, spurcookie, 1e6);
  ASSERT_EQ(seen.size(), 1U);
  const auto sample = seen.front().second.attack.sample;
  EXPECT_EQ(sample.events, 101U);
  EXPECT_EQ(sample.prefixes, 2U);
  ASSERT_EQ(sample.targets.size(), 2U);
  EXPECT_EQ(to_string(sample.targets[0].address), "203.0.113.7");
  EXPECT_EQ(sample.targets[0].events, 100U);
  EXPECT_EQ(to_string(sample.sources[0].prefix), "192.0.2.0/24");
  EXPECT_EQ(to_string(sample.sources[1].prefix), "2001:db8:0:1::/64");
  const auto line = attack_line(seen.front().second, 5);
  EXPECT_EQ(line.level, LogLevel::warning);
  EXPECT_EQ(line.text,
            "attack 1 begins: ACK flood, 1.00 M a second (ACKs that fit nothing; told from 5.00 k on, usual 0); no "
            "cookie was checked; 101 recorded events, a sample: to [203.0.113.7]:443 (100), [2001:db8::7]:80 (1), from "
            "192.0.2.0/24 (100), of 2 prefixes; sources may be forged");
  EXPECT_EQ(line.for_others,
            "attack 1 begins: ACK flood, 1.00 M a second (ACKs that fit nothing; told from 5.00 k on, usual 0); no "
            "cookie was checked");
  quiet(61);
  ASSERT_EQ(seen.size(), 2U);
  const auto end = attack_line(seen.back().second, 70);
  EXPECT_EQ(end.level, LogLevel::notice);
  EXPECT_EQ(end.for_others,
            "attack 1 is over: ACK flood, 00:00:04 long, 1.00 M a second, 1.00 M at its peak, 4,000,000 in all; no "
            "cookie was checked");
}

TEST(AttackTally, forged_sources_without_end_take_no_memory_without_end) {
  AttackTally tally;
  for (int i = 0; i < 100'000; ++i) {
    const auto foreign = fmt::format("{}.{}.{}.1", i >> 8 & 0xff, i & 0xff, i >> 16);
    tally.add(event(reg::Event::ack_spurious, foreign, "203.0.113." + std::to_string(i % 250),
                    static_cast<std::uint16_t>(i % 7)));
  }
  const auto sample = tally.sample();
  EXPECT_EQ(sample.events, 100'000U);
  EXPECT_LE(sample.prefixes, AttackTally::kMost);
  EXPECT_EQ(sample.sources.size(), AttackTally::kShown);
  EXPECT_EQ(sample.targets.size(), AttackTally::kShown);
}

AttackState some_state() {
  AttackState state;
  state.memory.last_number = 7;
  state.memory.usual = {1, 2, 3, 4, 5.5};
  AttackRecord attack{.number = 7, .kind = AttackClass::rst_flood, .over = true, .end_seen = false};
  attack.began = 1e9;
  attack.until = 1e9 + 12.5;
  attack.frames = 1ULL << 60;
  attack.cookies_passed = 3;
  attack.cookies_failed = 4;
  attack.sample.events = 9;
  attack.sample.prefixes = 1;
  attack.sample.targets = {{*parse_address("203.0.113.7"), 443, 9}};
  attack.sample.sources = {{*parse_prefix("2001:db8::/64"), *parse_address("203.0.113.7"), 443, 9}};
  state.attacks = {attack};
  return state;
}

TEST(AttackState, is_read_as_it_was_written) {
  const auto state = some_state();
  const auto read = read_attack_state(attack_state_text(state));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->memory.usual, state.memory.usual);
  EXPECT_EQ(read->memory.last_number, 7U);
  EXPECT_EQ(read->attacks, state.attacks);
}

TEST(AttackState, what_is_wrong_is_an_error_and_nothing_worse) {
  const auto text = attack_state_text(some_state());
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    EXPECT_FALSE(read_attack_state(text.substr(0, length))) << length;
  }
  for (const auto* bad : {"[]", "{}", R"({"last":1,"usual":[],"attacks":[]})",
                          R"({"last": 1, "usual": {}, "attacks": [{"class": "none"}]})"}) {
    EXPECT_FALSE(read_attack_state(bad)) << bad;
  }
}

TEST(AttackJson, addresses_only_of_services_that_one_may_see) {
  const auto attack = some_state().attacks.front();
  const auto none = attack_json(attack, [](const IpAddress&, std::uint16_t) { return false; });
  EXPECT_TRUE(none["recorded"]["services"].empty());
  EXPECT_TRUE(none["recorded"]["sources"].empty());
  EXPECT_EQ(none.dump().find("2001:db8"), std::string::npos);
  EXPECT_EQ(none.dump().find("203.0.113.7"), std::string::npos);
  EXPECT_EQ(none["state"], "over");
  const auto mine = attack_json(attack, [](const IpAddress&, std::uint16_t port) { return port == 443; });
  EXPECT_EQ(mine["recorded"]["sources"][0]["prefix"], "2001:db8::/64");
}

}  // namespace
}  // namespace synward
