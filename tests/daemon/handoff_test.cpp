// SPDX-License-Identifier: BSD-2-Clause
// The control channel through a card: heartbeats come in at the host port of a reference card, as a server's would.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "agents.hpp"
#include "card_keeper.hpp"
#include "handoff_json.hpp"
#include "plugged_card.hpp"
#include "synward/handoff_secrets.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;
namespace flag = sim::tcp_flag;

class HandoffTest : public testing::Test {
 protected:
  std::string config(const std::string& handoff = "learn = true\naddresses = [\"203.0.113.0/24\"]\n") const {
    return "[device]\nbackend = \"sim\"\nsocket = \"/card\"\n[[service]]\naddress = \"203.0.113.8\"\nport = 443\n"
           "[handoff]\nkey_file = \"" +
           key_file + "\"\n" + handoff;
  }
  void start() { start(config()); }
  void start(const std::string& text) {
    auto read = parse_daemon_config(text, "d.toml");
    ASSERT_TRUE(read) << read.error().text;
    KeptSettings kept;
    kept.services = [this](const std::vector<Service>& services) { held = services; };
    auto started = CardKeeper::start(
        *read, [this] { return slot.open(); },
        {[this] { return milliseconds(1'000'000 + passed); },
         [this] { return milliseconds(1'800'000'000'000 + passed); }},
        books, std::move(kept));
    ASSERT_TRUE(started) << started.error().text;
    keeper = std::move(*started);
  }
  /// Time goes on, and an agent answers each beacon with `says`; null: it is silent.
  void pass(int ms, const std::vector<control::Record>* says) {
    for (; ms > 0; ms -= 100) {
      slot.pass(100);
      passed += 100;
      keeper->visit();
      slot.pass(1);
      for (const auto& frame : slot.mail_out()) {
        const auto envelope = control::open_envelope(frame);
        const auto read = envelope ? control::read_beacon(envelope->content, std::vector<const Key*>{&key()})
                                   : control::Read<control::Beacon>();
        if (read.flaw != control::Flaw::none || says == nullptr) continue;
        ++beacons;
        for (const auto& answer : agent.says(*says, read.value.nonce, key())) slot.from_host(answer);
      }
    }
  }
  const Key& key() const { return secrets->channel_key(); }
  bool answered(std::string_view address, std::uint16_t port) {
    return slot.send("192.0.2.1", ++client, address, port, flag::syn).size() == 1;
  }
  std::string log() const {
    std::string text;
    for (const auto& line : books.log.tail(LogBook::kLines)) text += line.value.text + '\n';
    return text;
  }
  bool logged(const std::string& text) const { return log().find(text) != std::string::npos; }

  TemporaryFolder folder;
  std::string key_file = folder.write("handoff.key", std::string(64, '7'));
  Expected<HandoffSecrets> secrets = HandoffSecrets::read(key_file);
  PluggedCard slot;
  Books books;
  std::int64_t passed = 0;  ///< ms
  std::unique_ptr<CardKeeper> keeper;
  std::vector<Service> held;
  TestAgent agent;
  int beacons = 0;
  std::uint16_t client = 1'000;
  const std::vector<control::Record> open{address("203.0.113.7"), listener("203.0.113.7", 80)};
  const std::vector<control::Record> closed{address("203.0.113.7")};
};

