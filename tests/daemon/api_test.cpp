// SPDX-License-Identifier: BSD-2-Clause
// The API's answers, asked without HTTP, of a thread that owns a reference card.
#include "api.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "plugged_card.hpp"
#include "synward/event_json.hpp"

namespace synward {
namespace {

using nlohmann::json;

constexpr std::string_view kConfig = R"([device]
backend = "sim"
socket = "/run/card.sock"
[[service]]
address = "203.0.113.7"
port = 443
owner = "root"
[[service]]
address = "203.0.113.8"
port = 22
owner = "daemon"
[[service]]
address = "any"
port = 80
options = { sack = false }
)";

class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    auto read = parse_daemon_config(kConfig, "d.toml");
    EXPECT_TRUE(read);
    config = std::make_shared<const DaemonConfig>(std::move(*read));
    auto keeper = CardKeeper::start(
        *config, [this] { return slot.open(); }, {}, books);
    EXPECT_TRUE(keeper);
    thread = std::make_unique<CardThread>(std::move(*keeper), Clock());
    api = std::make_unique<Api>(ApiContext{*thread, books, Clock(), "/etc/d.toml", [this] { return config; },
                                           [this](const std::string& who) {
                                             reloader = who;
                                             return reloaded;
                                           }});
  }

  ApiReply ask(const std::string& method, const std::string& path, std::map<std::string, std::string> query = {},
               const std::string& body = {}) {
    return api->handle({method, path, std::move(query), body, admin, uid});
  }
  ApiReply get(const std::string& path, std::map<std::string, std::string> query = {}) {
    return ask("GET", path, std::move(query));
  }
  json get_json(const std::string& path, std::map<std::string, std::string> query = {}) {
    const auto reply = get(path, std::move(query));
    EXPECT_EQ(reply.status, 200) << path << reply.body;
    EXPECT_EQ(reply.type, "application/json");
    return json::parse(reply.body);
  }
  static std::string error_of(const ApiReply& reply) { return json::parse(reply.body).at("error"); }
  /// Waits until `there` holds, or for a minute.
  template <typename There>
  static bool eventually(There there) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!there() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return there();
  }

  PluggedCard slot;
  Books books;
  std::shared_ptr<const DaemonConfig> config;
  std::unique_ptr<CardThread> thread;
  std::unique_ptr<Api> api;
  std::string reloader;
  Expected<std::vector<std::string>> reloaded = std::vector<std::string>();
  bool admin = true;
  std::optional<std::uint32_t> uid = 0;
};

TEST_F(ApiTest, status) {
  slot.syn("192.0.2.1", 1024);
  const auto status = get_json("/v1/status");
  EXPECT_EQ(status["daemon"]["config"], "/etc/d.toml");
  EXPECT_GE(status["daemon"]["uptime_s"], 0);
  EXPECT_EQ(status["card"], json::parse(R"({"state": "up", "why": "", "backend": "sim", "where": "/run/card.sock",
      "map_version": "0.4.1", "clock_hz": 322265625, "services": 32, "buckets": 64, "ways": 8, "flows": 1024,
      "engine": {"kind": "rtl", "down": false, "resets": 0, "fault": ""}})"));
  EXPECT_EQ(status["tables"],
            json::parse(R"({"entries": 1, "limit": 512, "flows": 0, "flow_limit": 1024, "ready": true})"));
  EXPECT_EQ(status["pause"], json::parse(R"({"active": false, "backoff": 0, "left_s": 0.0})"));
  EXPECT_EQ(status["secrets"]["mode"], "random");
  EXPECT_EQ(status["events"], json::parse(R"({"taken": 0, "lost": 0})"));
  EXPECT_EQ(status["log"], json::parse(R"({"lines": 0, "lost": 0})"));
}

