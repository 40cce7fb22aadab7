// SPDX-License-Identifier: BSD-2-Clause
// A daemon besieged by people without rights, while an admin works and Prometheus comes by: nobody keeps them out, and
// nothing grows.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "besiegers.hpp"
#include "budget.hpp"
#include "event_book.hpp"
#include "host_rig.hpp"
#include "latencies.hpp"
#include "log_book.hpp"
#include "plain_http.hpp"
#include "process_memory.hpp"
#include "synward/unix_socket.hpp"

namespace synward::test {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

// What must be reached on two cores.
constexpr double kMetricsMs = 250, kAdminMs = 500, kStopS = 2;
constexpr std::int64_t kGrowthKib = 8 * 1024;

constexpr const char* kTraffic = R"([scenario]
duration_us = 2_000_000
[[card.service]]
address = "203.0.113.7"
port = 443
[[attacker]]
kind = "syn-flood"
rate_mpps = 0.0004
[[attacker]]
kind = "ack-flood"
rate_mpps = 0.0002
[[clients]]
rate_per_s = 30
rtt_us = 20_000
)";

std::string config_of(int port) {
  return fmt::format(R"(tcp = "127.0.0.1:{}"
tcp_serves = "reads"
[[service]]
address = "203.0.113.7"
port = 443
[secrets]
rotate_s = 1
[sysctl]
"net.inet.tcp.syncache.see_other" = 1
)",
                     port);
}

struct Options {
  int seconds = 60;
  std::uint64_t seed = Budget::seed();
  bool judge = true;  ///< what a machine that is busy spoils
  std::string json;
};

/// A port that was free a moment ago.
int free_port() {
  const FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port is free");
  }
  return ntohs(address.sin_port);
}

/// Processor time of a process, s.
double cpu_s(pid_t pid) {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Requests of one who must not be kept out, and how they went.
struct Worker {
  Latencies latencies;
  std::atomic<std::uint64_t> failed = 0;
  std::mutex mutex;
  std::vector<std::string> failures;

  void fail(const std::string& what) {
    constexpr std::size_t kShown = 10;
    ++failed;
    const std::lock_guard lock(mutex);
    if (failures.size() < kShown) {
      failures.push_back(what);
    }
  }
  std::map<std::string, Latencies> by_kind{};

  /// `request`: empty, or what went wrong.
  template <typename Request>
  void timed(const std::string& kind, Request request) {
    const auto start = Clock::now();
    const std::string problem = request();
    const auto took = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    latencies.add(took);
    by_kind[kind].add(took);
    if (!problem.empty()) {
      fail(fmt::format("{} after {:.0f} ms", problem, took));
    }
  }
  Json report() {
    Json kinds;
    for (auto& [kind, times] : by_kind) {
      kinds[kind] = {{"p50_ms", times.percentile(50)}, {"p99_ms", times.percentile(99)}};
    }
    return {{"by_kind", kinds},
            {"requests", latencies.count()},
            {"failed", failed.load()},
            {"p50_ms", latencies.percentile(50)},
            {"p99_ms", latencies.percentile(99)},
            {"max_ms", latencies.percentile(100)},
            {"failures", failures}};
  }
};

/// Asks by a connection of its own. Empty, or what went wrong.
std::string ask_by(const FileDescriptor& fd, const std::string& method, const std::string& path,
                   const std::string& body = {}) {
  constexpr std::string_view kGood = "HTTP/1.1 200 ";
  constexpr std::size_t kBegin = 200;
  if (!say(fd, fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                           method, path, body.size(), body))) {
    return path + ": " + (fd ? "not said" : "not connected");
  }
  const auto answer = listen_to(fd, std::chrono::seconds(10), kBegin);
  const int why = errno;
  return answer.starts_with(kGood) ? "" : fmt::format("{}: \"{}\" ({})", path, answer, std::strerror(why));
}

void scrape(Worker& prometheus, int port, const std::atomic<bool>& ending) {
  while (!ending) {
    prometheus.timed("/metrics", [port] { return ask_by(connect_tcp(port), "GET", "/metrics"); });
    std::this_thread::sleep_for(milliseconds(100));
  }
}

