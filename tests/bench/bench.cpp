// SPDX-License-Identifier: BSD-2-Clause
// What the Verilated core carries, counted in its own clocks, and how fast it simulates. Prints a table, writes JSON
// and Markdown. usage: synward-bench [--frames N] [--json FILE] [--markdown FILE]

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/frame.hpp"
#include "common/oracle.hpp"
#include "common/rng.hpp"
#include "common/setup.hpp"
#include "synward/sim/card.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using reg::Drop;
using sim::InPort;
using sim::OutPort;

constexpr double kLineBytesPerSecond = 12.5e9;  // 100 Gb/s
constexpr double kWireOverhead = 24;            // FCS, preamble, gap

struct Result {
  std::string name, pace;
  std::uint64_t frames = 0, bytes = 0, lost = 0, wrong = 0;
  double clocks_per_frame = 0;  ///< between the first and the last frame out
  std::uint64_t latency_min = 0, latency_max = 0;
  bool latency = false, may_lose = false;
  double clocks_per_cpu_second = 0;
};

/// What a workload sends, and what must become of it.
struct Workload {
  std::string name;
  std::vector<Bytes> frames;                                     ///< sent in turn, over and over
  OutPort out;                                                   ///< where the results leave
  std::uint64_t outs = 1;                                        ///< frames out for each frame in
  bool line_rate = false;                                        ///< paced at 100 Gb/s, else gapless on the bus
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sysctls;  ///< register and value
  std::vector<Counter> expected;                                 ///< together count every frame
  std::uint64_t count = 0;
  std::uint64_t every = 0;      ///< one frame every so many clocks, where not 0
  bool may_lose = false;        ///< more than the host port can carry: losses are shown, not wrong
  std::vector<Bytes> before{};  ///< sent first, one in `before_every` clocks, and not measured
  std::uint64_t before_every = 1;
  std::vector<Bytes> host{};  ///< sent by the host meanwhile, in turn, at 100 Gb/s: all must reach the line
  std::uint64_t burst =
      0;  ///< gapless in bursts of so many, then as many clocks and 400 more of silence for each output beat
};

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void progress(const std::string& name, std::uint64_t done, std::uint64_t total) {
  if (isatty(STDERR_FILENO) == 0) return;
  const int filled = static_cast<int>(done * 30 / total);
  fmt::print(stderr, "\r{:<36} [{:<30}] {:3}%", name, std::string(static_cast<std::size_t>(filled), '#'),
             done * 100 / total);
  if (done == total) fmt::print(stderr, "\r{:<78}\r", "");
  std::fflush(stderr);
}

/// Source address of the host's frames, by which what leaves to the line is told from the card's own.
constexpr std::array<std::uint8_t, 6> kHostMac{0x02, 0x68, 0x6f, 0x73, 0x74, 0x01};

bool is_of_host(std::span<const std::uint8_t> frame) {
  return frame.size() >= 12 && std::equal(kHostMac.begin(), kHostMac.end(), frame.begin() + 6);
}

/// The frames of a host port that is as busy as its line can be.
class HostLoad {
 public:
  HostLoad(sim::Card& card, const std::vector<Bytes>& frames, std::uint64_t base)
      : card_(card), frames_(frames), base_(base) {}
  /// Offers what begins before clock `end`.
  void offer_until(std::uint64_t end) {
    while (!frames_.empty()) {
      const Bytes& frame = frames_[sent_ % frames_.size()];
      const std::uint64_t start = base_ + static_cast<std::uint64_t>(wire_ * sim::kClockHz);
      if (start >= end) return;
      card_.offer(InPort::host_rx, frame, start);
      wire_ += (static_cast<double>(frame.size()) + kWireOverhead) / kLineBytesPerSecond;
      ++sent_;
    }
  }
  std::uint64_t sent() const { return sent_; }

 private:
  sim::Card& card_;
  const std::vector<Bytes>& frames_;
  std::uint64_t base_, sent_ = 0;
  double wire_ = 0;  ///< seconds
};

