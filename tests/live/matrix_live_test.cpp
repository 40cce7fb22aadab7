// SPDX-License-Identifier: BSD-2-Clause
// What the hand-off works with and what not, as docs/handoff.md has it in a table: servers' and clients' settings,
// firewalls, balancers, containers.
#include <bpf/bpf.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "live/ends.hpp"
#include "live/live_network.hpp"
#include "live/sniffer.hpp"

namespace synward::test {
namespace {

constexpr int kMptcp = 262;

bool has(const char* program) {
  return std::system(fmt::format("command -v {} >/dev/null 2>&1", program).c_str()) == 0;
}

#define NEEDS_PROGRAM(name) \
  if (!has(name)) GTEST_SKIP() << "no " << (name) << " here"

// ---- listeners

TEST(LiveMatrix, ListenersThatShareAPort) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  std::vector<FileDescriptor> listeners;
  listeners.reserve(4);
  for (int i = 0; i < 4; ++i) listeners.push_back(listen_in(network.server, {.reuse_port = true}));
  constexpr int kConnections = 64;
  std::vector<FileDescriptor> clients;
  for (int i = 0; i < kConnections; ++i) {
    clients.push_back(connect_live(network, i % 2 == 1));
    ASSERT_TRUE(clients.back());
    ASSERT_TRUE(send_all(clients.back(), "hello"));
  }
  std::size_t served = 0, used = 0;
  for (const FileDescriptor& listener : listeners) {
    std::size_t here = 0;
    // The first may still be on its way.
    while (FileDescriptor accepted = accept_live(listener, here == 0 ? 500 : 100)) {
      EXPECT_EQ(receive(accepted, 5), "hello");
      ++here;
    }
    served += here;
    used += here == 0 ? 0 : 1;
  }
  EXPECT_EQ(served, kConnections);
  EXPECT_GE(used, 2U) << "by chance all at one: once in 10^38";
  EXPECT_EQ(network.fate("taken"), kConnections);
}

TEST(LiveMatrix, AnMptcpListenerIsToldToPassAndDoesSo) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  network.server.shell("sysctl -qw net.mptcp.enabled=1");
  const FileDescriptor listener = listen_in(network.server, {.protocol = kMptcp});
  const FileDescriptor refused = connect_live(network, false);
  if (refused) {
    send_all(refused, "hello");
    EXPECT_EQ(receive(refused, 1), "") << "protected, it is refused, and the client hears an RST";
  }
  EXPECT_GT(network.fate("refused"), 0U);
  const std::string services = network.listeners();
  EXPECT_NE(services.find("mode = \"pass\""), std::string::npos) << services;
  network.restart_card(services);
  expect_served(network, listener);
  EXPECT_EQ(network.fate("taken"), 0U);
}

TEST(LiveMatrix, WithMptcpOffTheListenerIsOfTcp) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  network.server.shell("sysctl -qw net.mptcp.enabled=0");
  // What Go does: MPTCP if there is any, or else TCP.
  EXPECT_ANY_THROW(listen_in(network.server, {.protocol = kMptcp}));
  const FileDescriptor listener = listen_live(network);
  EXPECT_NE(network.listeners().find("mode = \"protect\""), std::string::npos);
  expect_served(network, listener);
  EXPECT_EQ(network.fate("taken"), 1U);
}

TEST(LiveMatrix, Ipv6Alone) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.client.shell("ip -4 address flush dev eth0");
  network.server.shell("ip -4 address flush dev eth0");
  network.start_agent();
  const FileDescriptor listener = listen_in(network.server, {.v6_only = true});
  expect_served(network, listener, true);
  EXPECT_EQ(network.fate("taken"), 1U);
}

TEST(LiveMatrix, DeferAcceptIsNotHonoured) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  const FileDescriptor listener = listen_in(network.server, {.defer_s = 30});
  const FileDescriptor client = connect_live(network, false);
  ASSERT_TRUE(client);
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server) << "before there is any data";
  EXPECT_TRUE(send_all(client, "at last"));
  EXPECT_EQ(receive(server, 7), "at last");
}

