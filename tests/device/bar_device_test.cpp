// SPDX-License-Identifier: BSD-2-Clause
// The back end "pcie" on a plain file in the place of a BAR.
#include "synward/bar_device.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "files.hpp"
#include "synward/port_registers.hpp"

namespace synward {
namespace {

using sim::read_text;
using sim::TemporaryFolder;
using sim::write_text;

constexpr const char* kBdf = "0000:65:00.0";

/// A folder like /sys with one device, whose BAR 2 is a file of `size` zero bytes.
class Sysfs {
 public:
  explicit Sysfs(std::size_t size) {
    std::filesystem::create_directories(std::filesystem::path(bar()).parent_path());
    write_text(bar(), std::string(size, '\0'));
  }
  std::string bar() const { return fmt::format("{}/bus/pci/devices/{}/resource2", root(), kBdf); }
  std::string root() const { return folder_.file("sys"); }
  Expected<std::unique_ptr<Device>> open(std::uint64_t offset, unsigned bar = 2) const {
    return open_bar_device({kBdf, bar, offset}, root());
  }

 private:
  TemporaryFolder folder_;
};

TEST(BarDevice, reads_and_writes_words_where_they_are) {
  // The second offset lies across two pages.
  for (const std::uint64_t offset : {0U, 0x1804U, 0xf000U}) {
    const Sysfs sysfs(0x10000);
    const auto device = sysfs.open(offset);
    ASSERT_TRUE(device) << device.error().text;
    (*device)->write32(0x014, 0x12345678);
    (*device)->write32(0xffc, 0xcafef00d);
    EXPECT_EQ((*device)->read32(0x014), 0x12345678U);
    const auto bytes = read_text(sysfs.bar());
    EXPECT_EQ(bytes.substr(offset + 0x014, 4), "\x78\x56\x34\x12") << offset;
    EXPECT_EQ(bytes.substr(offset + 0xffc, 4), "\x0d\xf0\xfe\xca") << offset;
    EXPECT_EQ(std::ranges::count(bytes, '\0'), 0x10000 - 8);
    EXPECT_FALSE((*device)->fault());
  }
}

TEST(BarDevice, an_offset_without_a_register_is_a_fault_that_stays) {
  for (const std::uint32_t offset : {0x1000U, 0x002U, 0xfffffffcU}) {
    const Sysfs sysfs(0x1000);
    const auto device = sysfs.open(0);
    ASSERT_TRUE(device) << device.error().text;
    (*device)->write32(0x014, 5);
    EXPECT_EQ((*device)->read32(offset), 0xffffffffU);
    ASSERT_TRUE((*device)->fault());
    EXPECT_EQ((*device)->fault()->text, fmt::format("{}: no register at offset {:#x}", sysfs.bar(), offset));
    (*device)->write32(0x014, 6);
    EXPECT_EQ((*device)->read32(0x014), 0xffffffffU);
    EXPECT_EQ(read_text(sysfs.bar())[0x014], 5);
  }
}

TEST(BarDevice, shows_the_ports_of_a_card_where_the_bar_has_room_for_them) {
  const Sysfs small(0x4000 - 4);
  EXPECT_EQ((*small.open(0))->space(), kRegisterSpace);
  const Sysfs sysfs(0x10000);
  const auto device = sysfs.open(0x4000);
  ASSERT_TRUE(device) << device.error().text;
  EXPECT_EQ((*device)->space(), kCardSpace);
  (*device)->write32(kHostPort + port_reg::kControl, 0x12345678);
  EXPECT_EQ(read_text(sysfs.bar()).substr(0x4000 + kHostPort + port_reg::kControl, 4), "\x78\x56\x34\x12");
  EXPECT_EQ((*device)->read32(kCardSpace), 0xffffffffU);
  EXPECT_TRUE((*device)->fault());
}

TEST(BarDevice, tells_temperatures_that_the_kernel_shows) {
  const Sysfs sysfs(0x10000);
  EXPECT_TRUE((*sysfs.open(0))->sensors().empty());
  const auto hwmon = std::filesystem::path(sysfs.bar()).parent_path() / "hwmon" / "hwmon3";
  std::filesystem::create_directories(hwmon);
  const auto write = [&hwmon](const char* name, const char* text) { write_text((hwmon / name).string(), text); };
  write("name", "card\n");
  write("temp1_input", "51500\n");
  write("temp1_label", "FPGA\n");
  write("temp2_input", "-3000\n");
  write("temp3_input", "not a number\n");
  write("in0_input", "12000\n");
  const auto sensors = (*sysfs.open(0))->sensors();
  ASSERT_EQ(sensors.size(), 2U);
  EXPECT_EQ(sensors[0].name, "FPGA");
  EXPECT_EQ(sensors[0].celsius, 51.5);
  EXPECT_EQ(sensors[1].name, "card temp2");
  EXPECT_EQ(sensors[1].celsius, -3.0);
}

TEST(BarDevice, errors_say_where_and_why) {
  const Sysfs sysfs(0x1800);
  const auto text = [](const Expected<std::unique_ptr<Device>>& device) {
    return device ? std::string("opened") : device.error().text;
  };
  EXPECT_EQ(text(sysfs.open(0, 3)),
            sysfs.root() + "/bus/pci/devices/0000:65:00.0/resource3: No such file or directory");
  EXPECT_EQ(text(sysfs.open(0x802)), sysfs.bar() + ": offset 0x802 is not a multiple of 4");
  EXPECT_EQ(text(sysfs.open(0x800)), "opened");
  const auto no_room = sysfs.bar() + ": 0x1800 bytes have no room for the 0x1000 of the registers at ";
  EXPECT_EQ(text(sysfs.open(0x804)), no_room + "0x804");
  EXPECT_EQ(text(sysfs.open(0xfffffffffffffffc)), no_room + "0xfffffffffffffffc");
  EXPECT_NE(text(Sysfs(0xfff).open(0)).find("no room"), std::string::npos);
}

}  // namespace
}  // namespace synward
