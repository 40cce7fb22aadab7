// SPDX-License-Identifier: BSD-2-Clause
// The TC program in a network namespace with real listeners: each verdict by BPF_PROG_RUN, and whatever makes a socket
// by frames that come in at an interface, for the kernel makes none elsewhere.
#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "common/control.hpp"
#include "common/oracle.hpp"
#include "common/rng.hpp"
#include "driver/network.hpp"
#include "synward/codes.hpp"
#include "synward/cookie.hpp"
#include "synward/driver/program.hpp"

namespace synward::test {
namespace {

using driver::FateCounts;

static_assert(SYNWARD_TAKEN == kStatusTaken && SYNWARD_FULL == kStatusFull && SYNWARD_NO_LISTENER == kStatusNoListener);
static_assert(SYNWARD_REFUSED == kStatusRefused && SYNWARD_BUSY == kStatusBusy);
static_assert(SYNWARD_MARK_SACK == kMarkSack && SYNWARD_MARK_TS == kMarkTimestamps);
static_assert(SYNWARD_MARK_WS == kMarkScale && SYNWARD_MARK_ECN == kMarkEcn);

constexpr std::uint32_t kPass = static_cast<std::uint32_t>(TC_ACT_UNSPEC), kDrop = TC_ACT_SHOT,
                        kSentOn = TC_ACT_REDIRECT;
constexpr std::uint16_t kPort = 4711, kClosed = 4799;
constexpr int kMptcp = 262;

Key key_of(std::uint8_t first) {
  Key key{};
  for (std::uint8_t& byte : key) byte = first++;
  return key;
}
const Key kMark = key_of(0xa0), kFormer = key_of(0x10), kControl = key_of(0x60), kFormerControl = key_of(0x40);

std::uint64_t seed() {
  const char* text = std::getenv("SYNWARD_SEED");
  const std::uint64_t value = text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
  std::cout << "seed " << value << std::endl;
  return value;
}

/// A mark before it is a frame.
struct MarkSpec {
  bool v6 = false, stamps = false;
  std::uint16_t sport = 40'000, dport = kPort;
  std::uint32_t seq = 1'000'001, ack = 2'000'001;
  std::uint8_t flags = SYNWARD_MARK_SACK | SYNWARD_MARK_WS, wscale = 0x76;
  std::uint16_t mss = 1460;
  Key key = kMark;
};

FrameSpec segment_of(const MarkSpec& spec) {
  FrameSpec frame;
  frame.mac_src = {0x02, 0, 0, 0, 0, 0x01};
  frame.mac_dst = {0x02, 0, 0, 0, 0, 0x07};
  frame.src = address(spec.v6 ? "fd00:77::9" : "10.77.0.9");
  frame.dst = address(spec.v6 ? "fd00:77::1" : "10.77.0.1");
  frame.sport = spec.sport;
  frame.dport = spec.dport;
  frame.seq = spec.seq;
  frame.ack = spec.ack;
  frame.flags = kAck;
  return frame;
}

FrameSpec mark_frame(const MarkSpec& spec, std::optional<FrameSpec> base = std::nullopt) {
  FrameSpec frame = base.value_or(segment_of(spec));
  const Tuple tuple{frame.src, frame.dst, frame.sport, frame.dport};
  const std::uint8_t flags = spec.flags | (spec.stamps ? SYNWARD_MARK_TS : 0);
  frame.options = opt_mark(flags, spec.wscale, spec.mss,
                           oracle_mark_mac(spec.key, tuple, frame.seq, frame.ack, flags, spec.wscale, spec.mss));
  if (spec.stamps) frame.options = concat({opt_nop(2), opt_ts(100, 200), frame.options});
  return frame;
}

std::uint64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

/// Addresses and ports of a frame, as the program's tables know them.
std::array<std::uint8_t, sizeof(bpf_sock_tuple)> ends_of(const FrameSpec& spec) {
  const Frame frame = build(spec);
  const auto tcp = frame.bytes.begin() + static_cast<std::ptrdiff_t>(frame.l4);
  std::array<std::uint8_t, sizeof(bpf_sock_tuple)> ends{};
  std::copy(tcp - (frame.v6 ? 32 : 8), tcp + 4, ends.begin());
  return ends;
}

template <typename Done>
bool within_a_second(Done&& done) {
  for (int i = 0; i < 200; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

/// The next connection of a listener, or none within a second.
FileDescriptor accept_soon(const FileDescriptor& listener) {
  FileDescriptor accepted;
  within_a_second([&] {
    pollfd wait{listener.get(), POLLIN, 0};
    if (poll(&wait, 1, 0) == 1) accepted = FileDescriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    return static_cast<bool>(accepted);
  });
  return accepted;
}

class Handoff : public testing::TestWithParam<std::tuple<bool, bool>> {
 protected:
  void SetUp() override {
    if (const std::string missing = Network::missing(); !missing.empty()) GTEST_SKIP() << missing;
    network_.emplace();
    auto loaded = driver::Program::load();
    ASSERT_TRUE(loaded) << loaded.error().text;
    program_.emplace(std::move(*loaded));
    set_keys(true, true, true);
  }

  void set_keys(bool mark, bool former, bool control) {
    const auto own = [](const Key& from) {
      synward::Key key;
      std::ranges::copy(from, key.bytes().begin());
      return key;
    };
    const synward::Key a = own(kMark), b = own(kFormer), c = own(kControl), d = own(kFormerControl);
    ASSERT_TRUE(program_->set_keys(
        {mark ? &a : nullptr, former ? &b : nullptr, control ? &c : nullptr, control ? &d : nullptr}));
  }

  /// A mark that is not taken says as well that the card protects its port.
  void learn_port() {
    set_keys(true, true, false);
    MarkSpec other = spec();
    other.sport = 1;
    run(mark_frame(other));
    set_keys(true, true, true);
    const auto places = program_->places();
    ASSERT_EQ(places->size(), 1U);
    EXPECT_EQ((*places)[0].lport, kPort);
    EXPECT_EQ((*places)[0].v6 != 0, v6());
  }

  MarkSpec spec() const { return {.v6 = std::get<0>(GetParam()), .stamps = std::get<1>(GetParam())}; }
  bool v6() const { return std::get<0>(GetParam()); }

  /// What the program says of a frame; `out_` is the frame then.
  std::uint32_t run(ByteView frame) {
    const auto before = program_->counts();
    std::vector<std::uint8_t> out(frame.size() + 256);
    __sk_buff context{};
    context.ifindex = network_->server();
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_out = out.data(),
                .data_size_in = static_cast<__u32>(frame.size()), .data_size_out = static_cast<__u32>(out.size()),
                .ctx_in = &context, .ctx_size_in = sizeof context);
    EXPECT_EQ(bpf_prog_test_run_opts(program_->fd(), &options), 0);
    out.resize(options.data_size_out);
    out_ = out;
    const auto after = program_->counts();
    for (unsigned i = 0; i < counted_.size(); ++i) counted_[i] = (*after)[i] - (*before)[i];
    return options.retval;
  }
  std::uint32_t run(const FrameSpec& frame) { return run(build(frame).bytes); }

  /// Of the last frame exactly this was counted.
  void expect_counted(std::initializer_list<synward_fate> fates) {
    FateCounts expected{};
    for (const synward_fate fate : fates) ++expected[fate];
    for (unsigned i = 0; i < counted_.size(); ++i) EXPECT_EQ(counted_[i], expected[i]) << driver::fate_name(i);
  }

  /// A frame that comes in at the interface: within a second exactly this is counted.
  void expect_at_interface(const FrameSpec& frame, std::initializer_list<synward_fate> fates) {
    if (!attached_) {
      attached_ = FileDescriptor(bpf_link_create(program_->fd(), static_cast<int>(network_->server()),
                                                 static_cast<bpf_attach_type>(46), nullptr));
      ASSERT_TRUE(attached_);
    }
    const auto before = program_->counts();
    network_->send(build(frame).bytes);
    const auto count = [&] {
      const auto after = program_->counts();
      std::uint64_t sum = 0;
      for (unsigned i = 0; i < counted_.size(); ++i) sum += counted_[i] = (*after)[i] - (*before)[i];
      return sum;
    };
    within_a_second([&] { return count() >= fates.size(); });
    // And no more than that.
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    count();
    expect_counted(fates);
  }

  /// A map of the program, by its name.
  FileDescriptor map(const std::string& name) const {
    std::array<__u32, 16> ids{};
    bpf_prog_info program{};
    program.nr_map_ids = ids.size();
    program.map_ids = reinterpret_cast<std::uintptr_t>(ids.data());
    __u32 size = sizeof program;
    EXPECT_EQ(bpf_obj_get_info_by_fd(program_->fd(), &program, &size), 0);
    for (__u32 i = 0; i < program.nr_map_ids; ++i) {
      FileDescriptor fd(bpf_map_get_fd_by_id(ids[i]));
      bpf_map_info info{};
      size = sizeof info;
      if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) == 0 && name == info.name) return fd;
    }
    return {};
  }