TEST(LiveMatrix, DataOfAFastOpenIsSentAgain) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  // Without a cookie, so that data goes with the first SYN.
  network.client.shell("sysctl -qw net.ipv4.tcp_fastopen=5");
  network.server.shell("sysctl -qw net.ipv4.tcp_fastopen=0x202");
  const FileDescriptor listener = listen_in(network.server, {.fast_open = 16});
  const Sniffer sniffer(network.client, "eth0");
  FileDescriptor client;
  network.client.run([&] {
    client = FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(80);
    to.sin_addr.s_addr = htonl(0x0a630002);
    EXPECT_EQ(sendto(client.get(), "hello", 5, MSG_FASTOPEN, reinterpret_cast<sockaddr*>(&to), sizeof to), 5);
  });
  const auto syn = sniffer.next([](const sim::TcpView& view) { return view.is_syn(); });
  ASSERT_TRUE(syn);
  EXPECT_EQ(sim::parse_tcp(*syn)->payload.size(), 5U);
  const auto syn_ack = sniffer.next([](const sim::TcpView& view) { return view.is_syn_ack(); });
  ASSERT_TRUE(syn_ack);
  EXPECT_EQ(sim::parse_tcp(*syn_ack)->ack, sim::parse_tcp(*syn)->seq + 1) << "the data is not acknowledged";
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_EQ(receive(server, 5), "hello");
  EXPECT_TRUE(send_all(server, "answer"));
  EXPECT_EQ(receive(client, 6), "answer");
  EXPECT_EQ(receive(server, 1, 200), "") << "the data came twice";
}

// ---- what a SYN-ACK says

struct Said {
  std::uint16_t window = 0, mss = 0;
  int wscale = -1;
  bool sack = false, timestamps = false, ece = false;
};

/// What a client hears that asks for everything.
Said ask(const LiveNetwork& network, const FileDescriptor& listener, bool v6) {
  const Sniffer sniffer(network.client, "eth0");
  const FileDescriptor client = connect_live(network, v6);
  EXPECT_TRUE(client);
  const auto frame = sniffer.next([](const sim::TcpView& view) { return view.is_syn_ack(); });
  EXPECT_TRUE(frame);
  EXPECT_TRUE(accept_live(listener));
  if (!frame) return {};
  const auto view = sim::parse_tcp(*frame);
  const auto options = sim::parse_options(view->options);
  return {view->window,           options.mss.value_or(0),        options.window_scale ? *options.window_scale : -1,
          options.sack_permitted, options.timestamps.has_value(), (view->flags & kEce) != 0};
}

struct Form {
  const char* name;
  Listening how;
  int mtu = 1500;
  const char* sysctl = "";  ///< at the server
};

void PrintTo(const Form& form, std::ostream* out) { *out << form.name; }

class LiveSynAck : public testing::TestWithParam<Form> {};