TEST_F(ApiTest, stats_in_four_formats) {
  slot.syn("192.0.2.1", 1024);
  // The thread may have taken a snapshot just before the SYN: what is shown may be 100 ms old.
  ASSERT_TRUE(eventually([&] { return get_json("/v1/stats")["ports"]["line_rx"]["frames"] == 1; }));
  const auto stats = get_json("/v1/stats");
  EXPECT_EQ(stats["syncache"]["entries-added"], 1);
  EXPECT_EQ(stats["syncookies"]["sent-cookies"], 1);
  EXPECT_EQ(stats["tcp"]["sent-packets"], 1);
  EXPECT_EQ(stats["fates"]["answered"], 1);
  EXPECT_EQ(stats["ports"]["line_rx"]["frames"], 1);
  EXPECT_EQ(stats["drops"]["oversize"], 0);
  EXPECT_TRUE(stats.contains("synward"));
  EXPECT_NE(get("/v1/stats", {{"format", "text"}}).body.find("\t1 syncache entry added\n"), std::string::npos);
  EXPECT_NE(get("/v1/stats", {{"format", "nstat"}}).body.find("TcpExtSyncookiesSent            0 "), std::string::npos);
  for (const auto& reply : {get("/v1/stats", {{"format", "prom"}}), get("/metrics")}) {
    EXPECT_EQ(reply.type, "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_NE(reply.body.find("\nsynward_counters_syncache_entries_added_total 1\n"), std::string::npos);
    EXPECT_NE(reply.body.find("\nsynward_card_up 1\n"), std::string::npos);
  }
  EXPECT_EQ(get("/v1/stats", {{"format", "xml"}}).status, 400);
}

TEST_F(ApiTest, sysctls_as_sysctl_has_them) {
  const auto list = get_json("/v1/sysctl");
  EXPECT_EQ(list.size(), SysctlTable::list().size());
  EXPECT_EQ(get_json("/v1/sysctl/net.inet.tcp.syncache.rexmtlimit"),
            json::parse(R"({"name": "net.inet.tcp.syncache.rexmtlimit", "value": "3", "type": "u32", "default": "3",
                "range": "0..12", "writable": true, "tunable": false, "description":
                "Retransmissions of a SYN-ACK before its entry is given up; applies at once to existing entries."})"));
  const auto put = [this](const std::string& name, const std::string& value) {
    return ask("PUT", "/v1/sysctl/" + name, {}, value);
  };
  EXPECT_EQ(put("net.inet.tcp.syncache.rexmtlimit", "0x2").body,
            R"({"name":"net.inet.tcp.syncache.rexmtlimit","old":"3","new":"2"})");
  EXPECT_EQ(slot.read(reg::kSysctlRexmtlimit), 2U);
  struct Case {
    std::string name, value;
    int status;
    std::string said;
  };
  for (const auto& [name, value, status, said] :
       {Case{"net.inet.tcp.nothing", "1", 404, "unknown oid 'net.inet.tcp.nothing'"},
        Case{"net.inet.tcp.syncache.count", "1", 403, "oid 'net.inet.tcp.syncache.count' is read only"},
        Case{"net.inet.tcp.syncache.rexmtlimit", "13", 422, "net.inet.tcp.syncache.rexmtlimit=13: Invalid argument"},
        Case{"net.inet.tcp.syncache.rexmtlimit", "", 422, "empty numeric value"},
        Case{"net.inet.tcp.syncache.rexmtlimit", "\xff", 422, "invalid integer '\xef\xbf\xbd'"}}) {
    const auto reply = put(name, value);
    EXPECT_EQ(reply.status, status) << name;
    EXPECT_EQ(error_of(reply), said);
  }
  const auto tunable = put("net.inet.tcp.syncache.hashsize", "16");
  EXPECT_EQ(tunable.status, 403);
  EXPECT_EQ(json::parse(tunable.body)["tip"], "Tunable values are set in [sysctl] of the configuration");
  EXPECT_EQ(get("/v1/sysctl/net.inet.tcp").status, 404);
  // Who changed what stands in the log.
  EXPECT_EQ(books.log.tail(1).at(0).value.text, "net.inet.tcp.syncache.rexmtlimit: 3 -> 2 (user 0)");
}

TEST_F(ApiTest, writes_are_for_the_admin_socket_alone) {
  admin = false;
  for (const auto& [method, path] : {std::pair{"PUT", "/v1/sysctl/net.inet.tcp.rfc1323"},
                                     std::pair{"POST", "/v1/secrets/rotate"}, std::pair{"POST", "/v1/reload"}}) {
    const auto reply = ask(method, path, {}, "0");
    EXPECT_EQ(reply.status, 403) << path;
    EXPECT_EQ(error_of(reply), "only by the admin socket");
  }
  EXPECT_EQ(slot.read(reg::kSysctlRfc1323), 1U);
  EXPECT_EQ(slot.read(reg::kSecretStatus) >> 8 & 0xff, 0U);
}

TEST_F(ApiTest, what_is_not_there) {
  for (const auto* path : {"/", "/v1", "/v1/statu", "/v1/status/", "/v1/statusx", "/v1/key", ""}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(ask("POST", "/v1/status").status, 405);
  EXPECT_EQ(ask("PUT", "/v1/sysctl").status, 405);
  for (const auto& [path, key, value] :
       {std::tuple{"/v1/status", "x", "1"}, std::tuple{"/v1/log", "after", "-1"}, std::tuple{"/v1/log", "limit", "1e3"},
        std::tuple{"/v1/events", "after", ""}, std::tuple{"/v1/history", "last", "all"},
        std::tuple{"/v1/syncache", "format", "text"}, std::tuple{"/v1/explain", "format", "html"}}) {
    const auto reply = get(path, {{key, value}});
    EXPECT_EQ(reply.status, 400) << path;
    EXPECT_TRUE(error_of(reply).starts_with(std::string(key) + ": ")) << reply.body;
  }
}

TEST_F(ApiTest, services_in_the_order_of_the_table) {
  const auto services = get_json("/v1/services");
  ASSERT_EQ(services.size(), 3U);
  EXPECT_EQ(services[0], json::parse(R"({"address": "203.0.113.7", "port": 443, "mode": "protect", "owner": "root",
      "mss4": 1460, "mss6": 1440, "path_mss4": 0, "path_mss6": 0, "wscale": 6, "window": 64240, "ttl": 64, "tos": 0,
      "options": ["window_scale", "sack", "timestamps", "ecn"], "learned": false})"));
  EXPECT_EQ(services[2]["address"], "any");
  EXPECT_EQ(services[2]["owner"], "");
  EXPECT_EQ(services[2]["options"], json::parse(R"(["window_scale", "timestamps", "ecn"])"));
}

TEST_F(ApiTest, half_open_connections_are_shown_to_their_owners) {
  slot.syn("192.0.2.1", 1024, "203.0.113.7", 443);
  slot.syn("192.0.2.2", 1025, "203.0.113.8", 22);
  slot.syn("192.0.2.3", 1026, "198.51.100.1", 80);
  const auto locals = [this] {
    std::vector<std::string> list;
    for (const auto& entry : get_json("/v1/syncache")) {
      list.push_back(fmt::format("{}:{}", entry["local"].get<std::string>(), entry["lport"].get<int>()));
    }
    std::ranges::sort(list);
    return list;
  };
  using List = std::vector<std::string>;
  const List all{"198.51.100.1:80", "203.0.113.7:443", "203.0.113.8:22"};
  EXPECT_EQ(locals(), all);
  admin = false;
  EXPECT_EQ(locals(), List{"203.0.113.7:443"});
  uid = config->users.at("daemon");
  EXPECT_EQ(locals(), List{"203.0.113.8:22"});
  uid = 54321;
  EXPECT_EQ(locals(), List{});
  uid.reset();
  EXPECT_EQ(locals(), List{});
  admin = true;
  ASSERT_EQ(ask("PUT", "/v1/sysctl/net.inet.tcp.syncache.see_other", {}, "1").status, 200);
  admin = false;
  EXPECT_EQ(locals(), all);
  EXPECT_EQ(get_json("/v1/syncache", {{"limit", "2"}}).size(), 2U);
  const auto netstat = get("/v1/syncache", {{"format", "netstat"}});
  EXPECT_NE(netstat.body.find("203.0.113.8.22         192.0.2.2.1025         SYN_RCVD\n"), std::string::npos);
  EXPECT_NE(get("/v1/syncache", {{"format", "ss"}}).body.find("SYN-RECV 0      0 "), std::string::npos);
}

TEST_F(ApiTest, a_long_listing_has_each_entry_once_whoever_else_lists) {
  static constexpr std::uint16_t kEntries = 3 * Lister::kAtOnce + 8;
  // Under one key of three some bucket of this card would overflow; under this one the fullest holds 6 of its 8.
  Key table_key;
  table_key.bytes()[0] = 8;
  ASSERT_TRUE(slot.write_table_key(table_key));
  for (std::uint16_t i = 0; i < kEntries; ++i) {
    slot.syn("192.0.2.1", static_cast<std::uint16_t>(1024 + i));
  }
  const auto ports = [this](std::size_t limit) {
    std::set<int> found;
    const auto entries = get_json("/v1/syncache", {{"limit", std::to_string(limit)}});
    for (const auto& entry : entries) {
      found.insert(entry["fport"].get<int>());
    }
    EXPECT_EQ(found.size(), entries.size());
    return found.size();
  };
  ASSERT_EQ(slot.read(reg::kSyncacheCount), kEntries);
  EXPECT_EQ(ports(Lister::kAtOnce), Lister::kAtOnce);
  EXPECT_EQ(ports(Lister::kAtOnce + 1), Lister::kAtOnce + 1);
  std::vector<std::thread> readers;
  readers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&ports] {
      for (int n = 0; n < 10; ++n) {
        EXPECT_EQ(ports(1000), kEntries);
      }
    });
  }
  for (auto& reader : readers) {
    reader.join();
  }
}

