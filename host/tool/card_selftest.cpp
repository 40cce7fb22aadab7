// SPDX-License-Identifier: BSD-2-Clause
#include "card_selftest.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "synward/registers.hpp"

namespace synward::tool {

namespace {

constexpr std::uint32_t kAllOnes = 0xffffffff;

std::string walk_scratch(Device& device) {
  const std::uint32_t before = device.read32(reg::kScratch);
  std::string fault;
  const auto holds = [&](std::uint32_t value) {
    device.write32(reg::kScratch, value);
    const std::uint32_t read = device.read32(reg::kScratch);
    if (read != value && fault.empty()) fault = fmt::format("{:#010x} was written, {:#010x} read", value, read);
  };
  for (unsigned bit = 0; bit < 32; ++bit) {
    holds(1U << bit);
    holds(~(1U << bit));
  }
  for (const std::uint32_t value : {0U, kAllOnes, 0x55555555U, 0xaaaaaaaaU}) holds(value);
  device.write32(reg::kScratch, before);
  return fault;
}

std::string identity_stays(Device& device) {
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t id = device.read32(reg::kId);
    if (id != reg::kDeviceId) return fmt::format("read {} of 1000 gave {:#010x}", i + 1, id);
  }
  return {};
}

std::string clock_runs(Device& device) {
  using namespace std::chrono_literals;
  const std::uint32_t before = device.read32(reg::kTimeMs);
  for (int i = 0; i < 100; ++i) {
    std::this_thread::sleep_for(10ms);
    if (device.read32(reg::kTimeMs) != before) return {};
  }
  return "TIME_MS stood still for a second";
}

std::string clock_is_set(Device& device) {
  const std::uint32_t hz = device.read32(reg::kClockHz);
  constexpr std::uint32_t kLeast = 281'000'000, kMost = 500'000'000;
  if (hz >= kLeast && hz <= kMost) return {};
  return fmt::format("CLOCK_HZ is {}: 100 Gb/s of every frame size need {} or more", hz, kLeast);
}

}  // namespace

std::string not_ours(Device& device) {
  const std::uint32_t id = device.read32(reg::kId);
  if (const auto fault = device.fault()) return fault->text;
  if (id == kAllOnes) return "the card does not answer: no bitstream, a function that is not enabled, or a reset";
  if (id != reg::kDeviceId) {
    return fmt::format("the card's image is not Synward's (ID {:#010x}, ours is {:#010x})", id, reg::kDeviceId);
  }
  const std::uint32_t version = device.read32(reg::kVersion);
  if (version >> 16 != reg::kVersionMajor || (version >> 8 & 0xff) < reg::kVersionMinor) {
    return fmt::format("the card's image has register map {}.{}.{}, this program needs {}.{}: load an image of its age",
                       version >> 16, version >> 8 & 0xff, version & 0xff, reg::kVersionMajor, reg::kVersionMinor);
  }
  return {};
}

std::vector<SelftestRow> selftest(Device& device) {
  std::vector<SelftestRow> rows{{"identity and register map", not_ours(device)}};
  if (!rows.front().fault.empty()) return rows;
  rows.push_back({"bus: 1000 reads", identity_stays(device)});
  rows.push_back({"bus: SCRATCH, bit by bit", walk_scratch(device)});
  rows.push_back({"clock fast enough", clock_is_set(device)});
  rows.push_back({"clock runs", clock_runs(device)});
  if (const auto fault = device.fault()) rows.push_back({"all transactions", fault->text});
  return rows;
}

std::string selftest_text(const std::vector<SelftestRow>& rows) {
  std::string text;
  for (const SelftestRow& row : rows) {
    text += fmt::format("{:<6} {}{}\n", row.fault.empty() ? "ok" : "FAULT", row.name,
                        row.fault.empty() ? "" : ": " + row.fault);
  }
  return text;
}

}  // namespace synward::tool
