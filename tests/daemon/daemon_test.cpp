// SPDX-License-Identifier: BSD-2-Clause
// synwardd as a process, before a simulated card in another.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon_fixture.hpp"

namespace synward::sim {
namespace {

using nlohmann::json;

TEST_F(DaemonTest, serves_until_it_is_told_to_end_and_the_card_goes_on) {
  start_daemon();
  const auto status = get("/v1/status");
  EXPECT_EQ((*status)["card"]["state"], "up");
  EXPECT_EQ((*status)["card"]["where"], folder.file("card.sock"));
  EXPECT_EQ((*status)["daemon"]["config"], config());
  EXPECT_EQ(stop_daemon(), 0) << daemon->output();
  EXPECT_FALSE(std::filesystem::exists(admin()));
  EXPECT_FALSE(std::filesystem::exists(folder.file("public.sock")));
  start_daemon();
  // The log's own thread writes it.
  EXPECT_TRUE(eventually([this] { return logged("the card was in service: its tables stay"); })) << daemon->output();
}

TEST_F(DaemonTest, an_attack_is_told_from_its_beginning_to_its_end) {
  card.reset();
  write_text(folder.file("flood.toml"), R"([scenario]
name = "flood"
duration_us = 60_000_000
[[card.service]]
address = "203.0.113.7"
port = 443
[[attacker]]
kind = "ack-flood"
rate_mpps = 0.005
start_us = 2_000_000
stop_us = 9_000_000
)");
  card = std::make_unique<Process>(std::vector<std::string>{SYNWARD_SIM, "serve", "--core", "ref", "--socket",
                                                            folder.file("card.sock"), "--traffic",
                                                            folder.file("flood.toml")});
  ASSERT_TRUE(card->says("Serving")) << card->output();
  const auto told = folder.file("told");
  // On a machine that is busy the simulated card is slow, and the rate by the wall's clock low.
  write_config(fmt::format(R"([log]
to = "{}"
[state]
folder = "{}"
[attack]
command = ["/bin/sh", "-c", "cat >> {}"]
quiet_s = 5
ack-flood = {{ floor = 1 }}
)",
                           folder.file("log"), folder.file("state"), told));
  start_daemon();
  const auto attacks = [this] { return get("/v1/attacks").value_or(json::array()); };
  ASSERT_TRUE(eventually([&] { return !attacks().empty(); })) << read_text(folder.file("log"));
  EXPECT_EQ(attacks()[0]["class"], "ack-flood");
  EXPECT_EQ((*get("/v1/status"))["attacks"].size(), 1U);
  Process tool({SYNWARD_TOOL, "--socket", admin(), "attack", "show", "1"});
  EXPECT_EQ(tool.wait(), 0);
  EXPECT_NE(tool.output().find("ACK flood (ACKs that fit nothing)"), std::string::npos) << tool.output();
  ASSERT_TRUE(eventually([&] { return attacks()[0]["state"] == "over"; })) << attacks();
  const auto attack = attacks()[0];
  const auto counted = (*get("/v1/stats"))["syncookies"]["spurious-cookies"].get<double>();
  EXPECT_GT(counted, 25'000);
  EXPECT_NEAR(attack["frames"].get<double>(), counted, 0.05 * counted);
  EXPECT_NEAR(attack["mean"].get<double>() * attack["duration_s"].get<double>(), counted, 0.05 * counted);
  EXPECT_EQ(attack["recorded"]["services"][0]["address"], "203.0.113.7");
  // The command got both, a line each.
  ASSERT_TRUE(eventually([&] { return read_text(told).find("\"event\":\"end\"") != std::string::npos; }));
  EXPECT_EQ(json::parse(read_text(told).substr(0, read_text(told).find('\n')))["event"], "begin");
  const auto log = read_text(folder.file("log"));
  EXPECT_NE(log.find("attack 1 begins: ACK flood, "), std::string::npos) << log;
  EXPECT_NE(log.find("attack 1 is over: ACK flood, "), std::string::npos) << log;
  // By the public socket, no address.
  httplib::Client everybody(folder.file("public.sock"));
  everybody.set_address_family(AF_UNIX);
  everybody.set_default_headers({{"Host", "localhost"}});
  const auto seen = everybody.Get("/v1/attacks/1");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->body.find("203.0.113.7"), std::string::npos) << seen->body;
  // And the next daemon knows it.
  EXPECT_EQ(stop_daemon(), 0);
  start_daemon();
  ASSERT_FALSE(attacks().empty());
  EXPECT_EQ(attacks()[0]["frames"], attack["frames"]);
}

TEST_F(DaemonTest, check_tells_its_health_as_monitoring_plugins_do) {
  const auto ran = [this](std::vector<std::string> options) {
    options.insert(options.begin(), {SYNWARD_TOOL, "--socket", folder.file("public.sock"), "check"});
    Process tool(options);
    const auto status = tool.wait();
    return std::pair(status.value_or(-1), tool.output());
  };
  EXPECT_EQ(ran({}).first, 2) << "no daemon";
  start_daemon();
  // Machines that are busy rotate late.
  ASSERT_TRUE(eventually([&] { return ran({}).first == 0; })) << ran({}).second;
  EXPECT_TRUE(ran({}).second.starts_with("SYNWARD OK - card up, ")) << ran({}).second;
  EXPECT_EQ(ran({"-w", "0", "-c", "1"}).first, 1) << "no table is emptier than 0";
  EXPECT_EQ(ran({"-w", "0", "-c", "0"}).first, 2);
  for (const auto& wrong : {std::vector<std::string>{"-w", "2"}, {"-w", "0.9", "-c", "0.8"}, {"--bogus"}, {"-w"}}) {
    const auto [status, output] = ran(wrong);
    EXPECT_EQ(status, 3) << output;
    EXPECT_TRUE(output.starts_with("SYNWARD UNKNOWN - ")) << output;
  }
  card.reset();
  EXPECT_TRUE(eventually([&] { return ran({}).second.starts_with("SYNWARD CRITICAL - the card is lost: "); }));
}

TEST_F(DaemonTest, all_errors_of_a_file_are_told_at_once) {
  write_config("[attack]\nfactor = 0\nquiet_s = 0\n");
  Process check({SYNWARDD, "--config", config(), "--check"});
  EXPECT_EQ(check.wait(), EX_CONFIG);
  const auto wrong = fmt::format("{}:", config());
  EXPECT_EQ(check.output(), fmt::format("synwardd: {0}11: factor: 0 is out of range, allowed 1.5..100\n"
                                        "synwardd: {0}12: quiet_s: 0 is out of range, allowed 5..3600\n",
                                        wrong));
  write_config("");
  start_daemon();
  write_config("[attack]\nfactor = 0\nquiet_s = 0\n");
  Process reload({SYNWARD_TOOL, "--socket", admin(), "reload"});
  EXPECT_EQ(reload.wait(), 1);
  EXPECT_EQ(reload.output(), fmt::format("synward: {0}11: factor: 0 is out of range, allowed 1.5..100\n"
                                         "synward: {0}12: quiet_s: 0 is out of range, allowed 5..3600\n",
                                         wrong));
}

TEST_F(DaemonTest, the_tools_json_is_the_daemons_and_errors_are_json_too) {
  start_daemon();
  const auto ran = [this](const std::vector<std::string>& words, int status) {
    std::vector<std::string> command{SYNWARD_TOOL, "--socket", admin()};
    command.insert(command.end(), words.begin(), words.end());
    Process tool(command);
    EXPECT_EQ(tool.wait(), status);
    return tool.output();
  };
  EXPECT_TRUE(ran({"secrets", "status", "--json"}, 0).starts_with("{\n  \"mode\": \"random\",\n  \"age_s\": "));
  EXPECT_EQ(json::parse(ran({"attack", "show", "7", "--json"}, 1))["error"], "7: there is no such attack");
  EXPECT_EQ(ran({"attack", "show", "7"}, 1), "synward: 7: there is no such attack\n");
  write_config("[attack]\nfactor = 0\nquiet_s = 0\n");
  const auto reload = json::parse(ran({"reload", "--json"}, 1));
  EXPECT_NE(reload["error"].get<std::string>().find("factor"), std::string::npos) << reload;
  EXPECT_EQ(reload["more"].size(), 1U);
  EXPECT_EQ(json::parse(ran({"list", "--json", "--ss"}, 1))["error"], "list: --json and --ss exclude each other");
}

TEST_F(DaemonTest, one_at_a_time_and_after_a_sudden_end_again) {
  start_daemon();
  Process second({SYNWARDD, "--config", config()});
  EXPECT_EQ(second.wait(), 1);
  EXPECT_EQ(second.output(), fmt::format("synwardd: {}: another synwardd listens there\n", admin()));
  EXPECT_TRUE(get("/v1/status"));
  EXPECT_EQ(stop_daemon(SIGKILL), 128 + SIGKILL);
  EXPECT_TRUE(std::filesystem::exists(admin()));
  start_daemon();
}

TEST_F(DaemonTest, reads_its_file_again_on_sighup) {
  write_config(fmt::format("[log]\nto = \"{}\"\n", folder.file("log")));
  start_daemon();
  ASSERT_TRUE(client().Put("/v1/sysctl/net.inet.icmp.icmplim", "7", "text/plain"));
  std::filesystem::rename(folder.file("log"), folder.file("log.1"));
  write_config(fmt::format("[log]\nto = \"{}\"\n[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = 1\n[device]\n",
                           folder.file("log")));
  ASSERT_EQ(kill(daemon->pid(), SIGHUP), 0);
  // A file that is wrong changes nothing, and the log goes on where it belongs all the same.
  ASSERT_TRUE(eventually([this] {
    return std::filesystem::exists(folder.file("log")) &&
           read_text(folder.file("log")).find("not reloaded: ") != std::string::npos;
  }));
  EXPECT_EQ(get("/v1/sysctl/net.inet.tcp.syncache.rexmtlimit").value_or(json())["value"], "3");
  write_config(
      fmt::format("[log]\nto = \"{}\"\n[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = 1\n", folder.file("log")));
  ASSERT_EQ(kill(daemon->pid(), SIGHUP), 0);
  ASSERT_TRUE(eventually(
      [this] { return get("/v1/sysctl/net.inet.tcp.syncache.rexmtlimit").value_or(json())["value"] == "1"; }));
  EXPECT_EQ(get("/v1/sysctl/net.inet.icmp.icmplim").value_or(json())["value"], "7");
  EXPECT_TRUE(eventually([this] {
    return std::filesystem::exists(folder.file("log")) &&
           read_text(folder.file("log")).find("reloaded " + config()) != std::string::npos;
  }));
  EXPECT_EQ(stop_daemon(), 0);
}

TEST_F(DaemonTest, settings_outlive_a_sudden_end_and_those_that_were_saved_every_end) {
  const auto state = folder.file("state");
  write_config(fmt::format("[state]\nfolder = \"{}\"\n[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = 5\n", state));
  start_daemon();
  const auto sysctl = [this](const std::string& argument, const std::string& more = "") {
    std::vector<std::string> words{SYNWARD_TOOL, "--socket", admin(), "sysctl", argument};
    if (!more.empty()) {
      words.push_back(more);
    }
    Process tool(words);
    const auto status = tool.wait().value_or(-1);
    return fmt::format("{} {}", status, tool.output());
  };
  const auto value = [this](const std::string& name) { return get("/v1/sysctl/" + name).value_or(json())["value"]; };
  EXPECT_EQ(sysctl("net.synward.unknown_ack=drop"), "0 net.synward.unknown_ack: pass -> drop\n");
  EXPECT_EQ(sysctl("net.inet.tcp.syncache.rexmtlimit=2"), "0 net.inet.tcp.syncache.rexmtlimit: 5 -> 2\n");
  const auto kept = read_text(state + "/in-force.toml");
  // Killed: what was in force is in force, without a word of anybody.
  EXPECT_EQ(stop_daemon(SIGKILL), 128 + SIGKILL);
  start_daemon();
  EXPECT_EQ(value("net.synward.unknown_ack"), "drop");
  EXPECT_EQ(value("net.inet.tcp.syncache.rexmtlimit"), "2");
  EXPECT_TRUE(eventually([this] {
    return logged(
               "the last daemon did not end in order, its settings are in force: "
               "net.inet.tcp.syncache.rexmtlimit=2, net.synward.unknown_ack=drop") ||
           logged("its settings are in force: net.synward.unknown_ack=drop, net.inet.tcp.syncache.rexmtlimit=2");
  })) << daemon->output();
  // Ended in order: the file's again.
  EXPECT_EQ(stop_daemon(), 0);
  start_daemon();
  EXPECT_EQ(value("net.synward.unknown_ack"), "pass");
  EXPECT_EQ(value("net.inet.tcp.syncache.rexmtlimit"), "5");
  // Saved: for good.
  EXPECT_EQ(sysctl("net.inet.tcp.syncookies_only=1", "--save"),
            fmt::format("0 net.inet.tcp.syncookies_only: 0 -> 1\nsaved in {}/sysctl.toml\n", state));
  EXPECT_EQ(stop_daemon(), 0);
  start_daemon();
  EXPECT_EQ(value("net.inet.tcp.syncookies_only"), "1");
  for (const auto& text : {kept, read_text(state + "/sysctl.toml")}) {
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  }
}

TEST_F(DaemonTest, says_why_settings_cannot_be_saved) {
  start_daemon();
  const auto save = [this] {
    Process tool({SYNWARD_TOOL, "--socket", admin(), "sysctl", "net.inet.tcp.syncookies=0", "--save"});
    EXPECT_EQ(tool.wait(), 1);
    return tool.output();
  };
  EXPECT_NE(save().find("sysctl: not saved: there is no state folder"), std::string::npos) << save();
  EXPECT_EQ(stop_daemon(), 0);
  write_text(folder.file("file"), "");
  write_config(fmt::format("[state]\nfolder = \"{}\"\n", folder.file("file")));
  start_daemon();
  EXPECT_NE(save().find("sysctl: not saved: " + folder.file("file")), std::string::npos) << save();
  EXPECT_EQ(stop_daemon(), 0);
  // What somebody broke is said, and is no reason not to start.
  write_config(fmt::format("[state]\nfolder = \"{}\"\n", folder.file("state")));
  std::filesystem::create_directory(folder.file("state"));
  write_text(folder.file("state/sysctl.toml"), "[sysctl]\n\"net.inet.tcp.nothing\" = 1\n");
  start_daemon();
  EXPECT_TRUE(eventually([this] { return logged("not taken: " + folder.file("state/sysctl.toml") + ":2: "); }))
      << daemon->output();
}

TEST_F(DaemonTest, a_pipe_or_a_device_as_its_file_ends_in_one_line) {
  write_text(folder.file("x"), "");
  std::filesystem::remove(folder.file("x"));
  ASSERT_EQ(mkfifo(folder.file("x").c_str(), 0600), 0);
  for (const auto& path : {folder.file("x"), std::string("/dev/zero")}) {
    Process failing({SYNWARDD, "--config", path});
    EXPECT_EQ(failing.wait(), EX_CONFIG);
    EXPECT_EQ(failing.output(), fmt::format("synwardd: {}: is not a regular file\n", path));
  }
  write_config(fmt::format("[log]\nto = \"{}\"\n", folder.file("x")));
  Process failing({SYNWARDD, "--config", config()});
  EXPECT_EQ(failing.wait(), 1);
  EXPECT_EQ(failing.output(), fmt::format("synwardd: {}: is not a regular file\n", folder.file("x")));
}

TEST_F(DaemonTest, sees_the_card_go_and_come_back) {
  start_daemon();
  ASSERT_TRUE(client().Put("/v1/sysctl/net.inet.tcp.rfc1323", "2", "text/plain"));
  card.reset();
  ASSERT_TRUE(eventually([this] { return get("/v1/status").value_or(json())["card"]["state"] == "lost"; }));
  start_card();
  ASSERT_TRUE(eventually([this] { return get("/v1/status").value_or(json())["card"]["state"] == "up"; }));
  EXPECT_EQ(get("/v1/sysctl/net.inet.tcp.rfc1323").value_or(json())["value"], "2");
  EXPECT_TRUE(eventually([this] { return logged("the card is there again and has been set up anew"); }));
}

TEST_F(DaemonTest, says_in_one_line_what_is_wrong) {
  card.reset();
  struct Case {
    int status;
    std::string text, said;
  };
  for (const auto& [status, text, said] :
       {Case{EX_CONFIG, "[device\n", config() + ":1: "},
        Case{EX_CONFIG, "[device]\nbackend = \"sim\"\n[[service]]\naddress = \"any\"\nport = 1\n",
             config() + ":1: socket: missing"},
        Case{1,
             fmt::format("[device]\nbackend = \"sim\"\nsocket = \"{}\"\n[[service]]\naddress = \"any\"\nport = 1\n"
                         "[api]\nadmin = \"{}\"\npublic = \"{}\"\n",
                         folder.file("nowhere"), admin(), folder.file("p")),
             folder.file("nowhere") + ": "}}) {
    write_text(config(), text);
    Process failing({SYNWARDD, "--config", config()});
    EXPECT_EQ(failing.wait(), status);
    const auto output = failing.output();
    EXPECT_TRUE(output.starts_with("synwardd: ")) << output;
    EXPECT_NE(output.find(said), std::string::npos) << output;
    EXPECT_EQ(std::ranges::count(output, '\n'), 1) << output;
  }
}

TEST_F(DaemonTest, a_file_that_everybody_can_change_is_refused) {
  ASSERT_EQ(chmod(config().c_str(), 0666), 0);
  Process failing({SYNWARDD, "--config", config()});
  EXPECT_EQ(failing.wait(), EX_CONFIG);
  EXPECT_EQ(failing.output(), fmt::format("synwardd: {}: everybody could change it (chmod o-w FILE)\n", config()));
}

TEST_F(DaemonTest, check_reads_the_file_and_touches_nothing) {
  Process right({SYNWARDD, "--check", "--config", config()});
  EXPECT_EQ(right.wait(), 0);
  EXPECT_EQ(right.output(), config() + ": right\n");
  EXPECT_FALSE(std::filesystem::exists(admin()));
  write_config("[history]\nkeep = 0\n");
  Process wrong({SYNWARDD, "--check", "--config", config()});
  EXPECT_EQ(wrong.wait(), EX_CONFIG);
  EXPECT_NE(wrong.output().find("keep: "), std::string::npos);
}

TEST_F(DaemonTest, check_finds_what_a_start_would_refuse) {
  for (const auto& [more, said] :
       {std::pair<std::string, std::string>{
            "[secrets]\nmode = \"fleet\"\nmaster_key_file = \"/nokey\"\nepoch_s = 20\nskew_s = 2.5\n", "/nokey: "},
        {"[log]\nto = \"/nowhere/log\"\n", "/nowhere/log: No such file or directory"},
        {fmt::format("[log]\nto = \"{}\"\n", folder.file("")), "is not a regular file"}}) {
    write_config(more);
    Process wrong({SYNWARDD, "--check", "--config", config()});
    EXPECT_EQ(wrong.wait(), EX_CONFIG) << more;
    EXPECT_NE(wrong.output().find(said), std::string::npos) << wrong.output();
    EXPECT_EQ(std::ranges::count(wrong.output(), '\n'), 1) << wrong.output();
  }
}

TEST_F(DaemonTest, a_wrong_option_ends_in_one_line_and_is_not_tried_again) {
  for (const auto& [program, name] : {std::pair{SYNWARDD, "synwardd: "}, std::pair{SYNWARD_TOOL, "synward: "}}) {
    Process wrong({program, "--bogus"});
    EXPECT_EQ(wrong.wait(), EX_USAGE);
    EXPECT_TRUE(wrong.output().starts_with(name)) << wrong.output();
    EXPECT_EQ(std::ranges::count(wrong.output(), '\n'), 1) << wrong.output();
  }
  Process verb({SYNWARD_TOOL, "statu"});
  EXPECT_EQ(verb.wait(), EX_USAGE);
  EXPECT_EQ(verb.output(), "synward: statu: there is no such verb; see synward --help\n");
  Process sim({SYNWARD_TOOL, "--socket", "/x", "sim", "run"});
  EXPECT_EQ(sim.wait(), EX_USAGE);
  Process below({SYNWARD_TOOL, "--socket", "/x", "bypass", "onn"});
  EXPECT_EQ(below.wait(), EX_USAGE);
  EXPECT_EQ(below.output(), "synward: bypass onn: there is no such verb; see synward --help\n");
  EXPECT_NE(read_text(PROJECT_ROOT "/host/systemd/synwardd.service.in").find("RestartPreventExitStatus=64 78"),
            std::string::npos);
}

TEST_F(DaemonTest, a_configuration_without_a_card_is_no_failure_of_the_unit) {
  const auto configured = [](const std::string& path) {
    Process process({SYNWARDD, "--configured", "--config", path});
    const auto status = process.wait().value_or(-1);
    return fmt::format("{} {}", status, process.output());
  };
  EXPECT_EQ(configured(config()), "0 ");
  write_text(config(), "[[service]]\naddress = \"any\"\nport = 443\n");
  EXPECT_EQ(
      configured(config()),
      fmt::format("1 synwardd: {}: no [device] yet: say there which card, then start synwardd again\n", config()));
  // What is wrong is for the start to say.
  write_text(config(), "bogus = ");
  EXPECT_EQ(configured(config()), "0 ");
  EXPECT_EQ(configured("/nowhere.toml").substr(0, 28), "1 synwardd: /nowhere.toml: t");
}

TEST_F(DaemonTest, the_tool_says_what_a_restart_is_needed_for_and_when_the_card_is_lost) {
  start_daemon();
  const auto tool = [this](std::vector<std::string> words) {
    words.insert(words.begin(), {SYNWARD_TOOL, "--config", config()});
    Process process(words);
    const auto status = process.wait().value_or(-1);
    return fmt::format("{} {}", status, process.output());
  };
  EXPECT_EQ(tool({"reload"}), "0 ");
  write_config("tcp = \"127.0.0.1:1\"\n");
  EXPECT_EQ(tool({"reload"}), "0 synward: a restart is needed for [api]\n");
  EXPECT_EQ(tool({"status"}).substr(0, 2), "0 ");
  card.reset();
  ASSERT_TRUE(eventually([this] { return get("/v1/status").value_or(json())["card"]["state"] == "lost"; }));
  const auto status = tool({"status"});
  EXPECT_EQ(status.substr(0, 2), "2 ");
  EXPECT_EQ(status.find("pause"), std::string::npos) << status;
  Process full({"sh", "-c", fmt::format("SYNWARD_SOCKET= {} --config {} services >/dev/full", SYNWARD_TOOL, config())});
  EXPECT_EQ(full.wait(), 1);
  EXPECT_EQ(full.output(), "synward: standard output: No space left on device\n");
  EXPECT_EQ(tool({"sysctl", "-n", "net.inet.tcp.syncache.count"}),
            "1 sysctl: net.inet.tcp.syncache.count: there is no card\n");
}

TEST_F(DaemonTest, who_follows_the_log_lives_through_a_restart) {
  start_daemon();
  Process follower({SYNWARD_TOOL, "--socket", admin(), "log", "-f"});
  ASSERT_TRUE(client().Put("/v1/sysctl/net.inet.icmp.icmplim", "7", "text/plain"));
  ASSERT_TRUE(follower.says("net.inet.icmp.icmplim: 200 -> 7")) << follower.output();
  ASSERT_EQ(stop_daemon(), 0);
  ASSERT_TRUE(follower.says("waiting for it")) << follower.output();
  start_daemon();
  ASSERT_TRUE(client().Put("/v1/sysctl/net.inet.icmp.icmplim", "8", "text/plain"));
  EXPECT_TRUE(follower.says("net.inet.icmp.icmplim: 200 -> 8")) << follower.output();
}

TEST_F(DaemonTest, nothing_that_it_says_holds_a_key) {
  const std::string key(64, 'd');
  write_text(folder.file("fleet.key"), key);
  std::filesystem::permissions(folder.file("fleet.key"), std::filesystem::perms::owner_read);
  write_config(
      fmt::format("[sysctl]\n\"net.inet.tcp.log_debug\" = 1\n[secrets]\nmode = \"fleet\"\n"
                  "master_key_file = \"{}\"\nepoch_s = 10\nskew_s = 2.5\n",
                  folder.file("fleet.key")));
  start_daemon();
  std::string said;
  for (const auto* path : {"/v1/status", "/v1/secrets", "/v1/stats", "/metrics", "/v1/sysctl", "/v1/services",
                           "/v1/log", "/v1/events", "/v1/explain", "/v1/history"}) {
    const auto reply = client().Get(path);
    ASSERT_TRUE(reply) << path;
    EXPECT_EQ(reply->status, 200) << path;
    said += reply->body;
  }
  EXPECT_EQ(get("/v1/secrets").value_or(json())["mode"], "fleet");
  EXPECT_EQ(get("/v1/secrets").value_or(json())["skew_s"], 2.5);
  EXPECT_GT(get("/v1/secrets").value_or(json())["epoch"], 100'000'000);
  EXPECT_EQ(client().Post("/v1/secrets/rotate")->status, 409);
  ASSERT_EQ(stop_daemon(), 0);
  said += daemon->output();
  for (const auto& part : {key.substr(0, 8), std::string(4, '\xdd')}) {
    EXPECT_EQ(said.find(part), std::string::npos);
  }
}

}  // namespace
}  // namespace synward::sim
