// SPDX-License-Identifier: BSD-2-Clause
// Proves that each broken promise of the port ends the simulation, and that a write and a read do not.
#include <Vsynward_axil_rules.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "block/bench.hpp"
#include "block/rtl_records.hpp"

namespace synward::test {
namespace {

class AxilRules : public testing::Test {
 protected:
  AxilRules() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    show();
    port.reset();
    clocks(2);
  }
  void show() {
    pack(request, port->request_i);
    pack(response, port->response_i);
  }
  void clocks(unsigned count) {
    show();
    port.clocks(count);
  }
  /// For death tests, which read what goes to stderr.
  void run() {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    clocks(2);
  }
  /// Takes address and data of a write, and the address of a read.
  void ask() {
    response.awready = response.wready = response.arready = true;
    clocks(1);
    response.awready = response.wready = response.arready = false;
  }
  AxilRequestRecord request{};
  AxilResponseRecord response{};
  Bench<Vsynward_axil_rules> port{test_seed()};
};
using AxilRulesDeathTest = AxilRules;

TEST_F(AxilRules, a_write_and_a_read_with_and_without_waiting_pass) {
  for (const unsigned wait : {0U, 1U, 5U}) {
    ask();
    response.bvalid = response.rvalid = true;
    request.bready = request.rready = false;
    clocks(wait);
    request.bready = request.rready = true;
    clocks(1);
    response.bvalid = response.rvalid = false;
    clocks(2);
  }
}

TEST_F(AxilRulesDeathTest, a_response_that_is_withdrawn) {
  ask();
  response.bvalid = true;
  clocks(1);
  response.bvalid = false;
  EXPECT_DEATH(run(), "u_b.*withdrawn");
}

TEST_F(AxilRulesDeathTest, what_is_read_changes_while_it_waits) {
  ask();
  response.rvalid = true;
  response.rdata = 1;
  clocks(1);
  response.rdata = 2;
  EXPECT_DEATH(run(), "u_r.*changed");
}

TEST_F(AxilRulesDeathTest, a_response_to_a_write_without_data) {
  response.awready = true;
  clocks(1);
  response.awready = false;
  response.bvalid = true;
  EXPECT_DEATH(run(), "write_unasked");
}

TEST_F(AxilRulesDeathTest, data_that_nobody_asked_for) {
  response.rvalid = true;
  EXPECT_DEATH(run(), "read_unasked");
}

}  // namespace
}  // namespace synward::test
