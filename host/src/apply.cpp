// SPDX-License-Identifier: BSD-2-Clause
#include "synward/apply.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace synward {

namespace {

Expected<void> check_identity(Device& device) {
  if (const auto id = device.read32(reg::kId); id != reg::kDeviceId) {
    return Error{fmt::format("not a Synward card: ID is {:#010x}, not {:#010x}", id, reg::kDeviceId)};
  }
  if (const auto version = device.read32(reg::kVersion); version >> 16 != reg::kVersionMajor) {
    return Error{fmt::format("the card's register map has major version {}, this program knows {}", version >> 16,
                             reg::kVersionMajor)};
  }
  return {};
}

std::uint32_t match_word(const Service& service) {
  const bool any = !service.address;
  const bool v4 = any || !service.address->v6;
  const bool v6 = any || service.address->v6;
  return static_cast<std::uint32_t>(service.port | v4 << 16 | v6 << 17 | any << 18);
}

std::uint32_t options_word(const Service& service) {
  return static_cast<std::uint32_t>(service.window_scale | service.sack << 1 | service.timestamps << 2 |
                                    static_cast<int>(service.mode) << 4);
}

void write_service(Device& device, std::uint32_t entry, const Service& service) {
  const auto address = service.address.value_or(IpAddress{}).bytes;
  for (std::uint32_t word = 0; word < 4; ++word) {
    const auto* byte = address.data() + 4 * word;
    device.write32(reg::kServiceAddr + 4 * word, std::uint32_t{byte[0]} << 24 | std::uint32_t{byte[1]} << 16 |
                                                     std::uint32_t{byte[2]} << 8 | std::uint32_t{byte[3]});
  }
  device.write32(reg::kServiceMatch, match_word(service));
  device.write32(reg::kServiceMss, service.mss4 | std::uint32_t{service.mss6} << 16);
  device.write32(reg::kServiceWindow, service.window | std::uint32_t{service.wscale} << 16);
  device.write32(reg::kServiceIp, service.ttl | std::uint32_t{service.tos} << 8);
  device.write32(reg::kServiceOptions, options_word(service));
  constexpr std::uint32_t kValid = 0x100;
  device.write32(reg::kServiceCommit, entry | kValid);
}

void write_key(Device& device, const Key& key, reg::SecretCommit where) {
  for (std::uint32_t word = 0; word < 4; ++word) {
    const auto* byte = key.bytes().data() + 4 * word;
    device.write32(reg::kSecretData + 4 * word,
                   byte[0] | std::uint32_t{byte[1]} << 8 | std::uint32_t{byte[2]} << 16 | std::uint32_t{byte[3]} << 24);
  }
  device.write32(reg::kSecretCommit, static_cast<std::uint32_t>(where));
}

void write_secrets(Device& device, const SecretSet& set) {
  using enum reg::SecretCommit;
  // The parity first: no cookie may be made before it is right.
  device.write32(reg::kSecretCommit, static_cast<std::uint32_t>(set.parity == 0 ? parity0 : parity1));
  write_key(device, set.key0, cookie_slot0);
  write_key(device, set.key1, cookie_slot1);
  write_key(device, set.ts_secret, ts_secret);
  write_key(device, set.mark_key, mark_key);
}

}  // namespace

Expected<void> apply(Device& device, const Config& config) {
  if (auto known = check_identity(device); !known) {
    return known;
  }
  const std::uint32_t entries = device.read32(reg::kSizes) & 0xff;
  if (config.services.size() > entries) {
    return Error{fmt::format("{} services, but the card's table has {} entries", config.services.size(), entries)};
  }
  for (std::size_t i = 0; i < reg::kSysctls.size(); ++i) {
    device.write32(reg::kSysctls[i].offset, config.sysctls[i]);
  }
  const auto services = table_order(config.services);
  for (std::uint32_t entry = 0; entry < entries; ++entry) {
    if (entry < services.size()) {
      write_service(device, entry, services[entry]);
    } else {
      device.write32(reg::kServiceCommit, entry);
    }
  }
  if (config.secrets) {
    write_secrets(device, *config.secrets);
    return {};
  }
  const auto random = random_secrets();
  if (!random) {
    return random.error();
  }
  write_secrets(device, *random);
  return {};
}

}  // namespace synward
