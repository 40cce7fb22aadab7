// SPDX-License-Identifier: BSD-2-Clause
// The daemon's eye on a card's network ports: log, API, metrics.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "api.hpp"
#include "card_keeper.hpp"
#include "daemon_fixture.hpp"
#include "plugged_card.hpp"
#include "port_watch.hpp"
#include "watched_card.hpp"

namespace synward {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

class LinkTest : public WatchedCardTest {
 protected:
  std::uint64_t counted(port_reg::Counter counter, std::size_t port = 0) {
    return keeper->links()->ports.at(port).now.counter(counter);
  }
};

TEST_F(LinkTest, a_link_that_goes_down_and_comes_back_is_one_line_each) {
  start();
  live(3'000);
  EXPECT_EQ(log(), "");
  slot.ports([](sim::CardPorts& ports) { ports.plug(kLinePort, false); });
  live(12'000);
  EXPECT_EQ(log(), "warning: line link: down: no light or no signal: module, cable, the far end\n");
  slot.ports([](sim::CardPorts& ports) { ports.plug(kLinePort, true); });
  live(5'000);
  EXPECT_EQ(log(),
            "warning: line link: down: no light or no signal: module, cable, the far end\n"
            "notice: line link: up again after 12 s, RS-FEC on\n");
  EXPECT_EQ(counted(port_reg::Counter::flaps), 1U);
}

TEST_F(LinkTest, what_is_wrong_with_it_is_said) {
  start();
  slot.ports([](sim::CardPorts& ports) {
    ports.far_end(kLinePort, false, true);
    ports.far_end(kHostPort, true, false);
  });
  live(2'000);
  EXPECT_EQ(log(),
            "warning: line link: down: every lane has a lock and none is aligned: the two ends differ in FEC\n"
            "warning: host link: down: the far end does not receive us: look at its side, and at our light\n");
}

TEST_F(LinkTest, a_link_that_is_down_at_the_start_is_said) {
  slot.ports([](sim::CardPorts& ports) { ports.plug(kHostPort, false); });
  start();
  EXPECT_EQ(log(), "warning: host link: down: no light or no signal: module, cable, the far end\n");
  EXPECT_FALSE(keeper->links()->ports[1].now.is(port_reg::Status::up));
  EXPECT_FALSE(keeper->links()->ports[0].now.is(port_reg::Status::open)) << "the other one waits for it";
}

TEST_F(LinkTest, flaps_between_two_looks_are_not_missed) {
  start();
  live(1'000);
  slot.ports([](sim::CardPorts& ports) {
    for (int i = 0; i < 3; ++i) {
      ports.plug(kLinePort, false);
      ports.plug(kLinePort, true);
    }
  });
  live(3'000);
  EXPECT_EQ(log(), "warning: line link: was down for a moment, 3 times, and is up\n");
}

TEST_F(LinkTest, a_card_without_ports_says_so_once_and_everything_else_goes_on) {
  slot.be_in_a_shell();
  start();
  live(30'000);
  slot.reset();
  live(5'000);
  EXPECT_TRUE(keeper->up());
  const auto text = log();
  const std::string words =
      "info: links are not watched: the card shows no line port beside its core: it is the "
      "shell's\n";
  EXPECT_EQ(text.find(words), 0U) << text;
  EXPECT_EQ(text.find("links are not watched", words.size()), std::string::npos) << text;
  EXPECT_EQ(keeper->secrets().rotations, 2U);
  ASSERT_TRUE(keeper->links());
  EXPECT_TRUE(keeper->links()->ports.empty());
  EXPECT_FALSE(keeper->set_fec(kPorts[0], true, "user 0"));
}

TEST_F(LinkTest, counters_add_up_where_32_bits_wrap_and_where_a_card_begins_anew) {
  using enum port_reg::Counter;
  slot.ports([](sim::CardPorts& ports) { ports.count(kLinePort, fec_corrected, 10); });
  start();
  EXPECT_EQ(counted(fec_corrected), 10U) << "what the card counted before is shown too";
  slot.ports([](sim::CardPorts& ports) { ports.count(kLinePort, fec_corrected, 0xfffffff0); });
  live(1'000);
  slot.ports([](sim::CardPorts& ports) { ports.count(kLinePort, fec_corrected, 0x20); });
  live(1'000);
  EXPECT_EQ(counted(fec_corrected), 10 + 0xfffffff0ULL + 0x20);
  const auto before = counted(fec_corrected);
  slot.reset();
  slot.ports([](sim::CardPorts& ports) { ports.count(kLinePort, fec_corrected, 5); });
  live(3'000);
  EXPECT_NE(log().find("the card is lost: it was reset"), std::string::npos) << log();
  EXPECT_NE(log().find("the card is there again"), std::string::npos) << log();
  EXPECT_EQ(counted(fec_corrected), before + 5);
}

TEST_F(LinkTest, a_card_that_is_pulled_says_nothing_of_its_links) {
  start();
  live(1'000);
  slot.go_silent();
  live(3'000);
  EXPECT_FALSE(keeper->up());
  EXPECT_FALSE(keeper->links());
  EXPECT_EQ(log().find("link"), std::string::npos) << log();
  slot.put_in();
  live(3'000);
  EXPECT_TRUE(keeper->links());
  EXPECT_EQ(log().find("link"), std::string::npos) << log();
}

TEST_F(LinkTest, fec_is_set_and_logged_and_the_rest_of_control_stays) {
  start();
  ASSERT_TRUE(keeper->set_fec(kPorts[0], false, "user 7"));
  EXPECT_NE(log().find("notice: line link: RS-FEC off (user 7)\n"), std::string::npos) << log();
  EXPECT_NE(log().find("the two ends differ in FEC"), std::string::npos) << log();
  slot.ports([](sim::CardPorts& ports) { EXPECT_EQ(ports.read32(kLinePort + port_reg::kControl), 5U); });
  ASSERT_TRUE(keeper->set_fec(kPorts[0], true, "user 7"));
  slot.ports([](sim::CardPorts& ports) { EXPECT_EQ(ports.read32(kLinePort + port_reg::kControl), 7U); });
}

/// The daemon as a process before a simulated card, and what operators type.
/// A card's device whose line port is down, at times with its CMAC in reset.
class InReset final : public Device {
 public:
  explicit InReset(Device& device) : device_(device) {}
  std::uint32_t read32(std::uint32_t offset) override {
    constexpr auto kReset = 1U << static_cast<unsigned>(port_reg::Status::mac_reset);
    const auto value = device_.read32(offset);
    return in_reset && offset == kLinePort + port_reg::kStatus ? value | kReset : value;
  }
  void write32(std::uint32_t offset, std::uint32_t value) override { device_.write32(offset, value); }
  std::uint32_t space() const override { return device_.space(); }

  bool in_reset = false;

 private:
  Device& device_;
};

/// The watch holds a CMAC in reset for a moment of each second in which its link is down.
class LinkReasonTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = slot.open();
    device = std::move(*opened);
    seen = std::make_unique<InReset>(*device);
    ASSERT_TRUE(watch.begin(*seen, now).empty());
  }
  void plug(bool in) {
    slot.ports([&](sim::CardPorts& ports) { ports.plug(kLinePort, in); });
  }
  std::string look(bool in_reset) {
    seen->in_reset = in_reset;
    std::string text;
    for (const auto& line : watch.look(*seen, now += std::chrono::seconds(1))) text += line.second + "\n";
    return text;
  }

  PluggedCard slot;
  std::unique_ptr<Device> device;
  std::unique_ptr<InReset> seen;
  PortWatch watch;
  milliseconds now{0};
};

constexpr std::string_view kNoLight = "line link: down: no light or no signal: module, cable, the far end\n";

TEST_F(LinkReasonTest, a_reset_of_a_moment_is_not_the_reason) {
  plug(false);
  EXPECT_EQ(look(true), "");
  EXPECT_EQ(look(false), kNoLight);
  EXPECT_EQ(look(true), "") << "one line for one loss";
  EXPECT_EQ(look(false), "");
}

TEST_F(LinkReasonTest, a_reset_that_lasts_is) {
  plug(false);
  EXPECT_EQ(look(true), "");
  EXPECT_EQ(look(true), "line link: down: its CMAC is in reset\n");
  EXPECT_EQ(look(false), "");
}

TEST_F(LinkReasonTest, a_link_that_came_back_meanwhile_is_told) {
  plug(false);
  EXPECT_EQ(look(true), "");
  plug(true);
  EXPECT_EQ(look(false), "line link: was down for a moment, 1 times, and is up\n");
  EXPECT_EQ(look(false), "");
}

class LinkOperatorTest : public sim::DaemonTest {
 protected:
  std::string tool(std::vector<std::string> words, const std::string& socket = {}) {
    words.insert(words.begin(), {SYNWARD_TOOL, "--socket", socket.empty() ? admin() : socket, "--config", config()});
    sim::Process process(words);
    const auto status = process.wait().value_or(-1);
    return fmt::format("{} {}", status, process.output());
  }
  void cable(const std::string& port, const std::string& state) {
    sim::Process process({SYNWARD_SIM, "cable", "--socket", folder.file("card.sock"), port, state});
    EXPECT_EQ(process.wait(), 0) << process.output();
  }
  static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
};

TEST_F(LinkOperatorTest, a_cable_that_is_pulled_is_seen_everywhere) {
  start_daemon();
  EXPECT_TRUE(
      has(tool({"link"}), "0 line: up, frames are let in, lanes aligned, FEC lanes aligned, RS-FEC in force; for "));
  EXPECT_TRUE(has(tool({"status"}), "\nlinks      line up, host up\n"));
  cable("line", "out");
  ASSERT_TRUE(eventually([this] { return logged("line link: down: no light or no signal"); })) << daemon->output();
  const auto link = tool({"link", "--port", "line"});
  EXPECT_TRUE(has(link, "0 line: DOWN, local fault")) << link;
  EXPECT_FALSE(has(link, "host:")) << link;
  EXPECT_TRUE(has(tool({"status"}), "\nlinks      line DOWN (synward link), host up, waits for the other\n"))
      << tool({"status"});
  EXPECT_TRUE(has(tool({"check"}), "2 SYNWARD CRITICAL - the line link is down")) << tool({"check"});
  const auto metrics = tool({"stats", "--prom"});
  EXPECT_TRUE(has(metrics, "\nsynward_link_up{port=\"line\"} 0\n")) << metrics;
  EXPECT_TRUE(has(metrics, "\nsynward_link_up{port=\"host\"} 1\n")) << metrics;
  EXPECT_TRUE(has(metrics, "\nsynward_link_flaps_total{port=\"line\"} 1\n")) << metrics;
  cable("line", "in");
  ASSERT_TRUE(eventually([this] { return logged("line link: up again after "); })) << daemon->output();
}

TEST_F(LinkOperatorTest, fec_is_for_the_admin_alone) {
  start_daemon();
  const auto everyone = folder.file("public.sock");
  EXPECT_TRUE(has(tool({"link", "--json"}, everyone), "\"fec_wanted\": true"));
  EXPECT_EQ(tool({"link", "--port", "line", "--fec", "off"}, everyone), "1 synward: only by the admin socket\n");
  const auto off = tool({"link", "--port", "line", "--fec", "off", "--json"});
  ASSERT_EQ(off.substr(0, 2), "0 ") << off;
  const auto ports = json::parse(off.substr(2))["ports"];
  ASSERT_EQ(ports.size(), 1U);
  EXPECT_EQ(ports[0]["fec_wanted"], false);
  EXPECT_EQ(ports[0]["up"], false);
  EXPECT_TRUE(has(tool({"log"}), "line link: RS-FEC off (user "));
  EXPECT_EQ(client().Put("/v1/link/side", "fec=on", "text/plain")->status, 404);
  EXPECT_EQ(client().Put("/v1/link/line", "fec=maybe", "text/plain")->status, 422);
}

TEST_F(LinkOperatorTest, without_a_daemon_the_card_of_its_configuration_is_asked) {
  const auto link = tool({"link"});
  EXPECT_TRUE(has(link, "0 synward: no daemon answers; the card itself is asked\nline: up, ")) << link;
  sim::write_text(config(), "[device]\nbackend = \"xrt\"\nxclbin = \"/x\"\n");
  const auto xrt = tool({"link"});
  EXPECT_TRUE(has(xrt, "backend \"xrt\" is asked through synwardd alone: start it")) << xrt;
  EXPECT_TRUE(has(xrt, "1 synward: ")) << xrt;
}

TEST_F(LinkOperatorTest, the_self_test_runs_against_a_simulated_card) {
  const auto run = [this](bool offline) {
    std::vector<std::string> words{SYNWARD_TOOL, "card", "selftest", "--simulated", folder.file("card.sock")};
    if (offline) words.emplace_back("--offline");
    sim::Process process(words);
    const auto status = process.wait().value_or(-1);
    return fmt::format("{} {}", status, process.output());
  };
  const auto online = run(false);
  EXPECT_EQ(online.substr(0, 2), "0 ") << online;
  EXPECT_TRUE(has(online, "not run      host port: frames through the loopback: it would disturb traffic")) << online;
  const auto offline = run(true);
  EXPECT_EQ(offline.substr(0, 2), "0 ") << offline;
  EXPECT_TRUE(has(offline, "passed       host port: frames through the loopback\n")) << offline;
  EXPECT_TRUE(has(offline, "passed       secrets: taken, refused, rotated\n")) << offline;
  EXPECT_EQ(offline.find("not run"), offline.find("not run      cookies against OpenSSL: ")) << offline;
  EXPECT_TRUE(has(tool({"link"}), "line: up, frames are let in")) << "CONTROL is put back";
}

TEST_F(LinkOperatorTest, a_card_in_a_shell_of_somebody_elses_has_no_links) {
  card = std::make_unique<sim::Process>(std::vector<std::string>{SYNWARD_SIM, "serve", "--core", "ref", "--no-ports",
                                                                 "--socket", folder.file("card2.sock")});
  ASSERT_TRUE(card->says("Serving")) << card->output();
  auto text = sim::read_text(config());
  text.replace(text.find("card.sock"), 9, "card2.sock");
  sim::write_text(config(), text);
  start_daemon();
  EXPECT_TRUE(logged("links are not watched: the card shows no line port beside its core: it is the shell's"));
  const auto link = tool({"link"});
  EXPECT_TRUE(has(link, "0 the card shows no line port beside its core: it is the shell's\n")) << link;
  EXPECT_FALSE(has(tool({"status"}), "\nlinks")) << tool({"status"});
  EXPECT_TRUE(has(tool({"link", "--fec", "off"}), "1 synward: the card shows no line port"));
  EXPECT_FALSE(has(tool({"stats", "--prom"}), "synward_link_"));
  EXPECT_TRUE(has(tool({"check"}), "0 SYNWARD OK")) << tool({"check"});
  sim::Process cable({SYNWARD_SIM, "cable", "--socket", folder.file("card2.sock"), "line", "out"});
  EXPECT_EQ(cable.wait(), 1);
  EXPECT_TRUE(has(cable.output(), "this card has no cables")) << cable.output();
}

}  // namespace
}  // namespace synward
