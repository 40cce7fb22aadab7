// SPDX-License-Identifier: BSD-2-Clause
#include "synward/secret_keeper.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "mock_device.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;
using KeyBytes = std::array<std::uint8_t, Key::kSize>;

/// A card's secrets as they stand behind each commit.
class SecretDevice : public MockDevice {
 public:
  void write32(std::uint32_t offset, std::uint32_t value) override {
    MockDevice::write32(offset, value);
    if (offset != reg::kSecretCommit) {
      return;
    }
    using enum reg::SecretCommit;
    const auto where = static_cast<reg::SecretCommit>(value);
    if (where == cookie_rotate) {
      parity = 1 - parity;
      slots[parity] = data();
    } else if (where == cookie_slot0 || where == cookie_slot1) {
      const unsigned slot = where == cookie_slot0 ? 0 : 1;
      written_in_use |= loaded && slot == parity;
      slots[slot] = data();
    } else if (where == parity0 || where == parity1) {
      parity = where == parity0 ? 0 : 1;
    } else if (where == ts_secret) {
      ts = data();
    } else if (where == mark_key) {
      mark = data();
      loaded = true;
    } else if (where == control_key) {
      control = data();
    }
    words[reg::kSecretStatus] = parity | (loaded ? 0x3eU : 0);
    if (loaded) {
      in_use.insert(slots[parity]);
    }
  }

  KeyBytes data() {
    KeyBytes bytes;
    for (std::uint32_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>(words[reg::kSecretData + i / 4 * 4] >> 8 * (i % 4));
    }
    return bytes;
  }
  bool holds(const KeyBytes& key) const { return slots[0] == key || slots[1] == key; }
  const KeyBytes& current() const { return slots[parity]; }

  std::array<KeyBytes, 2> slots{};
  KeyBytes ts{}, mark{}, control{};
  unsigned parity = 0;
  bool loaded = false;
  bool written_in_use = false;
  std::set<KeyBytes> in_use;  ///< every key that ever made cookies
};

constexpr std::int64_t kStart = 1'800'000'000'000;  ///< the start of an epoch, ms

/// A card and its keeper, with clocks of their own.
class Host {
 public:
  explicit Host(const SecretSettings& settings, std::int64_t unix_ms = kStart)
      : card(*Card::identify(device)), keeper(std::move(*SecretKeeper::make(settings))) {
    now.unix_time = milliseconds(unix_ms);
    now.steady = milliseconds(5'000);
    now.card_s = 100;
  }

  /// All clocks go on.
  void pass(std::int64_t ms) {
    now.unix_time += milliseconds(ms);
    now.steady += milliseconds(ms);
    now.card_s += static_cast<double>(ms) / 1000;
  }
  Rotation run() {
    auto done = keeper.run(card, now);
    EXPECT_TRUE(done);
    return *done;
  }
  /// Time passes, and each thing is done when it is due.
  void live(std::int64_t ms) {
    const auto end = now.steady + milliseconds(ms);
    for (auto due = keeper.next_due(now); due && *due <= end; due = keeper.next_due(now)) {
      ASSERT_GT(*due, now.steady);
      pass((*due - now.steady).count());
      run();
    }
    pass((end - now.steady).count());
  }

  SecretDevice device;
  Card card;
  SecretKeeper keeper;
  Moment now;
};

class FleetTest : public testing::Test {
 protected:
  FleetTest() {
    settings.mode = SecretMode::fleet;
    settings.master_key_file = folder.write("fleet.key", std::string(64, 'a'));
  }
  KeyBytes key_of(FleetKeys::Epoch epoch) const {
    const FleetKeys keys(std::move(*MasterKey::read(settings.master_key_file)), settings.epoch, settings.skew);
    Key key;
    EXPECT_TRUE(keys.cookie_key(epoch, key));
    KeyBytes bytes;
    std::ranges::copy(key.bytes(), bytes.begin());
    return bytes;
  }

