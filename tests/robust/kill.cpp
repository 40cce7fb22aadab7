// SPDX-License-Identifier: BSD-2-Clause
// Kills the daemon, its card and its clients at random moments. Each time everything is up again soon, as it was.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

#include "common/rng.hpp"
#include "host_rig.hpp"
#include "synward/card.hpp"
#include "synward/counters.hpp"
#include "synward/registers.hpp"
#ifdef HAVE_XRT
#include "hwemu_rig.hpp"
#endif

namespace synward::test {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kConfig = R"([secrets]
rotate_s = 2
[[service]]
address = "203.0.113.7"
port = 443
[[service]]
address = "2001:db8::7"
port = 80
mode = "drop"
[sysctl]
"net.inet.tcp.syncache.rexmtlimit" = 2
"net.synward.unknown_ack" = "drop"
)";

constexpr const char* kTraffic = R"([scenario]
duration_us = 1_000_000
[[card.service]]
address = "203.0.113.7"
port = 443
[[attacker]]
kind = "syn-flood"
rate_mpps = 0.0003
[[clients]]
rate_per_s = 30
rtt_us = 20_000
)";

/// What an operator sets while the daemon runs, and what the configuration does not say.
constexpr const char* kRunTime = "net.inet.icmp.icmplim";

struct Options {
  unsigned times = 100;
  std::uint64_t seed = std::random_device{}();
};

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

void expect(bool good, const std::string& otherwise) {
  if (!good) {
    fail(otherwise);
  }
}

class Killer {
 public:
  explicit Killer(const Options& options) : options_(options), rng_(options.seed) {}

  void run() {
    rig_.start_card();
    rig_.start_daemon();
    services_ = get("/v1/services");
    configured_ = sysctls();
    for (unsigned i = 1; i <= options_.times && !told_to_end(); ++i) {
      const auto start = Clock::now();
      const auto what = kill_something();
      const std::chrono::duration<double> took = Clock::now() - start;
      longest_ = std::max(longest_, took.count());
      fmt::print(stderr, "kill {}: {}: up again, {:.2f} s\n", i, what, took.count());
    }
  }

  std::string report() const {
    auto text = fmt::format("killed: {} daemons, {} cards, {} clients; longest round {:.2f} s", daemons_, cards_,
                            clients_, longest_);
#ifdef HAVE_XRT
    text += fmt::format("; under hw_emu {} simulators, {} daemons", hwemu_.simulators, hwemu_.daemons);
#endif
    return text;
  }

 private:
  std::string kill_something() {
    const auto dice = rng_.below(10);
    if (dice < 4) {
      kill_daemon();
      return "the daemon";
    }
    if (dice < 6) {
      kill_card();
      return "the card";
    }
#ifdef HAVE_XRT
    if (dice == 9) {
      return "under hw_emu, " + hwemu_.kill_something(rng_);
    }
#endif
    return "a client: " + kill_client();
  }