TEST_F(ApiTest, the_log_by_numbers) {
  EXPECT_EQ(get_json("/v1/log"), json::parse(R"({"next": 1, "lines": []})"));
  for (int i = 1; i <= 5; ++i) {
    books.log.add({100.0 + i, LogLevel::warning, fmt::format("line {}", i)});
  }
  EXPECT_EQ(get_json("/v1/log", {{"limit", "1"}}),
            json::parse(R"({"next": 6, "lines": [{"n": 5, "time": 105.0, "level": "warning", "text": "line 5"}]})"));
  auto some = get_json("/v1/log", {{"after", "2"}, {"limit", "2"}});
  EXPECT_EQ(some["next"], 5);
  EXPECT_EQ(some["lines"][0]["n"], 3);
  EXPECT_EQ(get_json("/v1/log", {{"after", "5"}}), json::parse(R"({"next": 6, "lines": []})"));
  // A number of an earlier daemon.
  EXPECT_EQ(get_json("/v1/log", {{"after", "99"}})["lines"].size(), 5U);
}

TEST_F(ApiTest, the_log_is_waited_for_by_some_at_once) {
  std::atomic<std::size_t> answered = 0;
  std::atomic<std::size_t> refused = 0;
  std::vector<std::thread> readers;
  readers.reserve(Api::kMostWaiting + 2);
  for (std::size_t i = 0; i < Api::kMostWaiting + 2; ++i) {
    readers.emplace_back([this, &answered, &refused] {
      const auto reply = get("/v1/log", {{"after", "0"}, {"wait_s", "60"}});
      (reply.status == 200 ? answered : refused) += 1;
      EXPECT_TRUE(reply.status == 200 ? json::parse(reply.body)["lines"].size() == 1 : reply.status == 503);
    });
  }
  EXPECT_TRUE(eventually([&refused] { return refused == 2U; }));
  books.log.add({1, LogLevel::notice, "at last"});
  for (auto& reader : readers) {
    reader.join();
  }
  EXPECT_EQ(answered, Api::kMostWaiting);
}