INSTANTIATE_TEST_SUITE_P(Forms, LiveSynAck,
                         testing::Values(Form{"Default", {}}, Form{"Buffer4096", {.receive_buffer = 4096}},
                                         Form{"Buffer2M", {.receive_buffer = 2'000'000}},
                                         Form{"Clamp", {.window_clamp = 300'000}},
                                         Form{"ClampSmall", {.window_clamp = 9'000}}, Form{"Maxseg", {.mss = 1'000}},
                                         Form{"Mtu1400", {}, 1400},
                                         Form{"NoScale", {}, 1500, "net.ipv4.tcp_window_scaling=0"},
                                         Form{"NoSack", {}, 1500, "net.ipv4.tcp_sack=0"},
                                         Form{"NoStamps", {}, 1500, "net.ipv4.tcp_timestamps=0"},
                                         Form{"NoEcn", {}, 1500, "net.ipv4.tcp_ecn=0"}),
                         [](const auto& form) { return form.param.name; });

/// The card's words are the listener's own: asked of the listener without a card, and of the card that was given what
/// synward-agent says of it.
TEST_P(LiveSynAck, IsWhatTheListenerWouldHaveSaid) {
  NEEDS_LIVE_NETWORK();
  const Form& form = GetParam();
  const auto prepare = [&](const LiveNetwork& network) {
    network.client.shell("sysctl -qw net.ipv4.tcp_ecn=1");
    network.server.shell(fmt::format("ip link set eth0 mtu {}", form.mtu));
    if (*form.sysctl != 0) network.server.shell(fmt::format("sysctl -qw {}", form.sysctl));
  };
  LiveNetwork bare("bridge"), network;
  prepare(bare);
  prepare(network);
  const FileDescriptor bare_listener = listen_in(bare.server, form.how);
  const FileDescriptor listener = listen_in(network.server, form.how);
  network.restart_card(network.listeners());
  network.start_agent();
  for (const bool v6 : {false, true}) {
    SCOPED_TRACE(v6 ? "IPv6" : "IPv4");
    const Said kernel = ask(bare, bare_listener, v6), card = ask(network, listener, v6);
    EXPECT_EQ(card.mss, kernel.mss);
    EXPECT_EQ(card.wscale, kernel.wscale);
    EXPECT_EQ(card.sack, kernel.sack);
    EXPECT_EQ(card.timestamps, kernel.timestamps);
    EXPECT_EQ(card.ece, kernel.ece);
    // One window for all families and options: whole segments of any of them, so less than one segment is missing.
    EXPECT_LE(card.window, kernel.window);
    EXPECT_GT(card.window + kernel.mss, kernel.window);
    std::cout << (v6 ? "IPv6" : "IPv4") << " window " << card.window << " of " << kernel.window << ", wscale "
              << card.wscale << ", MSS " << card.mss << std::endl;
  }
  // And the server keeps it.
  const Ends ends = connect_both(network, listener, false);
  ASSERT_TRUE(ends.server);
  const std::string bytes = random_bytes(400'000, 5);
  expect_whole(ends.client, ends.server, bytes);
  expect_whole(ends.server, ends.client, bytes);
  std::cout << "segments that the client sent again: " << info_of(ends.client).tcpi_total_retrans << std::endl;
}

// ---- the server's kernel

class LiveSyncookies : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Values, LiveSyncookies, testing::Values(0, 1, 2));

TEST_P(LiveSyncookies, OfTheServersKernel) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.server.shell(fmt::format("sysctl -qw net.ipv4.tcp_syncookies={}", GetParam()));
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  if (GetParam() != 0) {
    expect_served(network, listener);
    expect_served(network, listener, true);
    return;
  }
  const FileDescriptor client = connect_live(network, false);
  if (client) {
    send_all(client, "hello");
    EXPECT_EQ(receive(client, 1), "") << "an RST at once, and nobody hangs";
  }
  EXPECT_FALSE(accept_live(listener, 200));
  EXPECT_GT(network.fate("refused"), 0U);
}

class LiveUnknownAck : public testing::TestWithParam<std::tuple<const char*, bool>> {};
INSTANTIATE_TEST_SUITE_P(Values, LiveUnknownAck,
                         testing::Combine(testing::Values("pass", "drop", "rst"), testing::Bool()),
                         [](const auto& form) {
                           return std::string(std::get<0>(form.param)) + (std::get<1>(form.param) ? "_cookies" : "");
                         });

TEST_P(LiveUnknownAck, IsNoMatterForConnectionsThatTheCardMade) {
  NEEDS_LIVE_NETWORK();
  const auto [value, cookies] = GetParam();
  LiveNetwork network("ref",
                      fmt::format("{}\n\"net.synward.unknown_ack\" = \"{}\"", cookies ? kCookies : "[sysctl]", value));
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  expect_served(network, listener);
  expect_served(network, listener, true);
}

// ---- the way of frames

bpf_insn instruction(int code, unsigned dst, unsigned src, int offset, std::int32_t value) {
  bpf_insn one{};
  one.code = static_cast<std::uint8_t>(code);
  one.dst_reg = dst & 15U;
  one.src_reg = src & 15U;
  one.off = static_cast<std::int16_t>(offset);
  one.imm = value;
  return one;
}

bpf_insn set(unsigned dst, std::int32_t value) { return instruction(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value); }

/// A TC program at an interface of a namespace, on what comes in or what goes out, as long as the link lasts.
FileDescriptor at_interface(const Namespace& where, const std::string& interface, bool out,
                            std::span<const bpf_insn> program) {
  constexpr auto kIngress = static_cast<bpf_attach_type>(46), kEgress = static_cast<bpf_attach_type>(47);
  FileDescriptor link;
  where.run([&] {
    const FileDescriptor loaded(
        bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "test", "GPL", program.data(), program.size(), nullptr));
    link = FileDescriptor(bpf_link_create(loaded.get(), static_cast<int>(if_nametoindex(interface.c_str())),
                                          out ? kEgress : kIngress, nullptr));
  });
  EXPECT_TRUE(link);
  return link;
}

