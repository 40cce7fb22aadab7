// SPDX-License-Identifier: BSD-2-Clause
#include "synward/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

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

/// What the syncache of the card can hold.
struct TableLimits {
  std::uint32_t hashsize, bucketlimit;
};

TableLimits read_limits(Device& device) {
  const auto status = device.read32(reg::kTableStatus);
  return {1U << (status >> 8 & 0xf), status >> 12 & 0xf};
}

/// Values of all sysctls in the order of reg::kSysctls; sizes that were not set are the card's.
Expected<std::array<std::uint32_t, reg::kSysctls.size()>> sysctl_values(const Sysctls& sysctls,
                                                                        const TableLimits& limits) {
  std::array<std::uint32_t, reg::kSysctls.size()> values{};
  std::uint32_t entries = 1;  // hashsize x bucketlimit, which stand before cachelimit
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& info = reg::kSysctls[i];
    std::uint32_t most = info.max;
    std::uint32_t value = info.def;
    if (info.load) {
      most = info.offset == reg::kSysctlHashsize      ? limits.hashsize
             : info.offset == reg::kSysctlBucketlimit ? limits.bucketlimit
                                                      : limits.hashsize * limits.bucketlimit;
      value = info.offset == reg::kSysctlCachelimit ? entries : most;
    }
    values[i] = sysctls.set_value(i).value_or(value);
    if (values[i] > most) {
      return Error{fmt::format("{} is {}, but the card's is at most {}", info.name, values[i], most)};
    }
    entries *= info.load && info.offset != reg::kSysctlCachelimit ? values[i] : 1;
  }
  return values;
}

/// Clears the tables, which takes their sizes, and waits until that is done.
Expected<void> load_tables(Device& device) {
  constexpr std::uint32_t kLoad = 1;
  constexpr std::uint32_t kReady = 1;
  constexpr int kReads = 1'000'000;  // a second or more on any bus; the card needs 0.2 ms
  device.write32(reg::kTableControl, kLoad);
  for (int i = 0; i < kReads; ++i) {
    if ((device.read32(reg::kTableStatus) & kReady) != 0) {
      return {};
    }
  }
  return Error{"the card's tables do not become ready"};
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
  const auto values = sysctl_values(config.sysctls, read_limits(device));
  if (!values) {
    return values.error();
  }
  SecretSet drawn;
  if (!config.secrets) {
    auto random = random_secrets();
    if (!random) {
      return random.error();
    }
    drawn = std::move(*random);
  }
  const SecretSet& secrets = config.secrets ? *config.secrets : drawn;
  write_key(device, secrets.table_key, reg::SecretCommit::table_key);
  for (std::size_t i = 0; i < values->size(); ++i) {
    device.write32(reg::kSysctls[i].offset, (*values)[i]);
  }
  if (auto loaded = load_tables(device); !loaded) {
    return loaded;
  }
  const auto services = table_order(config.services);
  for (std::uint32_t entry = 0; entry < entries; ++entry) {
    if (entry < services.size()) {
      write_service(device, entry, services[entry]);
    } else {
      device.write32(reg::kServiceCommit, entry);
    }
  }
  write_secrets(device, secrets);
  return {};
}

void rotate_cookie_key(Device& device, const Key& key) { write_key(device, key, reg::SecretCommit::cookie_rotate); }

}  // namespace synward
