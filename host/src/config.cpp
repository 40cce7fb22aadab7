// SPDX-License-Identifier: BSD-2-Clause
#include "synward/config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "synward/toml_reader.hpp"

namespace synward {

namespace {

/// Sets `field` where the key is there and right.
template <typename T>
void take_integer(TableReader& reader, std::string_view key, std::int64_t min, std::int64_t max, T& field) {
  if (const auto value = reader.integer(key, min, max)) {
    field = static_cast<T>(*value);
  }
}

void take_boolean(TableReader& reader, std::string_view key, bool& field) {
  field = reader.boolean(key).value_or(field);
}

void read_address(TableReader& reader, Service& service) {
  const auto text = reader.text("address");
  if (!text) {
    if (!reader.has("address")) {
      reader.fail("address", "missing, an IPv4 or IPv6 address or \"any\"");
    }
    return;
  }
  if (*text == "any") {
    return;
  }
  service.address = parse_address(*text);
  if (!service.address) {
    reader.fail("address", fmt::format("\"{}\" is not an IPv4 or IPv6 address or \"any\"", *text));
  } else if (std::ranges::all_of(service.address->bytes, [](std::uint8_t byte) { return byte == 0; })) {
    reader.fail("address", fmt::format("{} is nobody's address, \"any\" matches all", *text));
  }
}

void read_port(TableReader& reader, Service& service) {
  const toml::node* node = reader.node("port");
  if (node == nullptr) {
    reader.fail("port", "missing, 1..65535 or \"any\"");
  } else if (node->is_integer()) {
    take_integer(reader, "port", 0, 65535, service.port);
  } else if (node->value<std::string_view>() != "any") {
    reader.fail("port", "must be 1..65535 or \"any\"");
  }
}

Expected<Service> read_service(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  Service service;
  read_address(reader, service);
  read_port(reader, service);
  static constexpr std::array<std::string_view, 3> kModes{"pass", "protect", "drop"};
  if (const auto mode = reader.word("mode", kModes)) {
    service.mode = static_cast<ServiceMode>(*mode);
  }
  take_integer(reader, "mss4", 216, 65535, service.mss4);
  take_integer(reader, "mss6", 216, 65535, service.mss6);
  take_integer(reader, "wscale", 0, 14, service.wscale);
  take_integer(reader, "window", 1, 65535, service.window);
  take_integer(reader, "ttl", 1, 255, service.ttl);
  take_integer(reader, "tos", 0, 255, service.tos);
  if (const auto* options = reader.table("options")) {
    TableReader option(*options, file);
    take_boolean(option, "window_scale", service.window_scale);
    take_boolean(option, "sack", service.sack);
    take_boolean(option, "timestamps", service.timestamps);
    if (const auto done = option.finish(); !done) {
      reader.fail(done.error());
    }
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return service;
}

/// What a sysctl takes, for messages.
std::string allowed(const reg::SysctlInfo& info) {
  if (!info.words[0].empty()) {
    return fmt::format("{}", fmt::join(std::span(info.words).first(info.max + 1), ", "));
  }
  return info.min == info.max ? fmt::format("{}", info.min) : fmt::format("{}..{}", info.min, info.max);
}

Expected<std::uint32_t> sysctl_value(const reg::SysctlInfo& info, const toml::node& node, const std::string& file) {
  if (const auto* word = node.as_string()) {
    const auto at = std::ranges::find(info.words, std::string_view(word->get()));
    if (at == info.words.end() || word->get().empty()) {
      return toml_error(file, node, info.name,
                        fmt::format("\"{}\" is not known, allowed {}", word->get(), allowed(info)));
    }
    return static_cast<std::uint32_t>(at - info.words.begin());
  }
  std::int64_t value = 0;
  if (const auto* boolean = node.as_boolean()) {
    value = boolean->get() ? 1 : 0;
  } else if (const auto* integer = node.as_integer()) {
    value = integer->get();
  } else {
    return toml_error(file, node, info.name,
                      fmt::format("must be an integer, boolean or word, allowed {}", allowed(info)));
  }
  if (value < info.min || value > info.max) {
    return toml_error(file, node, info.name, fmt::format("{} is out of range, allowed {}", value, allowed(info)));
  }
  return static_cast<std::uint32_t>(value);
}

Expected<void> read_sysctls(const toml::table& table, const std::string& file, Config& config) {
  for (const auto& [key, node] : table) {
    const auto info = std::ranges::find(reg::kSysctls, key.str(), &reg::SysctlInfo::name);
    if (info == reg::kSysctls.end()) {
      // An unquoted name.with.dots nests tables; say so, it is the usual slip.
      if (node.is_table()) {
        return toml_error(file, node, key.str(), "sysctl names must be quoted, as in \"net.inet.tcp.rfc1323\" = 1");
      }
      std::vector<std::string_view> names;
      std::ranges::transform(reg::kSysctls, std::back_inserter(names), &reg::SysctlInfo::name);
      return toml_error(file, node, key.str(), fmt::format("no such sysctl, allowed {}", fmt::join(names, ", ")));
    }
    const auto value = sysctl_value(*info, node, file);
    if (!value) {
      return value.error();
    }
    config.sysctls[static_cast<std::size_t>(info - reg::kSysctls.begin())] = *value;
  }
  return {};
}

/// Reads 32 hex digits, first two digits first byte. False where the text is anything else.
bool parse_key(std::string_view digits, Key& key) {
  if (digits.size() != 2 * Key::kSize) {
    return false;
  }
  for (std::size_t i = 0; i < Key::kSize; ++i) {
    const char* first = digits.data() + 2 * i;
    if (std::from_chars(first, first + 2, key.bytes()[i], 16).ptr != first + 2) {
      return false;
    }
  }
  return true;
}

Expected<void> read_secrets(const toml::table& table, const std::string& file, Config& config) {
  TableReader reader(table, file);
  static constexpr std::array<std::string_view, 2> kModes{"random", "fixed"};
  if (reader.word("mode", kModes).value_or(0) == 0) {
    for (const std::string_view key : {"key0", "key1", "ts_key", "mark_key", "parity"}) {
      if (reader.has(key)) {
        reader.fail(key, "only with mode = \"fixed\"");
      }
    }
    return reader.finish();
  }
  SecretSet set;
  const auto read_key = [&reader](std::string_view name, Key& key) {
    const auto digits = reader.text(name);
    // The message must not repeat the digits.
    if (digits && !parse_key(*digits, key)) {
      reader.fail(name, "must be 32 hex digits");
    }
    return digits.has_value();
  };
  for (const auto& [name, key] : {std::pair{"key0", &set.key0}, std::pair{"key1", &set.key1}}) {
    if (!read_key(name, *key) && !reader.has(name)) {
      reader.fail(name, "missing, 32 hex digits");
    }
  }
  const bool own_ts = read_key("ts_key", set.ts_secret);
  const bool own_mark = read_key("mark_key", set.mark_key);
  take_integer(reader, "parity", 0, 1, set.parity);
  if (auto done = reader.finish(); !done) {
    return done;
  }
  if (!own_ts) {
    if (auto done = derive_from_cookie_keys(set, "ts_secret", set.ts_secret); !done) {
      return done;
    }
  }
  if (!own_mark) {
    if (auto done = derive_from_cookie_keys(set, "mark_key", set.mark_key); !done) {
      return done;
    }
  }
  config.secrets = std::move(set);
  return {};
}

}  // namespace

Expected<Config> config_from_table(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  Config config;
  std::ranges::transform(reg::kSysctls, config.sysctls.begin(), &reg::SysctlInfo::def);

  if (const auto* services = reader.tables("service")) {
    for (const auto& element : *services) {
      if (config.services.size() == kMaxServices) {
        return toml_error(file, element, "service", fmt::format("more than {} services", kMaxServices));
      }
      const auto service = read_service(*element.as_table(), file);
      if (!service) {
        return service.error();
      }
      const auto same = [&service](const Service& other) {
        return other.address == service->address && other.port == service->port;
      };
      if (std::ranges::any_of(config.services, same)) {
        return toml_error(file, element, "service", "an earlier [[service]] has the same address and port");
      }
      config.services.push_back(*service);
    }
  }
  if (const auto* sysctls = reader.table("sysctl")) {
    if (const auto done = read_sysctls(*sysctls, file, config); !done) {
      return done.error();
    }
  }
  if (const auto* secrets = reader.table("secrets")) {
    if (const auto done = read_secrets(*secrets, file, config); !done) {
      return done.error();
    }
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  if (config.services.empty()) {
    return Error{file + ": no [[service]]"};
  }
  return config;
}

Expected<Config> parse_config(std::string_view text, const std::string& file) {
  const auto table = parse_toml(text, file);
  if (!table) {
    return table.error();
  }
  return config_from_table(*table, file);
}

Expected<Config> load_config(const std::string& path) {
  const auto table = load_toml(path);
  if (!table) {
    return table.error();
  }
  return config_from_table(*table, path);
}

std::vector<Service> table_order(std::vector<Service> services) {
  const auto rank = [](const Service& service) { return std::tuple(!service.address.has_value(), service.port == 0); };
  std::ranges::stable_sort(services, {}, rank);
  return services;
}

}  // namespace synward
