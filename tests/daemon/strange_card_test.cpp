// SPDX-License-Identifier: BSD-2-Clause
// Cards whose image is another, or older: at the start, and loaded under a daemon that runs. Clear words, nothing
// written, nothing lost.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "card_keeper.hpp"
#include "daemon_fixture.hpp"
#include "plugged_card.hpp"
#include "synward/sim/card_server.hpp"
#include "synward/sim/socket_server.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kOlder = 3 << 8;  ///< VERSION: 0.3.0
const std::string kOlderWords =
    "the card's image has register map 0.3.0, this program needs 0.4: load an image of its age, or install the "
    "programs of the image's";
const std::string kOtherWords = "the card's image is not Synward's: ID is 0x12345678, not 0x53594e57";

/// What an image says of itself; 0: the card's own.
struct Says {
  std::atomic<std::uint32_t> id = 0, version = 0, writes = 0;
};

/// A card whose image may be another.
class Image final : public Device {
 public:
  Image(std::unique_ptr<Device> card, Says& says) : card_(std::move(card)), says_(says) {}
  std::uint32_t read32(std::uint32_t offset) override {
    const std::uint32_t word = card_->read32(offset);
    return offset == reg::kId && says_.id != 0             ? says_.id.load()
           : offset == reg::kVersion && says_.version != 0 ? says_.version.load()
                                                           : word;
  }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    ++says_.writes;
    if (says_.id == 0 && says_.version == 0) card_->write32(offset, value);
  }
  std::optional<Error> fault() const override { return card_->fault(); }
  std::uint32_t space() const override { return card_->space(); }

 private:
  std::unique_ptr<Device> card_;
  Says& says_;
};

class StrangeCardTest : public testing::Test {
 protected:
  Expected<std::unique_ptr<CardKeeper>> start() {
    const auto config = parse_daemon_config(
        "[device]\nbackend = \"sim\"\nsocket = \"/card\"\n[[service]]\naddress = \"203.0.113.7\"\nport = 443\n",
        "d.toml");
    return CardKeeper::start(
        *config,
        [this]() -> Expected<std::unique_ptr<Device>> {
          auto card = slot.open();
          if (!card) return card.error();
          return std::unique_ptr<Device>(std::make_unique<Image>(std::move(*card), says));
        },
        {[this] { return milliseconds(1'000'000 + passed); }, [this] { return milliseconds(passed); }}, books);
  }
  void live(CardKeeper& keeper, std::int64_t ms) {
    for (const auto end = passed + ms; passed < end; passed += 100) {
      slot.pass(100);
      keeper.visit();
    }
  }
  std::string log() const {
    std::string text;
    for (const auto& line : books.log.tail(LogBook::kLines)) text += line.value.text + '\n';
    return text;
  }

  PluggedCard slot;
  Says says;
  Books books;
  std::int64_t passed = 0;  ///< ms
};

TEST_F(StrangeCardTest, is_refused_at_the_start_and_nothing_is_written) {
  says.id = 0x12345678;
  EXPECT_EQ(start().error().text, kOtherWords);
  says.id = 0;
  says.version = kOlder;
  EXPECT_EQ(start().error().text, kOlderWords);
  EXPECT_EQ(says.writes, 0U);
}

TEST_F(StrangeCardTest, that_is_loaded_under_the_daemon_is_said_once_and_its_end_heals) {
  auto started = start();
  ASSERT_TRUE(started) << started.error().text;
  auto& keeper = **started;
  live(keeper, 2'000);
  says.id = 0x12345678;
  live(keeper, 1'100);
  EXPECT_FALSE(keeper.up());
  const auto written = says.writes.load();
  live(keeper, 5'000);
  says.id = 0;
  says.version = kOlder;
  live(keeper, 5'000);
  EXPECT_EQ(log(), "the card is lost: " + kOtherWords + "\nthe card is still lost: " + kOlderWords + "\n");
  EXPECT_EQ(says.writes, written) << "nothing is written to a card that is not ours";
  says.version = 0;
  slot.put_in();
  live(keeper, 2'000);
  EXPECT_TRUE(keeper.up());
  EXPECT_NE(log().find("the card is there again and has been set up anew\n"), std::string::npos) << log();
  EXPECT_FALSE(slot.send("192.0.2.1", 1024, "203.0.113.7", 443, sim::tcp_flag::syn).empty()) << "it serves again";
}

/// A card that a thread serves at a socket, for programs.
class ServedImage : public sim::DaemonTest {
 protected:
  void SetUp() override {
    write_config("");
    device_ = std::make_unique<Image>(std::move(*slot_.open()), says);
    auto endpoint = sim::SocketServer::listen(*device_, folder.file("card.sock"));
    ASSERT_TRUE(endpoint) << endpoint.error().text;
    server_.add(*endpoint);
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) server_.poll(milliseconds(5));
    });
  }
  std::string run(const std::vector<std::string>& words) {
    sim::Process process(words);
    const auto status = process.wait().value_or(-1);
    return fmt::format("{} {}", status, process.output());
  }
  Says says;

 private:
  PluggedCard slot_;
  std::unique_ptr<Image> device_;
  sim::CardServer server_;
  std::jthread thread_;
};

TEST_F(ServedImage, is_refused_by_daemon_and_tool_in_the_same_words) {
  for (const bool older : {true, false}) {
    says.id = older ? 0 : 0x12345678;
    says.version = older ? kOlder : 0;
    const auto words = older ? kOlderWords : kOtherWords;
    EXPECT_EQ(run({SYNWARDD, "--config", config()}), fmt::format("1 synwardd: {}\n", words));
    EXPECT_EQ(run({SYNWARD_TOOL, "card", "info", "--simulated", folder.file("card.sock")}),
              fmt::format("1 synward: {}\n", words));
    const auto test = run({SYNWARD_TOOL, "card", "selftest", "--offline", "--simulated", folder.file("card.sock")});
    EXPECT_EQ(test.find(fmt::format("1 FAILED       identity, version, sizes: {}\n", words)), 0U) << test;
    EXPECT_NE(test.find("synward: 1 of 1 tests failed\n"), std::string::npos) << test;
  }
  EXPECT_EQ(says.writes, 0U);
}

}  // namespace
}  // namespace synward