  Bytes expected_status(const MarkSpec& spec, std::uint8_t status, const Key& key = kControl) const {
    StatusSpec wanted;
    wanted.mark = segment_of(spec);
    std::swap(wanted.mark.mac_src, wanted.mark.mac_dst);
    wanted.flags = spec.flags | (spec.stamps ? SYNWARD_MARK_TS : 0);
    wanted.wscale = spec.wscale;
    wanted.mss = spec.mss;
    wanted.status = status;
    wanted.mark.options = {};
    Bytes frame = status_frame(wanted, key);
    // The mark is turned round as it is, timestamps and checksum included; only the tag is new.
    const Bytes mark = build(mark_frame(spec)).bytes;
    const Bytes tag(frame.end() - 4, frame.end());
    frame.resize(18);
    frame.insert(frame.end(), mark.begin() + 14, mark.end());
    std::ranges::copy(tag, frame.end() - 4);
    return frame;
  }

  std::optional<Network> network_;  ///< of each test alone: a listener's sockets outlive it
  std::optional<driver::Program> program_;
  FileDescriptor attached_;
  FateCounts counted_{};
  Bytes out_;
};

INSTANTIATE_TEST_SUITE_P(Forms, Handoff, testing::Combine(testing::Bool(), testing::Bool()), [](const auto& form) {
  return std::string(std::get<0>(form.param) ? "v6" : "v4") + (std::get<1>(form.param) ? "_stamps" : "_plain");
});

TEST_P(Handoff, AMarkBecomesAConnectionAndIsAnswered) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  expect_at_interface(mark_frame(spec()), {SYNWARD_FATE_taken});
  EXPECT_EQ(to_hex(network_->next_status()), to_hex(expected_status(spec(), SYNWARD_TAKEN)));
  const FileDescriptor accepted = accept_soon(listener);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(rcv_nxt(accepted), spec().seq);
  tcp_info info{};
  socklen_t size = sizeof info;
  ASSERT_EQ(getsockopt(accepted.get(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  EXPECT_EQ(info.tcpi_options & (TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE | TCPI_OPT_ECN),
            TCPI_OPT_SACK | TCPI_OPT_WSCALE | (spec().stamps ? TCPI_OPT_TIMESTAMPS : 0));
  EXPECT_EQ(info.tcpi_snd_wscale, 7);
  EXPECT_EQ(info.tcpi_rcv_wscale, 6);
  EXPECT_EQ(info.tcpi_snd_mss, (v6() ? 1440U : 1460U) - (spec().stamps ? 12U : 0U));
  // The mark again, as the card repeats it, and then data.
  expect_at_interface(mark_frame(spec()), {SYNWARD_FATE_known});
  FrameSpec data = segment_of(spec());
  data.flags = kAck | kPsh;
  data.payload = {'h', 'i'};
  if (spec().stamps) data.options = concat({opt_nop(2), opt_ts(101, 200)});
  expect_at_interface(data, {SYNWARD_FATE_unmarked});
  char text[4] = {};
  EXPECT_EQ(recv(accepted.get(), text, sizeof text, 0), 2);
}

TEST_P(Handoff, EcnIsAsTheMarkSays) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  MarkSpec mark = spec();
  mark.flags |= SYNWARD_MARK_ECN;
  expect_at_interface(mark_frame(mark), {SYNWARD_FATE_taken});
  const FileDescriptor accepted = accept_soon(listener);
  ASSERT_TRUE(accepted);
  tcp_info info{};
  socklen_t size = sizeof info;
  ASSERT_EQ(getsockopt(accepted.get(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  EXPECT_NE(info.tcpi_options & TCPI_OPT_ECN, 0);
}

TEST_P(Handoff, TheFormerKeyCountsAsWell) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  MarkSpec old = spec();
  old.key = kFormer;
  expect_at_interface(mark_frame(old), {SYNWARD_FATE_taken});
  // A card that makes such marks knows no other control key yet.
  EXPECT_EQ(to_hex(network_->next_status()), to_hex(expected_status(old, SYNWARD_TAKEN, kFormerControl)));
  ++old.sport;
  set_keys(true, false, true);
  expect_at_interface(mark_frame(old), {SYNWARD_FATE_bad_mac});
  set_keys(false, false, true);
  expect_at_interface(mark_frame(spec()), {SYNWARD_FATE_no_key});
}

TEST_P(Handoff, WithoutAControlKeyNothingIsAnswered) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  set_keys(true, false, false);
  expect_at_interface(mark_frame(spec()), {SYNWARD_FATE_taken});
  MarkSpec closed = spec();
  closed.dport = kClosed;
  EXPECT_EQ(run(mark_frame(closed)), kDrop);
  EXPECT_TRUE(network_->next_status(50).empty());
}

TEST_P(Handoff, EachBitOfAMarkIsUnderItsMac) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  const Frame mark = build(mark_frame(spec()));
  const std::size_t option = mark.bytes.size() - 12;
  const std::size_t addresses = v6() ? mark.l3 + 8 : mark.l3 + 12;
  for (std::size_t at = 0; at < mark.bytes.size(); ++at) {
    const bool covered = (at >= addresses && at < mark.l4 + 12) || at >= option + 4;
    if (!covered) continue;
    Bytes frame = mark.bytes;
    frame[at] ^= static_cast<std::uint8_t>(1U << at % 8);
    EXPECT_EQ(run(frame), kDrop) << at;
    expect_counted({SYNWARD_FATE_bad_mac});
  }
  EXPECT_TRUE(network_->next_status(50).empty());
}

TEST_P(Handoff, WhatTheCardDoesNotMakeIsNoMark) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  const auto refuse = [&](const char* what, const FrameSpec& frame) {
    EXPECT_EQ(run(frame), kPass) << what;
    expect_counted({});
  };
  FrameSpec frame = segment_of(spec());
  frame.flags = kAck | kPsh;
  refuse("PSH", mark_frame(spec(), frame));
  frame.flags = kAck | kFin;
  refuse("FIN", mark_frame(spec(), frame));
  frame.flags = kAck | kSyn;
  refuse("SYN", mark_frame(spec(), frame));
  frame.flags = kAck | kEce;
  refuse("ECE", mark_frame(spec(), frame));
  frame = segment_of(spec());
  frame.payload = {1, 2, 3};
  refuse("data", mark_frame(spec(), frame));
  frame = mark_frame(spec());
  frame.options.insert(frame.options.begin(), {1, 1, 1, 1});
  refuse("options in front", frame);
  frame = mark_frame(spec());
  frame.options[frame.options.size() - 9] ^= 1;
  refuse("another ExID", frame);
  if (v6()) {
    frame = segment_of(spec());
    frame.extensions = {{}};
    refuse("an extension header", mark_frame(spec(), frame));
  } else {
    frame = segment_of(spec());
    frame.fragment = 0x2000;
    refuse("a first fragment", mark_frame(spec(), frame));
    frame.fragment = 0x4000;
    frame.ip_options = {1, 1, 1, 1};
    refuse("IP options", mark_frame(spec(), frame));
  }
}

TEST_P(Handoff, WithoutAListenerTheCardIsTold) {
  MarkSpec closed = spec();
  closed.dport = kClosed;
  EXPECT_EQ(run(mark_frame(closed)), kSentOn);
  expect_counted({SYNWARD_FATE_no_listener});
  EXPECT_EQ(to_hex(out_), to_hex(expected_status(closed, SYNWARD_NO_LISTENER)));
}

TEST_P(Handoff, AFullQueueIsNotWorthAnRst) {
  const FileDescriptor listener = listen_at(v6(), kPort, 0);
  const FileDescriptor first = connect_without_accept(v6(), kPort);
  EXPECT_EQ(run(mark_frame(spec())), kSentOn);
  expect_counted({SYNWARD_FATE_full});
  EXPECT_EQ(to_hex(out_), to_hex(expected_status(spec(), SYNWARD_FULL)));
  // What comes behind such a mark is no segment that has overtaken its socket.
  EXPECT_EQ(run(segment_of(spec())), kDrop);
  expect_counted({SYNWARD_FATE_orphan});
  std::optional<synward_failure> failure;
  ASSERT_TRUE(program_->take_failures([&](const synward_failure& seen) { failure = seen; }));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fate, SYNWARD_FATE_full);
  EXPECT_EQ(failure->fport, 40'000);
  EXPECT_EQ(failure->lport, kPort);
  EXPECT_EQ(failure->backlog, 1U);
  EXPECT_EQ(failure->max_backlog, 0U);
}

TEST_P(Handoff, WhatAListenerCanNeverTakeIsRefusedAndPasses) {
  const FileDescriptor mptcp = listen_at(v6(), kPort, 16, kMptcp);
  EXPECT_EQ(run(mark_frame(spec())), kPass);
  expect_counted({SYNWARD_FATE_refused});
  EXPECT_EQ(to_hex(network_->next_status()), to_hex(expected_status(spec(), SYNWARD_REFUSED)));
}

TEST_P(Handoff, WhatTheServersSysctlsForbidIsRefused) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  MarkSpec every = spec();
  const auto expect_refused = [&](const char* sysctl, bool when) {
    SCOPED_TRACE(sysctl);
    ++every.sport;
    Network::set_sysctl(sysctl, "0");
    expect_at_interface(mark_frame(every), {when ? SYNWARD_FATE_refused : SYNWARD_FATE_taken});
    Network::set_sysctl(sysctl, "1");
  };
  expect_refused("tcp_syncookies", true);
  expect_refused("tcp_sack", true);
  expect_refused("tcp_window_scaling", true);
  expect_refused("tcp_timestamps", every.stamps);
}

