// SPDX-License-Identifier: BSD-2-Clause
// What legitimate clients of this machine's kernel see of a flood of spoofed SYNs, with each defence: a table, JSON and
// a page (./dev live).
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "live/flood.hpp"
#include "live/live_network.hpp"
#include "synward/printable.hpp"

namespace synward::test {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

struct Case {
  std::string name;
  std::string core;    ///< of LiveNetwork
  std::string config;  ///< of the card
  std::string server;  ///< a shell command at the server first
  double rate;         ///< SYNs a second
  std::string needs;   ///< a program
  std::string proof;   ///< a shell command at the server behind the flood, that fails where the defence had no part
};

constexpr const char* kSynproxyProof =
    "awk 'NR > 1 && $2 !~ /^0+$/ { seen = 1 } END { exit !seen }' /proc/net/stat/synproxy";

constexpr const char* kCookies = "[sysctl]\n\"net.inet.tcp.syncookies_only\" = 1";

bool has(const char* program) {
  return std::system(fmt::format("command -v {} >/dev/null 2>&1", program).c_str()) == 0;
}

std::vector<Case> all_cases(double rate, double rtl_cookies, double rtl_cache) {
  std::vector<Case> cases{
      // What all rows have in them: generator, interfaces, bridge and the legitimate connections.
      {"a filter that knows every attacker", "bridge", "",
       "nft 'table netdev f { chain i { type filter hook ingress device eth0 priority 0; policy accept;\n"
       "ip saddr != 10.99.0.0/16 tcp flags & (syn|ack) == syn drop\n}\n}'",
       rate, "nft", ""},
      {"no defence (tcp_syncookies 0)", "bridge", "", "sysctl -qw net.ipv4.tcp_syncookies=0", rate, "", ""},
      {"kernel cookies 1", "bridge", "", "sysctl -qw net.ipv4.tcp_syncookies=1", rate, "", ""},
      {"kernel cookies 2", "bridge", "", "sysctl -qw net.ipv4.tcp_syncookies=2", rate, "", ""},
      {"iptables SYNPROXY", "bridge", "",
       "iptables -t raw -A PREROUTING -p tcp --dport 80 --syn -j CT --notrack && "
       "iptables -A INPUT -p tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY "
       "--sack-perm --timestamp --wscale 7 --mss 1460 && "
       "iptables -A INPUT -m conntrack --ctstate INVALID -j DROP && "
       "sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0",
       rate, "iptables", kSynproxyProof},
      {"nft synproxy", "bridge", "",
       "nft 'table ip s { chain p { type filter hook prerouting priority raw; policy accept;\n"
       "tcp dport 80 tcp flags syn notrack\n}\nchain i { type filter hook input priority filter; policy accept;\n"
       "tcp dport 80 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm\n"
       "ct state invalid drop\n}\n}' && sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0",
       rate, "nft", kSynproxyProof}};
  cases.push_back({"Synward, reference core, cookies", "ref", kCookies, "", rate, "", ""});
  cases.push_back({"Synward, reference core, syncache", "ref", "", "", rate, "", ""});
  cases.push_back({"Synward, RTL core, cookies", "rtl", kCookies, "", rtl_cookies, "", ""});
  cases.push_back({"Synward, RTL core, syncache", "rtl", "", "", rtl_cache, "", ""});
  return cases;
}

/// Time of all processors in softirqs, s.
double softirq_s() {
  std::ifstream file("/proc/stat");
  std::string cpu;
  std::array<double, 7> ticks{};
  file >> cpu;
  for (double& tick : ticks) file >> tick;
  return ticks[6] / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Time of a process in all its threads, s; 0 without one.
double process_s(pid_t pid) {
  clockid_t clock = 0;
  timespec time{};
  if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double thread_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Prepares the server; throws what the command had to say.
void prepare(const LiveNetwork& network, const Case& one) {
  if (one.server.empty()) return;
  const sim::TemporaryFolder folder;
  const std::string said = folder.file("said");
  try {
    network.server.shell(fmt::format("{{ {}; }} >'{}' 2>&1", one.server, said));
  } catch (const std::exception&) {
    std::string text = sim::read_text(said);
    throw std::runtime_error(text.substr(0, text.find('\n')));
  }
}

/// Null of nothing.
json percentile(std::vector<double> values, double share) {
  if (values.empty()) return nullptr;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

json measure(const Case& one, int connections, std::uint64_t seed) {
  if (!one.needs.empty() && !has(one.needs.c_str()))
    throw std::runtime_error(fmt::format("{} is not installed", one.needs));
  LiveNetwork network(one.core, one.config);
  // What leaves for addresses that nobody has goes back to the client, which ignores it.
  network.server.shell("ip route add default via 10.99.0.1");
  network.client.shell("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.ip_forward=0");
  prepare(network, one);
  if (one.core != "bridge") network.start_agent();
  const FileDescriptor listener = listen_live(network);
  std::atomic<bool> over = false;
  auto server = std::async(std::launch::async, [&] {
    while (!over) {
      const FileDescriptor accepted = accept_live(listener, 100);
      if (accepted && receive(accepted, 8, 1'000) == "question") send_all(accepted, "answer", 1'000);
    }
    return thread_s();
  });
  constexpr double kMostSeconds = 60;
  constexpr int kApartMs = 20;
  Flood flood(network, one.rate, kMostSeconds, seed);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto start = Clock::now();
  const double softirq = softirq_s(), card = process_s(network.card_pid());
  std::vector<double> connect_ms;
  int good = 0, tried = 0;
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  for (; tried < connections && seconds() < kMostSeconds / 2; ++tried) {
    std::this_thread::sleep_until(start + std::chrono::milliseconds(kApartMs) * tried);
    const auto began = Clock::now();
    const FileDescriptor client = connect_live(network, false, 3'000);
    if (!client) continue;
    connect_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
    good += send_all(client, "question", 3'000) && receive(client, 6, 3'000) == "answer" ? 1 : 0;
  }
  const double passed = seconds();
  const std::uint64_t sent = flood.stop();
  const double used = softirq_s() - softirq, card_used = process_s(network.card_pid()) - card;
  over = true;
  const double server_used = server.get();
  if (!one.proof.empty()) network.server.shell(one.proof);
  const double of_that = static_cast<double>(sent) * passed / (passed + 0.5);
  const auto per_million = [&](double seconds_used) { return of_that > 0 ? seconds_used / of_that * 1e6 : 0; };
  return {{"case", one.name},
          {"core", one.core},
          {"offered_per_s", static_cast<double>(sent) / (passed + 0.5)},
          {"tried", tried},
          {"good", good},
          {"connect_p50_ms", percentile(connect_ms, 0.5)},
          {"connect_p99_ms", percentile(connect_ms, 0.99)},
          {"softirq_s_per_million_syns", per_million(used)},
          {"server_s_per_million_syns", per_million(server_used)},
          {"card_s_per_million_syns", per_million(card_used)}};
}

/// The figures of a row, each with its column's head: first line, second line, for a page.
struct Column {
  const char *above, *below, *page;
  int digits;
  const char* key;
};
constexpr std::array<Column, 5> kColumns{
    {{"connect", "p50 ms", "connect p50, ms", 2, "connect_p50_ms"},
     {"connect", "p99 ms", "p99, ms", 1, "connect_p99_ms"},
     {"softirq s", "per M SYN", "softirq, s per million SYNs", 2, "softirq_s_per_million_syns"},
     {"server s", "per M SYN", "server's process, s per million SYNs", 2, "server_s_per_million_syns"},
     {"card s", "per M SYN", "simulated card's process, s per million SYNs", 2, "card_s_per_million_syns"}}};

std::string head_text() {
  std::string above = fmt::format("{:<36} {:>9} {:>9}", "", "SYNs", "connec-");
  std::string below = fmt::format("{:<36} {:>9} {:>9}", "defence", "a second", "tions");
  for (const Column& column : kColumns) {
    above += fmt::format(" {:>9}", column.above);
    below += fmt::format(" {:>9}", column.below);
  }
  return above + '\n' + below + '\n';
}

std::string figure(const json& row, const Column& column) {
  const json& value = row[column.key];
  return value.is_null() ? "-" : fmt::format("{:.{}f}", value.get<double>(), column.digits);
}

std::string row_text(const json& row) {
  if (row.contains("why_not"))
    return fmt::format("{:<36} not to be had here: {}\n", row["case"].get<std::string>(),
                       row["why_not"].get<std::string>());
  std::string text =
      fmt::format("{:<36} {:>9.0f} {:>9}", row["case"].get<std::string>(), row["offered_per_s"].get<double>(),
                  fmt::format("{}/{}", row["good"].get<int>(), row["tried"].get<int>()));
  for (const Column& column : kColumns) text += fmt::format(" {:>9}", figure(row, column));
  return text + '\n';
}

constexpr const char* kNote =
    "One run each, everything on one machine. Softirq time is the whole machine's, by its ticks: it contains the "
    "flood's generator, "
    "the legitimate clients, the bridge or the simulated card's interfaces, and the server; the row of a filter that "
    "knows every attacker says how much that is where the server sees no attack. The server's process is the program "
    "that accepts, system calls included. A card does in hardware what the simulated one does in a process here. All "
    "rows without a card have a bridge in its place.\n";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

void write_page(const std::string& path, const json& rows) {
  std::ofstream page(path);
  page << "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Synward: a flood, and who gets "
          "through</title>\n<style>body{font:16px sans-serif;margin:2em;max-width:80em}td,th{padding:.2em "
          ".8em;text-align:right;vertical-align:bottom}td:first-child,th:first-child{text-align:left}"
          ".b{background:#2a7;height:.8em;display:inline-block}</style>\n"
          "<h1>A flood of spoofed SYNs, and who gets through</h1><table><tr><th>defence<th>SYNs/s<th>connections<th>";
  for (const Column& column : kColumns) page << "<th>" << column.page;
  page << "</tr>\n";
  for (const json& row : rows) {
    const std::string name = escaped(row["case"]);
    if (row.contains("why_not")) {
      page << fmt::format("<tr><td>{}<td style=\"text-align:left\" colspan=\"{}\">not to be had here: {}</tr>\n", name,
                          kColumns.size() + 3, escaped(row["why_not"]));
      continue;
    }
    const int tried = row["tried"], good = row["good"];
    page << fmt::format(
        "<tr><td>{}<td>{:.0f}<td>{}/{}<td style=\"text-align:left\"><span class=\"b\" style=\"width:{}px\"></span>",
        name, row["offered_per_s"].get<double>(), good, tried, tried == 0 ? 0 : 120 * good / tried);
    for (const Column& column : kColumns) page << "<td>" << figure(row, column);
    page << "</tr>\n";
  }
  page << "</table><p>" << kNote << "</p></html>\n";
}

int run(int argc, char** argv) {
  CLI::App app("Legitimate connections of this machine's kernel under a flood of spoofed SYNs, with each defence");
  double rate = 50'000, rtl_cookies = 5'000, rtl_cache = 500;
  int connections = 200;
  std::uint64_t seed = 1;
  std::string only, json_file, page_file;
  app.add_option("--rate", rate, "SYNs a second")->check(CLI::Range(1.0, 1e6))->capture_default_str();
  app.add_option("--rtl-rate", rtl_cookies, "SYNs a second for the RTL core with cookies")->capture_default_str();
  app.add_option("--rtl-cache-rate", rtl_cache, "SYNs a second for the RTL core with its syncache")
      ->capture_default_str();
  app.add_option("--connections", connections, "How many, one after the other")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--seed", seed, "Of the flood's addresses")->capture_default_str();
  app.add_option("--only", only, "Only defences whose name holds this");
  app.add_option("--json", json_file, "Write the figures there too");
  app.add_option("--html", page_file, "Write a page there too");
  app.footer("Example:\n  synward-live-table --rate 20000 --only Synward --html live.html");
  CLI11_PARSE(app, argc, argv);
  if (const std::string why = LiveNetwork::missing(); !why.empty()) {
    fmt::print(stderr, "synward-live-table: {}\n", why);
    return 1;
  }
  fmt::print("{}", head_text());
  json rows = json::array();
  for (const Case& one : all_cases(rate, rtl_cookies, rtl_cache)) {
    if (one.name.find(only) == std::string::npos) continue;
    try {
      rows.push_back(measure(one, connections, seed));
    } catch (const std::exception& error) {
      rows.push_back({{"case", one.name}, {"core", one.core}, {"why_not", one_line(error.what())}});
    }
    fmt::print("{}", row_text(rows.back()));
    std::fflush(stdout);
  }
  fmt::print("{}", kNote);
  if (!json_file.empty()) std::ofstream(json_file) << json{{"rows", rows}, {"note", kNote}}.dump(2) << '\n';
  if (!page_file.empty()) write_page(page_file, rows);
  return 0;
}

}  // namespace
}  // namespace synward::test

int main(int argc, char** argv) {
  try {
    return synward::test::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-live-table: {}\n", error.what());
    return 1;
  }
}
