// SPDX-License-Identifier: BSD-2-Clause
// A daemon on a card in a flood, asked by many clients at once for as long as wanted: nothing fails, nothing is missed,
// nothing grows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <thread>

#include "budget.hpp"
#include "common/rng.hpp"
#include "event_book.hpp"
#include "host_rig.hpp"
#include "latencies.hpp"
#include "log_book.hpp"
#include "process_memory.hpp"
#include "synward/counters.hpp"
#include "synward/event.hpp"
#include "tail.hpp"

namespace synward::test {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kTick{100};

constexpr const char* kConfig = R"([[service]]
address = "203.0.113.7"
port = 443
[secrets]
rotate_s = 1
[sysctl]
"net.inet.tcp.log_debug" = 1
"net.inet.tcp.syncache.see_other" = 1
)";

// Bursts: every two seconds the flood pauses.
constexpr const char* kTraffic = R"([scenario]
duration_us = 2_000_000
[[card.service]]
address = "203.0.113.7"
port = 443
[[attacker]]
kind = "syn-flood"
rate_mpps = 0.0008
stop_us = 1_200_000
[[attacker]]
kind = "ack-flood"
rate_mpps = 0.0004
stop_us = 1_200_000
[[attacker]]
kind = "malformed"
rate_mpps = 0.0012
stop_us = 1_200_000
[[clients]]
rate_per_s = 30
rtt_us = 20_000
stop_us = 1_200_000
)";

struct Options {
  int seconds = 60;
  unsigned clients = 50;
  bool judge = true;  ///< what a machine that is busy spoils
  std::string json;
};

/// What all clients share.
struct Results {
  Latencies latencies;
  std::mutex mutex;
  std::vector<std::string> failures;
  std::atomic<std::uint64_t> failed = 0, repeated = 0, writes = 0, lines_lost = 0;

  void fail(const std::string& what) {
    ++failed;
    const std::lock_guard lock(mutex);
    constexpr std::size_t kShown = 10;
    if (failures.size() < kShown) {
      failures.push_back(what);
    }
  }
};

/// Somebody who asks ten times a second.
class Client {
 public:
  Client(const HostRig& rig, unsigned number, bool judge, Results& results)
      : admin_(number % 2 == 0),
        judge_(judge),
        api_(admin_ ? rig.admin() : rig.everyone()),
        rng_(Budget::seed() + number),
        results_(results) {}

  void run(Clock::time_point end) {
    Clock::time_point next = Clock::now() + std::chrono::milliseconds(static_cast<int>(rng_.below(100)));
    while (Clock::now() < end && !told_to_end()) {
      std::this_thread::sleep_until(next);
      ask();
      // Who was late does not catch up: this is a load, not a measurement of one.
      next = std::max(next + kTick, Clock::now());
    }
    results_.lines_lost += log_.lost();
  }

 private:
  void ask() {
    const auto dice = rng_.below(100);
    if (dice < 40) {
      get("/v1/stats");
    } else if (dice < 65) {
      get("/v1/status");
    } else if (dice < 92) {
      if (const auto reply = get(log_.path())) {
        const auto problem = log_.take(*reply);
        if (!problem.empty()) {
          results_.fail(problem);
        }
      }
    } else if (dice < 97 || !admin_) {
      get(dice < 95 ? "/metrics" : "/v1/sysctl");
    } else {
      ++results_.writes;
      timed("PUT", [this] { return api_.put("/v1/sysctl/net.inet.icmp.icmplim", std::to_string(rng_.below(1000))); });
    }
  }

  std::optional<std::string> get(const std::string& path) {
    return timed(path, [this, &path] { return api_.get(path); });
  }

  template <typename Request>
  std::optional<std::string> timed(const std::string& what, Request request) {
    const auto start = Clock::now();
    auto reply = request();
    // A machine that has too much else to do may make the daemon ask for patience.
    const int most = judge_ ? 3 : 100;
    for (int tries = 1; tries < most && reply && reply->status == 503; ++tries) {
      ++results_.repeated;
      std::this_thread::sleep_for(kTick);
      reply = request();
    }
    results_.latencies.add(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    if (!reply || reply->status != 200) {
      results_.fail(fmt::format("{}: {}", what, reply ? tool::error_of(*reply).text : reply.error().text));
      return std::nullopt;
    }
    return std::move(reply->body);
  }

  bool admin_;
  bool judge_;
  tool::ApiClient api_;
  Rng rng_;
  Results& results_;
  Tail log_{"/v1/log", "lines"};
};

/// Events that a counter of the card counts too, one for one.
std::map<std::string, std::uint64_t> counted(const Counters& counters) {
  using enum reg::Drop;
  std::map<std::string, std::uint64_t> all{{"ack_spurious", counters[reg::Counter::spurcookie]},
                                           {"cookie_failed", counters[reg::Counter::failcookie]}};
  for (const auto drop : {syn_missing, syn_ack_invalid, link_multicast, self_connect, bad_address}) {
    const auto& info = reg::kCounterInfo[reg::kFirstDrop + static_cast<std::size_t>(drop)];
    all[std::string(info.name).substr(std::string_view("drop_").size())] = counters.drop(drop);
  }
  return all;
}

/// Takes all events from the daemon, and looks whether they are those that the card has made.
class EventCheck {
 public:
  explicit EventCheck(const HostRig& rig) : api_(rig.admin()), card_(rig.open_card()) {}

