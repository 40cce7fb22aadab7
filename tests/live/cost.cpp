// SPDX-License-Identifier: BSD-2-Clause
// What the TC program costs, in ns for each frame: alone, by the kernel's own test run, and in traffic, by the kernel's
// statistics (./dev live).
#include <bpf/bpf.h>
#include <fmt/format.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/frame.hpp"
#include "common/oracle.hpp"
#include "driver/network.hpp"
#include "live/ends.hpp"
#include "live/live_network.hpp"
#include "synward/driver/program.hpp"

namespace synward::test {
namespace {

using nlohmann::json;

constexpr std::uint16_t kPort = 4711, kOther = 4799;
constexpr double kMostOther = 100, kMostProtected = 500;  // ns
constexpr int kRounds = 9;

// ---- alone

FrameSpec segment(bool v6) {
  FrameSpec frame;
  frame.mac_src = {0x02, 0, 0, 0, 0, 0x01};
  frame.mac_dst = {0x02, 0, 0, 0, 0, 0x07};
  frame.src = address(v6 ? "fd00:77::1" : "10.77.0.1");
  frame.dst = frame.src;
  frame.sport = 40'000;
  frame.dport = kPort;
  frame.seq = 1'000'001;
  frame.ack = 2'000'001;
  frame.flags = kAck;
  frame.options = concat({opt_nop(2), opt_ts(1, 2)});
  frame.payload = Bytes(1'000, 'x');
  return frame;
}

/// The mean time of so many runs of the program with a frame, ns.
double run(const driver::Program& program, unsigned ifindex, const FrameSpec& spec, int times) {
  const Bytes frame = build(spec).bytes;
  __sk_buff context{};
  context.ifindex = ifindex;
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = static_cast<__u32>(frame.size()),
              .ctx_in = &context, .ctx_size_in = sizeof context, .repeat = times);
  if (bpf_prog_test_run_opts(program.fd(), &options) != 0) throw std::runtime_error("the program cannot be run");
  return options.duration;
}

/// 0: no limit.
json row(const std::string& name, double least, double median, double limit) {
  fmt::print("{:<72} {:>6.0f} {:>6.0f}  {}\n", name, least, median,
             limit == 0       ? ""
             : least <= limit ? fmt::format("at most {:.0f}: held", limit)
                              : fmt::format("at most {:.0f}: NOT HELD", limit));
  std::fflush(stdout);
  json out{{"frame", name}, {"least_ns", least}, {"median_ns", median}};
  if (limit != 0) {
    out["limit_ns"] = limit;
    out["held"] = least <= limit;
  }
  return out;
}

json alone(int times) {
  const Network network;
  auto program = driver::Program::load();
  if (!program) throw std::runtime_error(program.error().text);
  synward::Key key;
  const Key bytes{1, 2, 3};
  std::ranges::copy(bytes, key.bytes().begin());
  if (!program->set_keys({.mark = &key})) throw std::runtime_error("no keys");
  json rows = json::array();
  const auto measure = [&](const std::string& name, const FrameSpec& spec, double limit) {
    std::vector<double> rounds;
    rounds.reserve(kRounds);
    for (int i = 0; i < kRounds; ++i) rounds.push_back(run(*program, network.server(), spec, times));
    std::ranges::sort(rounds);
    rows.push_back(row(name, rounds.front(), rounds[kRounds / 2], limit));
  };
  for (const bool v6 : {false, true}) {
    const std::string family = v6 ? "IPv6" : "IPv4";
    FrameSpec udp = segment(v6);
    udp.tcp = false;
    udp.protocol = 17;
    measure(family + ", no TCP", udp, kMostOther);
    FrameSpec syn = segment(v6);
    syn.flags = kSyn;
    measure(family + ", SYN", syn, kMostOther);
    measure(family + ", data, before any mark has come", segment(v6), kMostOther);
    // A mark of the address's makes its port one that the card protects.
    const FileDescriptor listener = listen_at(v6, kPort);
    FrameSpec mark = segment(v6);
    mark.payload.clear();
    mark.sport = 1;
    const Tuple tuple{mark.src, mark.dst, mark.sport, mark.dport};
    mark.options = opt_mark(1, 0, 1460, oracle_mark_mac(bytes, tuple, mark.seq, mark.ack, 1, 0, 1460));
    run(*program, network.server(), mark, 1);
    const auto places = program->places();
    if (!places || places->size() != (v6 ? 2U : 1U)) throw std::runtime_error("the mark was not understood");
    FrameSpec other = segment(v6);
    other.dport = kOther;
    measure(family + ", data, to a port that is not protected", other, kMostOther);
    const Connected connected = connect_to(v6, listener, kPort);
    FrameSpec established = segment(v6);
    established.sport = connected.client_port;
    measure(family + ", data, to a protected port, established", established, kMostProtected);
    measure(family + ", data, to a protected port, of a connection that is not there", segment(v6), kMostProtected);
    FrameSpec forged = mark;
    forged.options.back() ^= 1;
    measure(family + ", a mark with a wrong MAC", forged, 0);
  }
  return rows;
}

// ---- in traffic

constexpr auto kTcxIngress = static_cast<bpf_attach_type>(46);

/// What the kernel has counted of one program.
struct Ran {
  std::uint64_t frames = 0, ns = 0;

