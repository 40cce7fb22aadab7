// SPDX-License-Identifier: BSD-2-Clause
// Two reference cards of a fleet, with clocks of their own.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "files.hpp"
#include "synward/apply.hpp"
#include "synward/counters.hpp"
#include "synward/secret_keeper.hpp"
#include "synward/sim/card.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kStart = 1'800'000'000'000;  ///< the start of an epoch, ms
constexpr std::uint32_t kIrs = 12345;

/// A card that answers with cookies alone, and the part of its host that keeps the secrets.
class FleetCard {
 public:
  FleetCard(const SecretSettings& settings, std::int64_t unix_ms)
      : sim_(make_reference_card({6, 6})),
        card_(*synward::Card::identify(*sim_)),
        keeper_(std::move(*SecretKeeper::make(settings))) {
    now_.unix_time = milliseconds(unix_ms);
    sim_->set_sink([this](const OutFrame& frame) {
      if (frame.port == OutPort::line_tx) {
        sent_.assign(frame.bytes.begin(), frame.bytes.end());
      }
    });
    Sysctls sysctls;
    EXPECT_TRUE(sysctls.set("net.inet.tcp.syncookies_only", 1));
    Service https;
    https.port = 443;
    EXPECT_TRUE(apply_settings(card_, sysctls, {https}, Key()));
    EXPECT_TRUE(keeper_.load(card_, now_));
  }

  void pass(std::int64_t ms) {
    const auto end = now_.steady + milliseconds(ms);
    for (auto due = *keeper_.next_due(now_); due <= end; due = *keeper_.next_due(now_)) {
      const auto step = due - now_.steady;
      now_.steady += step;
      now_.unix_time += step;
      EXPECT_TRUE(keeper_.run(card_, now_));
    }
    now_.unix_time += end - now_.steady;
    now_.steady = end;
  }

  /// What the card answers to the SYN of a new client with.
  struct Cookie {
    std::uint16_t port;
    std::uint32_t iss;
  };
  Cookie cookie() {
    sent_.clear();
    const auto port = ++last_port_;
    offer(port, tcp_flag::syn, kIrs, 0);
    const auto answer = parse_tcp(sent_);
    EXPECT_TRUE(answer && answer->is_syn_ack());
    return {port, answer ? answer->seq : 0};
  }
  /// Whether the card takes the client's ACK.
  bool takes(const Cookie& cookie) {
    const auto before = read_counters(*sim_)[reg::Counter::recvcookie];
    offer(cookie.port, tcp_flag::ack, kIrs + 1, cookie.iss + 1);
    return read_counters(*sim_)[reg::Counter::recvcookie] > before;
  }

 private:
  void offer(std::uint16_t port, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
    TcpFields fields;
    fields.flow = {*parse_address("192.0.2.1"), *parse_address("198.51.100.7"), port, 443};
    fields.seq = seq;
    fields.ack = ack;
    fields.flags = flags;
    sim_->offer(InPort::line_rx, build_tcp(fields), sim_->now());
    EXPECT_TRUE(sim_->drain());
  }

  static inline std::uint16_t last_port_ = 40000;

  std::unique_ptr<sim::Card> sim_;
  synward::Card card_;
  SecretKeeper keeper_;
  Moment now_;
  std::vector<std::uint8_t> sent_;
};

class Fleet : public testing::Test {
 protected:
  Fleet() {
    settings_.mode = SecretMode::fleet;
    settings_.master_key_file = folder_.file("fleet.key");
    write_text(settings_.master_key_file, std::string(64, 'c'));
    std::filesystem::permissions(settings_.master_key_file, std::filesystem::perms::owner_read);
  }

  TemporaryFolder folder_;
  SecretSettings settings_;
};

TEST_F(Fleet, cards_take_each_others_cookies_with_clocks_skew_apart_and_not_beyond) {
  // The faster card has just begun an epoch; the slower one's next key comes skew before its own.
  for (const auto& [apart, taken] : {std::pair{0, true}, std::pair{2'500, true}, std::pair{2'501, false}}) {
    FleetCard fast(settings_, kStart + 10'000);
    FleetCard slow(settings_, kStart + 10'000 - apart);
    fast.pass(10'000);
    slow.pass(10'000);
    EXPECT_EQ(slow.takes(fast.cookie()), taken) << apart;
    EXPECT_TRUE(fast.takes(slow.cookie())) << apart;
  }
}

TEST_F(Fleet, a_cookie_lives_for_an_epoch_less_twice_the_skew_and_no_longer) {
  // The slower card's last cookie of an epoch, the faster card's clock.
  FleetCard slow(settings_, kStart + 19'999);
  FleetCard fast(settings_, kStart + 19'999 + 2'500);
  const auto soon = slow.cookie();
  const auto last = slow.cookie();
  const auto late = slow.cookie();
  EXPECT_TRUE(fast.takes(soon));
  fast.pass(15'000);
  EXPECT_TRUE(fast.takes(last));
  fast.pass(1);
  EXPECT_FALSE(fast.takes(late));
}

TEST_F(Fleet, another_master_key_makes_other_cookies) {
  FleetCard ours(settings_, kStart);
  const auto theirs_file = folder_.file("other.key");
  write_text(theirs_file, std::string(64, 'd'));
  std::filesystem::permissions(theirs_file, std::filesystem::perms::owner_read);
  settings_.master_key_file = theirs_file;
  FleetCard theirs(settings_, kStart);
  EXPECT_TRUE(theirs.takes(theirs.cookie()));
  EXPECT_FALSE(theirs.takes(ours.cookie()));
}

}  // namespace
}  // namespace synward::sim
