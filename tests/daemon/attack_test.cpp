// SPDX-License-Identifier: BSD-2-Clause
// Attacks on a card, from the keeper that sees them to those who are told.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "api.hpp"
#include "attack_book.hpp"
#include "attack_desk.hpp"
#include "card_keeper.hpp"
#include "daemon.hpp"
#include "plugged_card.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::int64_t kUnix = 1'800'000'000'000;  ///< at the start, ms

constexpr std::string_view kConfig = R"([device]
backend = "sim"
socket = "/card"
[[service]]
address = "203.0.113.7"
port = 443
owner = "root"
[[service]]
address = "203.0.113.8"
port = 22
owner = "daemon"
[attack]
quiet_s = 5
ack-flood = { floor = 10 }
rst-flood = { floor = 10 }
)";

std::shared_ptr<const DaemonConfig> config_of(const std::string& text) {
  auto read = parse_daemon_config(text, "d.toml");
  EXPECT_TRUE(read) << read.error().text;
  return std::make_shared<const DaemonConfig>(std::move(*read));
}

/// A keeper and its card, on a clock that the test winds.
class AttackedCard : public testing::Test {
 protected:
  void start(const std::string& more = {}) {
    config = config_of(std::string(kConfig) + more);
    auto started = CardKeeper::start(
        *config, [this] { return slot.open(); },
        {[this] { return milliseconds(1'000'000 + passed); }, [this] { return milliseconds(kUnix + passed); }}, books);
    ASSERT_TRUE(started) << started.error().text;
    keeper = std::move(*started);
  }
  /// Seconds, with so many ACKs that fit nothing in each.
  void live(int seconds, int acks = 0, std::uint8_t flags = sim::tcp_flag::ack) {
    for (int i = 0; i < seconds; ++i) {
      for (int j = 0; j < acks; ++j) {
        slot.send(fmt::format("198.51.{}.{}", i % 2, j), 1024, "203.0.113.7", 443, flags, 5, 77);
      }
      for (int j = 0; j < 20; ++j) {
        slot.pass(50);
        passed += 50;
        keeper->visit();
      }
    }
  }
  std::vector<LogLine> told() const {
    std::vector<LogLine> lines;
    for (const auto& line : books.log.tail(LogBook::kLines)) {
      if (line.value.text.starts_with("attack")) {
        lines.push_back(line.value);
      }
    }
    return lines;
  }

  PluggedCard slot;
  Books books;
  std::shared_ptr<const DaemonConfig> config;
  std::int64_t passed = 0;  ///< ms
  std::unique_ptr<CardKeeper> keeper;
};

TEST_F(AttackedCard, begins_and_ends_with_a_line_each) {
  start();
  live(3);
  live(6, 20);
  ASSERT_EQ(told().size(), 1U);
  EXPECT_EQ(told().front().level, LogLevel::warning);
  EXPECT_LE(told().front().time, kUnix / 1000 + 3 + 5);
  const auto active = books.attacks.active();
  ASSERT_EQ(active.size(), 1U);
  EXPECT_NEAR(active.front().rate, 20, 1);
  EXPECT_EQ(active.front().sample.targets.front().port, 443);
  EXPECT_EQ(active.front().sample.prefixes, 2U);
  live(7);
  ASSERT_EQ(told().size(), 2U);
  EXPECT_EQ(told().back().level, LogLevel::notice);
  EXPECT_TRUE(books.attacks.active().empty());
  const auto record = books.attacks.tail(9).front();
  EXPECT_TRUE(record.over);
  EXPECT_EQ(record.frames, 120U);
  EXPECT_EQ(record.sample.events, 120U);
  EXPECT_EQ(books.attacks.begun()[static_cast<std::size_t>(AttackClass::ack_flood)], 1U);
}

TEST_F(AttackedCard, two_classes_at_once) {
  start();
  live(2);
  for (int i = 0; i < 5; ++i) {
    live(1, 40, i % 2 == 0 ? sim::tcp_flag::ack : sim::tcp_flag::rst);
  }
  for (int i = 0; i < 4; ++i) {
    live(1, 40, i % 2 == 0 ? sim::tcp_flag::ack : sim::tcp_flag::rst);
  }
  EXPECT_EQ(books.attacks.active().size(), 2U);
}

TEST_F(AttackedCard, a_card_that_is_pulled_makes_no_endless_attack_and_its_return_none) {
  start();
  live(3);
  live(6, 20);
  ASSERT_EQ(told().size(), 1U);
  slot.pull();
  live(8);
  ASSERT_EQ(told().size(), 2U);
  EXPECT_NE(told().back().text.find("went out of sight"), std::string::npos) << told().back().text;
  slot.put_in();
  live(10);
  EXPECT_EQ(told().size(), 2U);
  live(5, 20);
  EXPECT_EQ(told().size(), 3U);
}

