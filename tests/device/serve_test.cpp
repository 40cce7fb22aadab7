// SPDX-License-Identifier: BSD-2-Clause
// `synward sim serve` as its users call it.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "process.hpp"
#include "synward/apply.hpp"
#include "synward/config.hpp"
#include "synward/counters.hpp"
#include "synward/socket_device.hpp"

namespace synward::sim {
namespace {

constexpr std::string_view kCard = "[[service]]\naddress = \"203.0.113.7\"\nport = 443\n";
constexpr std::string_view kTraffic = R"([scenario]
duration_us = 300_000
[[card.service]]
address = "203.0.113.7"
port = 443
[[clients]]
rate_per_s = 300
rtt_us = 500
)";

class Serve : public testing::Test {
 protected:
  Serve() {
    write_text(card(), kCard);
    write_text(traffic(), kTraffic);
  }
  std::string card() const { return folder_.file("card.toml"); }
  std::string traffic() const { return folder_.file("traffic.toml"); }
  std::string socket() const { return folder_.file("card.sock"); }
  std::vector<std::string> command(const std::vector<std::string>& more) const {
    std::vector<std::string> line{SYNWARD_TOOL, "sim", "serve", "--core", "ref", "--socket", socket()};
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }
  std::unique_ptr<Device> open() const {
    auto device = open_socket_device({socket()});
    EXPECT_TRUE(device) << device.error().text;
    return std::move(*device);
  }
  /// Applies a configuration as a daemon would, with keys that nobody else knows.
  static void configure(Device& device) {
    const auto config = parse_config(kCard, "card.toml");
    ASSERT_TRUE(config);
    const auto applied = apply(device, *config);
    ASSERT_TRUE(applied) << applied.error().text;
  }

  TemporaryFolder folder_;
};

TEST_F(Serve, lets_a_program_have_the_card_until_it_is_told_to_end) {
  Process card(command({}));
  ASSERT_TRUE(card.says("Serving the ref core at " + socket())) << card.output();
  const auto device = open();
  configure(*device);
  EXPECT_EQ(device->read32(reg::kId), reg::kDeviceId);
  // The card's clock goes on although nobody asks anything of it.
  const auto before = device->read32(reg::kTimeMs);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience);
  while (device->read32(reg::kTimeMs) < before + 300 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_GE(device->read32(reg::kTimeMs), before + 300);
  ASSERT_EQ(kill(card.pid(), SIGTERM), 0);
  EXPECT_EQ(card.wait(), 0) << card.output();
  EXPECT_FALSE(std::filesystem::exists(socket()));
  device->read32(reg::kId);
  EXPECT_TRUE(device->fault());
}

TEST_F(Serve, configures_the_card_where_it_is_told_to) {
  Process served(command({"--config", card()}));
  ASSERT_TRUE(served.says("Serving")) << served.output();
  constexpr std::uint32_t kAllLoaded = 0x20;
  EXPECT_NE(open()->read32(reg::kSecretStatus) & kAllLoaded, 0U);
}

TEST_F(Serve, runs_traffic_around_a_card_that_somebody_else_owns) {
  Process card(command({"--traffic", traffic()}));
  ASSERT_TRUE(card.says("Serving")) << card.output();
  const auto device = open();
  EXPECT_EQ(device->read32(reg::kSecretStatus), 0U) << "the scenario has given the card its secrets";
  configure(*device);
  // More handshakes than one pass of the scenario has. The host's frames are the server's: it believed the marks.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience);
  Counters counters;
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    counters = read_counters(*device);
  } while (counters[reg::Counter::completed] < 200 && std::chrono::steady_clock::now() < end);
  EXPECT_GE(counters[reg::Counter::completed], 200U);
  EXPECT_GT(counters[reg::Counter::host_rx_frames], counters[reg::Counter::completed]);
  EXPECT_EQ(counters[reg::Counter::failcookie], 0U);
  EXPECT_FALSE(device->fault());
  ASSERT_EQ(kill(card.pid(), SIGTERM), 0);
  EXPECT_EQ(card.wait(), 0) << card.output();
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(Serve, errors_say_what_and_where) {
  const auto error = [](const std::string& arguments) { return run_tool("sim serve --core ref " + arguments).err; };
  EXPECT_EQ(error(""), "synward: nothing to serve: --socket PATH or --xrt is needed\n");
  EXPECT_EQ(error("--socket /nowhere/s"), "synward: /nowhere/s: No such file or directory\n");
  EXPECT_EQ(error("--socket " + socket() + " --traffic /nowhere.toml"),
            "synward: /nowhere.toml: No such file or directory\n");
  Process card(command({}));
  ASSERT_TRUE(card.says("Serving")) << card.output();
  EXPECT_EQ(error("--socket " + socket()), fmt::format("synward: {}: somebody listens there already\n", socket()));
}

TEST_F(Serve, xrt_needs_names_to_be_found_by) {
  Process card(
      {"env", "-u", "EMULATION_SOCKETID", "USER=nobody", SYNWARD_TOOL, "sim", "serve", "--core", "ref", "--xrt"});
  EXPECT_EQ(card.wait(), 1);
  EXPECT_EQ(card.output(),
            "synward: EMULATION_SOCKETID is not set: XRT's hw_emu looks for /tmp/$USER/$EMULATION_SOCKETID\n");
}

}  // namespace
}  // namespace synward::sim