TEST_P(Handoff, SmallSegmentsAreRaisedToWhatTheKernelTakes) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  for (const std::uint16_t mss : std::array<std::uint16_t, 6>{0, 1, 535, 536, 1219, 65'535}) {
    MarkSpec small = spec();
    small.mss = mss;
    small.sport = mss;
    SCOPED_TRACE(mss);
    expect_at_interface(mark_frame(small), {SYNWARD_FATE_taken});
  }
}

TEST_P(Handoff, ASegmentThatOnlyAListenerWouldMeetIsDropped) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  const FileDescriptor other = listen_at(v6(), kPort + 1);
  EXPECT_EQ(run(segment_of(spec())), kPass) << "before the card has shown that it protects the port";
  learn_port();
  const auto with = [&](std::uint8_t flags, const Bytes& payload = {}, std::uint16_t port = kPort) {
    FrameSpec frame = segment_of(spec());
    frame.flags = flags;
    frame.payload = payload;
    frame.dport = port;
    if (spec().stamps) frame.options = concat({opt_nop(2), opt_ts(1, 2)});
    return frame;
  };
  EXPECT_EQ(run(with(kAck)), kDrop);
  expect_counted({SYNWARD_FATE_orphan});
  EXPECT_EQ(run(with(kAck | kPsh, {1, 2})), kDrop);
  EXPECT_EQ(run(with(kAck | kFin)), kDrop);
  EXPECT_EQ(run(with(kSyn)), kPass);
  expect_counted({});
  EXPECT_EQ(run(with(kRst | kAck)), kPass);
  expect_counted({});
  EXPECT_EQ(run(with(kAck, {}, kPort + 1)), kPass) << "a port that was not announced";
  expect_counted({});
  EXPECT_EQ(run(with(kAck, {}, kClosed)), kPass) << "a closed port";
}

