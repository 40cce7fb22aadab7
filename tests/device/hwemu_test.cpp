// SPDX-License-Identifier: BSD-2-Clause
// The real XRT library against a simulated card, in processes of their own: XRT's hw_emu installs signal handlers, and
// waits for a simulator that died with all of a processor.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "process.hpp"
#include "synward/sim/hwemu_layout.hpp"
#include "synward/xrt_device.hpp"

namespace synward::sim {
namespace {

/// Files of a test: a device configuration, a card configuration.
class Files {
 public:
  Files() {
    write_text(device(), fmt::format("[device]\nbackend = \"xrt\"\nxclbin = \"{}\"\n", HWEMU_XCLBIN));
    write_text(card(), "[[service]]\naddress = \"any\"\nport = 443\n");
  }
  std::string device() const { return folder_.file("device.toml"); }
  std::string card() const { return folder_.file("card.toml"); }
  std::string file(std::string_view name) const { return folder_.file(name); }

 private:
  TemporaryFolder folder_;
};

/// A command line that probes the card of `files` under hw_emu, with `environment` set.
std::vector<std::string> probe(const Files& files, std::vector<std::string> environment,
                               const std::vector<std::string>& commands) {
  std::vector<std::string> line{"env"};
  line.insert(line.end(), environment.begin(), environment.end());
  line.insert(line.end(), {HWEMU_RUN, DEVICE_PROBE, files.device()});
  line.insert(line.end(), commands.begin(), commands.end());
  return line;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

class HwEmu : public testing::TestWithParam<std::string> {
 protected:
  std::string core() const { return "SYNWARD_HWEMU_CORE=" + GetParam(); }
};

TEST_P(HwEmu, xrt_opens_reads_configures_and_closes) {
  const Files files;
  Process host(probe(files, {core()}, {"id", "scratch", "apply=" + files.card(), "counters", "latency"}));
  EXPECT_EQ(host.wait(), 0);
  const auto output = host.output();
  EXPECT_TRUE(contains(output, "id 0x53594e57")) << output;
  EXPECT_TRUE(contains(output, "scratch holds")) << output;
  EXPECT_TRUE(contains(output, "applied, secrets 0x7e")) << output;
  EXPECT_TRUE(contains(output, "answered 0")) << output;
  const auto latency = output.find("write ");
  ASSERT_NE(latency, std::string::npos) << output;
  fmt::print("{} core through XRT: {}", GetParam(), output.substr(latency));
}

TEST_P(HwEmu, xrt_finds_both_ports_as_kernels_of_their_own) {
  const Files files;
  Process host(probe(files, {core()}, {"ports"}));
  EXPECT_EQ(host.wait(), 0);
  EXPECT_TRUE(contains(host.output(), "line 0x67\nhost 0x67\n")) << host.output();
}

TEST_P(HwEmu, three_opens_in_a_row) {
  const Files files;
  Process host(probe(files, {core()}, {"reopen=2", "id"}));
  EXPECT_EQ(host.wait(), 0);
  EXPECT_EQ(count(host.output(), "id 0x53594e57"), 3U) << host.output();
}

/// The kernels of the emulated xclbin, and those that the host looks for, are those that Vitis would link.
TEST(HwEmuLayout, kernels_are_those_of_the_link_configuration) {
  const auto link = read_text(PROJECT_ROOT "/rtl/board/vitis/link.cfg");
  for (const auto& kernel : hwemu::kKernels) {
    EXPECT_TRUE(contains(link, fmt::format("nk={}:1:{}\n", kernel.name, kernel.instance))) << kernel.name;
  }
  EXPECT_EQ(count(link, "nk="), hwemu::kKernels.size());
  const auto xrt_name = [](const hwemu::Kernel& kernel) {
    return fmt::format("{}:{{{}}}", kernel.name, kernel.instance);
  };
  EXPECT_EQ(XrtDeviceConfig().ip, xrt_name(hwemu::kKernels[0]));
  EXPECT_EQ(kXrtPorts[0], xrt_name(hwemu::kKernels[1]));
  EXPECT_EQ(kXrtPorts[1], xrt_name(hwemu::kKernels[2]));
  const auto platform =
      link.substr(link.find("platform=") + 9, link.find('\n', link.find("platform=")) - link.find("platform=") - 9);
  EXPECT_TRUE(contains(read_text(HWEMU_XCLBIN), platform));
  EXPECT_TRUE(contains(read_text(PROJECT_ROOT "/sim/emulation/emconfig.json"), platform));
}

INSTANTIATE_TEST_SUITE_P(Core, HwEmu, testing::Values("ref", "rtl"), [](const auto& core) { return core.param; });

TEST(HwEmuErrors, say_what_xrt_says) {
  const Files files;
  write_text(files.device(), "[device]\nbackend = \"xrt\"\nxclbin = \"/nowhere.xclbin\"\n");
  Process missing(probe(files, {}, {"id"}));
  EXPECT_EQ(missing.wait(), 1);
  EXPECT_TRUE(contains(missing.output(), "xrt: /nowhere.xclbin: load: ")) << missing.output();

  write_text(files.device(),
             fmt::format("[device]\nbackend = \"xrt\"\nxclbin = \"{}\"\nip = \"other:{{other_1}}\"\n", HWEMU_XCLBIN));
  Process other(probe(files, {}, {"id"}));
  EXPECT_EQ(other.wait(), 1);
  EXPECT_TRUE(contains(other.output(), "ip other:{other_1}: ")) << other.output();
}

/// A program in the place of synward-hwemu that leaves its process id in a file.
std::string tracked_simulator(const Files& files) {
  const auto script = files.file("simulator.sh");
  write_text(script, fmt::format("#!/bin/sh\necho $$ > {}\nexec {}\n", files.file("pid"), HWEMU));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  return "SYNWARD_HWEMU=" + script;
}

pid_t read_pid(const Files& files) { return std::atoi(read_text(files.file("pid")).c_str()); }

TEST(HwEmuDeath, a_simulator_that_dies_takes_the_host_with_it) {
  const Files files;
  for (const std::string ears : {"id", "deaf"}) {
    Process host(probe(files, {"SYNWARD_HWEMU_CORE=ref", tracked_simulator(files)}, {ears, "hold=1000"}));
    ASSERT_TRUE(host.says("holding")) << host.output();
    ASSERT_EQ(kill(read_pid(files), SIGKILL), 0);
    const auto status = host.wait();
    ASSERT_TRUE(status) << host.output();
    // Without a handler it may be the socket that ends it.
    EXPECT_TRUE(ears == "deaf" ? status == 128 + SIGKILL : status == 128 + SIGTERM || status == 128 + SIGPIPE)
        << *status;
  }
}

/// A process that has ended runs no file, whether somebody has waited for it or not.
bool runs(pid_t pid) {
  std::error_code error;
  return !std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), error).empty();
}

TEST(HwEmuDeath, a_host_that_dies_takes_the_simulator_with_it) {
  const Files files;
  pid_t simulator = 0;
  {
    Process host(probe(files, {"SYNWARD_HWEMU_CORE=ref", tracked_simulator(files)}, {"hold=1000"}));
    ASSERT_TRUE(host.says("holding")) << host.output();
    simulator = read_pid(files);
    ASSERT_TRUE(runs(simulator));
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience);
  while (runs(simulator) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_FALSE(runs(simulator));
}

/// XRT's folder in /tmp for a simulator that runs already.
class Attached : public testing::Test {
 public:
  ~Attached() override { std::filesystem::remove_all(folder_); }

 protected:
  Attached() {
    std::string name = "/tmp/synward-test.XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    names_ = {"USER=" + folder_.filename().string(), "EMULATION_SOCKETID=card"};
  }

  std::vector<std::string> serve() const {
    return {"env", names_[0], names_[1], SYNWARD_TOOL, "sim", "serve", "--xrt", "--core", "ref"};
  }
  std::string calls() const { return (folder_ / "card").string(); }

  Files files_;
  std::filesystem::path folder_;
  std::vector<std::string> names_;
};

TEST_F(Attached, one_card_serves_host_after_host) {
  Process card(serve());
  ASSERT_TRUE(card.says("Serving the ref core at " + calls())) << card.output();
  Process first(probe(files_, names_, {"id", "apply=" + files_.card(), "reopen=2"}));
  EXPECT_EQ(first.wait(), 0) << first.output();
  EXPECT_EQ(count(first.output(), "id 0x53594e57"), 3U) << first.output();
  Process second(probe(files_, names_, {"counters"}));
  EXPECT_EQ(second.wait(), 0) << second.output();
  ASSERT_EQ(kill(card.pid(), SIGTERM), 0);
  EXPECT_EQ(card.wait(), 0) << card.output();
  EXPECT_FALSE(std::filesystem::exists(calls()));
}

TEST_F(Attached, the_host_may_come_first) {
  Process host(probe(files_, names_, {"id"}));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience);
  while (!std::filesystem::exists(calls()) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  Process card(serve());
  EXPECT_EQ(host.wait(), 0) << host.output();
  // And is it there for the next one?
  Process next(probe(files_, names_, {"id"}));
  EXPECT_EQ(next.wait(), 0) << next.output();
}

TEST_F(Attached, a_simulator_that_ends_takes_the_host_with_it) {
  for (const int signal : {SIGKILL, SIGTERM}) {
    Process card(serve());
    ASSERT_TRUE(card.says("Serving")) << card.output();
    Process host(probe(files_, names_, {"deaf", "hold=1000"}));
    ASSERT_TRUE(host.says("holding")) << host.output();
    ASSERT_EQ(kill(card.pid(), signal), 0);
    EXPECT_EQ(host.wait(), 128 + SIGKILL) << host.output();
  }
}

TEST(HwEmuRun, passes_on_the_status_and_leaves_nothing) {
  Process status({HWEMU_RUN, "sh", "-c", "echo $XILINX_XRT; exit 7"});
  EXPECT_EQ(status.wait(), 7);
  const auto xrt = status.output().substr(0, status.output().find('\n'));
  ASSERT_TRUE(xrt.starts_with("/tmp/synward.")) << xrt;
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(xrt).parent_path()));
  Process usage({HWEMU_RUN});
  EXPECT_EQ(usage.wait(), 2);
}

}  // namespace
}  // namespace synward::sim