  void wait_a_moment() { std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<int>(rng_.below(400)))); }

  static void kill_now(sim::Process& process) {
    expect(kill(process.pid(), SIGKILL) == 0, "nobody to kill");
    expect(process.wait() == 128 + SIGKILL, "killed, but it does not end");
  }

  Json get(const std::string& path) {
    tool::ApiClient client(rig_.admin());
    auto json = client.get_json(path);
    expect(static_cast<bool>(json), path + ": no answer");
    return std::move(*json);
  }

  /// Values by name; what shows a state is left out.
  std::map<std::string, std::string> sysctls() {
    std::map<std::string, std::string> values;
    for (const auto& one : get("/v1/sysctl")) {
      if (one.at("writable") == true || one.at("tunable") == true) {
        values[one.at("name")] = one.at("value");
      }
    }
    return values;
  }

  void expect_card_protects() {
    const auto card = rig_.open_card();
    auto identified = Card::identify(*card);
    expect(identified && identified->read_secrets().all_loaded, "the card's secrets are not loaded");
    expect_traffic(*card);
  }

  static void expect_traffic(Device& card) {
    const auto before = read_counters(card)[reg::Counter::answered];
    expect(comes_true([&] { return read_counters(card)[reg::Counter::answered] > before; }), "the card does not go on");
    expect(!card.fault(), "the card does not go on: a fault");
  }

  void expect_as_before(const std::map<std::string, std::string>& wanted) {
    expect(comes_true([this] {
             tool::ApiClient client(rig_.admin());
             const auto status = client.get_json("/v1/status");
             return status && status->at("card").at("state") == "up";
           }),
           "the card is not up again");
    expect(get("/v1/services") == services_, "other services than before");
    expect(sysctls() == wanted, "other sysctls than before");
    expect_card_protects();
    tool::ApiClient everyone(rig_.everyone());
    expect(everyone.get_json("/v1/stats").operator bool(), "the public socket does not answer");
  }

  void kill_daemon() {
    wait_a_moment();
    kill_now(rig_.daemon());
    expect_traffic(*rig_.open_card());
    rig_.start_daemon();
    // What was set at run time has gone with it.
    expect_as_before(configured_);
    ++daemons_;
  }

  void kill_card() {
    tool::ApiClient client(rig_.admin());
    const auto set = client.put(std::string("/v1/sysctl/") + kRunTime, std::to_string(rng_.between(1, 1000)));
    expect(set && set->status == 200, "a sysctl is not taken");
    const auto wanted = sysctls();
    wait_a_moment();
    kill_now(rig_.card());
    expect(comes_true([this] { return get("/v1/status").at("card").at("state") == "lost"; }),
           "nobody says that the card is lost");
    expect(get("/v1/log").dump().find("the card is lost: ") != std::string::npos, "the log does not say it");
    expect(client.get("/v1/stats")->status == 503, "there are figures of a card that is lost");
    wait_a_moment();
    rig_.start_card();
    expect_as_before(wanted);
    ++cards_;
  }

  std::string kill_client() {
    static const std::vector<std::vector<std::string>> kCommands{
        {"top", "-b", "-n", "1000"}, {"log", "-f"}, {"list"}, {"stats", "--json"}, {"sysctl", "-a"}, {"explain"}};
    const auto& command = rng_.pick(kCommands);
    std::vector<std::string> line{SYNWARD_TOOL, "--socket", rng_.bit() ? rig_.admin() : rig_.everyone()};
    line.insert(line.end(), command.begin(), command.end());
    {
      sim::Process client(line);
      wait_a_moment();
      kill(client.pid(), SIGKILL);
      expect(client.wait().has_value(), "a client does not end");
    }
    ++clients_;
    // Other clients see nothing of it.
    const auto status = get("/v1/status");
    expect(status.at("card").at("state") == "up", "a client took the card along");
    expect(get("/v1/services") == services_, "other services than before");
    return command[0];
  }

  Options options_;
  Rng rng_;
  HostRig rig_{kConfig, kTraffic};
#ifdef HAVE_XRT
  HwemuRig hwemu_;
#endif
  Json services_;
  std::map<std::string, std::string> configured_;
  unsigned daemons_ = 0, cards_ = 0, clients_ = 0;
  double longest_ = 0;
};

int run(const Options& options) {
  catch_signals();
  fmt::print(stderr, "kill: --seed {}\n", options.seed);
  Killer killer(options);
  try {
    killer.run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "kill: FAILED: {} (--seed {})\n", error.what(), options.seed);
    return 1;
  }
  fmt::print("{}\n", killer.report());
  return told_to_end() ? 1 : 0;
}

}  // namespace
}  // namespace synward::test

int main(int argc, char** argv) {
  CLI::App app{"Kills a daemon, its simulated card and its clients again and again", "synward-kill"};
  synward::test::Options options;
  app.add_option("--times", options.times, "How often")->check(CLI::Range(1, 100'000))->capture_default_str();
  app.add_option("--seed", options.seed, "Of the random moments; default: another one each time");
  CLI11_PARSE(app, argc, argv);
  return synward::test::run(options);
}