/// Only puts on a VLAN tag or takes one off: this machine's kernel may have no VLAN devices.
FileDescriptor vlan(const Namespace& where, const std::string& interface, bool push, std::uint16_t id) {
  constexpr int kPush = 18, kPop = 19;  // bpf_skb_vlan_push, bpf_skb_vlan_pop
  const std::array<bpf_insn, 5> program{set(2, htons(0x8100)), set(3, id),
                                        instruction(BPF_JMP | BPF_CALL, 0, 0, 0, push ? kPush : kPop), set(0, -1),
                                        instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
  return at_interface(where, interface, push, program);
}

/// Loses every control frame that goes out of an interface, and nothing else.
FileDescriptor without_control_frames(const Namespace& where, const std::string& interface) {
  constexpr int kWord = BPF_LDX | BPF_MEM | BPF_W, kHalf = BPF_LDX | BPF_MEM | BPF_H;
  constexpr int kData = offsetof(__sk_buff, data), kEnd = offsetof(__sk_buff, data_end);
  constexpr std::int32_t kNext = -1, kDrop = 2;
  const std::array<bpf_insn, 10> program{
      set(0, kNext),
      instruction(kWord, 2, 1, kData, 0),
      instruction(kWord, 3, 1, kEnd, 0),
      instruction(BPF_ALU64 | BPF_MOV | BPF_X, 4, 2, 0, 0),
      instruction(BPF_ALU64 | BPF_ADD | BPF_K, 4, 0, 0, 14),
      instruction(BPF_JMP | BPF_JGT | BPF_X, 4, 3, 3, 0),
      instruction(kHalf, 5, 2, 12, 0),
      instruction(BPF_JMP | BPF_JNE | BPF_K, 5, 0, 1, htons(0x88b5)),
      set(0, kDrop),
      instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
  };
  return at_interface(where, interface, true, program);
}

TEST(LiveMatrix, BehindAVlanTag) {
  NEEDS_LIVE_NETWORK();
  constexpr std::uint16_t kId = 42;
  LiveNetwork network;
  std::vector<FileDescriptor> links;
  for (const Namespace* end : {&network.client, &network.server}) {
    links.push_back(vlan(*end, "eth0", true, kId));
    links.push_back(vlan(*end, "eth0", false, kId));
  }
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  expect_served(network, listener);
  expect_served(network, listener, true);
  EXPECT_EQ(network.fate("taken"), 2U);
  EXPECT_GE(network.card_counters()[reg::Counter::control_frames], 2U) << "statuses bear the tag too";
}

/// Direct server return: what the server says does not pass the card.
class LiveAsymmetric : public testing::TestWithParam<std::tuple<bool, const char*>> {
 protected:
  void SetUp() override {
    NEEDS_LIVE_NETWORK();
    const auto [cookies, unknown] = GetParam();
    network_.emplace("ref",
                     fmt::format("{}\n\"net.synward.unknown_ack\" = \"{}\"", cookies ? kCookies : "[sysctl]", unknown));
    network_->client.shell(
        fmt::format("ip link add direct type veth peer name direct netns /proc/{}/fd/{} && "
                    "ip link set direct address 02:00:00:00:00:51 up && "
                    "sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.direct.rp_filter=0",
                    getpid(), network_->server.fd()));
    network_->server.shell(
        "ip link set direct up && ip route add 10.99.0.1/32 dev direct src 10.99.0.2 && "
        "sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 && "
        "ip neighbor replace 10.99.0.1 lladdr 02:00:00:00:00:51 dev direct");
    network_->start_agent();
    listener_ = listen_live(*network_);
  }
  std::optional<LiveNetwork> network_;
  FileDescriptor listener_;
};
INSTANTIATE_TEST_SUITE_P(Forms, LiveAsymmetric, testing::Combine(testing::Bool(), testing::Values("pass", "drop")),
                         [](const auto& form) {
                           return std::string(std::get<0>(form.param) ? "cookies_" : "syncache_") +
                                  std::get<1>(form.param);
                         });

TEST_P(LiveAsymmetric, TheServersAnswersGoAnotherWay) {
  const Sniffer through_card(network_->card, "host");
  for (int i = 0; i < 5; ++i) expect_served(*network_, listener_);
  EXPECT_EQ(network_->fate("taken"), 5U);
  std::size_t went = 0, came_back = 0;
  through_card.count([&](ByteView frame) {
    const auto view = sim::parse_tcp(frame);
    went += view && view->flow.destination_port == 80 ? 1 : 0;
    came_back += view && view->flow.source_port == 80 ? 1 : 0;
    return true;
  });
  EXPECT_GT(went, 0U);
  EXPECT_EQ(came_back, 0U) << "the server's segments went through the card";
}

/// And nobody tells the card that the server has the connection: no status, and no segment of the server.
TEST_P(LiveAsymmetric, AndTheStatusIsLost) {
  expect_served(*network_, listener_);  // the card knows by then that there is an agent
  EXPECT_EQ(network_->card_counters()[reg::Counter::status_taken], 1U);
  const FileDescriptor lost = without_control_frames(network_->server, "eth0");
  // Many windows of the SYN-ACK in each direction, so that ACKs and SEQs are far from the handshake's.
  expect_served(*network_, listener_, false, 2'000'000);
  const Counters counters = network_->card_counters();
  EXPECT_EQ(counters[reg::Counter::status_taken], 1U) << "it was not lost";
  EXPECT_EQ(counters[reg::Counter::drop_seq_invalid], 0U);
  EXPECT_EQ(counters[reg::Counter::drop_ack_invalid], 0U);
  EXPECT_EQ(counters[reg::Counter::resets_sent], 0U);
}

// ---- firewalls at the server

constexpr const char* kStateful =
    "nft 'table ip t { chain i { type filter hook input priority 0; policy drop;\n"
    "ct state invalid counter drop\nct state new,established,related counter accept\n}\n}'";
constexpr const char* kNotrack =
    "nft 'table ip r { chain p { type filter hook prerouting priority raw; tcp dport 80 notrack\n}\n"
    "chain o { type filter hook output priority raw; tcp sport 80 notrack\n}\n}'";

TEST(LiveMatrix, AFirewallWithStateThatIsLoose) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  LiveNetwork network;
  network.server.shell(kStateful);
  network.server.shell("sysctl -qw net.netfilter.nf_conntrack_tcp_loose=1");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  for (int i = 0; i < 5; ++i) expect_served(network, listener);
}

