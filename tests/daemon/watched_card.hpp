// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "card_keeper.hpp"
#include "plugged_card.hpp"

namespace synward {

/// A keeper of a reference card in a slot, with one service; both live by the test's clock.
class WatchedCardTest : public testing::Test {
 protected:
  void start() {
    auto config = parse_daemon_config(
        "[device]\nbackend = \"sim\"\nsocket = \"/card\"\n"
        "[[service]]\naddress = \"203.0.113.7\"\nport = 443\n",
        "d.toml");
    ASSERT_TRUE(config);
    using std::chrono::milliseconds;
    auto started = CardKeeper::start(
        *config, [this] { return slot.open(); },
        {[this] { return milliseconds(1'000'000 + passed); }, [this] { return milliseconds(passed); }}, books);
    ASSERT_TRUE(started) << started.error().text;
    keeper = std::move(*started);
  }
  void live(std::int64_t ms) {
    for (const auto end = passed + ms; passed < end; passed += 100) {
      slot.pass(100);
      keeper->visit();
    }
    keeper->visit();
  }
  /// The lines of the log behind the first `from`.
  std::string log(std::size_t from = 0) const {
    std::string text;
    const auto lines = books.log.tail(LogBook::kLines);
    for (; from < lines.size(); ++from) {
      text += fmt::format("{}: {}\n", level_name(lines[from].value.level), lines[from].value.text);
    }
    return text;
  }

  PluggedCard slot;
  Books books;
  std::int64_t passed = 0;  ///< ms
  std::unique_ptr<CardKeeper> keeper;
};

}  // namespace synward
