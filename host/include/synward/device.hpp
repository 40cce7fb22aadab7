// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "synward/expected.hpp"

namespace synward {

/// Bytes of the core's register space: its AXI4-Lite port has 12 bits of address.
inline constexpr std::uint32_t kRegisterSpace = 0x1000;

/// A temperature that the card or its modules tell, degrees Celsius.
struct Sensor {
  std::string name;
  double celsius = 0;
};

/// The card's register space: 32-bit words at byte offsets (docs/registers.md). Back ends: device_config.hpp; a
/// simulated card is one too. Not thread safe.
class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  Device(Device&&) = delete;
  Device& operator=(Device&&) = delete;
  virtual ~Device() = default;

  /// Reads the word at `offset` (a multiple of 4).
  virtual std::uint32_t read32(std::uint32_t offset) = 0;
  /// Writes the word at `offset` (a multiple of 4).
  virtual void write32(std::uint32_t offset, std::uint32_t value) = 0;

  /// What went wrong in the first transaction that failed, for good: from then on reads give all ones, and writes do
  /// nothing. Nothing while all is well.
  virtual std::optional<Error> fault() const { return std::nullopt; }

  /// Bytes of the space that it reaches: the core's, or kCardSpace (port_registers.hpp), in which the card's network
  /// ports may lie beside the core.
  virtual std::uint32_t space() const { return kRegisterSpace; }

  /// Temperatures, where XRT or the kernel's sysfs tell any; this may take milliseconds.
  virtual std::vector<Sensor> sensors() { return {}; }

  /// The real clock of the card's core, Hz, where this device knows it.
  virtual std::optional<std::uint32_t> clock_hz() const { return std::nullopt; }

  /// How long something that a card does within a second or two may take here at the most.
  virtual std::chrono::seconds patience() const { return std::chrono::seconds(10); }
};

}  // namespace synward
