// SPDX-License-Identifier: BSD-2-Clause
#include "common/contract.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "common/card_under_test.hpp"
#include "common/events.hpp"
#include "common/generator.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using sim::InPort;
using sim::OutPort;

/// The card as contract_cases() wants it.
void set_up(sim::Card& card, const ContractCase& test) {
  if (test.secrets) load_secrets(card, default_secrets());
  const std::vector<ServiceEntry> services = default_services();
  for (std::size_t i = 0; i < services.size(); ++i) program_service(card, i, services[i]);
  for (const auto& [offset, value] : test.sysctls) card.write32(offset, value);
}

/// What the counters must have become after the one frame of a case.
Counters expected_counters(const ContractCase& test, const std::vector<Sent>& sent) {
  Counters want;
  const auto set = [&want](Counter counter, std::uint64_t value) {
    want.value[static_cast<std::size_t>(counter)] = value;
  };
  const bool passed = test.outcome == Outcome::pass || test.outcome == Outcome::mark;
  const bool answered = test.outcome == Outcome::answer;
  const bool marked = test.outcome == Outcome::mark;
  set(Counter::line_rx_frames, 1);
  set(Counter::line_rx_bytes, test.frame.size());
  set(Counter::passed, passed ? 1 : 0);
  set(Counter::answered, answered ? 1 : 0);
  set(Counter::marks, marked ? 1 : 0);
  for (const Counter counter : test.counts) set(counter, 1);
  if (test.reason) want.value[reg::kFirstDrop + static_cast<std::size_t>(*test.reason)] = 1;
  for (const Sent& frame : sent) {
    const bool line = frame.port == OutPort::line_tx;
    ++want.value[static_cast<std::size_t>(line ? Counter::line_tx_frames : Counter::host_tx_frames)];
    want.value[static_cast<std::size_t>(line ? Counter::line_tx_bytes : Counter::host_tx_bytes)] += frame.bytes.size();
  }
  return want;
}

class ContractRow : public testing::TestWithParam<ContractCase> {};

TEST_P(ContractRow, FateAndCounters) {
  const ContractCase& test = GetParam();
  CardUnderTest under_test;
  set_up(under_test.card(), test);
  const std::vector<Sent> sent = under_test.exchange(test.frame);
  const Counters got = read_counters(under_test.card());
  const Counters want = expected_counters(test, sent);
  for (std::size_t i = 0; i < reg::kCounters; ++i) EXPECT_EQ(got.value[i], want.value[i]) << reg::kCounterInfo[i].name;
  switch (test.outcome) {
    case Outcome::drop:
      EXPECT_TRUE(sent.empty());
      break;
    case Outcome::pass:
      ASSERT_EQ(sent.size(), 1u);
      EXPECT_EQ(sent[0].port, OutPort::host_tx);
      EXPECT_EQ(sent[0].bytes, test.frame);
      break;
    case Outcome::answer:
      ASSERT_EQ(sent.size(), 1u);
      EXPECT_EQ(sent[0].port, OutPort::line_tx);
      break;
    case Outcome::mark:
      ASSERT_EQ(sent.size(), 2u);
      EXPECT_EQ(sent[0].port, OutPort::host_tx);
      EXPECT_EQ(sent[1].port, OutPort::host_tx);
      EXPECT_NE(sent[0].bytes, test.frame);
      EXPECT_EQ(sent[1].bytes, test.frame);
      break;
  }
  const std::vector<EventRecord> events = take_events(under_test.card());
  ASSERT_EQ(events.size(), test.event ? 1u : 0u);
  if (test.event) {
    EXPECT_EQ(events[0].code, static_cast<std::uint8_t>(*test.event));
  }
}

std::string case_name(const testing::TestParamInfo<ContractCase>& param) {
  std::string name = "row" + std::to_string(param.param.row) + "_" + param.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Card, ContractRow, testing::ValuesIn(contract_cases()), case_name);

TEST(Contract, EveryRowHasACase) {
  std::set<int> rows;
  for (const ContractCase& test : contract_cases()) rows.insert(test.row);
  for (int row = 1; row <= 27; ++row) EXPECT_TRUE(rows.contains(row)) << row;
}

// Row 0 comes before all others: the same frames, whatever would become of them, and nothing is sent for them.
TEST(Contract, ADamagedFrameIsDroppedWhateverItIs) {
  CardUnderTest under_test;
  program(under_test.card(), default_services(), default_secrets());
  std::uint64_t frames = 0;
  for (const ContractCase& test : contract_cases()) {
    for (const InPort port : {InPort::line_rx, InPort::host_rx}) {
      under_test.card().offer_damaged(port, test.frame, under_test.card().now());
    }
    ++frames;
  }
  EXPECT_TRUE(under_test.card().drain());
  EXPECT_TRUE(under_test.take().empty());
  const Counters counters = read_counters(under_test.card());
  EXPECT_EQ(counters[reg::Drop::bad_fcs], frames);
  EXPECT_EQ(counters.drops(), frames);
  EXPECT_EQ(counters[Counter::host_bad_fcs], frames);
  EXPECT_EQ(counters[Counter::host_rx_frames], frames);
  EXPECT_EQ(counters[Counter::to_line], 0u);
  EXPECT_EQ(conservation_faults(counters), "");
  EXPECT_TRUE(take_events(under_test.card()).empty());
}

/// EtherType 0x88b5 behind up to two tags.
bool is_control_frame(ByteView frame) {
  for (std::size_t at = 12; at <= 20 && at + 2 <= frame.size(); at += 4) {
    const unsigned type = frame[at] << 8 | frame[at + 1];
    if (type == 0x88b5) return true;
    if (type != 0x8100 && type != 0x88a8) return false;
  }
  return false;
}

TEST(HostToLine, EveryFrameIsForwarded) {
  CardUnderTest under_test;
  FrameGenerator frames(3);
  std::uint64_t bytes = 0, control = 0, control_bytes = 0;
  for (int i = 0; i < 1000; ++i) {
    const Bytes frame = frames.next();
    bytes += frame.size();
    if (is_control_frame(frame)) {
      EXPECT_TRUE(under_test.exchange(frame, InPort::host_rx).empty());
      ++control;
      control_bytes += frame.size();
      continue;
    }
    const std::vector<Sent> sent = under_test.exchange(frame, InPort::host_rx);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].port, OutPort::line_tx);
    ASSERT_EQ(sent[0].bytes, frame);
  }
  const Counters counters = read_counters(under_test.card());
  EXPECT_EQ(counters[Counter::to_line] + control, 1000u);
  EXPECT_EQ(counters[Counter::host_rx_bytes], bytes);
  EXPECT_EQ(counters[Counter::line_tx_bytes] + control_bytes, bytes);
  EXPECT_EQ(conservation_faults(counters), "");
}

TEST(Generator, IsDeterministic) {
  FrameGenerator a(42);
  FrameGenerator b(42);
  FrameGenerator c(43);
  bool differs = false;
  for (int i = 0; i < 5000; ++i) {
    const Bytes frame = a.next();
    ASSERT_EQ(frame, b.next());
    differs |= frame != c.next();
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace synward::test