/// What an admin does all day, each by a connection of its own, as the tool does it.
void administrate(Worker& admin, const std::string& socket, const std::atomic<bool>& ending) {
  const std::vector<std::string> paths{"/v1/status",       "/v1/stats",  "/v1/secrets", "/v1/syncache?limit=10",
                                       "/v1/log?limit=50", "/v1/explain"};
  for (std::size_t i = 0; !ending; ++i) {
    const auto turn = i % (paths.size() + 1);
    admin.timed(turn < paths.size() ? paths[turn] : "PUT", [&]() -> std::string {
      const auto fd = connect_unix(socket);
      if (!fd) {
        return fd.error().text;
      }
      return turn < paths.size() ? ask_by(*fd, "GET", paths[turn])
                                 : ask_by(*fd, "PUT", "/v1/sysctl/net.inet.icmp.icmplim", std::to_string(i % 1'000));
    });
    std::this_thread::sleep_for(milliseconds(50));
  }
}

class SiegeOfTheDaemon {
 public:
  explicit SiegeOfTheDaemon(const Options& options) : options_(options) {}

  Json run() {
    std::filesystem::permissions(std::filesystem::path(rig_.admin()).parent_path(), std::filesystem::perms(0711));
    rig_.start_card();
    rig_.start_daemon();
    const auto pid = rig_.daemon().pid();
    const auto memory = [pid] { return resident_kib(std::to_string(pid)); };
    settle();
    const auto before = memory();
    const auto books = events_and_lines();
    const auto cpu = cpu_s(pid);
    const auto start = Clock::now();
    Siege siege{rig_.everyone(), port_, {}, options_.seed};
    if (geteuid() == 0) {
      siege.users = {12'345, 12'346};
    }
    std::map<std::string, std::uint64_t> deeds;
    {
      Besiegers besiegers(siege);
      work();
      lasted_s_ = std::chrono::duration<double>(Clock::now() - start).count();
      cpu_s_ = cpu_s(pid) - cpu;
      grown_kib_ = memory() - before - growth_of_books(books, events_and_lines());
      judge_secrets();
      deeds = besiegers.deeds();
      stop();
    }
    judge();
    return report(before, deeds);
  }

  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void expect(bool good, const std::string& otherwise) {
    if (!good) {
      failures_.push_back(otherwise);
    }
  }

  /// What every request needs once is not what a siege takes.
  void settle() {
    std::atomic<bool> ending = false;
    Worker nobody;
    std::thread admin([&] { administrate(nobody, rig_.admin(), ending); });
    std::thread prometheus([&] { scrape(nobody, port_, ending); });
    std::this_thread::sleep_for(milliseconds(2'000));
    ending = true;
    admin.join();
    prometheus.join();
  }

  void work() {
    std::atomic<bool> ending = false;
    std::thread admin([&] { administrate(admin_, rig_.admin(), ending); });
    std::thread prometheus([&] { scrape(prometheus_, port_, ending); });
    const auto end = Clock::now() + std::chrono::seconds(options_.seconds);
    auto next = Clock::now();
    while (Clock::now() < end && !told_to_end()) {
      std::this_thread::sleep_for(milliseconds(100));
      if (Clock::now() >= next) {
        next += std::chrono::seconds(5);
        memory_kib_.push_back(resident_kib(std::to_string(rig_.daemon().pid())));
      }
    }
    ending = true;
    admin.join();
    prometheus.join();
  }

  nlohmann::json ask(const std::string& path) {
    tool::ApiClient client(rig_.admin());
    auto answer = client.get_json(path);
    if (!answer) {
      throw std::runtime_error(answer.error().text);
    }
    return std::move(*answer);
  }

  std::pair<std::uint64_t, std::uint64_t> events_and_lines() {
    const auto status = ask("/v1/status");
    return {status.at("events").at("taken").get<std::uint64_t>(), status.at("log").at("lines").get<std::uint64_t>()};
  }
  /// KiB that the daemon's books took, which fill in peace too.
  static std::int64_t growth_of_books(std::pair<std::uint64_t, std::uint64_t> before,
                                      std::pair<std::uint64_t, std::uint64_t> after) {
    constexpr std::uint64_t kEventBytes = 160, kLineBytes = 320;
    const auto grown = [](std::uint64_t from, std::uint64_t to, std::uint64_t most) {
      return std::min(to, most) - std::min(from, most);
    };
    return static_cast<std::int64_t>((grown(before.first, after.first, EventBook::kEvents) * kEventBytes +
                                      grown(before.second, after.second, LogBook::kLines) * kLineBytes) /
                                     1024);
  }

  void judge_secrets() {
    const auto secrets = ask("/v1/secrets");
    rotations_ = secrets.at("rotations").get<std::uint64_t>();
    missed_ = secrets.at("missed").get<std::uint64_t>();
    if (options_.judge) expect(missed_ == 0, fmt::format("{} rotations were missed", missed_));
    expect(rotations_ >= (options_.judge ? static_cast<std::uint64_t>(options_.seconds) / 2 : 1), "too few rotations");
  }

  /// While the siege goes on.
  void stop() {
    const auto start = Clock::now();
    kill(rig_.daemon().pid(), SIGTERM);
    const auto status = rig_.daemon().wait();
    stop_s_ = std::chrono::duration<double>(Clock::now() - start).count();
    expect(status == 0, "the daemon did not end in order: " + rig_.daemon().output());
  }

  void judge() {
    expect(admin_.failed == 0, fmt::format("{} of the admin's requests failed", admin_.failed.load()));
    expect(prometheus_.failed == 0, fmt::format("{} scrapes failed", prometheus_.failed.load()));
    if (kMemoryTells) {
      expect(grown_kib_ < kGrowthKib, fmt::format("memory grew by {} KiB", grown_kib_));
    }
    if (options_.judge) {
      expect(prometheus_.latencies.percentile(99) < kMetricsMs, "/metrics was slow");
      expect(admin_.latencies.percentile(99) < kAdminMs, "the admin's socket was slow");
      expect(stop_s_ < kStopS, fmt::format("it took {:.2f} s to end", stop_s_));
    }
  }

  Json report(std::int64_t before, const std::map<std::string, std::uint64_t>& deeds) {
    return {{"seconds", lasted_s_},
            {"users", geteuid() == 0 ? 2 : 1},
            {"seed", options_.seed},
            {"metrics", prometheus_.report()},
            {"admin", admin_.report()},
            {"memory_kib", {{"before", before}, {"grown", grown_kib_}, {"each_5_s", memory_kib_}}},
            {"cpu_percent", 100 * cpu_s_ / lasted_s_},
            {"rotations", rotations_},
            {"missed", missed_},
            {"stop_s", stop_s_},
            {"besiegers", deeds},
            {"failures", failures_}};
  }

  Options options_;
  int port_ = free_port();
  HostRig rig_{config_of(port_), kTraffic};
  Worker admin_, prometheus_;
  double lasted_s_ = 0, cpu_s_ = 0, stop_s_ = 0;
  std::int64_t grown_kib_ = 0;
  std::vector<std::int64_t> memory_kib_;
  std::uint64_t rotations_ = 0, missed_ = 0;
  std::vector<std::string> failures_;
};

std::string table(const Json& report) {
  std::string text = fmt::format("| {:<32} | {:>10} | {:>10} |\n|{:-<34}|{:->12}|{:->12}|\n", "siege", "measured",
                                 "limit", "", ":", ":");
  const auto row = [&text](const char* what, double measured, const std::string& limit) {
    text += fmt::format("| {:<32} | {:>10.1f} | {:>10} |\n", what, measured, limit);
  };
  const auto& metrics = report["metrics"];
  const auto& admin = report["admin"];
  row("/metrics, p50 (ms)", metrics["p50_ms"], "");
  row("/metrics, p99 (ms)", metrics["p99_ms"], fmt::format("{}", kMetricsMs));
  row("/metrics, failed", metrics["failed"], "0");
  row("admin socket, p50 (ms)", admin["p50_ms"], "");
  row("admin socket, p99 (ms)", admin["p99_ms"], fmt::format("{}", kAdminMs));
  row("admin socket, failed", admin["failed"], "0");
  row("memory, growth (MiB)", report["memory_kib"]["grown"].get<double>() / 1024, fmt::format("{}", kGrowthKib / 1024));
  row("processor (% of one)", report["cpu_percent"], "");
  row("rotations missed", report["missed"], "0");
  row("to end (s)", report["stop_s"], fmt::format("{}", kStopS));
  return text;
}

int run(const Options& options) {
  catch_signals();
  std::signal(SIGPIPE, SIG_IGN);
  fmt::print("SYNWARD_SEED={}\n", options.seed);
  SiegeOfTheDaemon siege(options);
  const auto report = siege.run();
  fmt::print("{}", table(report));
  for (const auto& [kind, count] : report["besiegers"].items()) {
    fmt::print("{:<28} {:>9}\n", kind, count.get<std::uint64_t>());
  }
  if (!options.json.empty()) {
    std::ofstream(options.json) << report.dump(2) << '\n';
  }
  for (const auto& failure : siege.failures()) {
    fmt::print(stderr, "siege: FAILED: {}\n", failure);
  }
  for (const auto* who : {"metrics", "admin"}) {
    for (const auto& failure : report[who]["failures"]) {
      fmt::print(stderr, "siege: {}: {}\n", who, failure.get<std::string>());
    }
  }
  return siege.failures().empty() && !told_to_end() ? 0 : 1;
}

}  // namespace
}  // namespace synward::test

int main(int argc, char** argv) {
  CLI::App app{"Besieges a daemon on a simulated card, while an admin works and Prometheus comes by", "synward-siege"};
  synward::test::Options options;
  app.add_option("--seconds", options.seconds, "How long")->check(CLI::Range(3, 3'600))->capture_default_str();
  app.add_option("--seed", options.seed, "Of random numbers [$SYNWARD_SEED]")->capture_default_str();
  app.add_flag("!--busy", options.judge, "The machine has other things to do: what is late is told, not judged");
  app.add_option("--json", options.json, "Writes the report there too");
  CLI11_PARSE(app, argc, argv);
  try {
    return synward::test::run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "siege: {}\n", error.what());
    return 1;
  }
}
