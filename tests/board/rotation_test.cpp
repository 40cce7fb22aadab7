// SPDX-License-Identifier: BSD-2-Clause
// The cookie secret changes every 10 us under a flood at 100 Gb/s, while clients complete their handshakes and the
// registers are read and written: a cookie is good until its secret's slot is written again, and no longer.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <queue>
#include <utility>

#include "board/board.hpp"
#include "common/frame.hpp"
#include "common/rng.hpp"
#include "common/setup.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kMicrosecond = 1'000'000;     // ps
constexpr std::uint16_t kFirstPort = 1024;            // of the clients: the n-th has this and n
constexpr std::uint32_t kClientAddress = 0xc0000201;  // its last 32 bits

/// ps that a frame takes of the wire.
std::uint64_t slot(const Bytes& frame) { return (std::max<std::size_t>(frame.size(), 60) + 24) * 80; }

std::uint32_t get(ByteView bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.subspan(at, count)) value = value << 8 | byte;
  return value;
}

/// Where the last 32 bits of the addresses and the TCP header are, in a frame without tags, IP options and extension
/// headers.
struct Layout {
  std::size_t source, destination, tcp;
};
Layout layout_of(ByteView frame) { return frame[12] == 0x86 ? Layout{34, 50, 54} : Layout{26, 30, 34}; }

struct Client {
  std::uint32_t irs = 0, iss = 0;
  std::uint64_t syn_in_ps = 0;  ///< last bit
  std::uint64_t answer_ps = 0;  ///< first bit of the SYN-ACK
  std::uint64_t ack_in_ps = 0;  ///< last bit; 0 while not sent
  bool marked = false;
};

struct Rotation {
  std::uint64_t begin_ps, end_ps;  ///< of the register writes: the secret changes somewhere between
};

/// Whether the card has to accept a client's ACK; nothing where a rotation is too near to tell.
std::optional<bool> must_accept(const Client& client, const std::vector<Rotation>& rotations) {
  // From an ACK's last bit until its cookie has been checked, with a margin.
  constexpr std::uint64_t kCheck = kMicrosecond / 2;
  int surely = 0, perhaps = 0;
  for (const Rotation& r : rotations) {
    surely += r.begin_ps > client.answer_ps && r.end_ps < client.ack_in_ps ? 1 : 0;
    perhaps += r.end_ps > client.syn_in_ps && r.begin_ps < client.ack_in_ps + kCheck ? 1 : 0;
  }
  // The second rotation writes the slot that the cookie was made with.
  if (perhaps <= 1) return true;
  if (surely >= 2) return false;
  return std::nullopt;
}

class Rotations : public testing::Test {
 protected:
  static constexpr std::uint64_t kSeed = 1;

  Rotations() {
    board_.reset({});
    program(board_, default_services(), default_secrets());
    board_.write32(reg::kSysctlSyncookiesOnly, 1);  // each SYN by its own content
    board_.on_in([this](const Board::In& in) { take_in(in); });
    board_.on_out([this](const Board::Out& out) { take_out(out); });
    const std::vector<ServiceEntry> services = default_services();
    for (const auto& [spec, to] :
         {std::pair{&flood_, &services[0]}, {&clients4_, &services[0]}, {&clients6_, &services[1]}}) {
      spec->dst = to->address;
      spec->dport = to->port;
      spec->flags = kSyn;
    }
    flood_.src = address("10.1.2.3");
    clients4_.src = address("192.0.2.1");
    clients6_.src = address("2001:db8::c000:201");
    clients4_.options = clients6_.options = opt_mss(1440);
  }
  Rotations(const Rotations&) = delete;
  Rotations& operator=(const Rotations&) = delete;
  ~Rotations() override {
    board_.on_in(nullptr);
    board_.on_out(nullptr);
  }

  Client* client_at(ByteView frame, std::size_t address_at, std::size_t port_at) {
    if (get(frame, address_at, 4) != kClientAddress) return nullptr;
    return &clients_.at(get(frame, port_at, 2) - kFirstPort);
  }

  void take_in(const Board::In& in) {
    const Layout at = layout_of(in.bytes);
    Client* client = client_at(in.bytes, at.source, at.tcp);
    if (client == nullptr) return;
    (in.bytes[at.tcp + 13] == kSyn ? client->syn_in_ps : client->ack_in_ps) = in.last_bit_ps;
  }

