// SPDX-License-Identifier: BSD-2-Clause
// Listings of a card that is slow, as the Verilated one is, for the admin and for all others.
#include "lister.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "plugged_card.hpp"

namespace synward {
namespace {

/// Takes its time for each entry that is listed.
class SlowDevice : public Device {
 public:
  SlowDevice(std::unique_ptr<Device> device, const std::atomic<int>& ms) : device_(std::move(device)), ms_(ms) {}
  std::uint32_t read32(std::uint32_t offset) override {
    if (offset == reg::kListStatus) {
      std::this_thread::sleep_for(std::chrono::milliseconds(ms_));
    }
    return device_->read32(offset);
  }
  void write32(std::uint32_t offset, std::uint32_t value) override { device_->write32(offset, value); }
  std::optional<Error> fault() const override { return device_->fault(); }

 private:
  std::unique_ptr<Device> device_;
  const std::atomic<int>& ms_;
};

class ListerTest : public testing::Test {
 protected:
  ListerTest() {
    const auto config = parse_daemon_config(
        "[device]\nbackend = \"sim\"\nsocket = \"/c\"\n[[service]]\naddress = \"any\"\nport = 443\n", "d.toml");
    EXPECT_TRUE(config);
    auto keeper = CardKeeper::start(
        *config,
        [this]() -> Expected<std::unique_ptr<Device>> {
          auto device = slot.open();
          return std::unique_ptr<Device>(std::make_unique<SlowDevice>(std::move(*device), ms));
        },
        {}, books);
    EXPECT_TRUE(keeper);
    card = std::make_unique<CardThread>(std::move(*keeper), Clock());
    lister = std::make_unique<Lister>(*card);
    Key table_key;
    table_key.bytes()[0] = 8;  // no bucket overflows
    EXPECT_TRUE(slot.write_table_key(table_key));
    for (std::uint16_t i = 0; i < kEntries; ++i) {
      slot.syn("192.0.2.1", static_cast<std::uint16_t>(1024 + i));
    }
  }

  static constexpr std::uint16_t kEntries = 150;
  std::atomic<int> ms = 0;
  PluggedCard slot;
  Books books;
  std::unique_ptr<CardThread> card;
  std::unique_ptr<Lister> lister;
};

TEST_F(ListerTest, a_slow_card_gives_what_it_can_in_the_time_there_is) {
  ms = 50;  // 150 of them are more than two seconds
  const auto listed = lister->for_anybody({});
  ASSERT_TRUE(listed && *listed);
  EXPECT_FALSE((*listed)->whole);
  EXPECT_GT((*listed)->entries.size(), 0U);
  EXPECT_LT((*listed)->entries.size(), kEntries);
}

TEST_F(ListerTest, many_who_ask_share_one_walk) {
  std::vector<std::thread> readers;
  readers.reserve(20);
  std::atomic<int> whole = 0;
  ms = 2;
  for (int i = 0; i < 20; ++i) {
    readers.emplace_back([&] {
      const auto listed = lister->for_anybody({});
      whole += listed && *listed && (*listed)->whole && (*listed)->entries.size() == kEntries ? 1 : 0;
    });
  }
  for (auto& reader : readers) {
    reader.join();
  }
  EXPECT_EQ(whole, 20);
}

TEST_F(ListerTest, the_admin_does_not_wait_until_others_have_all) {
  ms = 20;
  std::atomic<bool> end = false;
  std::vector<std::thread> others;
  others.reserve(6);
  for (int i = 0; i < 6; ++i) {
    others.emplace_back([&] {
      while (!end) {
        lister->for_anybody([&end] { return end.load(); });
      }
    });
  }
  for (int i = 0; i < 3; ++i) {
    const auto listed = lister->for_admin(10, {});
    ASSERT_TRUE(listed && *listed);
    EXPECT_TRUE((*listed)->whole);
    EXPECT_EQ((*listed)->entries.size(), 10U);
  }
  end = true;
  for (auto& other : others) {
    other.join();
  }
}

TEST_F(ListerTest, nobody_waits_and_the_walk_ends) {
  ms = 20;
  const auto listed = lister->for_anybody([] { return true; });
  ASSERT_TRUE(listed && *listed);
  EXPECT_FALSE((*listed)->whole);
}

}  // namespace
}  // namespace synward
