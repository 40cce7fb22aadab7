// SPDX-License-Identifier: BSD-2-Clause
// Proves that the event ring keeps the events that the limit allows, in order, to the last word, and counts all others
// by code: one event a clock, few codes and many, windows that come and go, limits from none to the greatest, a ring
// that is read slowly or not at all.
#include <Vsynward_events.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>

#include "block/bench.hpp"
#include "synward/registers.hpp"

namespace synward::test {
namespace {

constexpr std::size_t kDepth = std::size_t{1} << PARAM_LOGDEPTH;
constexpr std::size_t kCodes = 32, kWords = 14;
/// Clocks from an event to its decision; the rest is seen some clocks later.
constexpr std::size_t kDecision = 4, kSettled = 8;

/// The ring as docs/registers.md has it.
class Model {
 public:
  /// What happens in one clock: the oldest is taken away, an event is decided; a ring that is full takes none even
  /// then.
  void clock(bool pop, const EventRecord* event, std::uint32_t limit) {
    const bool full = ring.size() == kDepth;
    if (pop && !ring.empty()) ring.pop_front();
    if (event == nullptr) return;
    if (may_record(*event, limit) && !full) {
      ring.push_back(*event);
      ++recorded;
    } else {
      ++lost[event->code];
    }
  }

  std::deque<EventRecord> ring;
  std::array<std::uint32_t, kCodes> lost{};
  std::size_t recorded = 0;

 private:
  struct Last {
    std::uint32_t window = 0, count = 0;
  };

  bool may_record(const EventRecord& event, std::uint32_t limit) {
    Last& last = last_[event.code];
    const std::uint32_t window = event.time_ms >> 10;
    if (window != last.window) last = {window, 0};
    if (limit != 0 && event.code != static_cast<std::uint8_t>(reg::Event::overflow) && last.count >= limit)
      return false;
    last.count = std::min(last.count + 1, 65535U);
    return true;
  }

  std::map<std::uint8_t, Last> last_;
};

class Events {
 public:
  explicit Events(std::uint64_t seed) : rng(seed), block_(seed) { reset(); }

  void reset() {
    block_->valid_i = 0;
    block_->pop_i = 0;
    block_.reset();
    under_way_.assign(kDecision, {false, {}});
    model = {};
  }

  /// For events from now on; nothing may be under way.
  void set_limit(std::uint32_t limit) {
    limit_ = limit;
    block_->limit_i = static_cast<std::uint16_t>(limit);
  }

  void clock(bool valid, const EventRecord& event, bool pop) {
    block_->valid_i = valid;
    pack(event, block_->event_i);
    block_->pop_i = pop;
    block_.settle();
    ASSERT_EQ(block_->count_o, model.ring.size());
    under_way_.push_back({valid, event});
    const auto [decided, decided_event] = under_way_.front();
    under_way_.pop_front();
    model.clock(pop, decided ? &decided_event : nullptr, limit_);
    block_.edge();
  }
  void idle(std::size_t clocks) {
    for (std::size_t i = 0; i < clocks; ++i) clock(false, random_record<EventRecord>(rng), false);
  }

  /// The oldest event, word by word.
  void check_oldest() {
    Bytes words;
    for (std::size_t word = kWords; word-- > 0;) {
      block_->word_i = static_cast<std::uint8_t>(word);
      idle(2);
      block_.settle();
      put32(words, block_->word_o);
    }
    VlWide<kWords> expected{};
    if (!model.ring.empty()) pack(model.ring.front(), expected);
    Bytes expected_words;
    for (std::size_t word = kWords; word-- > 0;) put32(expected_words, expected[word]);
    ASSERT_EQ(to_hex(words), to_hex(expected_words));
  }
  void check_lost() {
    for (std::size_t code = 0; code < kCodes; ++code) {
      block_->lost_code_i = static_cast<std::uint8_t>(code);
      idle(2);
      block_.settle();
      ASSERT_EQ(block_->lost_o, model.lost[code]) << "code " << code;
    }
  }
  void pop() {
    clock(false, {}, true);
    idle(3);
  }

  Rng rng;
  Model model;

 private:
  Bench<Vsynward_events> block_;
  std::uint32_t limit_ = 0;
  std::deque<std::pair<bool, EventRecord>> under_way_;
};

TEST(Events, keeps_what_the_limit_allows_and_counts_the_rest) {
  Events events(test_seed());
  Rng& rng = events.rng;
  std::uint32_t time_ms = rng.u32();
  std::size_t full = 0;
  for (int phase = 0; phase < 400; ++phase) {
    SCOPED_TRACE("phase " + std::to_string(phase));
    events.set_limit(rng.pick(std::array{0U, 1U, 2U, 3U, 5U, 64U, 300U, 65535U}));
    events.idle(kSettled);
    const std::uint64_t codes = rng.pick(std::array{1U, 2U, 3U, 32U});
    const auto first = static_cast<std::uint8_t>(rng.below(kCodes));
    const unsigned valid = rng.pick(std::array{20U, 70U, 100U}), pops = rng.pick(std::array{0U, 5U, 50U, 100U});
    const unsigned new_window = rng.pick(std::array{0U, 1U, 10U, 50U});
    for (int clock = 0; clock < 500; ++clock) {
      if (rng.percent(new_window))
        time_ms = rng.percent(70) ? time_ms + 700 : rng.percent(50) ? time_ms - 1000 : rng.u32();
      auto event = random_record<EventRecord>(rng);
      event.code = static_cast<std::uint8_t>((first + rng.below(codes)) % kCodes);
      event.time_ms = time_ms;
      events.clock(rng.percent(valid), event, rng.percent(pops));
      if (testing::Test::HasFatalFailure()) return;
    }
    events.idle(kSettled);
    full += events.model.ring.size() == kDepth;
    ASSERT_NO_FATAL_FAILURE(events.check_lost());
    for (std::uint64_t reads = rng.below(20); reads > 0; --reads) {
      ASSERT_NO_FATAL_FAILURE(events.check_oldest());
      events.pop();
    }
    // Now and then to the end, and beyond.
    while (phase % 20 == 0 && !events.model.ring.empty()) events.pop();
    ASSERT_NO_FATAL_FAILURE(events.check_oldest());
  }
  EXPECT_GT(full, 5U);
  EXPECT_GT(events.model.recorded, 10'000U);
}

// Counts of before do not count, though their window goes on.
TEST(Events, a_reset_forgets_everything) {
  Events events(test_seed());
  for (int round = 0; round < 3; ++round) {
    events.reset();
    events.set_limit(2);
    events.idle(kSettled);
    for (int i = 0; i < 5; ++i) events.clock(true, EventRecord{}, false);
    events.idle(kSettled);
    EXPECT_EQ(events.model.recorded, 2U);
    EXPECT_EQ(events.model.lost[0], 3U);
    events.check_lost();
    events.check_oldest();
  }
}

// Without a limit a code's count runs on, and stays where it is at the end.
TEST(Events, a_count_does_not_wrap) {
  Events events(test_seed());
  events.set_limit(0);
  events.idle(kSettled);
  EventRecord event{};
  for (int i = 0; i < 140'000; ++i) events.clock(true, event, true);
  events.idle(kSettled);
  events.set_limit(65535);
  events.idle(kSettled);
  for (int i = 0; i < 10; ++i) events.clock(true, event, true);
  events.idle(kSettled);
  EXPECT_EQ(events.model.lost[0], 10U);
  events.check_lost();
}

}  // namespace
}  // namespace synward::test