TEST_P(Handoff, APortIsForgottenADayAfterItsLastMark) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  learn_port();
  const FileDescriptor places = map("places");
  ASSERT_TRUE(places);
  const synward_place place = (*program_->places())[0];
  struct {
    std::uint64_t since;
    std::uint32_t backlog, taken, expected, marked;
  } value{};
  ASSERT_EQ(bpf_map_lookup_elem(places.get(), &place, &value), 0);
  const auto now = static_cast<std::uint32_t>(monotonic_ns() / 1'000'000'000);
  EXPECT_LE(now - value.marked, 5U);
  constexpr std::uint32_t kDay = 86'400;
  const auto marked = [&](std::uint32_t seconds_ago) {
    // 0 would be a time that nobody has written.
    value.marked = now == seconds_ago ? 1 : now - seconds_ago;
    ASSERT_EQ(bpf_map_update_elem(places.get(), &place, &value, BPF_ANY), 0);
  };
  marked(kDay - 60);
  EXPECT_EQ(run(segment_of(spec())), kDrop) << "a day less a minute";
  EXPECT_EQ(program_->places()->size(), 1U);
  marked(kDay + 2);
  EXPECT_EQ(run(segment_of(spec())), kPass);
  expect_counted({});
  EXPECT_TRUE(program_->places()->empty());
  // Its next mark protects it again, and each that comes for another day.
  learn_port();
  marked(kDay - 60);
  set_keys(true, true, false);
  run(mark_frame(spec()));
  ASSERT_EQ(bpf_map_lookup_elem(places.get(), &place, &value), 0);
  EXPECT_LE(static_cast<std::uint32_t>(monotonic_ns() / 1'000'000'000) - value.marked, 5U);
}

TEST_P(Handoff, AConnectionThatTheServerHasForgottenIsResetAfterThreeSeconds) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  learn_port();
  const FrameSpec frame = segment_of(spec());
  const FileDescriptor orphans = map("orphans");
  ASSERT_TRUE(orphans);
  struct {
    std::uint64_t since, refused;
  } orphan{};
  const auto seen = [&](std::uint64_t since_ns, std::uint64_t refused_ns) {
    orphan = {monotonic_ns() - since_ns, refused_ns == 0 ? 0 : monotonic_ns() - refused_ns};
    ASSERT_EQ(bpf_map_update_elem(orphans.get(), ends_of(frame).data(), &orphan, BPF_ANY), 0);
  };
  EXPECT_EQ(run(frame), kDrop);
  ASSERT_EQ(bpf_map_lookup_elem(orphans.get(), ends_of(frame).data(), &orphan), 0);
  EXPECT_EQ(orphan.refused, 0U);
  constexpr std::uint64_t kSecond = 1'000'000'000;
  seen(3 * kSecond + 1, 0);
  EXPECT_EQ(run(frame), kPass);
  expect_counted({SYNWARD_FATE_gone});
  seen(10'700 * kSecond, 0);
  EXPECT_EQ(run(frame), kPass) << "keepalives are hours apart";
  seen(10'900 * kSecond, 0);
  EXPECT_EQ(run(frame), kDrop) << "another case";
  seen(30 * kSecond, 30 * kSecond);
  EXPECT_EQ(run(frame), kDrop) << "the queue was full half a minute ago";
  seen(30 * kSecond, 65 * kSecond);
  EXPECT_EQ(run(frame), kPass);
}

TEST_P(Handoff, WhoseKeyComesLateLosesNoConnection) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  learn_port();
  const FrameSpec frame = segment_of(spec());
  const FileDescriptor orphans = map("orphans");
  ASSERT_TRUE(orphans);
  const auto late = [&](bool mark, bool former, synward_fate fate) {
    // For half a minute its marks have not been understood.
    const std::array<std::uint64_t, 2> orphan{monotonic_ns() - 30'000'000'000, 0};
    ASSERT_EQ(bpf_map_update_elem(orphans.get(), ends_of(frame).data(), orphan.data(), BPF_ANY), 0);
    set_keys(mark, former, false);
    EXPECT_EQ(run(mark_frame(spec())), kDrop);
    expect_counted({fate});
    EXPECT_EQ(run(frame), kDrop) << "its mark may come again";
    expect_counted({SYNWARD_FATE_orphan});
  };
  late(false, true, SYNWARD_FATE_bad_mac);
  late(false, false, SYNWARD_FATE_no_key);
}

TEST_P(Handoff, ASegmentMayOvertakeTheSocketOfItsMarkForTwoMilliseconds) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  learn_port();
  const FrameSpec frame = segment_of(spec());
  // As if its mark had just gone by, and TCP had not seen it yet.
  const FileDescriptor handed = map("handed");
  ASSERT_TRUE(handed);
  const auto hand_over = [&](std::uint64_t ago_ns) {
    const synward_handed last{monotonic_ns() - ago_ns, 0, 0};
    ASSERT_EQ(bpf_map_update_elem(handed.get(), ends_of(frame).data(), &last, BPF_ANY), 0);
  };
  bool overtook = false;
  // A busy machine may take longer than that between the two.
  for (int i = 0; i < 1'000 && !overtook; ++i) {
    hand_over(0);
    overtook = run(frame) == kPass;
  }
  ASSERT_TRUE(overtook);
  expect_counted({SYNWARD_FATE_overtook});
  hand_over(2'000'001);
  EXPECT_EQ(run(frame), kDrop);
  expect_counted({SYNWARD_FATE_orphan});
}

/// As if this mark had been taken before.
void note_taken(const FileDescriptor& handed, const MarkSpec& mark, std::uint64_t ago_ns) {
  const FrameSpec frame = mark_frame(mark);
  const synward_handed last{monotonic_ns() - ago_ns, htonl(frame.seq), htonl(frame.ack)};
  ASSERT_TRUE(handed);
  ASSERT_EQ(bpf_map_update_elem(handed.get(), ends_of(frame).data(), &last, BPF_ANY), 0);
}

TEST_P(Handoff, AMarkThatComesTwiceBeforeItsSocketIsOneConnection) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  note_taken(map("handed"), spec(), 1);
  expect_at_interface(mark_frame(spec()), {SYNWARD_FATE_known});
  EXPECT_EQ(to_hex(network_->next_status()), to_hex(expected_status(spec(), SYNWARD_TAKEN)));
  EXPECT_TRUE(accept_soon(listener)) << "what became of the first is not known, so the second is taken too";
  // Other numbers are another connection.
  MarkSpec another = spec();
  another.sport = 40'001;
  note_taken(map("handed"), another, 1);
  another.seq += 1;
  expect_at_interface(mark_frame(another), {SYNWARD_FATE_taken});
}

TEST_P(Handoff, AMarkThatComesTwiceNeedsOnePlaceInTheQueue) {
  const FileDescriptor listener = listen_at(v6(), kPort, 0);
  const FileDescriptor first = connect_without_accept(v6(), kPort);
  const FileDescriptor handed = map("handed");
  note_taken(handed, spec(), 2'000'001);
  run(mark_frame(spec()));
  expect_counted({SYNWARD_FATE_full});
  bool full = true;
  // A busy machine may take longer than two milliseconds between the two.
  for (int i = 0; i < 1'000 && full; ++i) {
    note_taken(handed, spec(), 0);
    run(mark_frame(spec()));
    full = counted_[SYNWARD_FATE_full] != 0;
  }
  EXPECT_FALSE(full);
}

/// The mark of a connection between two sockets of this machine.
FrameSpec mark_of(MarkSpec& spec, const Connected& connection, std::uint32_t seq) {
  spec.sport = connection.client_port;
  spec.seq = seq;
  FrameSpec frame = segment_of(spec);
  frame.src = frame.dst;
  return mark_frame(spec, frame);
}

TEST_P(Handoff, AMarkOfALivingConnectionChangesNothing) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  const Connected connection = connect_to(v6(), listener, kPort);
  MarkSpec mark = spec();
  const std::uint32_t first = rcv_nxt(connection.server);
  EXPECT_EQ(run(mark_of(mark, connection, first)), kPass);
  expect_counted({SYNWARD_FATE_known});
  char byte = 'x';
  ASSERT_EQ(send(connection.client.get(), &byte, 1, 0), 1);
  ASSERT_EQ(recv(connection.server.get(), &byte, 1, 0), 1);
  EXPECT_EQ(run(mark_of(mark, connection, first)), kPass);
  expect_counted({SYNWARD_FATE_known});
  shutdown(connection.client.get(), SHUT_WR);
  ASSERT_EQ(recv(connection.server.get(), &byte, 1, 0), 0);
  EXPECT_EQ(run(mark_of(mark, connection, first)), kPass);
  expect_counted({SYNWARD_FATE_known});
  shutdown(connection.server.get(), SHUT_WR);
}

