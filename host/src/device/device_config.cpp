// SPDX-License-Identifier: BSD-2-Clause
#include "synward/device_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <regex>

#include "synward/card.hpp"
#include "synward/toml_reader.hpp"

namespace synward {

namespace {

constexpr std::array<std::string_view, 3> kBackends{"xrt", "pcie", "sim"};  // as the alternatives of DeviceConfig

/// A text that must be there.
std::string needed(TableReader& reader, std::string_view key, std::string_view what) {
  auto text = reader.text(key).value_or("");
  if (text.empty()) {
    reader.fail(key, fmt::format("missing, {}", what));
  }
  return text;
}

void check_bdf(TableReader& reader, const std::string& bdf) {
  static const std::regex kBdf("[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[01][0-9a-fA-F]\\.[0-7]");
  if (!std::regex_match(bdf, kBdf)) {
    reader.fail("bdf", fmt::format("\"{}\" is not a PCIe address such as 0000:65:00.0", bdf));
  }
}

/// The core's clock; what the card takes of CLOCK_HZ, and Card::identify() of a card.
std::optional<std::uint32_t> read_clock(TableReader& reader) {
  const auto hz = reader.integer("clock_hz", kMinClockHz, kMaxClockHz);
  return hz ? std::optional(static_cast<std::uint32_t>(*hz)) : std::nullopt;
}

XrtDeviceConfig read_xrt(TableReader& reader) {
  XrtDeviceConfig config;
  config.xclbin = needed(reader, "xclbin", "a file");
  if (reader.has("bdf")) {
    config.bdf = needed(reader, "bdf", "a PCIe address");
    check_bdf(reader, config.bdf);
  }
  if (reader.has("ip")) {
    config.ip = needed(reader, "ip", "kernel:{instance}");
  }
  config.clock_hz = read_clock(reader);
  return config;
}

BarDeviceConfig read_pcie(TableReader& reader) {
  BarDeviceConfig config;
  config.bdf = needed(reader, "bdf", "a PCIe address");
  check_bdf(reader, config.bdf);
  config.bar = static_cast<unsigned>(reader.integer("bar", 0, 5).value_or(config.bar));
  config.offset =
      static_cast<std::uint64_t>(reader.integer("offset", 0, std::numeric_limits<std::int64_t>::max()).value_or(0));
  if (config.offset % 4 != 0) {
    reader.fail("offset", "must be a multiple of 4");
  }
  config.clock_hz = read_clock(reader);
  return config;
}

}  // namespace

Expected<DeviceConfig> device_config_from_table(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  DeviceConfig config;
  if (const auto backend = reader.word("backend", kBackends)) {
    switch (*backend) {
      case 0:
        config = read_xrt(reader);
        break;
      case 1:
        config = read_pcie(reader);
        break;
      default:
        config = SocketDeviceConfig{needed(reader, "socket", "the path of a socket")};
    }
  } else if (!reader.has("backend")) {
    reader.fail("backend", fmt::format("missing, one of {}", fmt::join(kBackends, ", ")));
  }
  const auto known = table["backend"].value<std::string_view>();
  if (!known || std::ranges::find(kBackends, *known) == kBackends.end()) {
    return reader.errors();  // which keys belong there hangs on it
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return config;
}

}  // namespace synward