TEST_F(HandoffTest, a_server_teaches_the_card_its_listener_and_takes_it_back) {
  start();
  EXPECT_FALSE(answered("203.0.113.7", 80));
  pass(2'000, &open);
  EXPECT_GE(beacons, 2) << "one a second";
  EXPECT_TRUE(answered("203.0.113.7", 80)) << log();
  EXPECT_TRUE(answered("203.0.113.8", 443)) << "the operator's";
  ASSERT_EQ(held.size(), 2U);
  EXPECT_TRUE(held[1].learned);
  EXPECT_EQ(held[1].wscale, 10);
  pass(2'000, &closed);
  EXPECT_FALSE(answered("203.0.113.7", 80)) << "within 3 s";
  EXPECT_EQ(held.size(), 1U);
  const std::vector mptcp{address("203.0.113.7"), listener("203.0.113.7", 80, control::Verdict::mptcp)};
  pass(2'000, &mptcp);
  EXPECT_FALSE(answered("203.0.113.7", 80));
  EXPECT_EQ(held[1].mode, ServiceMode::pass);
}

TEST_F(HandoffTest, a_silent_agent_is_lost_and_heals) {
  start();
  pass(2'000, &open);
  ASSERT_TRUE(answered("203.0.113.7", 80));
  pass(2'500, nullptr);
  EXPECT_TRUE(answered("203.0.113.7", 80));
  pass(1'500, nullptr);
  EXPECT_FALSE(answered("203.0.113.7", 80)) << "SYNs go to the kernel";
  EXPECT_TRUE(answered("203.0.113.8", 443)) << "another server's is left alone";
  EXPECT_TRUE(logged("lost, nothing whole has come for 3 s; its services pass")) << log();
  EXPECT_EQ(handoff_summary_json(keeper->handoff())["lost"], 1);
  ASSERT_TRUE(std::holds_alternative<SysctlChange>(keeper->set_sysctl("net.synward.agent_lost", "hold", "user 0")));
  EXPECT_TRUE(answered("203.0.113.7", 80)) << "hold";
  ASSERT_TRUE(std::holds_alternative<SysctlChange>(keeper->set_sysctl("net.synward.agent_lost", "pass", "user 0")));
  EXPECT_FALSE(answered("203.0.113.7", 80));
  pass(1'500, &open);
  EXPECT_TRUE(answered("203.0.113.7", 80));
  EXPECT_TRUE(logged(": back\n")) << log();
}

TEST_F(HandoffTest, the_operators_service_passes_without_its_listener_and_keeps_its_keys) {
  start(config("addresses = [\"203.0.113.0/24\"]\n"));
  const std::vector elsewhere{address("203.0.113.8"), listener("203.0.113.8", 22)};
  EXPECT_TRUE(answered("203.0.113.8", 443));
  pass(2'000, &elsewhere);
  EXPECT_FALSE(answered("203.0.113.8", 443)) << "nobody listens";
  EXPECT_FALSE(answered("203.0.113.8", 22)) << "not learned";
  auto there = listener("203.0.113.8", 443);
  there.window = 2'896;
  const std::vector here{address("203.0.113.8"), there};
  pass(2'000, &here);
  EXPECT_TRUE(answered("203.0.113.8", 443));
  EXPECT_EQ(held[0].window, 64'240);
  EXPECT_TRUE(logged("has window 2896, the service says 64240")) << log();
}

TEST_F(HandoffTest, services_bypass_and_reload_keep_what_was_learned) {
  start();
  pass(2'000, &open);
  ASSERT_TRUE(keeper->set_bypass(true, "user 0"));
  EXPECT_FALSE(answered("203.0.113.7", 80));
  ASSERT_TRUE(keeper->set_bypass(false, "user 0"));
  EXPECT_TRUE(answered("203.0.113.7", 80));
  auto read = parse_daemon_config(config() + "[history]\nkeep = 10\n", "d.toml");
  ASSERT_TRUE(keeper->reload(*read));
  EXPECT_TRUE(answered("203.0.113.7", 80));
  ASSERT_TRUE(keeper->set_services({read->services[0]}));
  EXPECT_TRUE(answered("203.0.113.7", 80));
  // What the operator names is his.
  auto mine = read->services[0];
  mine.address = *parse_address("203.0.113.7");
  mine.port = 80;
  mine.mode = ServiceMode::pass;
  ASSERT_TRUE(keeper->set_services({read->services[0], mine}));
  EXPECT_FALSE(answered("203.0.113.7", 80));
  ASSERT_EQ(held.size(), 2U);
  EXPECT_FALSE(held[1].learned);
  // A key that changes: agents that have both go on.
  folder.write("handoff.key", std::string(64, '8'));
  ASSERT_TRUE(keeper->reload(*read));
  ASSERT_TRUE(keeper->set_services({read->services[0]}));
  pass(4'000, &open);
  EXPECT_TRUE(answered("203.0.113.7", 80)) << "by the former key: " << log();
}

TEST_F(HandoffTest, a_reload_forgets_no_lost_agent) {
  start();
  pass(2'000, &open);
  ASSERT_TRUE(std::holds_alternative<SysctlChange>(keeper->set_sysctl("net.synward.agent_lost", "hold", "user 0")));
  pass(4'000, nullptr);
  auto read = parse_daemon_config(config(), "d.toml");
  ASSERT_TRUE(keeper->reload(*read));
  EXPECT_EQ(handoff_summary_json(keeper->handoff())["lost"], 1) << "the alarm stays";
  EXPECT_TRUE(answered("203.0.113.7", 80)) << "and what is held";
  // Without [[handoff.server]] of its own, or any hand-off, nobody speaks for it.
  read->handoff = {};
  ASSERT_TRUE(keeper->reload(*read));
  EXPECT_EQ(handoff_summary_json(keeper->handoff())["agents"], 0);
  EXPECT_FALSE(answered("203.0.113.7", 80));
}

TEST_F(HandoffTest, where_connections_in_use_are_dropped_it_is_said) {
  start();
  ASSERT_TRUE(std::holds_alternative<SysctlChange>(keeper->set_sysctl("net.synward.unknown_ack", "drop", "user 0")));
  pass(2'000, &open);
  EXPECT_TRUE(logged("service 203.0.113.7 port 80: protected from now on; its connections in use are dropped"))
      << log();
}

TEST_F(HandoffTest, a_card_that_was_away_is_nobodys_silence) {
  start();
  pass(2'000, &open);
  slot.pull();
  passed += 2'000;
  keeper->visit();
  ASSERT_FALSE(keeper->up());
  passed += 20'000;
  slot.put_in();
  keeper->visit();
  ASSERT_TRUE(keeper->up());
  EXPECT_TRUE(answered("203.0.113.7", 80)) << "what was learned is written anew";
  pass(2'000, &open);
  EXPECT_TRUE(answered("203.0.113.7", 80));
  EXPECT_FALSE(logged(": lost, nothing")) << log();
}

/// The card stores the first 64 control frames of a window of 1.024 s. Who fills it suppresses heartbeats, and no more.
TEST_F(HandoffTest, a_flood_of_forged_mail_suppresses_heartbeats_and_teaches_nothing) {
  start();
  pass(2'000, &open);
  const Key wrong = channel_key(9);
  TestAgent liar{.id = 2};
  const std::vector lie{address("203.0.113.9"), listener("203.0.113.9", 80)};
  const auto flood = [&](int ms, int frames) {
    for (; ms > 0; ms -= 100) {
      for (int i = 0; i < frames; ++i) slot.from_host(liar.says(lie, 5, wrong)[0]);
      pass(100, &open);
    }
  };
  // Some 30 a window leave room.
  flood(5'000, 3);
  EXPECT_TRUE(answered("203.0.113.7", 80)) << log();
  EXPECT_FALSE(logged(": lost, nothing")) << log();
  // As many as the card takes.
  flood(6'000, 70);
  EXPECT_TRUE(logged(": lost, nothing")) << log();
  EXPECT_FALSE(answered("203.0.113.9", 80));
  pass(2'500, &open);
  EXPECT_TRUE(answered("203.0.113.7", 80)) << "heals by itself";
  const auto json = handoff_json(keeper->handoff(), {});
  EXPECT_GT(json["mail"][2]["count"], 100) << json;
  std::size_t lines = 0;
  const auto text = log();
  for (auto at = text.find("not taken"); at != std::string::npos; at = text.find("not taken", at + 1)) ++lines;
  EXPECT_LE(lines, 2U) << text;
}

TEST_F(HandoffTest, configurations_are_checked) {
  const auto error = [&](const std::string& handoff) {
    const auto read = parse_daemon_config(config(handoff), "d.toml");
    return read ? std::string() : read.error().text;
  };
  EXPECT_EQ(error("learn = false\n"), "");
  EXPECT_EQ(error("learn = true\n"), "d.toml:7: addresses: missing, what may be learned, as [\"203.0.113.0/24\"]");
  EXPECT_EQ(error("addresses = [\"bogus\"]\n"),
            "d.toml:9: addresses: must be addresses or ranges of them, as \"203.0.113.0/24\"");
  EXPECT_EQ(error("addresses = [\"203.0.113.7\"]\nports = [443, \"8000-8099\"]\nmost = 32\nvlans = [0, 100]\n"
                  "service = {ttl = 60, mode = \"pass\"}\n"),
            "");
  EXPECT_NE(error("ports = [\"9-8\"]\n").find("ports: must be ports, or ranges of them"), std::string::npos);
  EXPECT_NE(error("ports = [0]\n").find("ports: must be ports, or ranges of them"), std::string::npos);
  EXPECT_NE(error("most = 33\n").find("most"), std::string::npos);
  EXPECT_NE(error("vlans = [4095]\n").find("vlans"), std::string::npos);
  EXPECT_NE(error("service = {port = 5}\n").find("port: is the listener's"), std::string::npos);
  EXPECT_NE(error("service = {owner = \"no-such-user\"}\n").find("there is no user \"no-such-user\""),
            std::string::npos);
  EXPECT_EQ(error("[[handoff.server]]\nname = \"web\"\nkey_file = \"/k\"\naddresses = [\"203.0.113.7\"]\n"), "");
  EXPECT_NE(error("[[handoff.server]]\nname = \"web\"\nkey_file = \"/k\"\n").find("what the server may announce"),
            std::string::npos);
  EXPECT_NE(error("addresses = [\"::/0\"]\n[[handoff.server]]\nname = \"web\"\nkey_file = \"/k\"\naddresses = "
                  "[\"203.0.113.7\"]\n")
                .find("each [[handoff.server]] has its own"),
            std::string::npos);
}

}  // namespace
}  // namespace synward
