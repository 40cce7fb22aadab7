// SPDX-License-Identifier: BSD-2-Clause
// The table [device], and what cannot be opened.
#include "synward/device_config.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "synward/toml_reader.hpp"

namespace synward {
namespace {

Expected<DeviceConfig> read(const std::string& text) {
  const auto table = parse_toml("[device]\n" + text, "d.toml");
  EXPECT_TRUE(table);
  return device_config_from_table(*table->at("device").as_table(), "d.toml");
}

TEST(DeviceConfig, reads_each_backend_with_its_defaults) {
  const auto xrt = read("backend = \"xrt\"\nxclbin = \"/x/synward.xclbin\"");
  ASSERT_TRUE(xrt) << xrt.error().text;
  const auto& xrt_config = std::get<XrtDeviceConfig>(*xrt);
  EXPECT_EQ(xrt_config.xclbin, "/x/synward.xclbin");
  EXPECT_EQ(xrt_config.bdf, "");
  EXPECT_EQ(xrt_config.ip, "synward:{synward_1}");
  EXPECT_EQ(to_string(*xrt), "xrt /x/synward.xclbin");

  const auto pcie = read("backend = \"pcie\"\nbdf = \"0000:65:00.0\"");
  ASSERT_TRUE(pcie) << pcie.error().text;
  EXPECT_EQ(std::get<BarDeviceConfig>(*pcie).bar, 0U);
  EXPECT_EQ(std::get<BarDeviceConfig>(*pcie).offset, 0U);
  EXPECT_EQ(to_string(*pcie), "pcie 0000:65:00.0");

  const auto sim = read("backend = \"sim\"\nsocket = \"/run/card.sock\"");
  ASSERT_TRUE(sim) << sim.error().text;
  EXPECT_EQ(std::get<SocketDeviceConfig>(*sim).socket, "/run/card.sock");
  EXPECT_EQ(to_string(*sim), "sim /run/card.sock");
}

TEST(DeviceConfig, reads_every_key) {
  const auto xrt = read("backend = \"xrt\"\nxclbin = \"a\"\nbdf = \"0001:0a:1f.7\"\nip = \"k:{k_2}\"");
  ASSERT_TRUE(xrt) << xrt.error().text;
  EXPECT_EQ(std::get<XrtDeviceConfig>(*xrt).bdf, "0001:0a:1f.7");
  EXPECT_EQ(std::get<XrtDeviceConfig>(*xrt).ip, "k:{k_2}");
  const auto pcie = read("backend = \"pcie\"\nbdf = \"0000:65:00.0\"\nbar = 5\noffset = 0x4000");
  ASSERT_TRUE(pcie) << pcie.error().text;
  EXPECT_EQ(std::get<BarDeviceConfig>(*pcie).bar, 5U);
  EXPECT_EQ(std::get<BarDeviceConfig>(*pcie).offset, 0x4000U);
  EXPECT_EQ(std::get<BarDeviceConfig>(*pcie).clock_hz, std::nullopt);
  const auto slow = read("backend = \"pcie\"\nbdf = \"0000:65:00.0\"\nclock_hz = 300_000_000");
  ASSERT_TRUE(slow) << slow.error().text;
  EXPECT_EQ(std::get<BarDeviceConfig>(*slow).clock_hz, 300'000'000U);
  const auto kernel = read("backend = \"xrt\"\nxclbin = \"a\"\nclock_hz = 322_265_625");
  ASSERT_TRUE(kernel) << kernel.error().text;
  EXPECT_EQ(std::get<XrtDeviceConfig>(*kernel).clock_hz, 322'265'625U);
}

TEST(DeviceConfig, errors_name_line_and_key) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "d.toml:1: backend: missing, one of xrt, pcie, sim"},
      {"backend = \"usb\"", "d.toml:2: backend: \"usb\" is not known, allowed xrt, pcie, sim"},
      {"backend = \"xrt\"", "d.toml:1: xclbin: missing, a file"},
      {"backend = \"xrt\"\nxclbin = \"a\"\nbdf = \"\"", "d.toml:4: bdf: missing, a PCIe address"},
      {"backend = \"xrt\"\nxclbin = \"a\"\nsocket = \"b\"", "d.toml:4: socket: unknown key"},
      {"backend = \"pcie\"\nbdf = \"../../x\"",
       "d.toml:3: bdf: \"../../x\" is not a PCIe address such as 0000:65:00.0"},
      {"backend = \"pcie\"\nbdf = \"0000:65:00.0\"\nbar = 6", "d.toml:4: bar: 6 is out of range, allowed 0..5"},
      {"backend = \"pcie\"\nbdf = \"0000:65:00.0\"\noffset = 2", "d.toml:4: offset: must be a multiple of 4"},
      {"backend = \"pcie\"\nbdf = \"0000:65:00.0\"\nclock_hz = 322",
       "d.toml:4: clock_hz: 322 is out of range, allowed 1048576..1000000000"},
      {"backend = \"sim\"\nsocket = 5", "d.toml:3: socket: must be a string"},
  };
  for (const auto& [text, error] : cases) {
    const auto config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().text, error);
  }
}

std::string why_not(const DeviceConfig& config) {
  const auto device = open_device(config);
  return device ? "opened" : device.error().text;
}

TEST(OpenDevice, says_what_and_where) {
  EXPECT_EQ(why_not(SocketDeviceConfig{"/nowhere/card.sock"}), "/nowhere/card.sock: No such file or directory");
  EXPECT_EQ(why_not(BarDeviceConfig{"ffff:ff:1f.7", 2, 0}),
            "/sys/bus/pci/devices/ffff:ff:1f.7/resource2: No such file or directory");
}

#ifdef HAVE_XRT
TEST(OpenDevice, says_how_xrt_is_found) {
  const char* before = std::getenv("XILINX_XRT");
  const std::string root = before == nullptr ? "" : before;
  unsetenv("XILINX_XRT");
  EXPECT_EQ(why_not(XrtDeviceConfig{"a.xclbin", ""}),
            "xrt: XILINX_XRT is not set: it must name the folder whose lib/ holds libxrt_core.so.2, such as "
            "/opt/xilinx/xrt");
  setenv("XILINX_XRT", "/nowhere", 1);
  const auto error = why_not(XrtDeviceConfig{"a.xclbin", ""});
  EXPECT_TRUE(error.starts_with("xrt: a.xclbin: open: ")) << error;
  EXPECT_TRUE(error.ends_with(" (XILINX_XRT=/nowhere)")) << error;
  if (before == nullptr) {
    unsetenv("XILINX_XRT");
  } else {
    setenv("XILINX_XRT", root.c_str(), 1);
  }
}
#else
TEST(OpenDevice, says_that_xrt_was_left_out) {
  EXPECT_EQ(why_not(XrtDeviceConfig{"a.xclbin", ""}), "xrt: a.xclbin: built without XRT");
}
#endif

}  // namespace
}  // namespace synward
