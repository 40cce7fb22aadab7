// SPDX-License-Identifier: BSD-2-Clause
// Names and values of sysctls that are nearly right: what is refused changes nothing, what is taken is what is shown.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <variant>

#include "budget.hpp"
#include "mutator.hpp"
#include "synward/card.hpp"
#include "synward/sim/card.hpp"
#include "synward/sysctl_table.hpp"

namespace synward {
namespace {

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& info : SysctlTable::list()) {
    all.push_back(info.name);
  }
  return all;
}

class FuzzSysctl : public testing::Test {
 protected:
  FuzzSysctl() {
    auto card = Card::identify(*device_);
    EXPECT_TRUE(card);
    card_ = *card;
  }

  std::map<std::string, std::string> shown(Card* card) const {
    std::map<std::string, std::string> values;
    for (const auto& name : names()) {
      const auto value = table_.get(name, card);
      const auto* text = std::get_if<std::string>(&value);
      values[name] = text != nullptr ? *text : std::get<SysctlRefusal>(value).text;
    }
    return values;
  }

  std::unique_ptr<sim::Card> device_ = sim::make_reference_card({6, 6});
  std::optional<Card> card_;
  SysctlTable table_{Sysctls()};
};

TEST_F(FuzzSysctl, what_is_refused_changes_nothing) {
  test::Rng rng(test::Budget::seed());
  test::Mutator bad_names(rng, names(), {".", "net.", "=", " ", "%s", "net.ipv4."});
  test::Mutator bad_values(rng, {"0", "1", "15", "drop", "pass", "0x1f", " 7"}, {" ", "+", "-", "0x", "1e3", "\n"});
  test::Budget budget;
  std::uint64_t taken = 0;
  auto before = shown(&*card_);
  while (budget.more()) {
    const auto name = rng.percent(80) ? rng.pick(names()) : bad_names.next();
    const auto value = rng.percent(50) ? std::to_string(rng.below(20)) : bad_values.next();
    SCOPED_TRACE(fmt::format("{}: {}={}", budget.which(), name, value));
    auto* card = rng.percent(90) ? &*card_ : nullptr;
    const auto done = table_.set(name, value, card);
    auto after = shown(&*card_);
    if (const auto* change = std::get_if<SysctlChange>(&done)) {
      ++taken;
      const auto info = SysctlTable::describe(name);
      ASSERT_TRUE(info && info->writable);
      ASSERT_EQ(change->before, before[name]);
      ASSERT_EQ(change->after, after[name]);
    } else {
      ASSERT_EQ(after, before) << std::get<SysctlRefusal>(done).text;
    }
    before = std::move(after);
  }
  EXPECT_GT(taken, 0U);
}

}  // namespace
}  // namespace synward