TEST_F(ApiTest, events_as_a_run_writes_them) {
  LogEvent event;
  event.code = static_cast<unsigned>(reg::Event::cookie_failed);
  event.time = 12.5;
  event.foreign = parse_address("192.0.2.1");
  for (int i = 0; i < 3; ++i) {
    books.events.add(event);
  }
  const auto events = get_json("/v1/events", {{"after", "1"}, {"limit", "1"}});
  EXPECT_EQ(events["next"], 3);
  ASSERT_EQ(events["events"].size(), 1U);
  auto wanted = json::parse(to_json_line(event));
  wanted["n"] = 2;
  EXPECT_EQ(events["events"][0], wanted);
  const auto read_back = parse_json_lines(events["events"][0].dump(), "e");
  ASSERT_TRUE(read_back);
  EXPECT_TRUE((*read_back)[0].is(reg::Event::cookie_failed));
  EXPECT_EQ(get_json("/v1/events")["events"].size(), 3U);
  EXPECT_EQ(get_json("/v1/events", {{"after", "3"}}), json::parse(R"({"next": 4, "events": []})"));
}

/// What the public socket and TCP must not tell, in all that has addresses in it.
class ApiSecrecy : public ApiTest {
 protected:
  /// ACKs with a wrong number on half-open connections of two services: FreeBSD's line names ISS + 1.
  void SetUp() override {
    ASSERT_EQ(ask("PUT", "/v1/sysctl/net.inet.tcp.log_debug", {}, "1").status, 200);
    for (const auto& [foreign, local, port] : {std::tuple{kMine, "203.0.113.7", std::uint16_t{443}},
                                               std::tuple{kOthers, "203.0.113.8", std::uint16_t{22}}}) {
      slot.syn(foreign, 1024, local, port);
      slot.send(foreign, 1024, local, port, sim::tcp_flag::ack, 1001, 12345);
    }
    ASSERT_TRUE(eventually([this] { return books.events.last() >= 2 && books.log.last() >= 3; }));
    for (const auto& event : books.events.tail(10)) {
      ASSERT_EQ(event.value.args[0], 12345U);
      iss.push_back(std::to_string(event.value.args[1]));
    }
    admin = false;
  }
  /// All that can be read, as one text.
  std::string everything() {
    std::string text;
    for (const auto& [path, query] : std::initializer_list<std::pair<std::string, std::map<std::string, std::string>>>{
             {"/v1/log", {}},
             {"/v1/log", {{"after", "0"}}},
             {"/v1/log", {{"after", "0"}, {"wait_s", "1"}}},
             {"/v1/events", {}},
             {"/v1/events", {{"after", "0"}}},
             {"/v1/explain", {}},
             {"/v1/explain", {{"format", "text"}}},
             {"/v1/services", {}},
             {"/v1/status", {}},
             {"/v1/syncache", {}},
             {"/v1/history", {}},
             {"/metrics", {}}}) {
      const auto reply = get(path, query);
      EXPECT_EQ(reply.status, 200) << path << reply.body;
      text += reply.body;
    }
    return text;
  }
  static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