  void take_out(const Board::Out& out) {
    const Layout at = layout_of(out.bytes);
    if (out.port == Port::line) {
      ++answers_;
      Client* client = client_at(out.bytes, at.destination, at.tcp + 2);
      if (client == nullptr) return;
      client->iss = get(out.bytes, at.tcp + 4, 4);
      client->answer_ps = out.first_bit_ps;
      // Half soon, so that a cookie made while the secret changed is tried in its life; half until behind any life.
      const std::uint64_t latest = (rng_.bit() ? 8 : 30) * kMicrosecond;
      due_.push({out.last_bit_ps + rng_.below(latest), get(out.bytes, at.tcp + 2, 2)});
    } else if (Client* client = client_at(out.bytes, at.source, at.tcp)) {
      const std::size_t options = at.tcp + 20;
      client->marked |= out.bytes.size() > options + 4 && get(out.bytes, options, 4) == 0xfd0c5ac1;
    }
  }

  /// Every second client comes over IPv6: its message is longer, and takes the key earlier.
  FrameSpec& spec_of(std::size_t client) { return client % 2 == 0 ? clients4_ : clients6_; }

  /// The frame to start at `ps`: an ACK that is due, a client's SYN, or one of the flood's.
  Bytes next_frame(std::uint64_t ps) {
    if (!due_.empty() && due_.top().first <= ps) {
      const std::size_t number = due_.top().second - kFirstPort;
      due_.pop();
      const Client& client = clients_[number];
      FrameSpec ack = spec_of(number);
      ack.sport = static_cast<std::uint16_t>(kFirstPort + number);
      ack.flags = kAck;
      ack.options.clear();
      ack.seq = client.irs + 1;
      ack.ack = client.iss + 1;
      return build(ack).bytes;
    }
    ++syns_;
    if (rng_.bit()) {
      FrameSpec& syn = spec_of(clients_.size());
      syn.sport = static_cast<std::uint16_t>(kFirstPort + clients_.size());
      syn.seq = rng_.u32();
      clients_.push_back({});
      clients_.back().irs = syn.seq;
      return build(syn).bytes;
    }
    flood_.sport = rng_.u16();
    flood_.seq = rng_.u32();
    return build(flood_).bytes;
  }

  void rotate() {
    Key key;
    for (std::uint8_t& byte : key) byte = rng_.u8();
    Rotation rotation{};
    rotation.begin_ps = board_.now_ps();
    load_secret(board_, key, reg::SecretCommit::cookie_rotate);
    rotation.end_ps = board_.now_ps();
    rotations_.push_back(rotation);
  }

  using Due = std::pair<std::uint64_t, std::uint32_t>;  ///< time, client's port

  Board& board_ = Board::get();
  Rng rng_{kSeed};
  FrameSpec flood_, clients4_, clients6_;
  std::vector<Client> clients_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<Rotation> rotations_;
  std::uint64_t syns_ = 0, answers_ = 0;
};

TEST_F(Rotations, NoCookieDiesBeforeItsTime) {
  std::cout << "seed " << kSeed << std::endl;
  const std::uint64_t start = board_.now_ps();
  std::uint64_t wire_free = start;
  for (std::uint64_t step = 1; step <= 400; ++step) {
    const std::uint64_t end = start + step * kMicrosecond;
    while (wire_free < end) {
      Bytes frame = next_frame(wire_free);
      const std::uint64_t from = std::exchange(wire_free, wire_free + slot(frame));
      board_.offer(Port::line, std::move(frame), from);
    }
    if (step % 10 == 0) rotate();
    while (board_.now_ps() + kMicrosecond / 4 < end) {
      const std::uint32_t word = rng_.u32();
      ASSERT_EQ(board_.read_while_writing(reg::kId, reg::kScratch, word), reg::kDeviceId);
      ASSERT_EQ(board_.read32(reg::kScratch), word);
    }
    board_.run_until(end);
  }
  ASSERT_TRUE(board_.drain());

  std::uint64_t accepted = 0, refused = 0, near = 0, unsent = 0, wrong = 0;
  for (const Client& client : clients_) {
    if (client.ack_in_ps == 0) {
      ++unsent;
      continue;
    }
    const std::optional<bool> must = must_accept(client, rotations_);
    if (!must) {
      ++near;
      continue;
    }
    ++(*must ? accepted : refused);
    wrong += *must != client.marked ? 1 : 0;
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_GT(accepted, 10'000U);
  EXPECT_GT(refused, 2'000U);
  EXPECT_EQ(answers_, syns_);
  const Counters counters = read_counters(board_);
  EXPECT_EQ(counters.drops(), 0U);
  EXPECT_EQ(counters[reg::Counter::recvcookie] + counters[reg::Counter::failcookie], clients_.size() - unsent);
  EXPECT_EQ(conservation_faults(counters), "");
  EXPECT_EQ(board_.violations(), "");
  std::cout << rotations_.size() << " rotations, " << syns_ << " SYNs; ACKs: " << accepted << " accepted, " << refused
            << " refused, " << near << " too near to a rotation to tell" << std::endl;
}

}  // namespace
}  // namespace synward::test