TEST(LiveMatrix, AFirewallWithStateThatIsStrictFailsAndNotrackHelps) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  LiveNetwork network;
  network.server.shell(kStateful);
  network.server.shell("sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  expect_not_served(network, listener);
  network.server.shell(kNotrack);
  network.server.shell("nft insert rule ip t i ct state untracked accept");
  expect_served(network, listener);
}

TEST(LiveMatrix, ARuleOfNftThatWantsASynFailsAndNotrackHelps) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  LiveNetwork network;
  network.server.shell(
      "nft 'table ip t { chain i { type filter hook input priority 0; policy accept;\n"
      "tcp flags & (fin|syn|rst|ack) != syn ct state new counter drop\n}\n}'");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  expect_not_served(network, listener);
  network.server.shell(kNotrack);
  expect_served(network, listener);
}

TEST(LiveMatrix, ARuleOfIptablesThatWantsASynFailsAndNotrackHelps) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("iptables");
  LiveNetwork network;
  network.server.shell("iptables -A INPUT -p tcp ! --syn -m conntrack --ctstate NEW -j DROP");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  expect_not_served(network, listener);
  network.server.shell(
      "iptables -t raw -A PREROUTING -p tcp --dport 80 -j CT --notrack && "
      "iptables -t raw -A OUTPUT -p tcp --sport 80 -j CT --notrack");
  expect_served(network, listener);
}

TEST(LiveMatrix, ARuleThatLimitsSynsSeesNone) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  LiveNetwork network;
  network.server.shell(
      "nft 'table ip t { chain i { type filter hook input priority 0; policy accept;\n"
      "tcp flags & (syn|ack) == syn counter drop\n}\n}'");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  expect_served(network, listener);
}

// ---- servers behind a server

