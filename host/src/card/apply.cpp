// SPDX-License-Identifier: BSD-2-Clause
#include "synward/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "synward/handoff_secrets.hpp"

namespace synward {

namespace {

Expected<void> check_room(const CardInfo& info, const std::vector<Service>& services) {
  if (services.size() > info.services) {
    return Error{fmt::format("{} services, but the card's table has {} entries", services.size(), info.services)};
  }
  return {};
}

bool same_place(const Service& one, const Service& other) {
  return one.address == other.address && one.port == other.port;
}

}  // namespace

Expected<SysctlValues> sysctl_values(const Sysctls& sysctls, const CardInfo& card) {
  SysctlValues values{};
  std::uint32_t entries = 1;  // hashsize x bucketlimit, which stand before cachelimit
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& info = reg::kSysctls[i];
    std::uint32_t most = info.max;
    std::uint32_t value = info.def;
    if (info.load) {
      most = info.offset == reg::kSysctlHashsize      ? card.hashsize
             : info.offset == reg::kSysctlBucketlimit ? card.bucketlimit
                                                      : card.hashsize * card.bucketlimit;
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

Expected<void> apply_settings(Card& card, const Sysctls& sysctls, const std::vector<Service>& services,
                              const Key& table_key) {
  if (auto room = check_room(card.info(), services); !room) {
    return room;
  }
  const auto values = sysctl_values(sysctls, card.info());
  if (!values) {
    return values.error();
  }
  if (auto told = card.tell_clock(); !told) {
    return told;
  }
  if (auto written = card.write_key(table_key, reg::SecretCommit::table_key); !written) {
    return written;
  }
  for (std::size_t i = 0; i < values->size(); ++i) {
    card.write_sysctl(i, (*values)[i]);
  }
  if (auto loaded = card.load_tables(); !loaded) {
    return loaded;
  }
  const auto ordered = table_order(services);
  for (std::uint32_t entry = 0; entry < card.info().services; ++entry) {
    if (entry < ordered.size()) {
      card.write_service(entry, ordered[entry]);
    } else {
      card.remove_service(entry);
    }
  }
  return {};
}

bool in_service(Card& card, const Sysctls& sysctls) {
  const auto values = sysctl_values(sysctls, card.info());
  if (!values || !card.read_secrets().all_loaded || !card.tables_ready()) {
    return false;
  }
  for (std::size_t i = 0; i < values->size(); ++i) {
    if (reg::kSysctls[i].load && card.read_sysctl(i) != (*values)[i]) {
      return false;
    }
  }
  return true;
}

Expected<void> refresh_settings(Card& card, const Sysctls& sysctls, const std::vector<Service>& services) {
  if (auto room = check_room(card.info(), services); !room) {
    return room;
  }
  if (auto told = card.tell_clock(); !told) {
    return told;
  }
  write_sysctls(card, sysctls);
  const auto ordered = table_order(services);
  for (std::uint32_t entry = 0; entry < card.info().services; ++entry) {
    card.remove_service(entry);
    if (entry < ordered.size()) {
      card.write_service(entry, ordered[entry]);
    }
  }
  return {};
}

void write_sysctls(Card& card, const Sysctls& sysctls) {
  for (std::size_t i = 0; i < reg::kSysctls.size(); ++i) {
    if (!reg::kSysctls[i].load) {
      card.write_sysctl(i, sysctls.card(reg::kSysctls[i].offset));
    }
  }
}

Expected<void> replace_services(Card& card, const std::vector<Service>& before, const std::vector<Service>& services) {
  if (auto room = check_room(card.info(), services); !room) {
    return room;
  }
  const auto from = table_order(before);
  const auto to = table_order(services);
  const auto write = [&](std::size_t place) {
    const auto entry = static_cast<std::uint32_t>(place);
    if (place < from.size() && place < to.size() && from[place] == to[place]) {
      return;
    }
    // A frame that is being looked up must not meet the old address with the new port.
    if (place < from.size() && (place >= to.size() || !same_place(from[place], to[place]))) {
      card.remove_service(entry);
    }
    if (place < to.size()) {
      card.write_service(entry, to[place]);
    }
  };
  // A table that grows moves its entries up, so the last place comes first; one that shrinks, down.
  const auto places = std::max(from.size(), to.size());
  for (std::size_t i = 0; i < places; ++i) {
    write(to.size() > from.size() ? places - 1 - i : i);
  }
  return {};
}

Expected<void> apply(Device& device, const Config& config) {
  auto card = Card::identify(device);
  if (!card) {
    return card.error();
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
  if (auto applied = apply_settings(*card, config.sysctls, config.services, secrets.table_key); !applied) {
    return applied;
  }
  if (auto written = card->write_secrets(secrets); !written || config.handoff_key_file.empty()) {
    return written;
  }
  const auto handoff = HandoffSecrets::read(config.handoff_key_file);
  return handoff ? handoff->write(*card) : handoff.error();
}

Expected<void> rotate_cookie_key(Device& device, const Key& key) {
  return write_key(device, key, reg::SecretCommit::cookie_rotate);
}

}  // namespace synward
