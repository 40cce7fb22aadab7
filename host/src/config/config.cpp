// SPDX-License-Identifier: BSD-2-Clause
#include "synward/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
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
  if (const auto mode = reader.word("mode", kServiceModes)) {
    service.mode = static_cast<ServiceMode>(*mode);
  }
  take_integer(reader, "mss4", 216, 65535, service.mss4);
  take_integer(reader, "mss6", 216, 65535, service.mss6);
  take_integer(reader, "path_mss4", 216, 65535, service.path_mss4);
  take_integer(reader, "path_mss6", 216, 65535, service.path_mss6);
  take_integer(reader, "wscale", 0, 14, service.wscale);
  take_integer(reader, "window", 1, 65535, service.window);
  take_integer(reader, "ttl", 1, 255, service.ttl);
  take_integer(reader, "tos", 0, 255, service.tos);
  // A SYN-ACK that says ECT or CE would claim what the handshake has only begun to agree on (RFC 3168 section 6.1.1).
  if ((service.tos & 3) != 0) reader.fail("tos", "must leave its two lowest bits, which are ECN's, 0");
  service.owner = reader.text("owner").value_or("");
  if (const auto* options = reader.table("options")) {
    TableReader option(*options, file);
    take_boolean(option, "window_scale", service.window_scale);
    take_boolean(option, "sack", service.sack);
    take_boolean(option, "timestamps", service.timestamps);
    take_boolean(option, "ecn", service.ecn);
    if (const auto done = option.finish(); !done) {
      reader.fail(done.error());
    }
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return service;
}

Expected<std::int64_t> sysctl_number(std::string_view name, const toml::node& node, const std::string& file) {
  if (const auto* word = node.as_string()) {
    const auto value = sysctl_word(name, word->get());
    return value ? Expected<std::int64_t>(*value) : toml_error(file, node, name, value.error().text);
  }
  if (const auto* boolean = node.as_boolean()) {
    return std::int64_t{boolean->get()};
  }
  if (const auto* integer = node.as_integer()) {
    return integer->get();
  }
  return toml_error(file, node, name,
                    fmt::format("must be an integer, boolean or word, allowed {}", sysctl_allowed(name)));
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
  const bool random = reader.word("mode", kModes).value_or(0) == 0;
  config.rotate_s = random ? config.rotate_s : 0;
  take_integer(reader, "rotate_s", 0, 3600, config.rotate_s);
  if (random) {
    for (const std::string_view key : {"key0", "key1", "ts_key", "mark_key", "table_key", "parity"}) {
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
  struct Derived {
    std::string_view key, name;
    Key* place;
    bool own = false;
  };
  std::array<Derived, 3> derived{{{"ts_key", "ts_secret", &set.ts_secret},
                                  {"mark_key", "mark_key", &set.mark_key},
                                  {"table_key", "table_key", &set.table_key}}};
  for (auto& one : derived) {
    one.own = read_key(one.key, *one.place);
  }
  take_integer(reader, "parity", 0, 1, set.parity);
  if (auto done = reader.finish(); !done) {
    return done;
  }
  for (const auto& one : derived) {
    if (one.own) {
      continue;
    }
    if (auto done = derive_from_cookie_keys(set, one.name, *one.place); !done) {
      return done;
    }
  }
  config.secrets = std::move(set);
  return {};
}

}  // namespace

Expected<std::vector<Service>> services_from_tables(const toml::array& tables, const std::string& file) {
  std::vector<Service> services;
  ErrorList errors;
  for (const auto& element : tables) {
    if (services.size() == kMaxServices) {
      errors.add(toml_error(file, element, "service", fmt::format("more than {} services", kMaxServices)));
      break;
    }
    auto service = read_service(*element.as_table(), file);
    if (!service) {
      errors.add(service.error());
      continue;
    }
    const auto same = [&service](const Service& other) {
      return other.address == service->address && other.port == service->port;
    };
    if (std::ranges::any_of(services, same)) {
      errors.add(toml_error(file, element, "service", "an earlier [[service]] has the same address and port"));
    }
    services.push_back(std::move(*service));
  }
  return errors.empty() ? Expected<std::vector<Service>>(std::move(services)) : errors.error();
}

namespace {

Expected<void> take_sysctl(std::string_view name, const toml::node& node, const std::string& file, Sysctls& sysctls,
                           std::vector<std::string>& warnings) {
  // An unquoted name.with.dots nests tables; say so, it is the usual slip.
  if (node.is_table()) {
    return toml_error(file, node, name, "sysctl names must be quoted, as in \"net.inet.tcp.rfc1323\" = 1");
  }
  if (const auto known = check_sysctl_name(name); !known) {
    return toml_error(file, node, name, known.error().text);
  }
  const auto value = sysctl_number(name, node, file);
  if (!value) {
    return value.error();
  }
  if (name == kHashsize && (*value <= 0 || !std::has_single_bit(static_cast<std::uint64_t>(*value)))) {
    // As FreeBSD at boot: the default stands.
    warnings.emplace_back(kHashsizeWarning);
    return {};
  }
  const auto set = sysctls.set(name, *value);
  return set ? Expected<void>() : toml_error(file, node, name, set.error().text);
}

}  // namespace

Expected<Sysctls> sysctls_from_table(const toml::table& table, const std::string& file,
                                     std::vector<std::string>& warnings) {
  Sysctls sysctls;
  ErrorList errors;
  for (const auto& [key, node] : table) {
    if (const auto taken = take_sysctl(key.str(), node, file, sysctls, warnings); !taken) {
      errors.add(taken.error());
    }
  }
  return errors.empty() ? Expected<Sysctls>(sysctls) : errors.error();
}

Expected<std::string> handoff_key_file_from_table(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  auto path = reader.text("key_file").value_or("");
  if (!path.starts_with('/')) {
    reader.fail("key_file", reader.has("key_file") ? fmt::format("\"{}\" is not a path from / on", path)
                                                   : "missing, the path of what the servers share with the card");
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return path;
}

Expected<Config> config_from_table(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  Config config;

  if (const auto* tables = reader.tables("service")) {
    auto services = services_from_tables(*tables, file);
    if (!services) {
      return services.error();
    }
    config.services = std::move(*services);
  }
  if (const auto* sysctls = reader.table("sysctl")) {
    const auto read = sysctls_from_table(*sysctls, file, config.warnings);
    if (!read) {
      return read.error();
    }
    config.sysctls = *read;
  }
  if (const auto* secrets = reader.table("secrets")) {
    if (const auto done = read_secrets(*secrets, file, config); !done) {
      return done.error();
    }
  }
  if (const auto* handoff = reader.table("handoff")) {
    auto path = handoff_key_file_from_table(*handoff, file);
    if (!path) {
      return path.error();
    }
    config.handoff_key_file = std::move(*path);
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
