// SPDX-License-Identifier: BSD-2-Clause
#include "synward/xrt_device.hpp"

#include <experimental/xrt_ip.h>
#include <fmt/format.h>
#include <xrt/xrt_device.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <system_error>
#include <utility>

#include "device/sticky_device.hpp"

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

class XrtDevice final : public StickyDevice {
 public:
  XrtDevice(xrt::device device, xrt::ip ip, std::string name, std::optional<std::uint32_t> clock_hz)
      : device_(std::move(device)), ip_(std::move(ip)), name_(std::move(name)), clock_hz_(clock_hz) {}

  std::optional<std::uint32_t> clock_hz() const override { return clock_hz_; }

 private:
  Expected<std::uint32_t> read(std::uint32_t offset) override {
    try {
      return ip_.read_register(offset);
    } catch (const std::exception& error) {
      return failed("read", offset, error);
    }
  }
  Expected<void> write(std::uint32_t offset, std::uint32_t value) override {
    try {
      ip_.write_register(offset, value);
      return {};
    } catch (const std::exception& error) {
      return failed("write", offset, error);
    }
  }
  Error failed(std::string_view what, std::uint32_t offset, const std::exception& error) const {
    return Error{fmt::format("xrt: {}: {} at {:#x}: {}", name_, what, offset, explain(error))};
  }

  xrt::device device_;
  xrt::ip ip_;  // goes before the device that it belongs to
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
    xrt::ip ip(device, uuid, config.ip);
    return Expected<std::unique_ptr<Device>>(
        std::make_unique<XrtDevice>(std::move(device), std::move(ip), config.xclbin, clock_hz));
  } catch (const std::exception& error) {
    return Error{fmt::format("xrt: {}: {}: {} (XILINX_XRT={})", config.xclbin, doing, explain(error), root)};
  }
}

}  // namespace synward
