// SPDX-License-Identifier: BSD-2-Clause
// Proves when an engine behind streams is silent, or slow beyond bearing, or never ready; that each fault resets it
// once and says which, how long that lasts, that it is heard out until it has said nothing for so many clocks and
// nothing waits, and reset again where it goes on; that then time alone asks, and all again after one right answer and
// as long a silence, longer where it has failed before; and that each question of the host port that gets no answer is
// told. How the socket bears it: synward_elastic_test.
#include <Vsynward_engine_guard.h>
#include <gtest/gtest.h>

#include "block/bench.hpp"
#include "synward/record_codes.hpp"

namespace synward::test {
namespace {

constexpr unsigned kPatience = 1U << PARAM_LOGPATIENCE, kQuiet = 1U << PARAM_LOGQUIET;
constexpr unsigned kReset = 64;  ///< clocks

enum class Doing { up, reset, hear, probe, wait };

class Guard {
 public:
  explicit Guard(std::uint64_t seed = test_seed()) : block_(seed) {
    rest();
    block_.reset();
    clock();
  }

  /// Nothing happens, and nothing waits.
  void rest() {
    block_->put_i = block_->setting_waits_i = block_->answer_valid_i = block_->right_i = block_->forgot_i = 0;
    block_->listens_i = block_->empty_i = 1;
    block_->unready_i = 0;
  }
  void clock() {
    block_.settle();
    lost += block_->lost_o;
    block_.edge();
    block_.settle();
  }
  void clocks(unsigned n) {
    for (unsigned i = 0; i < n; ++i) clock();
  }
  void put(std::uint8_t op) {
    block_->put_i = 1;
    block_->put_op_i = op;
    clock();
    block_->put_i = 0;
  }
  void answer(bool right, bool forgot = false) {
    block_->answer_valid_i = 1;
    block_->right_i = right;
    block_->forgot_i = forgot;
    clock();
    block_->answer_valid_i = block_->right_i = block_->forgot_i = 0;
  }

  Doing doing() {
    const bool flush = block_->flush_o != 0;
    if (block_->engine_rst_no == 0) return Doing::reset;
    if (flush) return Doing::hear;
    if (block_->up_o != 0) return Doing::up;
    return block_->probe_o != 0 ? Doing::probe : Doing::wait;
  }
  /// Clocks that it goes on doing what it does.
  unsigned lasts() {
    const Doing now = doing();
    for (unsigned n = 0; n < 1U << 20; ++n) {
      if (doing() != now) return n;
      clock();
    }
    return ~0U;
  }
  unsigned resets() {
    clock();
    return block_->faults_o >> 4 & 0xffff;
  }
  unsigned cause() { return block_->faults_o >> 2 & 3; }
  bool down() { return (block_->faults_o & 2) != 0; }
  Vsynward_engine_guard& ports() { return *block_.operator->(); }

  unsigned lost = 0;