  static constexpr const char* kMine = "192.0.2.77";
  static constexpr const char* kOthers = "192.0.2.88";
  std::vector<std::string> iss;
};

TEST_F(ApiSecrecy, no_iss_and_no_other_argument_whoever_asks) {
  admin = true;
  ASSERT_EQ(ask("PUT", "/v1/sysctl/net.inet.tcp.syncache.see_other", {}, "1").status, 200);
  EXPECT_TRUE(has(everything(), iss[0]) && has(everything(), iss[1])) << "the admin sees them";
  admin = false;
  for (const auto who :
       {std::optional<std::uint32_t>(0), std::optional<std::uint32_t>(54321), std::optional<std::uint32_t>()}) {
    uid = who;
    const auto said = everything();
    for (const auto& secret :
         {iss[0], iss[1], std::string("12345,"), std::string("ACK 12345"), std::string("\"args\"")}) {
      EXPECT_FALSE(has(said, secret)) << secret;
    }
    EXPECT_TRUE(has(said, "ACK * != ISS+1 *, segment rejected"));
  }
}

TEST_F(ApiSecrecy, addresses_of_clients_for_owners_of_their_service_alone) {
  auto said = everything();  // root's, who owns the first service
  EXPECT_TRUE(has(said, kMine));
  EXPECT_FALSE(has(said, kOthers));
  uid = config->users.at("daemon");
  said = everything();
  EXPECT_FALSE(has(said, kMine));
  EXPECT_TRUE(has(said, kOthers));
  for (const auto who : {std::optional<std::uint32_t>(54321), std::optional<std::uint32_t>()}) {
    uid = who;
    said = everything();
    EXPECT_FALSE(has(said, kMine) || has(said, kOthers)) << said;
    // What is about no client is shown, and no line is waited for again and again.
    EXPECT_TRUE(has(said, "net.inet.tcp.log_debug: 0 -> 1"));
    EXPECT_EQ(get_json("/v1/log", {{"after", "0"}})["next"], books.log.last() + 1);
    EXPECT_EQ(get_json("/v1/events", {{"after", "0"}})["next"], books.events.last() + 1);
    EXPECT_EQ(get_json("/v1/services").size(), 0U);
  }
  admin = true;
  ASSERT_EQ(ask("PUT", "/v1/sysctl/net.inet.tcp.syncache.see_other", {}, "1").status, 200);
  admin = false;
  said = everything();
  EXPECT_TRUE(has(said, kMine) && has(said, kOthers));
}