TEST_P(Handoff, AnOlderConnectionInTheWayIsEnded) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  const Connected connection = connect_to(v6(), listener, kPort);
  MarkSpec mark = spec();
  const FrameSpec frame = mark_of(mark, connection, rcv_nxt(connection.server) + 0x12345678);
  EXPECT_EQ(run(frame), kSentOn);
  expect_counted({SYNWARD_FATE_stale});
  EXPECT_EQ(to_hex(out_), to_hex(build(frame).bytes)) << "the mark itself goes round once more";
  EXPECT_TRUE(within_a_second([&] {
    char byte = 0;
    return recv(connection.server.get(), &byte, 1, MSG_DONTWAIT) < 0 && errno == ECONNRESET;
  }));
}

TEST_P(Handoff, BehindTheEndOfAnOlderConnectionComesTheNewOne) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  const Connected connection = connect_to(v6(), listener, kPort);
  MarkSpec mark = spec();
  const std::uint32_t seq = rcv_nxt(connection.server) + 0x12345678;
  expect_at_interface(mark_of(mark, connection, seq), {SYNWARD_FATE_stale, SYNWARD_FATE_taken});
  const FileDescriptor accepted = accept_soon(listener);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(rcv_nxt(accepted), seq);
}

TEST_P(Handoff, AMarkOfBeforeEndsNothing) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  Connected connection = connect_to(v6(), listener, kPort);
  MarkSpec mark = spec();
  FrameSpec old = mark_of(mark, connection, rcv_nxt(connection.server) - 0x12345678);
  if (mark.stamps) {
    // Older than anything that this kernel has sent.
    tcp_info info{};
    socklen_t size = sizeof info;
    ASSERT_EQ(getsockopt(connection.server.get(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
    std::uint32_t now = 0;
    size = sizeof now;
    ASSERT_EQ(getsockopt(connection.client.get(), IPPROTO_TCP, TCP_TIMESTAMP, &now, &size), 0);
    const Bytes stamps = concat({opt_nop(2), opt_ts(now - 1'000'000, 200)});
    std::copy(stamps.begin(), stamps.end(), old.options.begin());
  }
  expect_at_interface(old, {SYNWARD_FATE_busy});
  char byte = 'x';
  ASSERT_EQ(send(connection.client.get(), &byte, 1, 0), 1);
  EXPECT_EQ(recv(connection.server.get(), &byte, 1, 0), 1) << "the connection lives";
}

TEST_P(Handoff, WhatIsForOthersIsLeftAlone) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  learn_port();
  FrameSpec elsewhere = segment_of(spec());
  elsewhere.mac_dst = {0x02, 0, 0, 0, 0, 0x08};
  EXPECT_EQ(run(elsewhere), kPass) << "seen by a promiscuous interface";
  expect_counted({});
  EXPECT_EQ(run(mark_frame(spec(), elsewhere)), kPass);
  expect_counted({});
  FrameSpec forwarded = segment_of(spec());
  forwarded.dst = address(v6() ? "fd00:77::55" : "10.77.0.55");
  EXPECT_EQ(run(forwarded), kPass) << "another host's port of the same number";
  expect_counted({});
}

TEST_P(Handoff, ATimeWaitInTheWayIsEnded) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  Connected connection = connect_to(v6(), listener, kPort);
  MarkSpec mark = spec();
  const std::uint32_t seq = rcv_nxt(connection.server) + 0x12345678;
  const FrameSpec frame = mark_of(mark, connection, seq);
  connection.server.close();
  char byte = 0;
  ASSERT_EQ(recv(connection.client.get(), &byte, 1, 0), 0);
  connection.client.close();
  expect_at_interface(frame, {SYNWARD_FATE_stale, SYNWARD_FATE_taken});
  const FileDescriptor accepted = accept_soon(listener);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(rcv_nxt(accepted), seq);
}

