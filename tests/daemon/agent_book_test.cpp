// SPDX-License-Identifier: BSD-2-Clause
// The daemon's end of the control channel: which frames count, and what becomes of services by what they say.
#include "agent_book.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "agents.hpp"
#include "learned_services.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;
using What = AgentChange::What;

HandoffBounds bounds() { return {{*parse_prefix("203.0.113.0/24"), *parse_prefix("2001:db8::/64")}, {{1, 9'999}}}; }

class AgentBookTest : public testing::Test {
 protected:
  AgentBookTest() { set_key(7); }

  void set_key(std::uint8_t byte) {
    std::vector<AgentBook::Peer> peers;
    peers.push_back({"", bounds(), channel_key(byte)});
    book.set_peers(std::move(peers));
  }
  std::uint64_t beacon() {
    const auto frames =
        book.beacons({.ms = static_cast<std::uint32_t>(now.count())}, std::vector<std::uint16_t>{0}, now);
    const auto content = control::open_envelope((*frames)[0])->content;
    const std::vector<const Key*> keys{&key};
    const auto read = control::read_beacon(content, keys);
    EXPECT_EQ(read.flaw, control::Flaw::none);
    return read.value.nonce;
  }
  std::vector<What> passes(int ms) {
    std::vector<What> what;
    for (; ms > 0; ms -= 100) {
      now += milliseconds(100);
      for (const auto& change : book.run(now)) what.push_back(change.what);
    }
    return what;
  }
  MailFate take(const Frames& frames) {
    auto fate = MailFate::taken;
    for (const auto& frame : frames) fate = book.take(frame, now);
    return fate;
  }

  Key key = channel_key(7);
  AgentBook book;
  TestAgent agent;
  milliseconds now{10'000};
  std::vector<control::Record> table{address("203.0.113.7"), listener("203.0.113.7", 443)};
};

std::vector<control::Record> long_table() {
  std::vector<control::Record> records{address("203.0.113.7")};
  for (std::uint16_t port = 1; port <= 15; ++port) records.push_back(listener("203.0.113.7", port));
  return records;
}

TEST_F(AgentBookTest, a_fresh_answer_counts_and_the_same_again_does_not) {
  const auto frames = agent.says(table, beacon(), key);
  EXPECT_EQ(take(frames), MailFate::taken);
  ASSERT_EQ(book.agents().size(), 1U);
  EXPECT_EQ(book.agents()[0].records, table);
  EXPECT_EQ(book.agents()[0].mac, agent.mac);
  EXPECT_EQ(take(frames), MailFate::replayed);
  beacon();
  EXPECT_EQ(take(frames), MailFate::replayed) << "also when there is a newer beacon";
  EXPECT_EQ(book.count(MailFate::replayed), 2U);
  EXPECT_EQ(passes(100), std::vector{What::first});
}

TEST_F(AgentBookTest, an_answer_to_an_old_beacon_or_to_none_counts_for_nothing) {
  const auto nonce = beacon();
  auto early = agent.says(table, nonce, key);
  passes(3'100);
  EXPECT_EQ(take(early), MailFate::too_old);
  EXPECT_EQ(take(agent.says(table, nonce + 1, key)), MailFate::too_old) << "nobody's nonce";
  EXPECT_EQ(take(agent.says(table, 0, key)), MailFate::deaf);
  EXPECT_TRUE(book.agents().empty());
}

TEST_F(AgentBookTest, a_new_daemon_takes_nothing_that_was_for_another) {
  const auto frames = agent.says(table, beacon(), key);
  AgentBook fresh;
  std::vector<AgentBook::Peer> peers;
  peers.push_back({"", bounds(), channel_key(7)});
  fresh.set_peers(std::move(peers));
  EXPECT_EQ(fresh.take(frames[0], now), MailFate::too_old) << "without a stored state";
}

TEST_F(AgentBookTest, a_wrong_key_is_counted_and_makes_no_agent) {
  const auto nonce = beacon();
  EXPECT_EQ(take(agent.says(table, nonce, channel_key(8))), MailFate::forged);
  EXPECT_EQ(book.take(std::vector<std::uint8_t>(64, 0xff), now), MailFate::malformed);
  EXPECT_TRUE(book.agents().empty());
  EXPECT_EQ(take(agent.says(table, nonce, key)), MailFate::taken) << "and is in nobody's way";
}

TEST_F(AgentBookTest, the_former_key_counts_until_the_next_one) {
  set_key(8);
  const auto frames = book.beacons({}, std::vector<std::uint16_t>{0}, now);
  EXPECT_EQ(frames->size(), 2U) << "a beacon by either key";
  const auto by_former =
      control::read_beacon(control::open_envelope((*frames)[1])->content, std::vector<const Key*>{&key});
  ASSERT_EQ(by_former.flaw, control::Flaw::none);
  EXPECT_EQ(take(agent.says(table, by_former.value.nonce, key)), MailFate::taken);
  set_key(8);
  EXPECT_NE(take(agent.says(table, by_former.value.nonce, key)), MailFate::forged) << "another reload changes nothing";
  set_key(9);
  EXPECT_EQ(take(agent.says(table, by_former.value.nonce, key)), MailFate::forged);
}

TEST_F(AgentBookTest, a_table_counts_with_its_last_page_in_any_order) {
  auto pages = agent.says(long_table(), beacon(), key);
  ASSERT_EQ(pages.size(), 3U);
  std::ranges::reverse(pages);
  EXPECT_EQ(book.take(pages[0], now), MailFate::taken);
  EXPECT_EQ(book.take(pages[1], now), MailFate::taken);
  EXPECT_FALSE(book.agents()[0].whole);
  EXPECT_EQ(book.take(pages[1], now), MailFate::replayed);
  EXPECT_EQ(book.take(pages[2], now), MailFate::taken);
  EXPECT_TRUE(book.agents()[0].whole);
  EXPECT_EQ(book.agents()[0].records, long_table());
}

TEST_F(AgentBookTest, pages_that_miss_or_come_late_or_of_two_tables_make_none) {
  const auto nonce = beacon();
  const auto pages = agent.says(long_table(), nonce, key);
  take({pages[0], pages[1]});
  passes(1'100);
  EXPECT_EQ(book.take(pages[2], now), MailFate::too_old);
  EXPECT_FALSE(book.agents()[0].whole);

  auto other = long_table();
  other.back().window = 1;
  const auto second = beacon();
  const auto mine = agent.says(long_table(), second, key);
  const auto others = agent.says(other, second, key);
  take({mine[0], mine[1]});
  EXPECT_EQ(book.take(others[2], now), MailFate::replayed) << "the hash of the table is another";
  EXPECT_FALSE(book.agents()[0].whole);

  // Whoever has the key and lies about the hash gets no table either.
  const auto third = beacon();
  auto lying = control::pages_of(long_table(), key, {.agent = 1, .boot = 100, .nonce = third, .records = {}});
  for (auto& page : lying) {
    page.table ^= 1;
    page.sequence = ++agent.sequence;
    book.take(control::to_frame(page, key, control::kMulticast, agent.mac), now);
  }
  EXPECT_FALSE(book.agents()[0].whole);
  EXPECT_EQ(book.count(MailFate::malformed), 1U);
}

TEST_F(AgentBookTest, an_agent_that_only_ever_says_a_part_is_lost) {
  take(agent.says(long_table(), beacon(), key));
  passes(100);
  std::vector<What> all;
  for (int i = 0; i < 4; ++i) {
    const auto pages = agent.says(long_table(), beacon(), key);
    take({pages[0]});
    for (const auto what : passes(1'000)) all.push_back(what);
  }
  EXPECT_EQ(all, std::vector{What::lost});
}

TEST_F(AgentBookTest, silence_for_3_s_is_a_loss_and_a_table_ends_it) {
  EXPECT_TRUE(passes(5'000).empty()) << "who was never heard cannot be lost";
  take(agent.says(table, beacon(), key));
  EXPECT_EQ(passes(3'000), std::vector{What::first});
  EXPECT_EQ(book.lost(), 0U);
  EXPECT_EQ(passes(100), std::vector{What::lost});
  EXPECT_EQ(book.lost(), 1U);
  take(agent.says(table, beacon(), key));
  EXPECT_EQ(passes(100), std::vector{What::back});
  agent.boot = 200;
  agent.sequence = 0;
  take(agent.says(table, beacon(), key));
  EXPECT_EQ(passes(100), std::vector{What::restarted});
}

TEST_F(AgentBookTest, the_daemons_own_absence_is_nobodys_silence) {
  take(agent.says(table, beacon(), key));
  passes(100);
  now += milliseconds(10'000);
  EXPECT_TRUE(book.run(now).empty());
  EXPECT_TRUE(passes(2'500).empty());
  EXPECT_EQ(passes(1'000), std::vector{What::lost});
}

TEST_F(AgentBookTest, what_the_bounds_do_not_allow_is_counted_and_left_out) {
  table.push_back(address("198.51.100.1"));
  table.push_back(listener("198.51.100.1", 443));
  table.push_back(listener("203.0.113.7", 10'000));
  take(agent.says(table, beacon(), key));
  EXPECT_EQ(book.out_of_bounds(), 3U);
  EXPECT_EQ(book.agents()[0].records.size(), 2U);
  EXPECT_EQ(passes(100), (std::vector{What::first, What::bounds}));
  take(agent.says(table, beacon(), key));
  EXPECT_TRUE(passes(100).empty()) << "the same again is no news";
}

TEST_F(AgentBookTest, servers_with_keys_of_their_own_cannot_speak_for_each_other) {
  std::vector<AgentBook::Peer> peers;
  peers.push_back({"web", {{*parse_prefix("203.0.113.7")}, {}}, channel_key(1)});
  peers.push_back({"mail", {{*parse_prefix("203.0.113.8")}, {}}, channel_key(2)});
  book.set_peers(std::move(peers));
  const Key web = channel_key(1), mail = channel_key(2);
  const auto frames = book.beacons({}, std::vector<std::uint16_t>{0}, now);
  ASSERT_EQ(frames->size(), 2U);
  const auto nonce =
      control::read_beacon(control::open_envelope((*frames)[0])->content, std::vector<const Key*>{&web}).value.nonce;
  take(agent.says(table, nonce, web));
  TestAgent liar = agent;  // even by the same id
  EXPECT_EQ(take(liar.says({address("203.0.113.7"), address("203.0.113.8")}, nonce, mail)), MailFate::taken);
  ASSERT_EQ(book.agents().size(), 2U);
  EXPECT_EQ(book.agents()[0].records, table) << "the first one's table stands";
  EXPECT_EQ(book.agents()[1].records, std::vector{address("203.0.113.8")});
}

TEST_F(AgentBookTest, no_more_agents_than_it_keeps) {
  const auto nonce = beacon();
  for (std::uint64_t id = 1; id <= AgentBook::kMostAgents; ++id) {
    TestAgent one{.id = id};
    ASSERT_EQ(take(one.says(table, nonce, key)), MailFate::taken);
  }
  TestAgent one{.id = 1'000};
  EXPECT_EQ(take(one.says(table, nonce, key)), MailFate::crowded);
}

TEST_F(AgentBookTest, a_server_with_another_network_card_is_the_same_server) {
  take(agent.says(table, beacon(), key));
  EXPECT_EQ(passes(3'200), (std::vector{What::first, What::lost}));
  TestAgent renewed{.id = 2, .boot = 200};
  const std::vector elsewhere{address("203.0.113.8")};
  take(renewed.says(elsewhere, beacon(), key));
  EXPECT_EQ(passes(100), std::vector{What::first});
  EXPECT_EQ(book.agents().size(), 2U) << "it has not the address of the one that is lost";
  take(renewed.says(table, beacon(), key));
  EXPECT_EQ(passes(100), std::vector{What::replaced});
  ASSERT_EQ(book.agents().size(), 1U);
  EXPECT_EQ(book.agents()[0].id, 2U);
  EXPECT_EQ(book.agents()[0].records, table);
  EXPECT_EQ(book.lost(), 0U);
  take(renewed.says(table, beacon(), key));
  EXPECT_EQ(book.count(MailFate::taken), 4U) << "its pages went with it to its new place";
}

TEST_F(AgentBookTest, containers_that_come_and_go_find_room) {
  for (std::uint64_t id = 1; id <= AgentBook::kMostAgents; ++id) {
    TestAgent one{.id = id};
    take(one.says({address(fmt::format("203.0.113.{}", id))}, beacon(), key));
    if (id == 1) passes(100);  // the first is silent the longest
  }
  TestAgent next{.id = 1'000};
  EXPECT_EQ(take(next.says(table, beacon(), key)), MailFate::crowded) << "nobody who is there makes way";
  passes(3'200);
  EXPECT_EQ(take(next.says(table, beacon(), key)), MailFate::taken);
  EXPECT_EQ(book.agents().size(), AgentBook::kMostAgents);
  EXPECT_EQ(std::ranges::count(book.agents(), 1U, &Agent::id), 0);
}

TEST_F(AgentBookTest, who_invents_agents_is_in_no_other_servers_way) {
  std::vector<AgentBook::Peer> peers;
  peers.push_back({"web", bounds(), channel_key(1)});
  peers.push_back({"mail", bounds(), channel_key(2)});
  book.set_peers(std::move(peers));
  const auto frames = book.beacons({}, std::vector<std::uint16_t>{0}, now);
  const Key web = channel_key(1), mail = channel_key(2);
  const auto nonce =
      control::read_beacon(control::open_envelope((*frames)[0])->content, std::vector<const Key*>{&web}).value.nonce;
  for (std::uint64_t id = 1; id <= AgentBook::kMostAgents; ++id) {
    TestAgent one{.id = id};
    ASSERT_EQ(take(one.says(table, nonce, web)), MailFate::taken);
  }
  TestAgent more{.id = 1'000};
  EXPECT_EQ(take(more.says(table, nonce, web)), MailFate::crowded);
  EXPECT_EQ(take(agent.says(table, nonce, mail)), MailFate::taken);
}

TEST_F(AgentBookTest, random_mail_changes_nothing) {
  const char* said = std::getenv("SYNWARD_SEED");
  const auto seed = said != nullptr ? std::strtoull(said, nullptr, 0) : std::random_device()();
  std::cout << "SYNWARD_SEED=" << seed << '\n';
  std::mt19937_64 random(seed);
  take(agent.says(table, beacon(), key));
  const auto before = book.agents()[0].records;
  const auto generation = book.generation();
  for (int i = 0; i < 20'000; ++i) {
    auto frame = agent.says(table, beacon(), key)[0];
    frame[14 + random() % (frame.size() - 14)] ^= static_cast<std::uint8_t>(1 + random() % 255);
    ASSERT_NE(book.take(frame, now), MailFate::taken) << i;
    now += milliseconds(random() % 2);
  }
  EXPECT_EQ(book.agents().size(), 1U);
  EXPECT_EQ(book.agents()[0].records, before);
  EXPECT_EQ(book.generation(), generation);
}

class LearnTest : public testing::Test {
 protected:
  static Agent agent(std::vector<control::Record> records, bool lost = false) {
    Agent one;
    one.whole = true;
    one.lost = lost;
    one.records = std::move(records);
    return one;
  }
  static Service service(std::string_view address, std::uint16_t port) {
    Service one;
    one.address = address == "any" ? std::nullopt : parse_address(address);
    one.port = port;
    one.wscale = 10;
    return one;
  }
  LearnedServices learn(const std::vector<Service>& configured, const std::vector<Agent>& agents, bool hold = false,
                        std::size_t room = 32) {
    return learn_services(configured, settings, agents, hold, room);
  }

  static HandoffSettings learning() {
    HandoffSettings made;
    made.learn = true;
    made.most = 4;
    return made;
  }

  HandoffSettings settings = learning();
  std::vector<Service> other{service("198.51.100.9", 25)};
};

TEST_F(LearnTest, a_listener_becomes_a_service_with_its_own_figures_and_the_patterns_rest) {
  settings.pattern.ttl = 60;
  settings.pattern.ecn = false;
  auto record = listener("203.0.113.7", 443);
  record.window = 2'896;
  record.wscale = 0;
  const auto made = learn(other, {agent({address("203.0.113.7"), record})});
  ASSERT_EQ(made.services.size(), 2U);
  EXPECT_EQ(made.services[0], other[0]);
  const auto& one = made.services[1];
  EXPECT_TRUE(one.learned);
  EXPECT_EQ(to_string(*one.address), "203.0.113.7");
  EXPECT_EQ(one.port, 443);
  EXPECT_EQ(one.mode, ServiceMode::protect);
  EXPECT_EQ(one.window, 2'896);
  EXPECT_EQ(one.wscale, 0);
  EXPECT_EQ(one.ttl, 60);
  EXPECT_FALSE(one.ecn);
  EXPECT_TRUE(one.sack);
  settings.learn = false;
  EXPECT_EQ(learn(other, {agent({record})}).services, other);
}

TEST_F(LearnTest, what_cannot_be_handed_over_passes_and_what_is_gone_goes) {
  for (const auto verdict :
       {control::Verdict::mptcp, control::Verdict::md5, control::Verdict::ao, control::Verdict::kernel})
    EXPECT_EQ(learn(other, {agent({listener("203.0.113.7", 443, verdict)})}).services[1].mode, ServiceMode::pass);
  EXPECT_EQ(learn(other, {agent({address("203.0.113.7")})}).services, other);
}

TEST_F(LearnTest, the_operators_services_keep_their_keys_but_pass_where_nobody_can_take_them) {
  const std::vector mine{service("203.0.113.7", 443)};
  EXPECT_EQ(learn(mine, {agent({address("203.0.113.7"), listener("203.0.113.7", 443)})}).services, mine);
  auto passing = mine;
  passing[0].mode = ServiceMode::pass;
  EXPECT_EQ(learn(mine, {agent({address("203.0.113.7")})}).services, passing) << "no listener";
  EXPECT_EQ(learn(mine, {agent({address("203.0.113.8")})}).services, mine) << "another server's business";
  EXPECT_EQ(learn(mine, {agent({listener("203.0.113.7", 443, control::Verdict::mptcp)})}).services, passing);
  Agent half = agent({address("203.0.113.7")});
  half.incomplete = true;
  EXPECT_EQ(learn(mine, {half}).services, mine) << "what is missing in half a table says nothing";
}

TEST_F(LearnTest, a_lost_agent_lets_its_services_pass_or_holds_them) {
  const std::vector mine{service("203.0.113.7", 443), service("203.0.113.8", 443)};
  const std::vector lost{
      agent({address("203.0.113.7"), listener("203.0.113.7", 443), listener("203.0.113.7", 80)}, true)};
  const auto passing = learn(mine, lost);
  ASSERT_EQ(passing.services.size(), 3U);
  EXPECT_EQ(passing.services[0].mode, ServiceMode::pass);
  EXPECT_EQ(passing.services[1].mode, ServiceMode::protect) << "by address, not by card";
  EXPECT_EQ(passing.services[2].mode, ServiceMode::pass) << "learned";
  const auto held = learn(mine, lost, true);
  EXPECT_EQ(held.services[0].mode, ServiceMode::protect);
  EXPECT_EQ(held.services[2].mode, ServiceMode::protect);
  // Another server at the same address is heard.
  const auto both = learn(mine, {lost[0], agent({address("203.0.113.7"), listener("203.0.113.7", 443)})});
  EXPECT_EQ(both.services[0].mode, ServiceMode::protect);
}

TEST_F(LearnTest, a_service_of_any_address_is_left_alone_and_passes_for_one_address_in_front_of_it) {
  const std::vector mine{service("any", 443)};
  EXPECT_EQ(learn(mine, {agent({address("203.0.113.7"), listener("203.0.113.7", 443)})}).services, mine);
  const auto made = learn(mine, {agent({address("203.0.113.7")})});
  ASSERT_EQ(made.services.size(), 2U);
  EXPECT_EQ(made.services[0], mine[0]);
  EXPECT_EQ(to_string(*made.services[1].address), "203.0.113.7");
  EXPECT_EQ(made.services[1].mode, ServiceMode::pass);
  EXPECT_TRUE(made.services[1].learned);
}

TEST_F(LearnTest, the_operator_is_told_where_a_listener_says_something_else) {
  const std::vector mine{service("203.0.113.7", 443)};
  auto record = listener("203.0.113.7", 443);
  EXPECT_TRUE(learn(mine, {agent({record})}).warnings.empty());
  record.window = 2'896;
  record.mss4 = 1'400;
  record.wscale = 7;
  record.ecn = false;
  const auto made = learn(mine, {agent({record})});
  EXPECT_EQ(made.services, mine);
  const std::string front = "service 203.0.113.7 port 443: the listener at 203.0.113.7 has ";
  EXPECT_EQ(made.warnings,
            (std::vector<std::string>{
                front + "MSS 1400, the service says 1460", front + "window 2896, the service says 64240",
                front + "window scale 7, the service says 10", front + "no ECN, the service offers it"}));
}

TEST_F(LearnTest, servers_of_one_address_are_promised_what_all_can_keep) {
  auto one = listener("203.0.113.7", 443), two = one;
  one.window = 1'000;
  two.mss4 = 1'200;
  two.sack = false;
  const auto made = learn(other, {agent({one}), agent({two})}).services[1];
  EXPECT_EQ(made.window, 1'000);
  EXPECT_EQ(made.mss4, 1'200);
  EXPECT_FALSE(made.sack);
  EXPECT_EQ(
      learn(other, {agent({one}), agent({listener("203.0.113.7", 443, control::Verdict::mptcp)})}).services[1].mode,
      ServiceMode::pass);
}

TEST_F(LearnTest, no_more_than_the_operator_and_the_card_allow) {
  std::vector<control::Record> records;
  for (std::uint16_t port = 1; port <= 6; ++port) records.push_back(listener("203.0.113.7", port));
  const auto made = learn(other, {agent(records)});
  EXPECT_EQ(made.services.size(), 5U);
  EXPECT_EQ(made.warnings.size(), 2U);
  EXPECT_EQ(learn(other, {agent(records)}, false, 3).services.size(), 3U);
}

}  // namespace
}  // namespace synward