  void take(Results& results) {
    const auto reply = api_.get(tail_.path());
    if (!reply || reply->status != 200) {
      results.fail("/v1/events");
      return;
    }
    const auto problem = tail_.take(reply->body);
    if (!problem.empty()) {
      results.fail(problem);
    }
    for (const auto& item : tail_.latest()) {
      ++taken_[item.value("event", "")];
    }
  }

  /// Waits for a moment of calm, and compares then. Empty, or what does not agree.
  std::string compare(Results& results) {
    std::string difference = "the card was never at rest";
    comes_true([&] {
      const auto before = counted(read_counters(*card_));
      take(results);
      const auto lost = read_lost_events(*card_);
      if (card_->read32(reg::kEventCount) != 0 || counted(read_counters(*card_)) != before) {
        return false;
      }
      difference = difference_of(before, lost);
      return difference.empty();
    });
    return difference;
  }

  std::uint64_t taken() const { return tail_.last(); }
  std::uint64_t lost() const { return lost_; }
  std::uint64_t compared() const { return compared_; }

 private:
  std::string difference_of(const std::map<std::string, std::uint64_t>& made,
                            const std::array<std::uint32_t, kEventCodes>& lost) {
    compared_ = 0;
    for (const auto& [name, count] : made) {
      const auto refused = lost[*event_code(name)];
      if (taken_[name] + refused != count) {
        return fmt::format("{}: {} taken and {} lost are not {}", name, taken_[name], refused, count);
      }
      compared_ += count;
    }
    lost_ = 0;
    for (const auto count : lost) {
      lost_ += count;
    }
    return tail_.lost() == 0 ? "" : fmt::format("{} events were not seen in time", tail_.lost());
  }

  tool::ApiClient api_;
  std::unique_ptr<Device> card_;
  Tail tail_{"/v1/events", "events"};
  std::map<std::string, std::uint64_t> taken_;
  std::uint64_t lost_ = 0, compared_ = 0;
};

class Soak {
 public:
  explicit Soak(const Options& options) : options_(options) {}

  /// The report.
  Json run() {
    rig_.start_card();
    rig_.start_daemon();
    EventCheck events(rig_);
    load(events);
    expect(results_.failed == 0, fmt::format("{} requests failed", results_.failed.load()));
    expect(warm_kib_ > 0 && end_kib_ < warm_kib_ + warm_kib_ / 10 + books_kib_,
           fmt::format("memory grew from {} to {} KiB, {} of them for books that were not full", warm_kib_, end_kib_,
                       books_kib_));
    tool::ApiClient api(rig_.admin());
    // A card that a busy machine makes late never rests: from here on all passes, without an event.
    const auto bypass = api.put("/v1/bypass", "on");
    if (!bypass || bypass->status != 200) throw std::runtime_error("the daemon does not bypass the card");
    const auto difference = events.compare(results_);
    expect(difference.empty(), "events: " + difference);
    const auto secrets = api.get_json("/v1/secrets");
    const auto status = api.get_json("/v1/status");
    if (!secrets || !status) {
      throw std::runtime_error("the daemon does not answer any more");
    }
    if (options_.judge) expect(secrets->at("missed") == 0, "rotations were missed: " + secrets->dump());
    expect(secrets->at("rotations").get<int>() >= (options_.judge ? options_.seconds / 2 : 1),
           "too few rotations: " + secrets->dump());
    expect_all_lines_written(status->at("log").at("lines").get<std::uint64_t>());
    return report(events, *secrets, *status);
  }

  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void expect(bool good, const std::string& otherwise) {
    if (!good) {
      failures_.push_back(otherwise);
    }
  }