TEST_F(AttackedCard, a_card_that_was_reset_makes_no_attack) {
  start();
  live(3, 5);
  slot.reset();
  live(10);
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(keeper->up());
}

TEST_F(AttackedCard, limits_change_with_the_configuration) {
  start();
  live(3);
  live(5, 8);
  EXPECT_TRUE(told().empty());
  auto text = std::string(kConfig);
  text.replace(text.find("floor = 10"), 10, "floor = 5");
  ASSERT_TRUE(keeper->reload(*config_of(text)));
  live(5, 8);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(AttackedCard, a_longer_interval_of_the_history_delays_nothing) {
  start("[history]\ninterval_s = 600\n");
  live(3);
  live(5, 20);
  EXPECT_EQ(told().size(), 1U);
}

AttackChange begin_of(std::uint64_t number) {
  AttackRecord attack{.number = number, .kind = AttackClass::ack_flood};
  attack.began = attack.until = 1e9;
  attack.sample.events = 9;
  attack.sample.prefixes = 3;
  attack.sample.targets = {{*parse_address("203.0.113.7"), 443, 5}, {*parse_address("203.0.113.8"), 22, 4}};
  attack.sample.sources = {{*parse_prefix("198.51.100.0/24"), *parse_address("203.0.113.7"), 443, 5},
                           {*parse_prefix("192.0.2.0/24"), *parse_address("203.0.113.8"), 22, 4}};
  return {true, attack};
}

class AttackSecrecy : public testing::Test {
 protected:
  AttackSecrecy() {
    auto keeper = CardKeeper::start(
        *config, [this] { return slot.open(); }, {}, books);
    EXPECT_TRUE(keeper);
    thread = std::make_unique<CardThread>(std::move(*keeper), Clock());
    api = std::make_unique<Api>(ApiContext{*thread, books, Clock(), "/etc/d.toml", [this] { return config; },
                                           [](const std::string&) { return std::vector<std::string>(); }});
    books.attacks.add(begin_of(1));
  }
  std::string get(const std::string& path, bool admin, std::optional<std::uint32_t> uid,
                  std::map<std::string, std::string> query = {}) {
    return api->handle({"GET", path, std::move(query), {}, admin, uid}).body;
  }

  PluggedCard slot;
  Books books;
  std::shared_ptr<const DaemonConfig> config = config_of(std::string(kConfig));
  std::unique_ptr<CardThread> thread;
  std::unique_ptr<Api> api;
};

TEST_F(AttackSecrecy, addresses_are_for_the_admin_and_for_owners) {
  constexpr std::uint32_t kRoot = 0;
  constexpr std::uint32_t kDaemon = 1;
  constexpr std::uint32_t kNobody = 65'534;
  for (const auto* path : {"/v1/attacks", "/v1/attacks/1"}) {
    const auto all = get(path, true, kRoot);
    EXPECT_NE(all.find("198.51.100.0/24"), std::string::npos) << all;
    EXPECT_NE(all.find("192.0.2.0/24"), std::string::npos) << all;
    const auto daemons = get(path, false, kDaemon);
    EXPECT_EQ(daemons.find("198.51.100.0/24"), std::string::npos) << daemons;
    EXPECT_EQ(daemons.find("203.0.113.7"), std::string::npos) << daemons;
    EXPECT_NE(daemons.find("192.0.2.0/24"), std::string::npos) << daemons;
    for (const auto& who : {std::optional(kNobody), std::optional<std::uint32_t>()}) {
      const auto nobodys = get(path, false, who);
      for (const auto* address : {"198.51.100", "192.0.2", "203.0.113"}) {
        EXPECT_EQ(nobodys.find(address), std::string::npos) << nobodys;
      }
      EXPECT_NE(nobodys.find("ack-flood"), std::string::npos) << nobodys;
    }
  }
  // Nor anywhere else.
  for (const auto* path : {"/v1/status", "/metrics"}) {
    EXPECT_EQ(get(path, true, kRoot).find("198.51.100"), std::string::npos);
  }
}

TEST_F(AttackSecrecy, lines_of_the_log_have_none_for_others) {
  LogLine line{1, LogLevel::warning, "attack 1: from 198.51.100.0/24"};
  line.for_others = "attack 1";
  books.log.add(line);
  EXPECT_NE(get("/v1/log", true, 0).find("198.51.100"), std::string::npos);
  const auto others = get("/v1/log", false, 65'534);
  EXPECT_EQ(others.find("198.51.100"), std::string::npos);
  EXPECT_NE(others.find("attack 1"), std::string::npos);
}

TEST_F(AttackSecrecy, what_is_asked_for_wrongly) {
  for (const auto* path : {"/v1/attacks/2", "/v1/attacks/x", "/v1/attacks/", "/v1/attacks/1x", "/v1/attacks/-1",
                           "/v1/attacks/99999999999999999999"}) {
    EXPECT_EQ(api->handle({"GET", path, {}, {}, true, 0}).status, 404) << path;
  }
  EXPECT_EQ(api->handle({"GET", "/v1/attacks", {{"last", "x"}}, {}, true, 0}).status, 400);
  EXPECT_EQ(get("/v1/attacks", true, 0, {{"last", "0"}}), "[]");
}

TEST_F(AttackSecrecy, metrics_and_the_status_tell_of_it) {
  const auto metrics = get("/metrics", false, std::nullopt);
  EXPECT_NE(metrics.find("synward_attack_active{class=\"ack-flood\"} 1\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("synward_attack_active{class=\"syn-flood\"} 0\n"), std::string::npos);
  EXPECT_NE(metrics.find("synward_attacks_total{class=\"ack-flood\"} 1\n"), std::string::npos);
  EXPECT_EQ(json::parse(get("/v1/status", false, std::nullopt))["attacks"][0]["class"], "ack-flood");
}

TEST(AttackBook, keeps_the_last_ones_and_says_of_old_ones_that_they_are_over) {
  AttackBook book;
  for (std::uint64_t i = 1; i <= AttackBook::kAttacks + 10; ++i) {
    book.add(begin_of(i));
  }
  EXPECT_EQ(book.tail(999).size(), AttackBook::kAttacks);
  EXPECT_EQ(book.tail(1).front().number, AttackBook::kAttacks + 10);
  EXPECT_FALSE(book.find(1));
  EXPECT_EQ(book.take_changes(milliseconds(0)).size(), AttackBook::kChanges);
  AttackBook next;
  // Every beginning has its end.
  const auto ends = next.restore(book.state());
  EXPECT_EQ(ends.size(), AttackBook::kAttacks);
  EXPECT_FALSE(ends.front().begins);
  EXPECT_FALSE(next.take_changes(milliseconds(0)).empty());
  AttackBook third;
  EXPECT_TRUE(third.restore(next.state()).empty());
  EXPECT_TRUE(next.active().empty());
  EXPECT_TRUE(next.tail(1).front().over);
  EXPECT_FALSE(next.tail(1).front().end_seen);
  EXPECT_EQ(next.state().memory.last_number, AttackBook::kAttacks + 10);
}

class AttackDeskTest : public testing::Test {
 protected:
  static bool eventually(const std::function<bool()>& there) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!there() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(milliseconds(5));
    }
    return there();
  }
  std::unique_ptr<AttackDesk> open(const std::string& state) {
    return std::make_unique<AttackDesk>(
        book, state, [this] { return settings; },
        [this](LogLevel, std::string text, const std::string&) {
          const std::lock_guard lock(mutex);
          said += text + '\n';
        });
  }
  static std::string read(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TemporaryFolder folder;
  AttackBook book;
  AttackSettings settings;
  std::mutex mutex;
  std::string said;
};

TEST_F(AttackDeskTest, has_the_command_run_with_all_that_is_known) {
  settings.command = {"/bin/sh", "-c", "cat > \"$1.new\"; mv \"$1.new\" \"$1\"", "sh", folder / "told"};
  const auto desk = open("");
  book.add(begin_of(1));
  ASSERT_TRUE(eventually([&] { return !read(folder / "told").empty(); }));
  const auto told = json::parse(read(folder / "told"));
  EXPECT_EQ(told["event"], "begin");
  EXPECT_EQ(told["class"], "ack-flood");
  EXPECT_EQ(told["recorded"]["sources"][0]["prefix"], "198.51.100.0/24");
}

TEST_F(AttackDeskTest, keeps_attacks_for_the_next_daemon) {
  {
    const auto desk = open(folder / "state");
    book.add(begin_of(41));
    ASSERT_TRUE(eventually([&] { return !read(folder / "state/attacks.json").empty(); }));
  }
  const auto found = AttackDesk::find(folder / "state");
  ASSERT_TRUE(found) << found.error().text;
  ASSERT_EQ(found->attacks.size(), 1U);
  EXPECT_EQ(found->attacks.front().number, 41U);
  EXPECT_EQ(found->attacks.front().sample, begin_of(41).attack.sample);
  EXPECT_TRUE(AttackDesk::find(folder / "nothing")->attacks.empty());
  EXPECT_TRUE(AttackDesk::find("")->attacks.empty());
  std::ofstream(folder / "state/attacks.json") << "{\"last\": ";
  EXPECT_FALSE(AttackDesk::find(folder / "state"));
}

TEST_F(AttackDeskTest, says_once_that_nothing_can_be_kept) {
  std::ofstream(folder / "file") << "x";
  {
    const auto desk = open(folder / "file/state");
    for (std::uint64_t i = 1; i < 4; ++i) {
      book.add(begin_of(i));
      ASSERT_TRUE(eventually([&] {
        const std::lock_guard lock(mutex);
        return !said.empty();
      }));
    }
  }
  EXPECT_EQ(said, fmt::format("attacks are not kept: {}: Not a directory\n", folder / "file/state"));
}

const std::string kLeast = "[device]\nbackend=\"sim\"\nsocket=\"/c\"\n[[service]]\naddress=\"any\"\nport=1\n";

TEST(AttackConfig, defaults_are_those_of_the_classes) {
  const auto config = config_of(kLeast);
  EXPECT_EQ(config->attack, AttackSettings());
  EXPECT_EQ(config->attack.limits[0], attack_info(AttackClass::syn_flood).limits);
}

std::string refusal(const std::string& attack) {
  const auto config = parse_daemon_config(kLeast + "[attack]\n" + attack, "d.toml");
  return config ? std::string("taken") : config.error().text;
}

TEST(AttackConfig, what_can_be_set) {
  const auto config = config_of(R"([device]
backend = "sim"
socket = "/c"
[[service]]
address = "any"
port = 1
[attack]
command = ["/usr/local/sbin/on-attack", "--bgp"]
command_timeout_s = 5
quiet_s = 120
factor = 10
syn-flood = { floor = 100, ceiling = 1e6 }
retransmission = { floor = 200_000 }
)");
  const auto& attack = config->attack;
  EXPECT_EQ(attack.command, (std::vector<std::string>{"/usr/local/sbin/on-attack", "--bgp"}));
  EXPECT_EQ(attack.command_timeout, std::chrono::seconds(5));
  EXPECT_EQ(attack.quiet, std::chrono::seconds(120));
  EXPECT_EQ(attack.factor, 10);
  EXPECT_EQ(attack.limits[0], (AttackLimits{100, 1e6}));
  EXPECT_EQ(attack.limits[4], (AttackLimits{200'000, 200'000})) << "a floor above the default ceiling";
}

TEST(AttackConfig, what_is_refused) {
  for (const auto& [text, error] :
       {std::pair{"command = \"/bin/x\"\n", "d.toml:8: command: must be an array"},
        std::pair{"command = []\n", "d.toml:8: command: must begin with the path of a program, from / on"},
        std::pair{"command = [\"x\"]\n", "d.toml:8: command: must begin with the path of a program, from / on"},
        std::pair{"command = [\"/x\", 1]\n", "d.toml:8: command: must be an array of strings"},
        std::pair{"command_timeout_s = 0\n", "d.toml:8: command_timeout_s: "},
        std::pair{"quiet_s = 4\n", "d.toml:8: quiet_s: "}, std::pair{"factor = 1\n", "d.toml:8: factor: "},
        std::pair{"syn-flod = { floor = 1 }\n", "d.toml:8: syn-flod: "},
        std::pair{"syn-flood = { flor = 1 }\n", "d.toml:8: flor: "},
        std::pair{"syn-flood = { floor = 0 }\n", "d.toml:8: floor: "},
        std::pair{"syn-flood = { floor = 10, ceiling = 9 }\n", "d.toml:8: ceiling: must not be below floor, 10"}}) {
    EXPECT_TRUE(refusal(text).starts_with(error)) << refusal(text);
  }
}

TEST(AttackConfig, check_looks_at_the_program) {
  TemporaryFolder folder;
  const auto check = [](const std::string& path) {
    const auto done = Daemon::check(*config_of(kLeast + "[attack]\ncommand=[\"" + path + "\"]\n"));
    return done ? std::string() : done.error().text;
  };
  EXPECT_EQ(check("/bin/sh"), "");
  EXPECT_EQ(check("/nonexistent"), "/nonexistent: No such file or directory");
  EXPECT_EQ(check("/tmp"), "/tmp: is not a regular file");
  const auto plain = folder.write("plain", "");
  EXPECT_EQ(check(plain), plain + ": Permission denied");
}

}  // namespace
}  // namespace synward
