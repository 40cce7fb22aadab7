// SPDX-License-Identifier: BSD-2-Clause
// What a port's registers say, in words; which cards have no ports.
#include "synward/ports.hpp"

#include <gtest/gtest.h>

#include "mock_device.hpp"

namespace synward {
namespace {

class PortedDevice : public MockDevice {
 public:
  PortedDevice() {
    for (const auto& place : kPorts) {
      words[place.base + port_reg::kId] = port_reg::kIdValue;
      words[place.base + port_reg::kVersion] = port_reg::kVersionValue;
      words[place.base + port_reg::kControl] = 7;
      words[place.base + port_reg::kStatus] = 0x67;
      words[place.base + port_reg::kBlockLock] = 0xfffff;
    }
  }
  std::uint32_t space() const override { return bytes; }
  std::uint32_t bytes = kCardSpace;
};

TEST(Ports, say_what_to_look_at_where_nothing_passes) {
  const struct {
    std::uint32_t control, status, locks;
    const char* words;
  } cases[] = {
      {7, 0x67, 0xfffff, ""},
      {7, 0x65, 0xfffff, "the other port is down, and this one waits for it"},
      {7, 0x74, 0xfffff, "the far end does not receive us: look at its side, and at our light"},
      {7, 0x64, 0xfffff, "aligned, not yet steady; where it stays so, the two ends differ in FEC"},
      {7, 0x48, 0xfffff, "every lane has a lock and none is aligned: the two ends differ in FEC"},
      {7, 0x48, 0x00fff, "some lanes have no lock: module, cable, or one fibre of several"},
      {7, 0x48, 0, "no light or no signal: module, cable, the far end"},
      {7, 0x80, 0, "its CMAC is in reset"},
      {6, 0x80, 0, "it is switched off (CONTROL)"},
  };
  for (const auto& c : cases) {
    PortedDevice device;
    device.words[kHostPort + port_reg::kControl] = c.control;
    device.words[kHostPort + port_reg::kStatus] = c.status;
    device.words[kHostPort + port_reg::kBlockLock] = c.locks;
    const auto port = read_port(device, kPorts[1]);
    ASSERT_TRUE(port);
    EXPECT_EQ(port->name, "host");
    EXPECT_EQ(port_advice(*port), c.words);
    EXPECT_EQ(port_json(*port)["up"], (c.status & 1) != 0);
    EXPECT_EQ(port_json(*port)["enabled"], (c.control & 1) != 0);
  }
}

TEST(Ports, have_every_counter_in_json) {
  PortedDevice device;
  std::uint32_t value = 1;
  for (const auto& counter : port_reg::kCounterInfo) {
    device.words[kLinePort + counter.offset] = value++;
  }
  const auto ports = read_ports(device);
  ASSERT_TRUE(ports);
  const auto json = port_json(ports->front());
  value = 1;
  for (const auto& counter : port_reg::kCounterInfo) {
    EXPECT_EQ(json["counters"][std::string(counter.name)], value++) << counter.name;
  }
  EXPECT_EQ(json["counters"].size(), port_reg::kCounters);
  EXPECT_EQ(json["lanes_locked"], 20);
}

TEST(Ports, of_a_card_in_somebody_elses_shell_there_are_none) {
  PortedDevice small;
  small.bytes = kRegisterSpace;
  EXPECT_EQ(read_ports(small).error().text, "the card shows no line port beside its core: it is the shell's");
  for (const auto offset : small.reads) {
    EXPECT_LT(offset, kRegisterSpace) << "nothing of theirs is read";
  }
  PortedDevice other;
  other.words[kHostPort + port_reg::kId] = 0xffffffff;
  EXPECT_EQ(read_ports(other).error().text,
            "the card shows no host port beside its core (ID 0xffffffff): it is the shell's");
  PortedDevice later;
  later.words[kLinePort + port_reg::kVersion] = 0x00020000;
  EXPECT_EQ(read_ports(later).error().text, "the line port has register map 2, this program knows 1");
  PortedDevice silent;
  silent.words[kLinePort + port_reg::kStatus] = 0xffffffff;
  EXPECT_EQ(read_ports(silent).error().text, "the line port does not answer");
  PortedDevice broken;
  broken.broken = Error{"the bus is gone"};
  EXPECT_EQ(read_ports(broken).error().text, "the bus is gone");
}

TEST(Ports, fec_is_switched_and_the_rest_of_control_stays) {
  PortedDevice device;
  device.words[kHostPort + port_reg::kControl] = 0x27;
  set_fec(device, kPorts[1], false);
  EXPECT_EQ(device.words[kHostPort + port_reg::kControl], 0x25U);
  set_fec(device, kPorts[1], true);
  EXPECT_EQ(device.words[kHostPort + port_reg::kControl], 0x27U);
  EXPECT_EQ(device.words[kLinePort + port_reg::kControl], 7U);
}

}  // namespace
}  // namespace synward