  void load(EventCheck& events) {
    const auto start = Clock::now();
    const auto end = start + std::chrono::seconds(options_.seconds);
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < options_.clients; ++i) {
      threads.emplace_back([this, i, end] { Client(rig_, i, options_.judge, results_).run(end); });
    }
    const auto daemon = std::to_string(rig_.daemon().pid());
    std::uint64_t taken_when_warm = 0;
    for (auto told = start; Clock::now() < end && !told_to_end();) {
      std::this_thread::sleep_for(kTick);
      events.take(results_);
      if (warm_kib_ == 0 && Clock::now() >= start + std::chrono::seconds(options_.seconds) / 3) {
        warm_kib_ = resident_kib(daemon);
        taken_when_warm = events.taken();
      }
      if (Clock::now() - told >= std::chrono::seconds(5)) {
        told = Clock::now();
        fmt::print(stderr, "soak: {:.0f} s: {} requests, {} failed, {} KiB, {} events\n",
                   std::chrono::duration<double>(told - start).count(), results_.latencies.count(),
                   results_.failed.load(), resident_kib(daemon), events.taken());
      }
    }
    end_kib_ = resident_kib(daemon);
    books_kib_ = growth_of_books(taken_when_warm, events.taken());
  }

  /// What events and their lines in the log, of which there is nearly one for each, take in KiB until the daemon's
  /// books are full.
  static std::int64_t growth_of_books(std::uint64_t before, std::uint64_t after) {
    constexpr std::uint64_t kEventBytes = 160, kLineBytes = 320;
    const auto grown = [&](std::uint64_t most) { return std::min(after, most) - std::min(before, most); };
    return static_cast<std::int64_t>((grown(EventBook::kEvents) * kEventBytes + grown(LogBook::kLines) * kLineBytes) /
                                     1024);
  }

  /// Each line has its own in the log's file.
  void expect_all_lines_written(std::uint64_t lines) {
    std::uint64_t written = 0;
    comes_true(
        [&] {
          const auto text = sim::read_text(rig_.log_file());
          written = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
          return written >= lines;
        },
        5);
    expect(written >= lines, fmt::format("{} lines of the log, but {} in its file", lines, written));
  }

  Json report(const EventCheck& events, const nlohmann::json& secrets, const nlohmann::json& status) {
    auto& latencies = results_.latencies;
    return {{"seconds", options_.seconds},
            {"clients", options_.clients},
            {"requests", latencies.count()},
            {"failed", results_.failed.load()},
            {"repeated", results_.repeated.load()},
            {"sysctl_writes", results_.writes.load()},
            {"latency_ms",
             {{"p50", latencies.percentile(50)},
              {"p90", latencies.percentile(90)},
              {"p99", latencies.percentile(99)},
              {"max", latencies.percentile(100)}}},
            {"memory_kib", {{"after_a_third", warm_kib_}, {"end", end_kib_}, {"books_filling", books_kib_}}},
            {"rotations", secrets.at("rotations")},
            {"missed", secrets.at("missed")},
            {"events", {{"taken", events.taken()}, {"lost", events.lost()}, {"compared", events.compared()}}},
            {"log", {{"lines", status.at("log").at("lines")}, {"told_as_lost", results_.lines_lost.load()}}},
            {"failures", failures_},
            {"failed_requests", results_.failures}};
  }

  Options options_;
  HostRig rig_{kConfig, kTraffic};
  Results results_;
  std::int64_t warm_kib_ = 0, end_kib_ = 0, books_kib_ = 0;
  std::vector<std::string> failures_;
};

int run(const Options& options) {
  catch_signals();
  Soak soak(options);
  const auto report = soak.run();
  fmt::print("{}\n", report.dump(2));
  if (!options.json.empty()) {
    std::ofstream(options.json) << report.dump(2) << '\n';
  }
  for (const auto& failure : soak.failures()) {
    fmt::print(stderr, "soak: FAILED: {}\n", failure);
  }
  return soak.failures().empty() && !told_to_end() ? 0 : 1;
}

}  // namespace
}  // namespace synward::test

int main(int argc, char** argv) {
  CLI::App app{"Asks a daemon on a simulated card in a flood, by many clients at once", "synward-soak"};
  synward::test::Options options;
  app.add_option("--seconds", options.seconds, "How long")->check(CLI::Range(3, 86'400))->capture_default_str();
  app.add_option("--clients", options.clients, "How many, ten requests a second each")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  app.add_flag("!--busy", options.judge, "The machine has other things to do: what is late is told, not judged");
  app.add_option("--json", options.json, "Writes the report there too");
  CLI11_PARSE(app, argc, argv);
  try {
    return synward::test::run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "soak: {}\n", error.what());
    return 1;
  }
}
