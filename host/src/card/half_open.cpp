// SPDX-License-Identifier: BSD-2-Clause
#include "synward/half_open.hpp"

#include <array>

#include "card/record_fields.hpp"
#include "synward/record_bits.hpp"
#include "synward/registers.hpp"

namespace synward {

namespace {

// LIST_CONTROL and LIST_STATUS.
constexpr std::uint32_t kFirst = 1;
constexpr std::uint32_t kNext = 2;
constexpr std::uint32_t kBusy = 1;
constexpr std::uint32_t kShown = 2;

constexpr std::size_t kWords = (kListingBits + 31) / 32;
constexpr std::uint32_t kArmedMask = 0xffffff;

HalfOpen read_shown(Device& device) {
  std::array<std::uint32_t, kWords> words{};
  for (std::uint32_t i = 0; i < kWords; ++i) {
    words[i] = device.read32(reg::kListData + 4 * i);
  }
  RecordFields fields(words, kListingBits);
  HalfOpen entry;
  const bool v6 = fields.take_bit();
  entry.foreign = fields.take_address(v6);
  entry.local = fields.take_address(v6);
  entry.fport = static_cast<std::uint16_t>(fields.take(16));
  entry.lport = static_cast<std::uint16_t>(fields.take(16));
  entry.mss = static_cast<std::uint16_t>(fields.take(16));
  entry.snd_wscale = static_cast<std::uint8_t>(fields.take(4));
  entry.window_scale = fields.take_bit();
  entry.sack = fields.take_bit();
  entry.timestamps = fields.take_bit();
  entry.ecn = fields.take_bit();
  entry.unreach = fields.take_bit();
  entry.rxmits = static_cast<std::uint8_t>(fields.take(4));
  const auto armed = fields.take(24);
  entry.service = static_cast<std::uint8_t>(fields.take(5));
  entry.since_last_ms = (device.read32(reg::kTimeMs) - armed) & kArmedMask;
  return entry;
}

/// Tells the card to look for an entry, and whether it found one.
Expected<bool> look(Device& device, std::uint32_t which) {
  constexpr int kReads = 100'000;  // a look through all buckets takes the card 0.1 ms, or longer while its line is full
  device.write32(reg::kListControl, which);
  for (int i = 0; i < kReads; ++i) {
    const auto status = device.read32(reg::kListStatus);
    if ((status & kBusy) == 0) {
      return (status & kShown) != 0;
    }
    if (const auto fault = device.fault()) {
      return *fault;
    }
  }
  return Error{"the card does not end its search for half-open connections"};
}

}  // namespace

Expected<std::vector<HalfOpen>> read_half_open(Device& device, std::size_t most, ListFrom from) {
  std::vector<HalfOpen> entries;
  for (auto which = from == ListFrom::start ? kFirst : kNext; entries.size() < most; which = kNext) {
    const auto found = look(device, which);
    if (!found) {
      return found.error();
    }
    if (!*found) {
      break;
    }
    entries.push_back(read_shown(device));
  }
  return entries;
}

}  // namespace synward