  double mean_since(const Ran& before) const {
    return static_cast<double>(ns - before.ns) /
           static_cast<double>(std::max<std::uint64_t>(1, frames - before.frames));
  }
};

/// Of the programs at the server's interface, in their order: ours, and one that does nothing.
std::array<Ran, 2> ran(const LiveNetwork& network) {
  std::array<Ran, 2> both;
  network.server.run([&] {
    std::array<__u32, 8> ids{};
    __u32 flags = 0, count = ids.size();
    bpf_prog_query(static_cast<int>(if_nametoindex("eth0")), kTcxIngress, 0, &flags, ids.data(), &count);
    if (count != both.size()) throw std::runtime_error("not two programs at eth0");
    for (std::size_t i = 0; i < both.size(); ++i) {
      const FileDescriptor program(bpf_prog_get_fd_by_id(ids[i]));
      bpf_prog_info info{};
      __u32 size = sizeof info;
      if (bpf_obj_get_info_by_fd(program.get(), &info, &size) != 0) throw std::runtime_error("a program is gone");
      both[i] = {info.run_cnt, info.run_time_ns};
    }
  });
  return both;
}

/// A program that lets each frame pass to the next, at the server's interface behind ours.
FileDescriptor attach_empty(const LiveNetwork& network) {
  std::array<bpf_insn, 2> code{};
  code[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
  code[0].imm = -1;
  code[1].code = BPF_JMP | BPF_EXIT;
  FileDescriptor link;
  network.server.run([&] {
    const FileDescriptor loaded(
        bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "empty", "GPL", code.data(), code.size(), nullptr));
    link =
        FileDescriptor(bpf_link_create(loaded.get(), static_cast<int>(if_nametoindex("eth0")), kTcxIngress, nullptr));
  });
  if (!link) throw std::runtime_error("the empty program cannot be attached");
  return link;
}

json in_traffic(std::size_t size, int connections) {
  const FileDescriptor statistics(bpf_enable_stats(BPF_STATS_RUN_TIME));
  if (!statistics) throw std::runtime_error("the kernel counts no times of programs");
  json rows = json::array();
  const auto measure = [&](const std::string& name, const LiveNetwork& network, const std::function<void()>& traffic) {
    const auto before = ran(network);
    traffic();
    const auto after = ran(network);
    const double mean = after[0].mean_since(before[0]), empty = after[1].mean_since(before[1]);
    const std::uint64_t frames = after[0].frames - before[0].frames;
    fmt::print("{:<72} {:>6.0f} {:>6.0f} {:>6.0f} {:>8}\n", name, std::max(0.0, mean - empty), mean, empty, frames);
    std::fflush(stdout);
    rows.push_back({{"traffic", name}, {"mean_ns", mean}, {"empty_program_ns", empty}, {"frames", frames}});
  };
  const std::string bytes = random_bytes(size, 1);
  LiveNetwork network("ref", {}, false);
  network.start_agent();
  const FileDescriptor empty = attach_empty(network);
  const FileDescriptor listener = listen_live(network);
  const auto upload = [&] {
    const Ends ends = connect_both(network, listener, false);
    auto sent = std::async(std::launch::async, [&] { return send_all(ends.client, bytes); });
    if (receive(ends.server, bytes.size()) != bytes || !sent.get()) throw std::runtime_error("bytes were lost");
  };
  network.restart_card("[[service]]\naddress = \"any\"\nport = 80\nmode = \"pass\"\n");
  measure("an upload to a port that is not protected", network, upload);
  network.restart_card("[[service]]\naddress = \"any\"\nport = 80\nwscale = 10\n");
  upload();
  measure("an upload to a protected port", network, upload);
  measure("connections with 5 bytes each, marks and statuses included", network, [&] {
    for (int i = 0; i < connections; ++i) connect_both(network, listener, false);
  });
  return rows;
}

constexpr const char* kNote =
    "By itself: BPF_PROG_TEST_RUN, of 9 rounds the least and the median; the frame and all tables are in the cache. In "
    "traffic: run_time_ns / run_cnt of the program; 'net' is what is left without that of a program that does nothing, "
    "which is the kernel's clock and what interrupts.\n";

int main_of(int argc, char** argv) {
  CLI::App app("What the hand-off's TC program costs, in ns a frame");
  int times = 100'000, connections = 200;
  std::size_t size = 20'000'000;
  std::string json_file;
  app.add_option("--times", times, "Runs a round")->check(CLI::Range(1, 10'000'000))->capture_default_str();
  app.add_option("--bytes", size, "Of an upload")->check(CLI::Range(1, 1'000'000'000))->capture_default_str();
  app.add_option("--connections", connections, "That are made")->check(CLI::Range(1, 10'000))->capture_default_str();
  app.add_option("--json", json_file, "Write the figures there too");
  app.footer("Example:\n  synward-live-cost --times 10000 --json cost.json");
  CLI11_PARSE(app, argc, argv);
  if (const std::string why = LiveNetwork::missing(); !why.empty()) {
    fmt::print(stderr, "synward-live-cost: {}\n", why);
    return EXIT_FAILURE;
  }
  fmt::print("{:<72} {:>6} {:>6}\n", "the hand-off's TC program by itself, ns a frame", "least", "median");
  const json by_itself = alone(times);
  fmt::print("{:<72} {:>6} {:>6} {:>6} {:>8}\n", "in traffic, ns a frame", "net", "mean", "empty", "frames");
  const json traffic = in_traffic(size, connections);
  fmt::print("{}", kNote);
  if (!json_file.empty())
    std::ofstream(json_file) << json{{"alone", by_itself}, {"in_traffic", traffic}, {"note", kNote}}.dump(2) << '\n';
  return std::ranges::all_of(by_itself, [](const json& one) { return one.value("held", true); }) ? EXIT_SUCCESS
                                                                                                 : EXIT_FAILURE;
}

}  // namespace
}  // namespace synward::test

int main(int argc, char** argv) {
  try {
    return synward::test::main_of(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-live-cost: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
