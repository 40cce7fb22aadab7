// SPDX-License-Identifier: BSD-2-Clause
// Cards that answer what they like. Whatever the host asks of them ends, and what cannot be had is a clear error.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "budget.hpp"
#include "card_keeper.hpp"
#include "lying_card.hpp"
#include "synward/apply.hpp"
#include "synward/counters.hpp"
#include "synward/event.hpp"
#include "synward/event_json.hpp"
#include "synward/half_open.hpp"
#include "synward/half_open_text.hpp"
#include "synward/netstat.hpp"
#include "synward/secret_keeper.hpp"
#include "synward/statistics.hpp"
#include "synward/sysctl_table.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;
using test::Lie;
using test::LyingCard;

/// Of a question. Loading tables reads a million times at most, a search for an entry 100,000 times.
constexpr std::uint64_t kMostTransactions = 2'500'000;
constexpr std::size_t kListed = 20;

std::vector<Service> services() {
  Service any;
  any.port = 443;
  Service one;
  one.address = parse_address("2001:db8::7");
  return {any, one};
}

bool clear(const Error& error) {
  return !error.text.empty() && error.text.find_first_of("\r\n") == std::string::npos && error.text.back() != '.';
}

class FuzzCard : public testing::Test {
 protected:
  /// A card that will lie, after some transactions in which it does not: few, or as many as its setup takes.
  std::unique_ptr<LyingCard> next_card() {
    const auto honest = rng_.bit() ? rng_.below(40) : rng_.below(1'500);
    return std::make_unique<LyingCard>(static_cast<Lie>(rng_.below(test::kLies)), test::Rng(rng_.next()), honest);
  }

  test::Rng rng_{test::Budget::seed()};
  test::Budget budget_;
};

void ask_everything(Card& card, test::Rng& rng) {
  auto& device = card.device();
  const auto counters = read_counters(device);
  EXPECT_FALSE(netstat_text(counters, read_table_state(device).entries).empty());
  EXPECT_FALSE(nstat_text(counters).empty());
  if (const auto entries = read_half_open(device, kListed)) {
    EXPECT_LE(entries->size(), kListed);
    EXPECT_FALSE(ss_listing(*entries, Sysctls()).empty());
    EXPECT_FALSE(netstat_listing(*entries).empty());
  } else {
    EXPECT_TRUE(clear(entries.error())) << entries.error().text;
  }
  EventReader reader;
  std::vector<LogEvent> events;
  reader.read(device, kListed, events);
  EXPECT_LE(events.size(), kListed);
  Logger logger(rng.bit());
  std::vector<LogLine> lines;
  for (const auto& event : events) {
    logger.take(event, lines);
    EXPECT_TRUE(nlohmann::json::accept(to_json_line(event)));
  }
  logger.finish(lines);
  SysctlTable table{Sysctls()};
  for (const auto& info : SysctlTable::list()) {
    EXPECT_TRUE(std::holds_alternative<std::string>(table.get(info.name, &card))) << info.name;
    table.set(info.name, std::to_string(rng.below(4)), &card);
  }
}

void keep_secrets(Card& card, test::Rng& rng) {
  auto keeper = SecretKeeper::make({.rotate = milliseconds(1000)});
  ASSERT_TRUE(keeper);
  Moment now{milliseconds(1000), milliseconds(1'000'000), 1};
  const auto begun = rng.bit() ? keeper->load(card, now) : keeper->adopt(card, now);
  EXPECT_TRUE(begun || clear(begun.error()));
  for (int i = 0; i < 3 && begun; ++i) {
    now.steady += milliseconds(rng.below(4000));
    now.card_s = static_cast<double>(rng.u32());
    const auto rotation = keeper->run(card, now);
    EXPECT_TRUE(rotation || clear(rotation.error()));
  }
}

TEST_F(FuzzCard, every_question_ends) {
  std::uint64_t taken = 0;
  while (budget_.more()) {
    SCOPED_TRACE(budget_.which());
    const auto device = next_card();
    auto card = Card::identify(*device);
    if (!card) {
      EXPECT_TRUE(clear(card.error())) << card.error().text;
      continue;
    }
    ++taken;
    const auto applied = apply_settings(*card, Sysctls(), services(), Key());
    EXPECT_TRUE(applied || clear(applied.error())) << applied.error().text;
    ask_everything(*card, rng_);
    keep_secrets(*card, rng_);
    ASSERT_LT(device->transactions(), kMostTransactions);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(taken, 0U);
}

/// Time that only the test lets pass.
struct Hands {
  milliseconds steady{1'000}, unix{1'700'000'000'000};
  Clock clock() {
    return {[this] { return steady; }, [this] { return unix; }};
  }
};

void visit_often(CardKeeper& keeper, Hands& hands, test::Rng& rng) {
  for (int i = 0; i < 12; ++i) {
    const auto due = keeper.visit();
    EXPECT_LE(due, hands.steady + milliseconds(60'000)) << "nobody would come by again";
    EXPECT_TRUE(keeper.up() || clear(Error{keeper.why_lost()})) << keeper.why_lost();
    keeper.snapshot();
    keeper.state();
    keeper.set_sysctl("net.synward.event_limit", std::to_string(rng.below(100)), "a test");
    const auto step = milliseconds(rng.below(1500));
    hands.steady += step;
    hands.unix += rng.percent(90) ? step : milliseconds(rng.below(100'000'000)) - milliseconds(50'000'000);
  }
  const auto entries = keeper.half_open(kListed);
  EXPECT_TRUE(entries || clear(entries.error()));
}

TEST_F(FuzzCard, the_keeper_of_a_lying_card_goes_on) {
  DaemonConfig config;
  config.services = services();
  config.secrets.rotate = milliseconds(1'000);
  std::uint64_t started = 0;
  while (budget_.more()) {
    SCOPED_TRACE(budget_.which());
    Hands hands;
    Books books;
    const OpenDevice open = [this]() -> Expected<std::unique_ptr<Device>> {
      return std::unique_ptr<Device>(next_card());
    };
    auto keeper = CardKeeper::start(config, open, hands.clock(), books);
    if (!keeper) {
      EXPECT_TRUE(clear(keeper.error())) << keeper.error().text;
    } else {
      ++started;
      visit_often(**keeper, hands, rng_);
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(started, 0U);
}

}  // namespace
}  // namespace synward
