// SPDX-License-Identifier: BSD-2-Clause
// Proves that each broken promise of the port ends the simulation, and that a write and a read do not.
#include <Vsynward_axil_rules.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "block/bench.hpp"

namespace synward::test {
namespace {

class AxilRules : public testing::Test {
 protected:
  /// For death tests, which read what goes to stderr.
  void run() {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    port.clocks(2);
  }
  AxilRules() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    port->bvalid_i = port->rvalid_i = 0;
    port->awready_i = port->wready_i = port->bready_i = port->arready_i = port->rready_i = 0;
    port.reset();
    port.clocks(2);
  }
  /// Takes address and data of a write, and the address of a read.
  void ask() {
    port->awready_i = port->wready_i = port->arready_i = 1;
    port.clock();
    port->awready_i = port->wready_i = port->arready_i = 0;
  }
  Bench<Vsynward_axil_rules> port{test_seed()};
};
using AxilRulesDeathTest = AxilRules;

TEST_F(AxilRules, a_write_and_a_read_with_and_without_waiting_pass) {
  for (const unsigned wait : {0U, 1U, 5U}) {
    ask();
    port->bvalid_i = port->rvalid_i = 1;
    port->bready_i = port->rready_i = 0;
    port.clocks(wait);
    port->bready_i = port->rready_i = 1;
    port.clock();
    port->bvalid_i = port->rvalid_i = 0;
    port.clocks(2);
  }
}

TEST_F(AxilRulesDeathTest, a_response_that_is_withdrawn) {
  ask();
  port->bvalid_i = 1;
  port->bready_i = 0;
  port.clock();
  port->bvalid_i = 0;
  EXPECT_DEATH(run(), "u_b.*withdrawn");
}

TEST_F(AxilRulesDeathTest, what_is_read_changes_while_it_waits) {
  ask();
  port->rvalid_i = 1;
  port->rready_i = 0;
  port->rdata_i = 1;
  port.clock();
  port->rdata_i = 2;
  EXPECT_DEATH(run(), "u_r.*changed");
}

TEST_F(AxilRulesDeathTest, a_response_to_a_write_without_data) {
  port->awready_i = 1;
  port.clock();
  port->awready_i = 0;
  port->bvalid_i = 1;
  EXPECT_DEATH(run(), "write_unasked");
}

TEST_F(AxilRulesDeathTest, data_that_nobody_asked_for) {
  port->rvalid_i = 1;
  EXPECT_DEATH(run(), "read_unasked");
}

}  // namespace
}  // namespace synward::test