TEST_F(ApiTest, who_waits_and_who_lists_leaves_the_admin_his_places) {
  // Two users wait as much as they may, and a fifth gets no place.
  admin = false;
  std::atomic<std::size_t> refused = 0;
  std::vector<std::thread> others;
  for (std::uint32_t user = 0; user < 3; ++user) {
    for (std::size_t i = 0; i < Api::kMostWaitingOfOne + 1; ++i) {
      others.emplace_back([this, &refused, user] {
        const auto reply =
            api->handle({"GET", "/v1/log", {{"after", "0"}, {"wait_s", "60"}}, {}, false, 1000 + user, {}});
        refused += reply.status == 503 ? 1 : 0;
      });
    }
  }
  EXPECT_TRUE(eventually([&refused] { return refused == 9 - Api::kMostWaiting; }));
  std::thread admins([this] {
    EXPECT_EQ(api->handle({"GET", "/v1/log", {{"after", "0"}, {"wait_s", "60"}}, {}, true, 0, {}}).status, 200);
  });
  books.log.add({1, LogLevel::notice, "at last"});
  admins.join();
  for (auto& other : others) {
    other.join();
  }
}

TEST_F(ApiTest, explains_what_it_has_seen) {
  for (std::uint16_t i = 0; i < 30; ++i) {
    slot.send("192.0.2.1", static_cast<std::uint16_t>(1024 + i), "203.0.113.7", 443, sim::tcp_flag::ack, 1, 2);
  }
  ASSERT_TRUE(eventually([this] { return books.events.last() >= 30; }));
  EXPECT_FALSE(get_json("/v1/explain").empty());
  EXPECT_NE(get("/v1/explain", {{"format", "text"}}).body.find("192.0.2.1"), std::string::npos);
}

TEST_F(ApiTest, advises_what_is_not_set_yet) {
  for (std::uint16_t i = 0; i < 30; ++i) {
    slot.send(fmt::format("192.0.2.{}", i + 1), 1024, "203.0.113.7", 443, sim::tcp_flag::ack, 1, 2);
  }
  ASSERT_TRUE(eventually([this] { return books.events.last() >= 30; }));
  const auto advised = [this] {
    return get("/v1/explain", {{"format", "text"}}).body.find("set net.synward.unknown_ack to drop") !=
           std::string::npos;
  };
  EXPECT_TRUE(advised());
  ASSERT_EQ(ask("PUT", "/v1/sysctl/net.synward.unknown_ack", {}, "drop").status, 200);
  EXPECT_FALSE(advised());
}

TEST_F(ApiTest, history_with_every_counter) {
  ASSERT_TRUE(eventually([this] { return !books.history.tail(1).empty(); }));
  const auto history = get_json("/v1/history", {{"last", "1"}});
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0]["counters"].size(), reg::kCounters);
  for (const auto& counter : reg::kCounterInfo) {
    EXPECT_TRUE(history[0]["counters"].contains(counter.name)) << counter.name;
  }
  EXPECT_EQ(history[0]["paused"], false);
  EXPECT_EQ(history[0]["entries"], 0);
  EXPECT_GT(history[0]["time"], 1.7e9);
  EXPECT_EQ(get("/v1/history", {{"last", "0"}}).body, "[]");
}