/// Takes the address from the server, whose interface a bridge or router has now, for those behind it.
void add_behind(const LiveNetwork& network, const Namespace& behind, const std::string& name) {
  network.server.shell(fmt::format("ip link add {} type veth peer name eth0 netns /proc/{}/fd/{} && ip link set {} up",
                                   name, getpid(), behind.fd(), name));
}

TEST(LiveMatrix, AContainerAtABridge) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  const Namespace pod;
  add_behind(network, pod, "pod");
  network.server.shell(
      "ip address flush dev eth0 && ip link add cni type bridge && sysctl -qw net.ipv6.conf.cni.disable_ipv6=1 "
      "net.ipv6.conf.eth0.disable_ipv6=1 && ip link set cni up && ip link set eth0 master cni && "
      "ip link set pod master cni");
  pod.shell(
      "sysctl -qw net.ipv6.conf.eth0.accept_dad=0 && ip address add 10.99.0.2/16 dev eth0 && "
      "ip address add fd00:99::2/64 dev eth0 nodad && ip link set eth0 up");
  network.start_agent_at(pod, "eth0");
  const FileDescriptor listener = listen_in(pod, {});
  for (int i = 0; i < 3; ++i) expect_served(network, listener, i % 2 == 1);
  EXPECT_EQ(network.fate_at(0, "taken"), 3U);
  EXPECT_GE(network.card_counters()[reg::Counter::control_frames], 3U) << "the bridge lets statuses through";
}

/// Routers between card and server: the way to 10.99.0.2 is by `name` and so on, in the order of a hash.
void route_behind(const LiveNetwork& network, const std::vector<const Namespace*>& servers) {
  network.server.shell(
      "ip address del 10.99.0.2/16 dev eth0 && ip address add 10.99.0.3/16 dev eth0 && "
      "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.eth0.proxy_arp=1 net.ipv4.fib_multipath_hash_policy=1 "
      "net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.neigh.eth0.proxy_delay=0");
  std::string hops;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const std::string name = fmt::format("to{}", i);
    add_behind(network, *servers[i], name);
    network.server.shell(fmt::format("ip address add 10.98.{}.1/24 dev {}", i, name));
    servers[i]->shell(fmt::format(
        "ip address add 10.98.{0}.2/24 dev eth0 && ip link set eth0 up && ip address add 10.99.0.2/32 dev lo && "
        "ip route add default via 10.98.{0}.1",
        i));
    hops += fmt::format(" nexthop via 10.98.{}.2 dev {}", i, name);
  }
  network.server.shell("ip route add 10.99.0.2/32" + hops);
}

TEST(LiveMatrix, AContainerBehindARouterHandsOverUnconfirmed) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  const Namespace pod;
  route_behind(network, {&pod});
  network.start_agent_at(pod, "eth0");
  const FileDescriptor listener = listen_in(pod, {});
  for (int i = 0; i < 3; ++i) expect_served(network, listener);
  EXPECT_EQ(network.fate_at(0, "taken"), 3U);
  EXPECT_EQ(network.card_counters()[reg::Counter::control_frames], 0U) << "no router forwards a status";
}

TEST(LiveMatrix, AHashBalancerBehindTheCard) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  const Namespace one, other;
  route_behind(network, {&one, &other});
  network.start_agent_at(one, "eth0");
  network.start_agent_at(other, "eth0");
  const std::array<FileDescriptor, 2> listeners{listen_in(one, {}), listen_in(other, {})};
  constexpr int kConnections = 40;
  std::array<int, 2> served{};
  for (int i = 0; i < kConnections; ++i) {
    const FileDescriptor client = connect_live(network, false);
    ASSERT_TRUE(client);
    ASSERT_TRUE(send_all(client, "hello"));
    // Where the hash sends the mark, it sends the client's frames too.
    FileDescriptor server;
    std::size_t at = 0;
    for (int tries = 0; !server && tries < 2'000; ++tries) server = accept_live(listeners[at = tries % 2U], 5);
    ASSERT_TRUE(server) << i;
    EXPECT_EQ(receive(server, 5), "hello");
    EXPECT_TRUE(send_all(server, "answer"));
    EXPECT_EQ(receive(client, 6), "answer");
    ++served[at];
  }
  EXPECT_GT(served[0], 0) << "by chance none of 40: once in 10^12";
  EXPECT_GT(served[1], 0);
  EXPECT_EQ(network.fate_at(0, "taken") + network.fate_at(1, "taken"), static_cast<unsigned>(kConnections));
}

