// SPDX-License-Identifier: BSD-2-Clause
// A bypass, seen by frames that meet a reference card: what passes, and that nothing in use is lost at either end.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "card_keeper.hpp"
#include "plugged_card.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;
namespace flag = sim::tcp_flag;

constexpr std::string_view kConfig = R"([device]
backend = "sim"
socket = "/card"
[[service]]
address = "203.0.113.7"
port = 443
[[service]]
address = "203.0.113.8"
port = 22
mode = "drop"
[sysctl]
"net.synward.unknown_ack" = "drop"
)";

class BypassTest : public testing::Test {
 protected:
  void start(std::optional<Bypass> bypass = {}) {
    auto config = parse_daemon_config(kConfig, "d.toml");
    ASSERT_TRUE(config) << config.error().text;
    KeptSettings kept;
    kept.bypass = std::move(bypass);
    auto started = CardKeeper::start(
        *config, [this] { return slot.open(); },
        {[this] { return milliseconds(1'000'000 + passed); },
         [this] { return milliseconds(1'800'000'000'000 + passed); }},
        books, std::move(kept));
    ASSERT_TRUE(started) << started.error().text;
    keeper = std::move(*started);
  }
  /// Whether a client's segment goes on to the server.
  bool passes(std::uint16_t fport, std::uint8_t flags, std::uint32_t seq = 1, std::uint32_t ack = 1) {
    const auto before = slot.to_host();
    slot.send("192.0.2.1", fport, "203.0.113.7", 443, flags, seq, ack);
    return slot.to_host() > before;
  }
  /// A SYN that the card answers; the SYN-ACK's number.
  std::optional<std::uint32_t> answered(std::uint16_t fport) {
    const auto answers = slot.send("192.0.2.1", fport, "203.0.113.7", 443, flag::syn, 1000);
    return answers.size() == 1 ? std::optional(sim::parse_tcp(answers[0])->seq) : std::nullopt;
  }
  std::string log() const {
    std::string text;
    for (const auto& line : books.log.tail(LogBook::kLines)) {
      text += line.value.text + '\n';
    }
    return text;
  }

  PluggedCard slot;
  Books books;
  std::int64_t passed = 0;  ///< ms
  std::unique_ptr<CardKeeper> keeper;
};

TEST_F(BypassTest, everything_passes_and_no_connection_is_lost_at_either_end) {
  start();
  // Without a bypass: what belongs to nothing is dropped, and a connection that the card let through goes on.
  EXPECT_FALSE(passes(999, flag::ack));
  const auto iss = answered(1);
  ASSERT_TRUE(iss);
  EXPECT_TRUE(passes(1, flag::ack, 1001, *iss + 1));
  EXPECT_TRUE(passes(1, flag::ack, 1001, *iss + 1));
  ASSERT_TRUE(answered(2)) << "is half open when it is switched on";
  const auto drops = [this] {
    const auto before = slot.to_host();
    slot.send("192.0.2.1", 5, "203.0.113.8", 22, flag::syn);
    return slot.to_host() == before;
  };
  EXPECT_TRUE(drops());

  ASSERT_TRUE(keeper->set_bypass(true, "user 7"));
  EXPECT_TRUE(keeper->bypass());
  EXPECT_FALSE(answered(3));
  EXPECT_TRUE(passes(3, flag::syn, 500)) << "the server's own handshake";
  EXPECT_TRUE(passes(3, flag::ack, 501));
  EXPECT_TRUE(passes(1, flag::ack, 1001, *iss + 1)) << "in use";
  EXPECT_TRUE(passes(2, flag::ack, 1001)) << "the server refuses it, and the client tries again";
  EXPECT_FALSE(drops()) << "services that drop pass too";

  ASSERT_TRUE(keeper->set_bypass(false, "user 7"));
  EXPECT_TRUE(passes(3, flag::ack, 501)) << "began while everything passed";
  EXPECT_TRUE(passes(1, flag::ack, 1001, *iss + 1)) << "began before";
  EXPECT_TRUE(answered(4)) << "protected again";
  EXPECT_TRUE(drops());
  const auto learn = keeper->sysctl("net.synward.flow_learn");
  EXPECT_EQ(std::get<std::string>(learn), "0") << "as it was";
  EXPECT_NE(log().find("bypass on: everything passes, nothing is protected (user 7)\n"), std::string::npos) << log();
  EXPECT_NE(log().find("bypass off: services are protected again (user 7)\n"), std::string::npos) << log();
}

TEST_F(BypassTest, where_unknown_segments_pass_anyway_the_tables_stay) {
  start();
  ASSERT_TRUE(std::holds_alternative<SysctlChange>(keeper->set_sysctl("net.synward.unknown_ack", "pass", "user 0")));
  ASSERT_TRUE(answered(1));
  ASSERT_TRUE(keeper->set_bypass(true, "user 0"));
  ASSERT_TRUE(keeper->set_bypass(true, "user 1")) << "once is enough";
  ASSERT_TRUE(keeper->set_bypass(false, "user 0"));
  EXPECT_EQ(keeper->half_open(10)->size(), 1U);
  EXPECT_EQ(log().find("user 1"), std::string::npos) << log();
}

TEST_F(BypassTest, outlives_a_daemon_a_reload_and_a_card) {
  start(Bypass{1'799'999'000, "user 9"});
  EXPECT_FALSE(answered(1));
  EXPECT_TRUE(passes(1, flag::syn));
  auto config = parse_daemon_config(std::string(kConfig) + "[history]\nkeep = 10\n", "d.toml");
  ASSERT_TRUE(keeper->reload(*config));
  EXPECT_FALSE(answered(2));
  ASSERT_TRUE(keeper->set_services({config->services.front()}));
  EXPECT_FALSE(answered(2));
  slot.pull();
  passed += 2'000;
  keeper->visit();
  EXPECT_FALSE(keeper->up());
  slot.put_in();
  passed += 2'000;
  keeper->visit();
  ASSERT_TRUE(keeper->up());
  EXPECT_FALSE(answered(3));
  EXPECT_TRUE(passes(3, flag::syn));
  // Also without a card it can be switched off.
  slot.pull();
  passed += 2'000;
  keeper->visit();
  ASSERT_TRUE(keeper->set_bypass(false, "user 0"));
  slot.put_in();
  passed += 2'000;
  keeper->visit();
  EXPECT_TRUE(answered(4));
}

TEST_F(BypassTest, is_told_of_each_hour) {
  start(Bypass{1'799'999'400, "user 9"});
  keeper->visit();
  const std::string words = "bypass is on, for 10 min: everything passes, nothing is protected (user 9)\n";
  EXPECT_NE(log().find(words), std::string::npos) << log();
  const auto count = [this] {
    std::size_t lines = 0;
    for (auto at = log().find("bypass is on"); at != std::string::npos; at = log().find("bypass is on", at + 1))
      ++lines;
    return lines;
  };
  passed += 3'599'000;
  keeper->visit();
  EXPECT_EQ(count(), 1U);
  passed += 1'000;
  keeper->visit();
  keeper->visit();
  EXPECT_EQ(count(), 2U) << log();
  ASSERT_TRUE(keeper->set_bypass(false, "user 0"));
  passed += 3'600'000;
  keeper->visit();
  EXPECT_EQ(count(), 2U);
}

}  // namespace
}  // namespace synward
