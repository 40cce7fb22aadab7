// SPDX-License-Identifier: BSD-2-Clause
// The owner of a reference card, on clocks that the test winds.
#include "card_keeper.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "plugged_card.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kUnix = 1'800'000'000'000;  ///< at the start, ms

constexpr std::string_view kConfig = R"([device]
backend = "sim"
socket = "/card"
[[service]]
address = "203.0.113.7"
port = 443
[[service]]
address = "any"
port = 22
)";

class CardKeeperTest : public testing::Test {
 protected:
  DaemonConfig config(const std::string& more = {}) {
    auto read = parse_daemon_config(std::string(kConfig) + more, "d.toml");
    EXPECT_TRUE(read) << read.error().text;
    return std::move(*read);
  }
  Expected<std::unique_ptr<CardKeeper>> try_start(const std::string& more = {}) {
    return CardKeeper::start(
        config(more), [this] { return slot.open(); },
        {[this] { return milliseconds(1'000'000 + passed); }, [this] { return milliseconds(kUnix + passed); }}, books);
  }
  void start(const std::string& more = {}) {
    auto started = try_start(more);
    ASSERT_TRUE(started) << started.error().text;
    keeper = std::move(*started);
  }
  /// Time passes, and the keeper comes by whenever it is due.
  void live(std::int64_t ms) {
    const auto end = passed + ms;
    while (passed < end) {
      const auto due = (keeper->visit() - milliseconds(1'000'000)).count();
      const auto step = std::clamp<std::int64_t>(due - passed, 1, end - passed);
      slot.pass(step);
      passed += step;
    }
    keeper->visit();
  }
  std::string log() const {
    std::string text;
    for (const auto& line : books.log.tail(LogBook::kLines)) {
      text += line.value.text + '\n';
    }
    return text;
  }
  std::string sysctl(const std::string& name) {
    const auto value = keeper->sysctl(name);
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? *text : std::get<SysctlRefusal>(value).text;
  }
  bool set(const std::string& name, const std::string& value) {
    return std::holds_alternative<SysctlChange>(keeper->set_sysctl(name, value, "user 0"));
  }
  std::uint32_t rotations() { return slot.read(reg::kSecretStatus) >> 8 & 0xff; }

  PluggedCard slot;
  Books books;
  std::int64_t passed = 0;  ///< ms
  std::unique_ptr<CardKeeper> keeper;
};

TEST_F(CardKeeperTest, sets_the_card_up) {
  start("[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = 2\n\"net.inet.tcp.syncache.hashsize\" = 32\n");
  EXPECT_TRUE(keeper->up());
  EXPECT_NE(slot.read(reg::kSecretStatus) >> 5 & 1, 0U);
  EXPECT_EQ(slot.read(reg::kSysctlRexmtlimit), 2U);
  EXPECT_EQ(slot.read(reg::kSysctlHashsize), 32U);
  EXPECT_FALSE(slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::syn).empty());
  EXPECT_FALSE(slot.send("192.0.2.1", 1024, "198.51.100.1", 22, sim::tcp_flag::syn).empty());
  EXPECT_TRUE(slot.send("192.0.2.1", 1024, "198.51.100.1", 80, sim::tcp_flag::syn).empty());
  const auto entries = keeper->half_open(10);
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->size(), 2U);
  EXPECT_EQ(keeper->state()->tables.entries, 2U);
}

TEST_F(CardKeeperTest, what_cannot_be_is_said_at_the_start) {
  auto started = try_start("[sysctl]\n\"net.inet.tcp.syncache.hashsize\" = 128\n");
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().text, "net.inet.tcp.syncache.hashsize is 128, but the card's is at most 64");
  started = try_start("[secrets]\nmode = \"fleet\"\nmaster_key_file = \"/no/such/key\"\n");
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().text, "/no/such/key: No such file or directory");
  slot.pull();
  started = try_start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().text, "slot 1: empty");
}