TEST_F(ApiTest, secrets_are_told_of_and_rotated) {
  const auto before = get_json("/v1/secrets");
  EXPECT_EQ(before["mode"], "random");
  EXPECT_EQ(before["rotations"], 0);
  EXPECT_EQ(before["missed"], 0);
  EXPECT_GT(before["next_s"], 0);
  EXPECT_FALSE(before.contains("epoch"));
  const auto after = ask("POST", "/v1/secrets/rotate");
  EXPECT_EQ(after.status, 200);
  EXPECT_EQ(json::parse(after.body)["rotations"], 1);
  EXPECT_EQ(slot.read(reg::kSecretStatus) >> 8 & 0xff, 1U);
  EXPECT_EQ(books.log.tail(1).at(0).value.text, "the cookie secret was rotated (user 0)");
}

TEST_F(ApiTest, reload_says_what_needs_a_restart) {
  reloaded = std::vector<std::string>{"[device]"};
  EXPECT_EQ(ask("POST", "/v1/reload").body, R"({"restart":["[device]"]})");
  EXPECT_EQ(reloader, "user 0");
  reloaded = Error{"d.toml:3: port: missing"};
  const auto refused = ask("POST", "/v1/reload");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(error_of(refused), "d.toml:3: port: missing");
}

TEST_F(ApiTest, without_a_card) {
  slot.pull();
  ASSERT_TRUE(eventually([this] { return get_json("/v1/status")["card"]["state"] == "lost"; }));
  const auto status = get_json("/v1/status");
  EXPECT_FALSE(status["card"]["why"].get<std::string>().empty());
  EXPECT_FALSE(status.contains("tables"));
  for (const auto& [method, path] :
       {std::pair{"GET", "/v1/stats"}, std::pair{"GET", "/v1/syncache"}, std::pair{"POST", "/v1/secrets/rekey"},
        std::pair{"POST", "/v1/secrets/rotate"}, std::pair{"GET", "/v1/sysctl/net.synward.flows"},
        std::pair{"PUT", "/v1/sysctl/net.inet.tcp.rfc1323"}}) {
    EXPECT_EQ(ask(method, path, {}, "1").status, 503) << path;
  }
  EXPECT_NE(get("/metrics").body.find("\nsynward_card_up 0\n"), std::string::npos);
  const auto list = get_json("/v1/sysctl");
  EXPECT_EQ(list.size(), SysctlTable::list().size());
  const auto flows = std::ranges::find_if(list, [](const json& one) { return one["name"] == "net.synward.flows"; });
  EXPECT_EQ((*flows)["value"], nullptr);
  EXPECT_EQ((*flows)["error"], "net.synward.flows: there is no card");
  EXPECT_EQ(get_json("/v1/secrets")["next_s"], nullptr);
}

TEST_F(ApiTest, an_explanation_counts_what_the_card_did_not_record) {
  ASSERT_EQ(ask("PUT", "/v1/sysctl/net.synward.event_limit", {}, "16").status, 200);
  for (std::uint16_t i = 0; i < 400; ++i) {
    slot.send("192.0.2.1", 2000, "203.0.113.7", 443, sim::tcp_flag::ack, 1, i);
    slot.send("198.51.100.1", 3000, "203.0.113.8", 22, sim::tcp_flag::ack, 1, i);
  }
  ASSERT_TRUE(eventually([this] { return get_json("/v1/status")["events"]["lost"].get<int>() > 0; }));
  ASSERT_TRUE(eventually([this] {
    std::uint64_t count = 0;
    for (const auto& finding : get_json("/v1/explain")) {
      count += finding["count"].get<std::uint64_t>();
    }
    return count == 800;
  })) << get_json("/v1/explain");
  const auto text = get("/v1/explain", {{"format", "text"}}).body;
  EXPECT_NE(text.find(" more were not recorded"), std::string::npos) << text;
  // The owner of one service hears of its share alone.
  admin = false;
  uid = 1;
  const auto share = get_json("/v1/explain");
  ASSERT_EQ(share.size(), 1U) << share;
  EXPECT_EQ(share[0]["port"], 22);
  EXPECT_GT(share[0]["not_recorded"], 100);
  EXPECT_LT(share[0]["count"], 700);
}

