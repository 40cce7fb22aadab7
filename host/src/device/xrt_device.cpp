// SPDX-License-Identifier: BSD-2-Clause
#include "synward/xrt_device.hpp"

#include <experimental/xrt_ip.h>
#include <fmt/format.h>
#include <xrt/xrt_device.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "device/sticky_device.hpp"
#include "synward/port_registers.hpp"

namespace synward {

namespace {

/// What XRT says, on one line, and what it means where that helps.
std::string explain(const std::exception& error) {
  std::string text = error.what();
  std::ranges::replace(text, '\n', ' ');
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  if (system != nullptr && std::abs(system->code().value()) == EBUSY) {
    text += " (another process holds the card or its IP)";
  }
  return text;
}

/// The core, and the ports where the xclbin has them: each its own kernel, seen as one space (port_registers.hpp).
using Kernels = std::vector<xrt::ip>;
static_assert(kLinePort == kRegisterSpace && kHostPort == 2 * kRegisterSpace);

/// Temperatures as XRT's "thermal" query has them. A card, or an emulation, that has no such query tells none.
std::vector<Sensor> thermal(const xrt::device& device) {
  std::vector<Sensor> sensors;
  try {
    const auto json = nlohmann::json::parse(device.get_info<xrt::info::device::thermal>(), nullptr, false);
    const auto list = json.is_object() ? json.value("thermals", nlohmann::json::array()) : nlohmann::json::array();
    for (const auto& one : list) {
      const auto& celsius = one.at("temp_C");
      const double value = celsius.is_string() ? std::stod(celsius.get<std::string>()) : celsius.get<double>();
      if (value != 0) {
        sensors.push_back({one.value("description", std::string("?")), value});
      }
    }
  } catch (const std::exception&) {
    // What was told until here is told.
  }
  return sensors;
}

class XrtDevice final : public StickyDevice {
 public:
  XrtDevice(xrt::device device, Kernels kernels, std::string name, std::optional<std::uint32_t> clock_hz)
      : device_(std::move(device)), kernels_(std::move(kernels)), name_(std::move(name)), clock_hz_(clock_hz) {}

  std::uint32_t space() const override { return kernels_.size() == 1 ? kRegisterSpace : kCardSpace; }
  std::vector<Sensor> sensors() override { return thermal(device_); }
  std::optional<std::uint32_t> clock_hz() const override { return clock_hz_; }

 private:
  Expected<std::uint32_t> read(std::uint32_t offset) override {
    try {
      const auto at = offset / kRegisterSpace;
      return at < kernels_.size() ? kernels_[at].read_register(offset % kRegisterSpace) : ~std::uint32_t{0};
    } catch (const std::exception& error) {
      return failed("read", offset, error);
    }
  }
  Expected<void> write(std::uint32_t offset, std::uint32_t value) override {
    try {
      if (const auto at = offset / kRegisterSpace; at < kernels_.size()) {
        kernels_[at].write_register(offset % kRegisterSpace, value);
      }
      return {};
    } catch (const std::exception& error) {
      return failed("write", offset, error);
    }
  }
  Error failed(std::string_view what, std::uint32_t offset, const std::exception& error) const {
    return Error{fmt::format("xrt: {}: {} at {:#x}: {}", name_, what, offset, explain(error))};
  }

  xrt::device device_;
  Kernels kernels_;  // go before the device that they belong to
  std::string name_;
  std::optional<std::uint32_t> clock_hz_;
};

/// The clock of kernels that the bitstream was built with, or what it was lowered to. Not every bitstream tells it.
std::optional<std::uint32_t> clock_of(const xrt::device& device, const xrt::uuid& uuid) {
  constexpr std::uint32_t kMHz = 1'000'000;
  try {
    const auto* clocks = device.get_xclbin_section<const clock_freq_topology*>(CLOCK_FREQ_TOPOLOGY, uuid);
    for (int i = 0; clocks != nullptr && i < clocks->m_count; ++i) {
      const clock_freq& clock = *(&clocks->m_clock_freq[0] + i);
      if (clock.m_type == CT_DATA && clock.m_freq_Mhz != 0) {
        return clock.m_freq_Mhz * kMHz;
      }
    }
  } catch (const std::exception&) {
    // There is no such section.
  }
  return std::nullopt;
}

/// Both ports, or none: an xclbin of somebody else's shell has no such kernels.
void add_ports(const xrt::device& device, const xrt::uuid& uuid, Kernels& kernels) {
  try {
    Kernels ports;
    for (const auto* name : kXrtPorts) {
      ports.emplace_back(device, uuid, name);
    }
    std::ranges::move(ports, std::back_inserter(kernels));
  } catch (const std::exception&) {
    // Then the core alone is ours.
  }
}

}  // namespace

Expected<std::unique_ptr<Device>> open_xrt_device(const XrtDeviceConfig& config) {
  const char* root = std::getenv("XILINX_XRT");
  if (root == nullptr || *root == '\0') {
    return Error{
        "xrt: XILINX_XRT is not set: it must name the folder whose lib/ holds libxrt_core.so.2, such as "
        "/opt/xilinx/xrt"};
  }
  std::string doing = "open";
  try {
    xrt::device device = config.bdf.empty() ? xrt::device(0U) : xrt::device(config.bdf);
    doing = "load";
    const auto uuid = device.load_xclbin(config.xclbin);
    const auto clock_hz = config.clock_hz ? config.clock_hz : clock_of(device, uuid);
    doing = "ip " + config.ip;
    Kernels kernels{xrt::ip(device, uuid, config.ip)};
    add_ports(device, uuid, kernels);
    return Expected<std::unique_ptr<Device>>(
        std::make_unique<XrtDevice>(std::move(device), std::move(kernels), config.xclbin, clock_hz));
  } catch (const std::exception& error) {
    return Error{fmt::format("xrt: {}: {}: {} (XILINX_XRT={})", config.xclbin, doing, explain(error), root)};
  }
}

}  // namespace synward