TEST_F(CardKeeperTest, rotates_when_it_is_due_and_says_when_it_was_late) {
  start();
  live(60'000);
  EXPECT_EQ(rotations(), 4U);
  EXPECT_EQ(keeper->secrets().rotations, 4U);
  EXPECT_EQ(keeper->secrets().missed, 0U);
  EXPECT_EQ(*keeper->next_rotation(), milliseconds(15'000));
  EXPECT_EQ(log(), "");
  passed += 47'000;  // nobody came by
  keeper->visit();
  EXPECT_EQ(rotations(), 5U);
  EXPECT_NE(log().find("the cookie secret was rotated 32.000 s late, 3 rotations were missed"), std::string::npos)
      << log();
  ASSERT_TRUE(keeper->rotate("user 17"));
  EXPECT_EQ(rotations(), 6U);
  EXPECT_NE(log().find("the cookie secret was rotated (user 17)"), std::string::npos) << log();
}

TEST_F(CardKeeperTest, events_become_lines_with_unix_times) {
  start("[sysctl]\n\"net.inet.tcp.log_debug\" = 1\n");
  live(5'000);
  slot.syn("192.0.2.1", 1024);
  live(250);
  slot.syn("192.0.2.1", 1024);  // again
  live(250);
  const auto lines = books.log.tail(9);
  ASSERT_EQ(lines.size(), 1U) << log();
  EXPECT_EQ(lines[0].value.text,
            "TCP: [192.0.2.1]:1024 to [203.0.113.7]:443 tcpflags 0x2<SYN>; syncache_add: Received duplicate SYN, "
            "resetting timer and retransmitting SYN|ACK");
  EXPECT_NEAR(lines[0].value.time, kUnix / 1000.0 + 5.25, 0.11);
  const auto events = books.events.tail(9);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(events[0].value.is(reg::Event::dup_syn));
  EXPECT_NEAR(*events[0].value.time, kUnix / 1000.0 + 5.25, 0.11);
  ASSERT_TRUE(set("net.inet.tcp.log_debug", "0"));
  slot.syn("192.0.2.1", 1024);
  live(250);
  EXPECT_EQ(books.events.last(), 2U);
  EXPECT_EQ(books.log.last(), 2U) << log();  // the second is that of the sysctl
  EXPECT_NE(log().find("net.inet.tcp.log_debug: 1 -> 0 (user 0)"), std::string::npos);
}

TEST_F(CardKeeperTest, late_clients_are_told_from_forgers) {
  start();
  ASSERT_TRUE(set("net.inet.tcp.syncookies_only", "1"));
  const auto answers = slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::syn, 77);
  ASSERT_EQ(answers.size(), 1U);
  const auto iss = sim::parse_tcp(answers[0])->seq;
  live(31'000);  // two rotations
  slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::ack, 78, iss + 1);
  slot.send("192.0.2.9", 1024, "203.0.113.7", 443, sim::tcp_flag::ack, 78, 12345);
  live(200);
  const auto events = books.events.tail(9);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].value.cookie, CookieOrigin::retired);
  EXPECT_NEAR(events[0].value.late_s, 1, 0.3);
  EXPECT_EQ(events[1].value.cookie, CookieOrigin::none);
}

TEST_F(CardKeeperTest, dropped_syns_are_logged_once_for_each_listener) {
  start("[sysctl]\n\"net.inet.tcp.syncookies\" = 0\n\"net.inet.tcp.syncache.cachelimit\" = 2\n");
  for (std::uint16_t i = 0; i < 20; ++i) {
    slot.syn("192.0.2.1", static_cast<std::uint16_t>(1024 + i));
  }
  live(5'000);
  const auto line = std::string("Possible SYN flooding on port 203.0.113.7:443. Dropping request.");
  EXPECT_NE(log().find(line), std::string::npos) << log();
  EXPECT_EQ(log().find(line), log().rfind(line));
}

TEST_F(CardKeeperTest, history_and_figures) {
  start("[history]\ninterval_s = 2\nkeep = 5\n");
  live(20'500);
  slot.syn("192.0.2.1", 1024);
  EXPECT_EQ(keeper->snapshot()->counters[reg::Counter::answered], 1U);
  slot.syn("192.0.2.1", 1025);
  // Many that ask at once do not make the card work.
  EXPECT_EQ(keeper->snapshot()->counters[reg::Counter::answered], 1U);
  live(2'000);
  EXPECT_EQ(keeper->snapshot()->counters[reg::Counter::answered], 2U);
  const auto kept = books.history.tail(99);
  ASSERT_EQ(kept.size(), 5U);
  for (std::size_t i = 1; i < kept.size(); ++i) {
    EXPECT_NEAR(kept[i].value.time - kept[i - 1].value.time, 2, 0.01);
  }
  EXPECT_EQ(kept.back().value.counters[reg::Counter::added], 2U);
  EXPECT_EQ(kept.back().value.tables.entries, 2U);
}

TEST_F(CardKeeperTest, a_card_that_is_pulled_and_put_back_is_set_up_anew) {
  start();
  ASSERT_TRUE(set("net.inet.tcp.syncache.rexmtlimit", "1"));
  slot.syn("192.0.2.1", 1024);
  live(5'000);
  slot.pull();
  live(3'000);
  EXPECT_FALSE(keeper->up());
  EXPECT_EQ(keeper->why_lost(), "slot 1: empty");
  EXPECT_FALSE(keeper->state());
  EXPECT_FALSE(keeper->snapshot());
  EXPECT_FALSE(keeper->half_open(9));
  EXPECT_FALSE(keeper->rotate("user 17"));
  EXPECT_NE(log().find("the cookie secret was not rotated: there is no card (user 17)"), std::string::npos) << log();
  EXPECT_FALSE(keeper->next_rotation());
  EXPECT_EQ(sysctl("net.inet.tcp.syncache.rexmtlimit"), "1");
  EXPECT_EQ(sysctl("net.inet.tcp.syncache.count"), "net.inet.tcp.syncache.count: there is no card");
  EXPECT_FALSE(set("net.inet.tcp.syncache.rexmtlimit", "3"));
  EXPECT_TRUE(set("net.inet.tcp.log_debug", "1"));
  live(10'000);
  // Once that it went, once that nothing is there, not each second; and what was asked for.
  const auto lines = log();
  EXPECT_EQ(std::ranges::count(lines, '\n'), 5) << lines;
  EXPECT_NE(lines.find("the card is lost: slot 1: the card was pulled"), std::string::npos) << lines;
  EXPECT_NE(lines.find("the card is still lost: slot 1: empty"), std::string::npos) << lines;

  slot.put_in();
  live(1'500);
  EXPECT_TRUE(keeper->up());
  EXPECT_EQ(slot.read(reg::kSysctlRexmtlimit), 1U);
  EXPECT_NE(slot.read(reg::kSecretStatus) >> 5 & 1, 0U);
  EXPECT_FALSE(slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::syn).empty());
  live(200);
  EXPECT_EQ(keeper->snapshot()->counters[reg::Counter::answered], 1U);
  EXPECT_NE(log().find("the card is there again and has been set up anew"), std::string::npos);
  live(15'000);
  EXPECT_EQ(rotations(), 1U);
}

TEST_F(CardKeeperTest, a_bus_of_all_ones_gives_no_figures) {
  const std::vector<std::function<void()>> ways{
      [this] { EXPECT_FALSE(keeper->snapshot()); },
      [this] { EXPECT_FALSE(keeper->state()); },
      [this] { EXPECT_FALSE(keeper->half_open(9)); },
      [this] { EXPECT_EQ(sysctl("net.synward.flows"), "net.synward.flows: there is no card"); },
      [this] { EXPECT_FALSE(set("net.inet.tcp.rfc1323", "2")); },
      [this] { live(200); }};
  for (const auto& look : ways) {
    slot.put_in();
    start();
    live(500);
    const auto snapshots = books.history.tail(99).size();
    slot.go_silent();
    look();
    EXPECT_FALSE(keeper->up());
    EXPECT_EQ(keeper->why_lost(),
              "the card does not answer (ID is 0xffffffff): no bitstream, a function that is not enabled, or a reset");
    EXPECT_EQ(books.events.last(), 0U);
    EXPECT_EQ(books.history.tail(99).size(), snapshots);
    keeper.reset();
  }
}

TEST_F(CardKeeperTest, a_card_that_was_reset_behind_its_back_is_set_up_anew) {
  start();
  live(3'000);
  slot.reset();
  live(2'500);
  EXPECT_TRUE(keeper->up());
  EXPECT_NE(log().find("the card is lost: it was reset, its secrets are gone"), std::string::npos) << log();
  EXPECT_FALSE(slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::syn).empty());
}

TEST_F(CardKeeperTest, a_new_daemon_leaves_a_card_in_service) {
  start();
  live(1'000);
  const auto answers = slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::syn, 77);
  keeper.reset();
  slot.pass(1'000);
  passed += 1'000;
  start("[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = 1\n");
  EXPECT_NE(log().find("the card was in service: its tables stay"), std::string::npos);
  EXPECT_EQ(keeper->state()->tables.entries, 1U);
  EXPECT_EQ(rotations(), 1U);
  EXPECT_EQ(slot.read(reg::kSysctlRexmtlimit), 1U);
  // The client's handshake goes on.
  slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::ack, 78, sim::parse_tcp(answers.at(0))->seq + 1);
  EXPECT_EQ(keeper->snapshot()->counters[reg::Counter::completed], 1U);
  keeper.reset();
  // Other sizes want empty tables.
  start("[sysctl]\n\"net.inet.tcp.syncache.hashsize\" = 16\n");
  EXPECT_EQ(keeper->state()->tables.entries, 0U);
  EXPECT_EQ(slot.read(reg::kSysctlHashsize), 16U);
}

TEST_F(CardKeeperTest, reload_changes_what_may_change) {
  start("[sysctl]\n\"net.inet.tcp.rfc1323\" = 2\n");
  ASSERT_TRUE(set("net.inet.icmp.icmplim", "7"));
  ASSERT_TRUE(set("net.inet.tcp.rfc1323", "3"));
  slot.syn("192.0.2.1", 1024);
  const auto restart = keeper->reload(
      config("[sysctl]\n\"net.inet.tcp.rfc1323\" = 0\n\"net.inet.tcp.syncache.hashsize\" = 16\n"
             "[[service]]\naddress = \"any\"\nport = 25\n[secrets]\nrotate_s = 5\n[api]\nadmin = \"/x\"\n"));
  ASSERT_TRUE(restart) << restart.error().text;
  EXPECT_EQ(*restart, (std::vector<std::string>{"[api]", "sizes of the tables in [sysctl]"}));
  EXPECT_EQ(slot.read(reg::kSysctlRfc1323), 0U);
  EXPECT_EQ(slot.read(reg::kSysctlIcmplim), 7U);
  EXPECT_EQ(slot.read(reg::kSysctlHashsize), 64U);
  EXPECT_EQ(keeper->state()->tables.entries, 1U);
  EXPECT_FALSE(slot.send("192.0.2.1", 1024, "198.51.100.1", 25, sim::tcp_flag::syn).empty());
  const auto before = rotations();
  live(20'000);
  EXPECT_EQ(rotations(), before + 4);
}

TEST_F(CardKeeperTest, a_reload_that_cannot_be_changes_nothing) {
  start("[sysctl]\n\"net.inet.tcp.rfc1323\" = 2\n");
  for (const std::string more : {"[secrets]\nmode = \"fleet\"\nmaster_key_file = \"/no/such/key\"\n",
                                 "[sysctl]\n\"net.inet.tcp.syncache.hashsize\" = 128\n"}) {
    EXPECT_FALSE(keeper->reload(config(more + "[[service]]\naddress = \"any\"\nport = 25\n"))) << more;
    EXPECT_EQ(slot.read(reg::kSysctlRfc1323), 2U);
    EXPECT_TRUE(slot.send("192.0.2.1", 1024, "198.51.100.1", 25, sim::tcp_flag::syn).empty());
  }
}

TEST_F(CardKeeperTest, a_reload_that_changes_nothing_leaves_the_secrets_alone) {
  start();
  live(1'000);
  ASSERT_TRUE(keeper->reload(config()));
  EXPECT_EQ(rotations(), 0U);
}

TEST_F(CardKeeperTest, events_that_were_lost_are_counted_beyond_32_bits_and_never_go_back) {
  constexpr auto kCode = static_cast<std::size_t>(reg::Event::ack_spurious);
  slot.has_lost(UINT32_MAX - 100);
  start();
  EXPECT_EQ(books.events.lost()[kCode], UINT32_MAX - 100);
  ASSERT_TRUE(set("net.synward.event_limit", "1"));
  const auto flood = [this] {
    for (int i = 0; i < 100; ++i) {
      slot.send(fmt::format("198.51.100.{}", i), 1024, "203.0.113.7", 443, sim::tcp_flag::ack, 5, 77);
    }
    live(1'100);
  };
  // The register wraps within the second of these.
  std::uint64_t last = books.events.lost()[kCode];
  for (int i = 0; i < 4; ++i) {
    flood();
    const auto lost = books.events.lost()[kCode];
    EXPECT_GE(lost, last + 90);
    EXPECT_LE(lost, last + 100);
    last = lost;
  }
  EXPECT_GT(last, UINT32_MAX);
  // A card that was reset counts from 0.
  slot.reset();
  live(2'500);
  ASSERT_TRUE(keeper->up());
  EXPECT_EQ(books.events.lost()[kCode], last);
  flood();
  EXPECT_GE(books.events.lost()[kCode], last + 30);
}

}  // namespace
}  // namespace synward