 private:
  Bench<Vsynward_engine_guard> block_;
};

TEST(EngineGuard, knows_what_was_asked_in_order) {
  Guard guard;
  for (const std::uint8_t op : {kOpSyn, kOpAck, kOpPeek, kOpServer}) guard.put(op);
  for (const std::uint8_t op : {kOpSyn, kOpAck, kOpPeek, kOpServer}) {
    ASSERT_EQ(guard.ports().answers_o, 1);
    ASSERT_EQ(guard.ports().op_o, op);
    guard.answer(true);
  }
  EXPECT_EQ(guard.ports().answers_o, 0);
  guard.clocks(3 * kPatience);
  EXPECT_EQ(guard.doing(), Doing::up) << "who is not asked need not answer";
  EXPECT_EQ(guard.resets(), 0U);
  EXPECT_FALSE(guard.down());
}

TEST(EngineGuard, who_answers_in_time_is_left_alone) {
  Guard guard;
  guard.put(kOpSyn);
  for (int i = 0; i < 40; ++i) {
    guard.put(kOpSyn);
    guard.clocks(kPatience * 3 / 4 - 2);
    guard.answer(true);
  }
  EXPECT_EQ(guard.resets(), 0U);
}

TEST(EngineGuard, silence_is_three_quarters_of_the_patience_to_all_of_it) {
  const std::uint64_t seed = test_seed();
  for (unsigned phase = 0; phase < kPatience; phase += 5) {
    for (const bool setting : {false, true}) {
      Guard guard(seed);
      guard.clocks(phase);
      if (setting)
        guard.ports().setting_waits_i = 1;
      else
        guard.put(kOpTick);
      const unsigned clocks = guard.lasts();
      ASSERT_GE(clocks, kPatience * 3 / 4);
      ASSERT_LE(clocks, kPatience + 3);
      ASSERT_EQ(guard.doing(), Doing::reset);
      ASSERT_EQ(guard.resets(), 1U);
      ASSERT_EQ(guard.cause(), kFaultSilent);
      ASSERT_TRUE(guard.down());
    }
  }
}

TEST(EngineGuard, nobody_is_silent_to_whom_nobody_listens) {
  Guard guard;
  guard.put(kOpSyn);
  guard.ports().listens_i = 0;
  guard.clocks(4 * kPatience);
  EXPECT_EQ(guard.resets(), 0U);
}

/// From its reset to its being asked again, by all, after `rounds` times the quiet.
void recovers(Guard& guard, unsigned rounds) {
  ASSERT_EQ(guard.doing(), Doing::reset);
  ASSERT_LE(guard.lasts(), kReset);
  ASSERT_EQ(guard.doing(), Doing::hear);
  ASSERT_NEAR(guard.lasts(), kQuiet, 2);
  ASSERT_EQ(guard.doing(), Doing::probe);
  guard.put(kOpPeek);
  guard.answer(true);
  guard.clock();
  ASSERT_EQ(guard.doing(), Doing::wait);
  ASSERT_NEAR(guard.lasts(), kQuiet * rounds, 3);
  ASSERT_EQ(guard.doing(), Doing::up);
  guard.clocks(2);
  ASSERT_FALSE(guard.down());
}

TEST(EngineGuard, each_fault_resets_once_and_is_named) {
  struct Case {
    const char* name;
    bool asked, forgot;
    unsigned cause;
  };
  unsigned resets = 0;
  Guard guard;
  for (const auto& [name, asked, forgot, cause] :
       {Case{"another's", true, false, kFaultWrong}, Case{"nothing was asked", false, false, kFaultWrong},
        Case{"no tables", true, true, kFaultForgot}}) {
    SCOPED_TRACE(name);
    if (asked) guard.put(kOpSyn);
    guard.answer(false, forgot);
    guard.clocks(2);
    EXPECT_EQ(guard.resets(), resets + 1);
    EXPECT_EQ(guard.cause(), cause);
    ASSERT_NO_FATAL_FAILURE(recovers(guard, 1U << resets));
    ++resets;
  }
}

TEST(EngineGuard, who_fails_soon_after_is_waited_for_the_longer_and_forgiven_in_time) {
  Guard guard;
  const auto fail = [&guard] {
    guard.answer(false);
    guard.clocks(3);
  };
  for (unsigned failed = 0; failed < 14; ++failed) {
    fail();
    ASSERT_NO_FATAL_FAILURE(recovers(guard, 1U << std::min(failed, 12U))) << failed;
  }
  guard.clocks(60 * kPatience);
  fail();
  ASSERT_NO_FATAL_FAILURE(recovers(guard, 1U << 12)) << "too soon";
  guard.clocks(65 * kPatience);
  fail();
  ASSERT_NO_FATAL_FAILURE(recovers(guard, 1)) << "it was well for long";
}

TEST(EngineGuard, all_that_were_asked_have_one_patience) {
  Guard guard;
  for (int i = 0; i < 6; ++i) guard.put(kOpSyn);
  unsigned clocks = 0;
  for (; guard.resets() == 0; ++clocks) {
    ASSERT_LT(clocks, 2 * kPatience) << "an answer now and then is not enough";
    if (clocks % (kPatience * 5 / 8) == 0) {
      guard.answer(true);
      guard.put(kOpSyn);
    }
  }
  EXPECT_GE(clocks, kPatience * 3 / 4);
  EXPECT_EQ(guard.cause(), kFaultSilent);
}

TEST(EngineGuard, who_never_has_tables_has_none) {
  Guard guard;
  guard.ports().unready_i = 1;
  const unsigned clocks = guard.lasts();
  EXPECT_GE(clocks, kPatience * 31 / 4);
  EXPECT_LE(clocks, kPatience * 8 + 3);
  EXPECT_EQ(guard.resets(), 1U);
  EXPECT_EQ(guard.cause(), kFaultForgot);
}

TEST(EngineGuard, who_goes_on_while_it_is_heard_out_is_reset_again) {
  Guard guard;
  guard.answer(false);
  guard.clocks(3);
  for (int again = 0; again < 3; ++again) {
    while (guard.doing() == Doing::reset) guard.clock();
    unsigned clocks = 0;
    for (; guard.doing() == Doing::hear; ++clocks) {
      ASSERT_LT(clocks, 2 * kPatience);
      if (clocks % (kQuiet / 2) == 0) guard.answer(false);
      guard.clock();
    }
    EXPECT_EQ(guard.doing(), Doing::reset);
    EXPECT_GE(clocks, kPatience / 2);
  }
  EXPECT_EQ(guard.resets(), 1U) << "it is the same fault";
}

TEST(EngineGuard, it_is_heard_out) {
  Guard guard;
  guard.answer(false);
  guard.clocks(3);  // a fault shows a clock later, the reset one behind it
  EXPECT_EQ(guard.lasts() + 2, kReset);
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(guard.doing(), Doing::hear);
    guard.clocks(kQuiet - 4);
    guard.answer(i % 2 == 0);
  }
  guard.ports().empty_i = 0;
  guard.clocks(5 * kQuiet);
  ASSERT_EQ(guard.doing(), Doing::hear) << "something waits that asked before";
  guard.ports().empty_i = 1;
  EXPECT_NEAR(guard.lasts(), kQuiet, 2);
  EXPECT_EQ(guard.doing(), Doing::probe);
  EXPECT_EQ(guard.resets(), 1U) << "what it says is no fault by now";
  guard.put(kOpPeek);
  guard.put(kOpPeek);
  guard.answer(true);
  guard.clocks(kQuiet / 2);
  ASSERT_EQ(guard.doing(), Doing::wait);
  guard.answer(true);
  EXPECT_NEAR(guard.lasts(), kQuiet, 3) << "as long as it may answer";
  EXPECT_EQ(guard.doing(), Doing::up);
}

TEST(EngineGuard, who_says_more_while_it_is_tried_is_reset_again) {
  Guard guard;
  guard.answer(false);
  while (guard.doing() != Doing::probe) ASSERT_NE(guard.lasts(), ~0U);
  guard.put(kOpPeek);
  guard.answer(true);
  guard.clocks(kQuiet / 2);
  guard.answer(false);
  guard.clocks(2);
  EXPECT_EQ(guard.doing(), Doing::reset);
  EXPECT_EQ(guard.resets(), 2U);
  while (guard.doing() != Doing::probe) ASSERT_NE(guard.lasts(), ~0U);
  guard.put(kOpPeek);
  EXPECT_LE(guard.lasts(), kPatience + 3) << "silent still";
  EXPECT_EQ(guard.resets(), 3U);
  EXPECT_EQ(guard.cause(), kFaultSilent);
}

TEST(EngineGuard, what_the_host_port_asked_in_vain_is_told) {
  Guard guard;
  for (const std::uint8_t op : {kOpServer, kOpSyn, kOpStatus, kOpTick, kOpServer}) guard.put(op);
  guard.answer(true);
  guard.answer(false);
  guard.clocks(kReset);
  EXPECT_EQ(guard.lost, 2U);
  EXPECT_EQ(guard.ports().answers_o, 0);
}

}  // namespace
}  // namespace synward::test