Result run(const Workload& load) {
  const auto card = sim::make_rtl_card();
  program(*card, default_services(), default_secrets());
  for (const auto& [offset, value] : load.sysctls) card->write32(offset, value);
  load_tables(*card);
  for (std::size_t i = 0; i < load.before.size(); ++i) {
    card->offer(InPort::line_rx, load.before[i], card->now() + 10 + (i % 10'000) * load.before_every);
    if (i % 10'000 == 9'999) card->drain();
  }
  card->drain();
  const Counters prepared = read_counters(*card);
  Result result;
  result.name = load.name;
  result.pace = load.line_rate ? "100 Gb/s" : load.every > 0 ? fmt::format("1 in {}", load.every) : "gapless";
  std::uint64_t out = 0, first_out = 0, last_out = 0;
  std::uint64_t latency_min = ~0ULL, latency_max = 0;
  // Frames are answered in order, so the n-th answer belongs to the n-th frame.
  std::vector<std::uint64_t> starts;
  starts.reserve(load.count);
  card->set_sink([&](const sim::OutFrame& frame) {
    if (frame.port != load.out || is_of_host(frame.bytes)) return;
    if (out == 0) first_out = frame.first_cycle;
    last_out = frame.first_cycle;
    if (load.outs == 1 && out < starts.size()) {
      const std::uint64_t latency = frame.first_cycle - starts[out];
      latency_min = std::min(latency_min, latency);
      latency_max = std::max(latency_max, latency);
    }
    ++out;
  });
  const std::uint64_t base = card->now() + 100;
  HostLoad host(*card, load.host, base);
  double wire = 0;            // seconds of line time so far
  std::uint64_t bus = base;   // first clock at which the bus is free
  std::uint64_t silence = 0;  // clocks between bursts
  const std::uint64_t clocks_before = card->clocks_evaluated();
  const double cpu_before = cpu_seconds();
  constexpr std::uint64_t kChunk = 10'000;
  for (std::uint64_t i = 0; i < load.count;) {
    for (std::uint64_t end = std::min(load.count, i + kChunk); i < end; ++i) {
      const Bytes& frame = load.frames[i % load.frames.size()];
      std::uint64_t start = bus;
      if (load.line_rate) {
        start = std::max(bus, base + static_cast<std::uint64_t>(wire * sim::kClockHz));
        wire += (static_cast<double>(std::max<std::size_t>(frame.size(), 60)) + kWireOverhead) / kLineBytesPerSecond;
      }
      card->offer(InPort::line_rx, frame, start);
      starts.push_back(start);
      bus = start + std::max<std::uint64_t>(load.every, (frame.size() + 63) / 64);
      if (load.burst > 0 && (i + 1) % load.burst == 0) {
        bus += 400 + 4 * load.burst;
        silence += 400 + 4 * load.burst;
      }
      result.bytes += frame.size();
    }
    host.offer_until(bus);
    card->run_until(bus);
    progress(load.name, i, load.count);
  }
  card->drain();
  const double cpu = cpu_seconds() - cpu_before;
  result.frames = load.count;
  result.clocks_per_cpu_second = static_cast<double>(card->clocks_evaluated() - clocks_before) / cpu;
  const Counters counters = read_counters(*card);
  result.lost = counters[Drop::line_tx_full] + counters[Drop::host_tx_full];
  const std::uint64_t of_host = host.sent() - (counters[Counter::to_line] - prepared[Counter::to_line]) +
                                counters[Counter::watch_lost] - prepared[Counter::watch_lost];
  std::uint64_t expected = 0;
  for (const Counter counter : load.expected) expected += counters[counter] - prepared[counter];
  result.wrong = load.count - expected - (load.may_lose ? result.lost : 0) +
                 (conservation_faults(counters).empty() ? 0 : 1) + of_host;
  result.may_lose = load.may_lose;
  if (out > 1)
    result.clocks_per_frame = static_cast<double>(last_out - first_out) * static_cast<double>(load.outs) /
                              static_cast<double>(out - load.outs);
  if (out <= 1 || load.burst > 0 || load.outs == 0)
    result.clocks_per_frame = static_cast<double>(bus - base - silence) / static_cast<double>(load.count);
  result.latency = load.outs == 1 && out == load.count;
  if (result.latency) {
    result.latency_min = latency_min;
    result.latency_max = latency_max;
  }
  return result;
}

/// Frames of one template with different clients, so that no two are alike in a row.
std::vector<Bytes> variants(FrameSpec spec, std::size_t size = 0, std::size_t count = 1024) {
  Rng rng(7);
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i) {
    spec.sport = static_cast<std::uint16_t>(1024 + rng.below(60000));
    spec.seq = rng.u32();
    for (std::size_t k = 0; k < 3; ++k)
      spec.src.bytes[spec.src.v6 ? 13 + k : 1 + k] = static_cast<std::uint8_t>(1 + rng.below(250));
    if (size > 0) {
      spec.payload.clear();
      spec.pad = false;
      spec.payload.resize(size - build(spec).bytes.size(), 0x55);
    }
    out.push_back(build(spec).bytes);
  }
  return out;
}

FrameSpec syn(bool v6, Bytes options) {
  // Read once: addresses read from text for each frame were a tenth of all the instructions of a run.
  static const std::vector<ServiceEntry> services = default_services();
  static const auto client4 = address("10.1.2.3");
  static const auto client6 = address("2001:db8:bad::1");
  const ServiceEntry& to = services[v6 ? 1 : 0];
  FrameSpec spec;
  spec.src = v6 ? client6 : client4;
  spec.dst = to.address;
  spec.dport = to.port;
  spec.flags = 0x02;
  spec.options = std::move(options);
  return spec;
}

std::vector<Bytes> acks(bool valid) {
  Rng rng(11);
  const Secrets secrets = default_secrets();
  std::vector<Bytes> out;
  for (int i = 0; i < 1024; ++i) {
    FrameSpec spec = syn(false, concat({opt_nop(), opt_nop(), opt_ts(rng.u32(), rng.u32())}));
    spec.flags = 0x10;
    spec.sport = static_cast<std::uint16_t>(1024 + rng.below(60000));
    const std::uint32_t irs = rng.u32();
    const Tuple tuple{spec.src, spec.dst, spec.sport, spec.dport};
    spec.seq = irs + 1;
    spec.ack =
        valid ? oracle_iss(secrets.cookie[0], tuple, irs, oracle_cookie_byte(1460, 7, true, false)) + 1 : rng.u32();
    out.push_back(build(spec).bytes);
  }
  return out;
}

/// One client after another, each with an address and a port of its own; what it sends in a handshake, without options.
class Clients {
 public:
  static FrameSpec syn_of(std::uint64_t i) {
    FrameSpec spec = syn(false, {});
    spec.src = address("10.0.0.0");
    for (std::size_t k = 0; k < 3; ++k) spec.src.bytes[1 + k] = static_cast<std::uint8_t>(i >> (8 * k));
    spec.sport = static_cast<std::uint16_t>(1024 + i % 50'000);
    spec.seq = static_cast<std::uint32_t>(i * 2654435761U);
    return spec;
  }
  static FrameSpec ack_of(std::uint64_t i) {
    static const Secrets secrets = default_secrets();
    FrameSpec spec = syn_of(i);
    const Tuple tuple{spec.src, spec.dst, spec.sport, spec.dport};
    spec.flags = 0x10;
    spec.ack = oracle_iss(secrets.cookie[0], tuple, spec.seq, oracle_cookie_byte(0, -1, false, false)) + 1;
    spec.seq += 1;
    return spec;
  }
  static FrameSpec rst_of(std::uint64_t i) {
    FrameSpec spec = syn_of(i);
    spec.flags = 0x04;
    spec.seq += 1;
    return spec;
  }
  static FrameSpec data_of(std::uint64_t i) {
    FrameSpec spec = ack_of(i);
    spec.seq += 1000;
    return spec;
  }
  using Of = FrameSpec (*)(std::uint64_t);
  static std::vector<Bytes> frames(Of of, std::uint64_t first, std::uint64_t count) {
    std::vector<Bytes> out;
    for (std::uint64_t i = first; i < first + count; ++i) out.push_back(build(of(i)).bytes);
    return out;
  }
};

/// A segment that the server of `spec`'s connection sends.
Bytes from_host(FrameSpec spec) {
  std::swap(spec.src, spec.dst);
  std::swap(spec.sport, spec.dport);
  Bytes frame = build(spec).bytes;
  std::copy(kHostMac.begin(), kHostMac.end(), frame.begin() + 6);
  return frame;
}

/// Of several lists one frame after the other, in a random order that is the same every time.
std::vector<Bytes> shuffled(std::vector<std::vector<Bytes>> lists) {
  Rng rng(13);
  std::vector<Bytes> out;
  for (std::vector<Bytes>& list : lists) out.insert(out.end(), list.begin(), list.end());
  for (std::size_t i = out.size() - 1; i > 0; --i) std::swap(out[i], out[rng.below(i + 1)]);
  return out;
}

std::vector<Workload> syncache_workloads(std::uint64_t count) {
  using Sysctls = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  const Sysctls no_cookies{{reg::kSysctlSyncookies, 0}};
  const std::uint64_t entries = 100'000;  // fewer than the syncache holds
  std::vector<Workload> list;
  const auto add = [&](std::string name, std::vector<Bytes> frames, OutPort out, std::uint64_t outs, Sysctls sysctls,
                       std::vector<Counter> expected) -> Workload& {
    Workload load{std::move(name), std::move(frames), out, outs, false, std::move(sysctls), std::move(expected)};
    load.count = load.frames.size();
    list.push_back(std::move(load));
    return list.back();
  };
  add("60-byte SYN, all new, stored", Clients::frames(Clients::syn_of, 0, entries), OutPort::line_tx, 1, {},
      {Counter::added, Counter::stateless});
  add("60-byte SYN, all new, table full", Clients::frames(Clients::syn_of, 200'000, count / 2), OutPort::line_tx, 1,
      no_cookies, {Counter::evicted})
      .before = Clients::frames(Clients::syn_of, 1'000'000, 1'200'000);
  add("60-byte SYN, all new, one bucket", Clients::frames(Clients::syn_of, 0, count / 4), OutPort::line_tx, 1,
      {{reg::kSysctlSyncookies, 0}, {reg::kSysctlHashsize, 1}, {reg::kSysctlCachelimit, 8}}, {Counter::added});
  Workload& duplicates = add("60-byte SYN, all duplicates", Clients::frames(Clients::syn_of, 0, 1000), OutPort::line_tx,
                             1, {}, {Counter::dupsyn});
  duplicates.before = duplicates.frames;
  duplicates.count = count / 4;
  Workload& one = add("60-byte SYN, all the same client", Clients::frames(Clients::syn_of, 5, 1), OutPort::line_tx, 1,
                      {}, {Counter::dupsyn});
  one.before = one.frames;
  one.count = count / 4;
  Workload& resets = add("60-byte RST, all end an entry", Clients::frames(Clients::rst_of, 0, entries),
                         OutPort::line_tx, 0, no_cookies, {Counter::reset});
  resets.before = Clients::frames(Clients::syn_of, 0, entries);
  resets.may_lose = true;  // a full bucket has evicted some entries: their RSTs are passed
  resets.expected.push_back(Counter::passed);
  // A mark and the ACK behind it are three beats: gapless only in bursts that the buffers hold.
  Workload& acks = add("60-byte ACK, all complete, bursts", Clients::frames(Clients::ack_of, 0, 8000), OutPort::host_tx,
                       2, {}, {Counter::completed});
  acks.before = Clients::frames(Clients::syn_of, 0, 8000);
  acks.burst = 200;
  Workload& mix = add("60-byte SYN, dup, ACK, RST, mixed", {}, OutPort::host_tx, 0, {{reg::kSysctlUnknownAck, 1}},
                      {Counter::answered, Counter::established, Counter::reset, Counter::completed, Counter::recvcookie,
                       Counter::drop_unknown_ack, Counter::drop_unknown_rst});
  mix.before = Clients::frames(Clients::syn_of, 0, 30'000);
  mix.frames = shuffled({Clients::frames(Clients::syn_of, 0, 30'000), Clients::frames(Clients::syn_of, 50'000, 30'000),
                         Clients::frames(Clients::ack_of, 0, 30'000), Clients::frames(Clients::rst_of, 15'000, 30'000),
                         Clients::frames(Clients::ack_of, 500'000, 30'000)});
  mix.count = mix.frames.size();
  mix.burst = 400;
  // The host's port as busy as the line's: each of its frames asks the engine too.
  for (const bool stored : {true, false}) {
    Workload& both =
        add(stored ? "60-byte SYN, stored; host 148.8 M/s" : "60-byte forged ACK; host 148.8 M/s",
            stored ? Clients::frames(Clients::syn_of, 0, entries) : Clients::frames(Clients::ack_of, 500'000, entries),
            stored ? OutPort::line_tx : OutPort::host_tx, stored ? 1 : 0, {{reg::kSysctlUnknownAck, 1}},
            {stored ? Counter::answered : Counter::drop_unknown_ack});
    both.line_rate = true;
    for (std::uint64_t i = 0; i < 4096; ++i) both.host.push_back(from_host(Clients::data_of(3'000'000 + i)));
  }
  // What the flow table is for: a quarter of a million connections, in a flood of forged ACKs at the line's rate.
  constexpr std::uint64_t kFlows = 262'144;
  Workload& flood = add("262,144 flows, forged ACKs dropped", {}, OutPort::host_tx, 0,
                        {{reg::kSysctlSyncookiesOnly, 1}, {reg::kSysctlUnknownAck, 1}},
                        {Counter::established, Counter::drop_unknown_ack});
  flood.before = Clients::frames(Clients::ack_of, 0, kFlows);
  flood.before_every = 4;
  flood.frames =
      shuffled({Clients::frames(Clients::data_of, 0, kFlows), Clients::frames(Clients::data_of, 2'000'000, count / 2)});
  flood.count = flood.frames.size();
  flood.line_rate = true;
  return list;
}

std::vector<Workload> workloads(std::uint64_t count) {
  const Bytes linux_options = concat({opt_mss(1460), opt_sack(), opt_ts(1, 0), opt_nop(), opt_ws(7)});
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> only{{reg::kSysctlSyncookiesOnly, 1}};
  std::vector<Workload> list = syncache_workloads(count);
  list.push_back({"60-byte SYN, IPv4, no options",
                  variants(syn(false, {})),
                  OutPort::line_tx,
                  1,
                  false,
                  {},
                  {Counter::answered},
                  count});
  list.push_back({"74-byte SYN, IPv4, all options",
                  variants(syn(false, linux_options)),
                  OutPort::line_tx,
                  1,
                  false,
                  {},
                  {Counter::answered},
                  count / 2});
  list.push_back({"94-byte SYN, IPv6, all options",
                  variants(syn(true, linux_options)),
                  OutPort::line_tx,
                  1,
                  false,
                  {},
                  {Counter::answered},
                  count / 2});
  // Each valid ACK makes two frames of two beats towards the host: one in four clocks is what the bus can carry.
  list.push_back({"66-byte valid ACK", acks(true), OutPort::host_tx, 2, false, only, {Counter::passed}, 1000, 4});
  list.push_back({"66-byte valid ACK, replayed flood",
                  acks(true),
                  OutPort::host_tx,
                  0,
                  true,
                  only,
                  {Counter::passed},
                  count / 10});
  list.back().may_lose = true;
  list.push_back(
      {"66-byte forged ACK, passed", acks(false), OutPort::host_tx, 1, false, {}, {Counter::passed}, count / 2});
  list.push_back({"66-byte forged ACK, dropped",
                  acks(false),
                  OutPort::host_tx,
                  1,
                  false,
                  {{reg::kSysctlUnknownAck, 1}},
                  {Counter::drop_unknown_ack},
                  count / 2});
  {
    // Data frames of an unprotected host between SYNs and forged ACKs: what passes keeps its order and loses nothing.
    FrameSpec data = syn(false, {});
    data.dst = address("198.51.100.99");
    data.flags = 0x18;
    const auto big = variants(data, 1518, 256), small = variants(data, 200, 256), ack = acks(false),
               flood = variants(syn(false, {}), 0, 256);
    std::vector<Bytes> mix;
    for (std::size_t i = 0; i < 256; ++i) {
      mix.push_back(small[i]);
      mix.push_back(ack[i]);
      if (i % 4 == 0) mix.push_back(big[i]);
      mix.push_back(small[255 - i]);
    }
    list.push_back(
        {"mix: data 200 and 1518, forged ACKs", mix, OutPort::host_tx, 1, false, {}, {Counter::passed}, count / 5});
  }
  for (std::size_t size = 60; size <= 128; ++size)
    list.push_back({fmt::format("{}-byte SYN", size),
                    variants(syn(false, {}), size),
                    OutPort::line_tx,
                    1,
                    true,
                    {},
                    {Counter::answered},
                    count / 20});
  for (std::size_t size : {1518, 9018}) {
    FrameSpec data = syn(false, {});
    data.dst = address("198.51.100.99");
    data.flags = 0x18;
    list.push_back({fmt::format("{}-byte data", size),
                    variants(data, size, 64),
                    OutPort::host_tx,
                    1,
                    true,
                    {},
                    {Counter::passed},
                    count / (size > 2000 ? 500 : 100)});
  }
  return list;
}

struct Lateness {
  std::uint64_t entries = 0, retransmitted = 0;
  double milliseconds = 0;  ///< of the latest
};

/// How late SYN-ACKs are repeated while the line brings 60-byte frames at its full rate and very many entries are due
/// within a millisecond.
Lateness lateness(std::uint64_t entries) {
  const auto card = sim::make_rtl_card();
  program(*card, default_services(), default_secrets());
  // No overflow may begin a pause: without cookies there is none.
  card->write32(reg::kSysctlSyncookies, 0);
  card->write32(reg::kSysctlUnknownAck, 1);
  constexpr double kMs = sim::kClockHz / 1000;
  const auto ms_of = [](std::uint64_t cycle) { return static_cast<std::uint64_t>(static_cast<double>(cycle) / kMs); };
  Lateness result;
  std::vector<std::uint64_t> due(entries, 0);
  card->set_sink([&](const sim::OutFrame& frame) {
    if (frame.port != OutPort::line_tx) return;
    const std::uint64_t i = frame.bytes[31] | frame.bytes[32] << 8 | frame.bytes[33] << 16;
    if (i >= entries) return;
    if (due[i] == 0) {
      due[i] = (ms_of(frame.first_cycle) + 1000);
      return;
    }
    ++result.retransmitted;
    result.milliseconds =
        std::max(result.milliseconds, static_cast<double>(frame.first_cycle) / kMs - static_cast<double>(due[i]));
  });
  const std::uint64_t base = static_cast<std::uint64_t>(static_cast<double>(ms_of(card->now()) + 2) * kMs) + 1000;
  const double pace = 84.0 / kLineBytesPerSecond * sim::kClockHz;  // clocks per 60-byte frame on the wire
  for (std::uint64_t i = 0; i < entries; ++i)
    card->offer(InPort::line_rx, build(Clients::syn_of(i)).bytes,
                base + static_cast<std::uint64_t>(pace * static_cast<double>(i)));
  card->drain();
  result.entries = card->read32(reg::kSyncacheCount);
  // From a little before the first is due.
  const std::uint64_t start = base + static_cast<std::uint64_t>(999.9 * kMs);
  card->run_until(start - 10'000);
  const std::vector<Bytes> flood = Clients::frames(Clients::data_of, 2'000'000, 4096);
  const auto frames = static_cast<std::uint64_t>(6 * kMs / pace);
  for (std::uint64_t i = 0; i < frames; ++i) {
    card->offer(InPort::line_rx, flood[i % flood.size()],
                start + static_cast<std::uint64_t>(pace * static_cast<double>(i)));
    if (i % 10'000 == 0) {
      card->run_until(start + static_cast<std::uint64_t>(pace * static_cast<double>(i)));
      progress("retransmission in a flood", i, frames);
    }
  }
  card->drain();
  progress("retransmission in a flood", frames, frames);
  return result;
}

int main_checked(int argc, char** argv) {
  std::uint64_t frames = 1'000'000;
  std::string json_file, markdown_file, only;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (i + 1 < argc && arg == "--frames")
      frames = std::max(1000ULL, std::strtoull(argv[++i], nullptr, 10));
    else if (i + 1 < argc && arg == "--json")
      json_file = argv[++i];
    else if (i + 1 < argc && arg == "--markdown")
      markdown_file = argv[++i];
    else if (i + 1 < argc && arg == "--only")
      only = argv[++i];
    else {
      fmt::print(stderr,
                 "usage: synward-bench [--frames N] [--json FILE] [--markdown FILE] [--only TEXT]\n  example: "
                 "synward-bench --frames 100000 --only 'host 148.8' --json bench.json\n");
      return 2;
    }
  }
  nlohmann::json report;
  report["note"] =
      "Clocks are counted in the Verilated core (exact); rates at 322.265625 MHz follow from them; nothing was run on "
      "hardware.";
  report["clock_hz"] = sim::kClockHz;
  std::string table =
      "| frames | pace | sent | lost | clocks per frame | million frames/s | latency, clocks | simulated clocks per "
      "CPU second |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  bool ok = true;
  for (const Workload& load : workloads(frames)) {
    if (load.name.find(only) == std::string::npos) continue;
    const Result r = run(load);
    const bool good = (r.lost == 0 || r.may_lose) && r.wrong == 0;
    ok = ok && good;
    const std::string latency = !r.latency ? "-"
                                : r.latency_min == r.latency_max
                                    ? fmt::format("{}", r.latency_min)
                                    : fmt::format("{} to {}", r.latency_min, r.latency_max);
    fmt::print(
        "{:<36} {:<9} {:>8} sent {:>4} lost {:>7.3f} clocks/frame {:>7.1f} M/s  latency {:<9} {:>4.0f} k "
        "clocks/CPU-s{}\n",
        r.name, r.pace, r.frames, r.lost, r.clocks_per_frame, sim::kClockHz / r.clocks_per_frame / 1e6, latency,
        r.clocks_per_cpu_second / 1e3, good ? "" : fmt::format("  WRONG: {}", r.wrong));
    std::fflush(stdout);
    table += fmt::format("| {} | {} | {} | {} | {:.3f} | {:.1f} | {} | {:.0f} k |\n", r.name, r.pace, r.frames, r.lost,
                         r.clocks_per_frame, sim::kClockHz / r.clocks_per_frame / 1e6, latency,
                         r.clocks_per_cpu_second / 1e3);
    nlohmann::json entry{{"name", r.name},
                         {"pace", r.pace},
                         {"frames", r.frames},
                         {"bytes", r.bytes},
                         {"frames_lost", r.lost},
                         {"frames_wrong", r.wrong},
                         {"clocks_per_frame", r.clocks_per_frame},
                         {"clocks_per_cpu_second", r.clocks_per_cpu_second}};
    if (r.latency) entry["latency_cycles"] = {{"min", r.latency_min}, {"max", r.latency_max}};
    report["results"].push_back(entry);
  }
  const Lateness late = lateness(100'000);
  ok = ok && late.retransmitted == late.entries && late.entries > 90'000;
  const std::string line = fmt::format(
      "{} SYN-ACKs due within a millisecond, 60-byte frames at 100 Gb/s meanwhile: {} repeated, the last {:.2f} ms "
      "late.",
      late.entries, late.retransmitted, late.milliseconds);
  fmt::print("{}\n", line);
  table += "\n" + line + "\n";
  report["retransmission_in_a_flood"] = {
      {"entries", late.entries}, {"retransmitted", late.retransmitted}, {"latest_ms", late.milliseconds}};
  if (!json_file.empty() && !(std::ofstream(json_file) << report.dump(2) << '\n')) {
    fmt::print(stderr, "synward-bench: {}: cannot write\n", json_file);
    return 1;
  }
  if (!markdown_file.empty() && !(std::ofstream(markdown_file) << table)) {
    fmt::print(stderr, "synward-bench: {}: cannot write\n", markdown_file);
    return 1;
  }
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace synward::test

int main(int argc, char** argv) { return synward::test::main_checked(argc, argv); }