TEST(LiveMatrix, IpvsBehindTheCard) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("ipvsadm");
  LiveNetwork network;
  const Namespace real;
  const auto configured = [&] {
    try {
      network.server.shell("ipvsadm -A -t 10.99.0.2:80 -s sh 2>/dev/null");
      return true;
    } catch (const std::exception&) {
      return false;
    }
  };
  if (!configured()) GTEST_SKIP() << "this kernel has no IPVS (CONFIG_IP_VS)";
  add_behind(network, real, "real");
  network.server.shell(
      "ip address add 10.98.0.1/24 dev real && sysctl -qw net.ipv4.vs.sloppy_tcp=1 net.ipv4.ip_forward=1 && "
      "ipvsadm -a -t 10.99.0.2:80 -r 10.98.0.2:80 -g");
  real.shell(
      "ip address add 10.98.0.2/24 dev eth0 && ip link set eth0 up && ip address add 10.99.0.2/32 dev lo && "
      "ip route add default via 10.98.0.1");
  network.start_agent_at(real, "eth0");
  const FileDescriptor listener = listen_in(real, {});
  expect_served(network, listener);
}

// ---- ECN

class LiveEcn : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Families, LiveEcn, testing::Bool(), [](const auto& form) { return form.param ? "v6" : "v4"; });

TEST_P(LiveEcn, MarksOfThePathComeBack) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  const bool v6 = GetParam();
  LiveNetwork network;
  network.start_agent();
  network.client.shell("sysctl -qw net.ipv4.tcp_ecn=1");
  // Behind TCP, as a congested router would.
  const char* const family = v6 ? "ip6" : "ip";
  network.client.shell(
      fmt::format("nft 'table {0} e {{ chain o {{ type filter hook postrouting priority 300; "
                  "{0} ecn ect0 counter {0} ecn set ce\n}}\n}}'",
                  family));
  const FileDescriptor listener = listen_live(network);
  const Sniffer sniffer(network.client, "eth0");
  const Ends ends = connect_both(network, listener, v6);
  ASSERT_TRUE(ends.server);
  expect_whole(ends.client, ends.server, random_bytes(300'000, 3));
  const auto echo = sniffer.next(
      [](const sim::TcpView& view) { return view.flow.source_port == 80 && (view.flags & (kSyn | kEce)) == kEce; });
  EXPECT_TRUE(echo) << "no ECE from the server";
  const auto reduced = sniffer.next(
      [](const sim::TcpView& view) { return view.flow.destination_port == 80 && (view.flags & kCwr) != 0; });
  EXPECT_TRUE(reduced) << "no CWR from the client";
  EXPECT_NE(info_of(ends.server).tcpi_options & TCPI_OPT_ECN_SEEN, 0);
}

TEST_P(LiveEcn, IsNotPromisedWhereTheServerHasItOff) {
  NEEDS_LIVE_NETWORK();
  const bool v6 = GetParam();
  LiveNetwork network;
  network.client.shell("sysctl -qw net.ipv4.tcp_ecn=1");
  network.server.shell("sysctl -qw net.ipv4.tcp_ecn=0");
  const FileDescriptor listener = listen_live(network);
  network.restart_card(network.listeners());
  network.start_agent();
  const Ends ends = connect_both(network, listener, v6);
  ASSERT_TRUE(ends.server);
  EXPECT_EQ(info_of(ends.client).tcpi_options & TCPI_OPT_ECN, 0);
  EXPECT_EQ(info_of(ends.server).tcpi_options & TCPI_OPT_ECN, 0);
}

TEST_P(LiveEcn, IsNotPromisedWithoutAnEntry) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", kCookies);
  network.start_agent();
  network.client.shell("sysctl -qw net.ipv4.tcp_ecn=1");
  const FileDescriptor listener = listen_live(network);
  const Ends ends = connect_both(network, listener, GetParam());
  ASSERT_TRUE(ends.server);
  EXPECT_EQ(info_of(ends.client).tcpi_options & TCPI_OPT_ECN, 0);
  EXPECT_EQ(info_of(ends.server).tcpi_options & TCPI_OPT_ECN, 0);
}

}  // namespace
}  // namespace synward::test