  TemporaryFolder folder;
  SecretSettings settings;
};
constexpr FleetKeys::Epoch kEpoch = kStart / 20'000;

/// HKDF-SHA256 of 32 bytes 0x77, as `openssl kdf` makes it.
constexpr KeyBytes kMarkOf7{0x27, 0xfa, 0x05, 0x47, 0xe4, 0x46, 0x56, 0xa1,
                            0xa6, 0x7d, 0xa1, 0xc8, 0x34, 0xc5, 0xba, 0x79};
constexpr KeyBytes kControlOf7{0xd1, 0x6e, 0x9c, 0xb6, 0xaf, 0x50, 0x97, 0x39,
                               0xb7, 0xe2, 0xc5, 0xe5, 0xd1, 0xe3, 0x31, 0x22};

TEST_F(FleetTest, what_servers_share_comes_from_their_own_file_in_every_mode) {
  settings.handoff_key_file = folder.write("handoff.key", std::string(64, '7'));
  SecretSettings random;
  random.handoff_key_file = settings.handoff_key_file;
  for (const SecretSettings& mode : {settings, random}) {
    Host host(mode);
    ASSERT_TRUE(host.keeper.load(host.card, host.now));
    EXPECT_EQ(host.device.mark, kMarkOf7);
    EXPECT_EQ(host.device.control, kControlOf7);
    host.device.mark = host.device.control = {};
    ASSERT_TRUE(host.keeper.adopt(host.card, host.now));
    EXPECT_EQ(host.device.mark, kMarkOf7);
    EXPECT_EQ(host.device.control, kControlOf7);
    Host same(mode);
    EXPECT_TRUE(host.keeper.same_as(same.keeper));
  }
  const Host before(random);
  folder.write("handoff.key", std::string(64, '8'));
  const Host after(random);
  EXPECT_FALSE(before.keeper.same_as(after.keeper)) << "another file of the same name";
}

TEST_F(FleetTest, without_that_file_no_control_key_is_loaded) {
  Host host(settings);
  ASSERT_TRUE(host.keeper.load(host.card, host.now));
  EXPECT_EQ(host.device.control, KeyBytes{});
}

TEST_F(FleetTest, a_handoff_key_that_others_may_read_is_refused) {
  settings.handoff_key_file = folder.write("handoff.key", std::string(64, '7'));
  std::filesystem::permissions(settings.handoff_key_file, std::filesystem::perms(0644));
  const auto keeper = SecretKeeper::make(settings);
  ASSERT_FALSE(keeper);
  EXPECT_NE(keeper.error().text.find("handoff.key: has mode 0644"), std::string::npos) << keeper.error().text;
}

TEST(RandomSecrets, a_new_key_each_period_in_one_commit) {
  Host host({});
  ASSERT_TRUE(host.keeper.load(host.card, host.now));
  EXPECT_TRUE(host.device.loaded);
  for (int i = 1; i <= 5; ++i) {
    const auto before = host.device.current();
    host.device.writes.clear();
    host.live(14'999);
    EXPECT_TRUE(host.device.writes.empty());
    host.live(1);
    EXPECT_EQ(host.device.writes.size(), 5U);
    EXPECT_EQ(host.device.words[reg::kSecretCommit], 0U);
    EXPECT_NE(host.device.current(), before);
    EXPECT_TRUE(host.device.holds(before));
    EXPECT_EQ(host.keeper.status(host.now).rotations, static_cast<std::uint64_t>(i));
  }
  EXPECT_EQ(host.keeper.status(host.now).missed, 0U);
  EXPECT_EQ(host.keeper.status(host.now).age, milliseconds(0));
  EXPECT_FALSE(host.device.written_in_use);
}

TEST(RandomSecrets, late_rotations_are_counted) {
  struct Case {
    std::int64_t late_ms;
    std::uint64_t missed;
  };
  for (const auto& [late_ms, missed] :
       {Case{0, 0}, Case{1'000, 0}, Case{1'001, 1}, Case{15'900, 1}, Case{16'001, 2}, Case{100'000, 7}}) {
    Host host({});
    ASSERT_TRUE(host.keeper.load(host.card, host.now));
    host.pass(15'000 + late_ms);
    const auto rotation = host.run();
    EXPECT_TRUE(rotation.rotated);
    EXPECT_EQ(rotation.missed, missed) << late_ms;
    EXPECT_EQ(host.keeper.status(host.now).missed, missed);
    // One rotation, whatever was missed: the key that made cookies all the time must stay good for a while.
    EXPECT_EQ(host.keeper.status(host.now).rotations, 1U);
    EXPECT_FALSE(host.run().rotated);
  }
}

TEST(RandomSecrets, the_unix_time_does_not_matter) {
  Host host({});
  ASSERT_TRUE(host.keeper.load(host.card, host.now));
  host.now.unix_time -= milliseconds(1'000'000);
  EXPECT_FALSE(host.run().rotated);
  host.now.unix_time += milliseconds(100'000'000);
  EXPECT_FALSE(host.run().rotated);
  EXPECT_EQ(host.keeper.status(host.now).missed, 0U);
}

TEST(RandomSecrets, never_and_by_hand) {
  Host host({.rotate = milliseconds(0)});
  ASSERT_TRUE(host.keeper.load(host.card, host.now));
  EXPECT_FALSE(host.keeper.next_due(host.now));
  host.pass(1'000'000);
  EXPECT_FALSE(host.run().rotated);
  EXPECT_EQ(host.keeper.status(host.now).age, milliseconds(1'000'000));
  const auto before = host.device.current();
  ASSERT_TRUE(host.keeper.rotate_now(host.card, host.now));
  EXPECT_NE(host.device.current(), before);
  EXPECT_EQ(host.keeper.status(host.now).age, milliseconds(0));
}

TEST(RandomSecrets, a_card_in_service_keeps_its_key_for_a_while) {
  Host first({});
  ASSERT_TRUE(first.keeper.load(first.card, first.now));
  first.live(15'000);
  const auto in_use = first.device.current();
  auto second = std::move(*SecretKeeper::make({}));
  first.device.writes.clear();
  ASSERT_TRUE(second.adopt(first.card, first.now));
  EXPECT_EQ(first.device.writes.size(), 5U);
  EXPECT_TRUE(first.device.holds(in_use));
  EXPECT_NE(first.device.current(), in_use);
  EXPECT_FALSE(first.device.written_in_use);
}

TEST_F(FleetTest, slots_and_parity_follow_the_epochs) {
  Host host(settings);
  ASSERT_TRUE(host.keeper.load(host.card, host.now));
  EXPECT_EQ(host.device.current(), key_of(kEpoch));
  EXPECT_TRUE(host.device.holds(key_of(kEpoch - 1)));
  for (FleetKeys::Epoch epoch = kEpoch; epoch < kEpoch + 4; ++epoch) {
    host.live(17'499);
    EXPECT_TRUE(host.device.holds(key_of(epoch - 1)));
    host.live(1);
    EXPECT_TRUE(host.device.holds(key_of(epoch + 1)));
    EXPECT_EQ(host.device.current(), key_of(epoch));
    EXPECT_EQ(host.device.parity, static_cast<unsigned>(epoch % 2));
    host.live(2'500);
    EXPECT_EQ(host.device.current(), key_of(epoch + 1));
    EXPECT_EQ(host.keeper.status(host.now).epoch, epoch + 1);
  }
  EXPECT_EQ(host.keeper.status(host.now).rotations, 4U);
  EXPECT_EQ(host.keeper.status(host.now).missed, 0U);
  EXPECT_FALSE(host.device.written_in_use);
  EXPECT_FALSE(host.keeper.rotate_now(host.card, host.now));
}

TEST_F(FleetTest, timestamps_and_marks_are_the_fleets_tables_are_not) {
  Host one(settings);
  Host other(settings, kStart + 123'456);
  ASSERT_TRUE(one.keeper.load(one.card, one.now));
  ASSERT_TRUE(other.keeper.load(other.card, other.now));
  EXPECT_EQ(one.device.ts, other.device.ts);
  EXPECT_EQ(one.device.mark, other.device.mark);
  EXPECT_NE(one.device.ts, one.device.mark);
  for (const auto& host : {&one, &other}) {
    for (const auto& [offset, value] : host->device.writes) {
      EXPECT_FALSE(offset == reg::kSecretCommit && value == static_cast<std::uint32_t>(reg::SecretCommit::table_key));
    }
  }
}

/// Whether, at each millisecond around a change of epoch, `b` has the key that `a` makes cookies with.
bool always_taken(const SecretSettings& settings, std::int64_t skew_ms) {
  Host a(settings, kStart + 15'000);
  Host b(settings, kStart + 15'000 - skew_ms);
  EXPECT_TRUE(a.keeper.load(a.card, a.now));
  EXPECT_TRUE(b.keeper.load(b.card, b.now));
  bool taken = true;
  for (int ms = 0; ms < 50'000; ++ms) {
    taken &= b.device.holds(a.device.current()) && a.device.holds(b.device.current());
    a.pass(1);
    b.pass(1);
    a.run();
    b.run();
  }
  return taken;
}

TEST_F(FleetTest, cards_up_to_skew_apart_take_each_others_new_cookies) {
  EXPECT_TRUE(always_taken(settings, 2'500));
  EXPECT_TRUE(always_taken(settings, -2'500));
  EXPECT_FALSE(always_taken(settings, 2'501));
  EXPECT_FALSE(always_taken(settings, -2'501));
}

TEST_F(FleetTest, a_cookie_lives_an_epoch_less_twice_the_skew) {
  // Made in the last millisecond of the slower card's epoch, brought to the faster card.
  Host slow(settings, kStart + 19'999);
  Host fast(settings, kStart + 19'999 + 2'500);
  ASSERT_TRUE(slow.keeper.load(slow.card, slow.now));
  ASSERT_TRUE(fast.keeper.load(fast.card, fast.now));
  const auto cookie = slow.device.current();
  EXPECT_EQ(cookie, key_of(kEpoch));
  fast.live(15'000);
  EXPECT_TRUE(fast.device.holds(cookie));
  fast.live(1);
  EXPECT_FALSE(fast.device.holds(cookie));
}

TEST_F(FleetTest, a_daemon_that_slept_catches_up_and_counts_what_it_missed) {
  for (const std::int64_t asleep :
       {18'000, 21'500, 23'000, 39'000, 60'001, 65'000, 20'000 * 101 + 7, 20'000 * 102 + 7}) {
    Host host(settings);
    ASSERT_TRUE(host.keeper.load(host.card, host.now));
    host.device.in_use.clear();
    host.pass(asleep);
    const auto rotation = host.run();
    const auto epoch = kEpoch + asleep / 20'000;
    EXPECT_EQ(host.device.current(), key_of(epoch)) << asleep;
    const bool next_there = asleep % 20'000 >= 17'500;
    EXPECT_TRUE(host.device.holds(key_of(next_there ? epoch + 1 : epoch - 1))) << asleep;
    const auto flips = static_cast<std::uint64_t>(asleep / 20'000);
    EXPECT_EQ(rotation.missed, flips - (flips > 0 && asleep % 20'000 <= 1'000 ? 1 : 0)) << asleep;
    EXPECT_EQ(rotation.clock_set_by, milliseconds(0));
    EXPECT_FALSE(host.device.written_in_use) << asleep;
    // On the way nothing made cookies but keys of the fleet that are due, or were an epoch ago.
    for (const auto& key : host.device.in_use) {
      EXPECT_TRUE(key == key_of(kEpoch) || key == key_of(epoch) || key == key_of(epoch - 1)) << asleep;
    }
  }
}

TEST_F(FleetTest, a_clock_that_is_set_is_followed_and_not_counted_as_delay) {
  for (const std::int64_t jump : {3'000LL, 20'000LL, 40'000LL, 1'000'007LL, 86'400'000LL, -3'000LL, -20'000LL,
                                  -40'000LL, -1'000'007LL, -86'400'000LL}) {
    Host host(settings);
    ASSERT_TRUE(host.keeper.load(host.card, host.now));
    host.live(5'000);
    host.now.unix_time += milliseconds(jump);
    const auto rotation = host.run();
    EXPECT_EQ(rotation.clock_set_by, milliseconds(jump));
    EXPECT_EQ(rotation.missed, 0U);
    const std::int64_t unix_ms = kStart + 5'000 + jump;
    EXPECT_EQ(host.device.current(), key_of(unix_ms / 20'000)) << jump;
    EXPECT_FALSE(host.device.written_in_use) << jump;
    host.live(100'000);
    EXPECT_EQ(host.device.current(), key_of((unix_ms + 100'000) / 20'000)) << jump;
    EXPECT_EQ(host.keeper.status(host.now).missed, 0U);
  }
}

TEST_F(FleetTest, clocks_that_wander_never_break_it) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    Host host(settings);
    ASSERT_TRUE(host.keeper.load(host.card, host.now));
    std::uniform_int_distribution<std::int64_t> jump(-100'000, 100'000);
    std::uniform_int_distribution<std::int64_t> nap(0, 50'000);
    for (int i = 0; i < 1'000; ++i) {
      host.now.unix_time += milliseconds(random() % 2 == 0 ? jump(random) : 0);
      host.pass(nap(random));
      host.run();
      ASSERT_EQ(host.device.current(), key_of(host.now.unix_time.count() / 20'000));
      ASSERT_FALSE(host.device.written_in_use);
      ASSERT_GT(*host.keeper.next_due(host.now), host.now.steady);
    }
  }
}

TEST_F(FleetTest, a_card_in_service_is_taken_over_without_a_wrong_key) {
  for (const std::int64_t later : {3'000, 18'000, 25'000, 50'000, 90'000}) {
    Host host(settings);
    ASSERT_TRUE(host.keeper.load(host.card, host.now));
    host.pass(later);
    host.device.in_use.clear();
    auto second = std::move(*SecretKeeper::make(settings));
    ASSERT_TRUE(second.adopt(host.card, host.now));
    const auto epoch = kEpoch + later / 20'000;
    EXPECT_EQ(host.device.current(), key_of(epoch)) << later;
    EXPECT_TRUE(host.device.holds(key_of(later % 20'000 >= 17'500 ? epoch + 1 : epoch - 1))) << later;
    EXPECT_FALSE(host.device.written_in_use) << later;
    for (const auto& key : host.device.in_use) {
      EXPECT_TRUE(key == key_of(kEpoch) || key == key_of(epoch) || key == key_of(epoch - 1)) << later;
    }
  }
}

TEST_F(FleetTest, keepers_know_whether_they_are_alike) {
  const auto one = std::move(*SecretKeeper::make(settings));
  EXPECT_TRUE(one.same_as(*SecretKeeper::make(settings)));
  auto slower = settings;
  slower.epoch = milliseconds(30'000);
  EXPECT_FALSE(one.same_as(*SecretKeeper::make(slower)));
  folder.write("fleet.key", std::string(64, 'b'));
  EXPECT_FALSE(one.same_as(*SecretKeeper::make(settings)));
  EXPECT_FALSE(one.same_as(*SecretKeeper::make({})));
}

TEST_F(FleetTest, a_master_key_that_is_not_there_is_said) {
  settings.master_key_file = folder / "none";
  const auto made = SecretKeeper::make(settings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text, (folder / "none") + ": No such file or directory");
}

}  // namespace
}  // namespace synward