TEST_F(ApiTest, another_table_key_clears_the_tables_and_says_whom_it_drops) {
  const auto log = [this] {
    std::string lines;
    for (const auto& line : books.log.tail(100)) {
      lines += line.value.text + '\n';
    }
    return lines;
  };
  slot.syn("192.0.2.1", 1024);
  ASSERT_TRUE(eventually([this] { return get_json("/v1/status")["tables"]["entries"] == 1; }));
  uid = 1000;
  EXPECT_EQ(ask("POST", "/v1/secrets/rekey").body, R"({"cleared":true,"drops":false})");
  ASSERT_TRUE(eventually([this] { return get_json("/v1/status")["tables"]["entries"] == 0; }));
  EXPECT_NE(log().find("the tables have another key and were cleared (user 1000)"), std::string::npos) << log();
  // What learns nothing and passes nothing that it does not know drops what was in use.
  ASSERT_EQ(ask("PUT", "/v1/sysctl/net.synward.unknown_ack", {}, "drop").status, 200);
  slot.syn("192.0.2.1", 1024);
  const auto refused = ask("POST", "/v1/secrets/rekey");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(error_of(refused).find("connections in use would be dropped until their servers speak"), std::string::npos);
  EXPECT_EQ(json::parse(refused.body)["tip"], "set net.synward.flow_learn first, or force it");
  EXPECT_NE(log().find("the tables have no other key: connections in use would be dropped"), std::string::npos);
  ASSERT_TRUE(eventually([this] { return get_json("/v1/status")["tables"]["entries"] == 1; }));
  const auto forced = json::parse(ask("POST", "/v1/secrets/rekey", {{"force", "1"}}).body);
  EXPECT_EQ(forced["drops"], true);
  EXPECT_EQ(forced["warning"], "connections in use are dropped until their servers speak");
  ASSERT_TRUE(eventually([this] { return get_json("/v1/status")["tables"]["entries"] == 0; }));
  ASSERT_EQ(ask("PUT", "/v1/sysctl/net.synward.flow_learn", {}, "3").status, 200);
  EXPECT_EQ(ask("POST", "/v1/secrets/rekey").status, 200);
  EXPECT_EQ(ask("POST", "/v1/secrets/rekey", {{"force", "x"}}).status, 400);
  admin = false;
  EXPECT_EQ(ask("POST", "/v1/secrets/rekey").status, 403);
}

TEST_F(ApiTest, the_status_says_how_old_the_last_snapshot_is) {
  ASSERT_TRUE(eventually([this] { return !get_json("/v1/status")["history"]["age_s"].is_null(); }));
  const auto history = get_json("/v1/status")["history"];
  EXPECT_EQ(history["interval_s"], 1);
  EXPECT_LT(history["age_s"], 60);
  slot.pull();
  ASSERT_TRUE(eventually([this] { return get_json("/v1/status")["history"]["age_s"] > 1.5; }));
}

TEST_F(ApiTest, a_reload_that_the_thread_had_no_time_for_is_not_refused) {
  reloaded = Error{kThreadIsBehind};
  const auto behind = ask("POST", "/v1/reload");
  EXPECT_EQ(behind.status, 503);
  EXPECT_TRUE(behind.again);
  reloaded = Error{"d.toml:3: no"};
  EXPECT_EQ(ask("POST", "/v1/reload").status, 422);
}

TEST_F(ApiTest, a_thread_that_is_behind_is_not_waited_for) {
  std::atomic<bool> go_on = false;
  std::atomic<bool> busy = false;
  std::thread blocker([&] {
    thread->call(
        [&](CardKeeper&) {
          busy = true;
          while (!go_on) {
            std::this_thread::yield();
          }
          return 0;
        },
        std::chrono::minutes(1));
  });
  ASSERT_TRUE(eventually([&busy] { return busy.load(); }));
  const auto reply = get("/v1/status");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(error_of(reply), kThreadIsBehind);
  EXPECT_TRUE(reply.again);
  EXPECT_GT(thread->silent_for(), std::chrono::milliseconds(1000));
  go_on = true;
  blocker.join();
  EXPECT_TRUE(eventually([this] { return get("/v1/status").status == 200; }));
}

}  // namespace
}  // namespace synward
