// SPDX-License-Identifier: BSD-2-Clause
// Proves that a port that breaks a promise ends the simulation, and that one that keeps all of them does not.
#include <Vsynward_axis_rules.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "block/axis_beat.hpp"
#include "block/bench.hpp"

namespace synward::test {
namespace {

using Rules = Bench<Vsynward_axis_rules>;

void offer(Rules& port, unsigned bytes, bool last, bool ready) {
  AxisBeat beat;
  beat.valid = true;
  beat.keep = bytes == 64 ? ~0ULL : (1ULL << bytes) - 1;
  beat.last = last;
  set_axis_beat(port->beat_i, beat);
  port->ready_i = ready;
}
/// What is on offer, changed.
template <typename Change>
void change(Rules& port, Change&& to) {
  AxisBeat beat = get_axis_beat(port->beat_i);
  to(beat);
  set_axis_beat(port->beat_i, beat);
}
void withdraw(Rules& port) {
  change(port, [](AxisBeat& beat) { beat.valid = false; });
}

class AxisRules : public testing::Test {
 protected:
  /// For death tests, which read what goes to stderr.
  void run() {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    port.clocks(2);
  }
  AxisRules() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    withdraw(port);
    port->ready_i = 0;
    port.reset();
    port.clocks(2);
  }
  Rules port{test_seed()};
};
using AxisRulesDeathTest = AxisRules;

TEST_F(AxisRules, a_frame_with_and_without_waiting_passes) {
  for (const unsigned wait : {0U, 1U, 5U}) {
    offer(port, 64, false, false);
    port.clocks(wait);
    port->ready_i = 1;
    port.clock();
    offer(port, 7, true, false);
    port.clocks(wait);
    port->rst_ni = 0;  // a reset takes no offer back
    port.clocks(3);
    port->rst_ni = 1;
    port->ready_i = 1;
    port.clock();
    withdraw(port);
    port.clocks(3);
  }
}

TEST_F(AxisRulesDeathTest, an_offer_that_is_withdrawn) {
  offer(port, 60, true, false);
  port.clock();
  withdraw(port);
  EXPECT_DEATH(run(), "withdrawn");
}

TEST_F(AxisRulesDeathTest, an_offer_that_a_reset_takes_back) {
  offer(port, 60, true, false);
  port.clock();
  port->rst_ni = 0;
  withdraw(port);
  EXPECT_DEATH(run(), "withdrawn");
}

TEST_F(AxisRulesDeathTest, bytes_that_change_while_they_wait) {
  offer(port, 60, true, false);
  port.clock();
  change(port, [](AxisBeat& beat) { beat.data[12] ^= 1; });
  EXPECT_DEATH(run(), "changed");
}

TEST_F(AxisRulesDeathTest, an_end_that_moves_while_it_waits) {
  offer(port, 64, false, false);
  port.clock();
  change(port, [](AxisBeat& beat) { beat.last = true; });
  EXPECT_DEATH(run(), "changed");
}

TEST_F(AxisRulesDeathTest, a_beat_without_bytes) {
  offer(port, 0, true, true);
  EXPECT_DEATH(run(), "empty");
}

TEST_F(AxisRulesDeathTest, bytes_with_a_gap) {
  offer(port, 60, true, true);
  change(port, [](AxisBeat& beat) { beat.keep &= ~(1ULL << 5); });
  EXPECT_DEATH(run(), "gap");
}

TEST_F(AxisRulesDeathTest, a_short_beat_within_a_frame) {
  offer(port, 63, false, true);
  EXPECT_DEATH(run(), "short_beat");
}

TEST_F(AxisRulesDeathTest, an_error_within_a_frame) {
  offer(port, 64, false, true);
  change(port, [](AxisBeat& beat) { beat.error = true; });
  EXPECT_DEATH(run(), "early_error");
}

}  // namespace
}  // namespace synward::test