TEST_P(Handoff, AHandshakeOfTheKernelsOwnIsEndedUnlessItIsTheMarks) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  MarkSpec mark = spec();
  FrameSpec syn = segment_of(mark);
  syn.flags = kSyn;
  syn.seq = 77;
  syn.ack = 0;
  syn.options = opt_mss(1460);
  expect_at_interface(syn, {});
  network_->forget();
  expect_at_interface(mark_frame(mark), {SYNWARD_FATE_stale, SYNWARD_FATE_taken});
  const FileDescriptor accepted = accept_soon(listener);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(rcv_nxt(accepted), mark.seq);
}

TEST_P(Handoff, NothingFromTheLineBreaksIt) {
  const FileDescriptor listener = listen_at(v6(), kPort);
  Rng rng(seed());
  const Bytes mark = build(mark_frame(spec())).bytes;
  int asked = 0;
  for (int i = 0; i < 20'000; ++i) {
    Bytes frame = mark;
    for (auto left = rng.between(1, 4); left > 0; --left) frame[rng.below(frame.size())] = rng.u8();
    if (rng.percent(20)) frame.resize(rng.between(14 + (v6() ? 40 : 20), frame.size()));
    const std::uint32_t verdict = run(frame);
    ASSERT_TRUE(verdict == kPass || verdict == kDrop) << to_hex(frame);
    // Only what the MAC does not cover may differ in a mark that the kernel is asked about.
    if (counted_[SYNWARD_FATE_refused] == 1) {
      ++asked;
      const std::size_t l3 = 14, l4 = l3 + (v6() ? 40 : 20);
      ASSERT_TRUE(std::equal(frame.begin() + l3 + (v6() ? 8 : 12), frame.begin() + l4 + 12,
                             mark.begin() + l3 + (v6() ? 8 : 12)))
          << to_hex(frame);
      ASSERT_TRUE(std::equal(frame.end() - 12, frame.end(), mark.end() - 12)) << to_hex(frame);
    }
    network_->forget();
  }
  EXPECT_GT(asked, 100);
}

}  // namespace
}  // namespace synward::test
