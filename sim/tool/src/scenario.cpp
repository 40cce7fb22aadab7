// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "synward/toml_reader.hpp"

namespace synward::sim {

namespace {

constexpr double kMaxUs = 60e6;
constexpr std::array<std::string_view, 5> kOptionWords{"none", "mss", "linux", "windows", "random"};

void take(TableReader& reader, std::string_view key, double min, double max, double& field) {
  field = reader.number(key, min, max).value_or(field);
}

/// Which families a table sends.
struct Families {
  bool v4 = true, v6 = true;
  bool has(const IpAddress& address) const { return address.v6 ? v6 : v4; }
};

/// `ip`: 4, 6 or "both".
Families read_families(TableReader& reader) {
  const toml::node* node = reader.node("ip");
  if (node == nullptr || node->value<std::string_view>() == "both") {
    return {};
  }
  const auto version = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
  if (version != 4 && version != 6) {
    reader.fail("ip", "must be 4, 6 or \"both\"");
  }
  return {version == 4, version == 6};
}

/// The strings of a key that holds one string or an array of them.
std::vector<std::string> read_strings(TableReader& reader, std::string_view key) {
  std::vector<std::string> texts;
  const toml::node* node = reader.node(key);
  if (node == nullptr) {
    return texts;
  }
  if (const auto* array = node->as_array()) {
    for (const auto& element : *array) {
      if (const auto text = element.value<std::string>()) {
        texts.push_back(*text);
      }
    }
    if (texts.empty() || texts.size() != array->size()) {
      reader.fail(key, "must be a string or an array of strings");
    }
  } else if (const auto text = node->is_string() ? node->value<std::string>() : std::nullopt) {
    texts.push_back(*text);
  } else {
    reader.fail(key, "must be a string or an array of strings");
  }
  return texts;
}

/// `source`: prefixes; those of the families that are sent and not named are the defaults.
std::vector<IpPrefix> read_sources(TableReader& reader, Families families, std::string_view default4,
                                   std::string_view default6) {
  std::vector<IpPrefix> sources;
  for (const auto& text : read_strings(reader, "source")) {
    const auto prefix = parse_prefix(text);
    if (!prefix) {
      reader.fail("source", fmt::format("\"{}\" is not a prefix such as 10.0.0.0/8", text));
    } else if (!families.has(prefix->base)) {
      reader.fail("source", fmt::format("{} is of a family that `ip` does not send", text));
    } else {
      sources.push_back(*prefix);
    }
  }
  const auto missing = [&sources](bool v6) {
    return std::ranges::none_of(sources, [v6](const IpPrefix& prefix) { return prefix.base.v6 == v6; });
  };
  if (families.v4 && missing(false)) {
    sources.push_back(*parse_prefix(default4));
  }
  if (families.v6 && missing(true)) {
    sources.push_back(*parse_prefix(default6));
  }
  return sources;
}

/// `target`: indexes of services, all by default; only the families that are sent count.
std::vector<Target> read_targets(TableReader& reader, const std::vector<Service>& services, Families& families) {
  std::vector<std::size_t> indexes;
  const toml::node* node = reader.node("target");
  const auto add = [&](const toml::node& element) {
    const auto index = element.is_integer() ? element.value<std::int64_t>() : std::nullopt;
    if (!index || *index < 0 || *index >= static_cast<std::int64_t>(services.size())) {
      reader.fail("target", fmt::format("must be service numbers 0..{}", services.size() - 1));
    } else {
      indexes.push_back(static_cast<std::size_t>(*index));
    }
  };
  if (node == nullptr) {
    for (std::size_t i = 0; i < services.size(); ++i) {
      indexes.push_back(i);
    }
  } else if (const auto* array = node->as_array()) {
    for (const auto& element : *array) {
      add(element);
    }
  } else {
    add(*node);
  }

  // An "any" service has no address of its own; documentation addresses stand for it.
  static const IpAddress kAny4 = *parse_address("203.0.113.1");
  static const IpAddress kAny6 = *parse_address("2001:db8:113::1");
  constexpr std::uint16_t kAnyPort = 80;
  std::vector<Target> targets;
  for (const auto index : indexes) {
    const auto& service = services[index];
    const auto port = service.port == 0 ? kAnyPort : service.port;
    for (const auto& any : {kAny4, kAny6}) {
      const auto address = service.address.value_or(any);
      if (families.has(any) && address.v6 == any.v6) {
        targets.push_back({address, port});
      }
    }
  }
  const auto reached = [&targets](bool v6) {
    return std::ranges::any_of(targets, [v6](const Target& target) { return target.address.v6 == v6; });
  };
  // Without `ip` those families are sent that the targets have.
  if (!reader.has("ip")) {
    families = {reached(false), reached(true)};
  }
  if ((families.v4 && !reached(false)) || (families.v6 && !reached(true)) || targets.empty()) {
    reader.fail(reader.has("target") ? "target" : "ip", "no service of this family");
  }
  return targets;
}

void read_span(TableReader& reader, double duration_us, double& start_us, double& stop_us) {
  start_us = 0;
  stop_us = duration_us;
  take(reader, "start_us", 0, duration_us, start_us);
  take(reader, "stop_us", 0, duration_us, stop_us);
  if (start_us >= stop_us) {
    reader.fail(reader.has("stop_us") ? "stop_us" : "start_us", "start_us must be before stop_us");
  }
}

Expected<AttackerSpec> read_attacker(const toml::table& table, const std::string& file, const Scenario& scenario) {
  TableReader reader(table, file);
  AttackerSpec spec;
  if (const auto kind = reader.word("kind", kAttackNames)) {
    spec.kind = static_cast<AttackKind>(*kind);
  } else if (!reader.has("kind")) {
    reader.fail("kind", fmt::format("missing, one of {}", fmt::join(kAttackNames, ", ")));
  }
  static constexpr std::array<std::string_view, 1> kRates{"line"};
  const bool by_line = reader.word("rate", kRates).has_value();
  spec.rate_mpps = reader.number("rate_mpps", 1e-6, 1000);
  if (by_line == spec.rate_mpps.has_value()) {
    reader.fail("rate_mpps", "one of rate_mpps = NUMBER and rate = \"line\" is needed");
  }
  read_span(reader, scenario.duration_us, spec.start_us, spec.stop_us);
  auto families = read_families(reader);
  spec.targets = read_targets(reader, scenario.card.services, families);
  spec.sources = read_sources(reader, families, "10.0.0.0/8", "2001:db8:bad::/48");
  for (const auto& text : read_strings(reader, "options")) {
    const auto word = std::ranges::find(kOptionWords, std::string_view(text));
    if (word == kOptionWords.end()) {
      reader.fail("options", fmt::format("\"{}\" is not known, allowed {}", text, fmt::join(kOptionWords, ", ")));
      break;
    }
    spec.options.push_back(static_cast<OptionStyle>(word - kOptionWords.begin()));
  }
  if (spec.options.empty()) {
    spec.options.push_back(OptionStyle::linux_like);
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return spec;
}

Expected<ClientsSpec> read_clients(const toml::table& table, const std::string& file, const Scenario& scenario) {
  TableReader reader(table, file);
  ClientsSpec spec;
  const auto count = reader.integer("count", 1, 100'000);
  const auto rate = reader.number("rate_per_s", 1, 1e9);
  if (count.has_value() == rate.has_value()) {
    reader.fail("count", "one of count and rate_per_s is needed");
  }
  spec.count = static_cast<std::uint64_t>(count.value_or(0));
  spec.rate_per_s = rate.value_or(0);
  read_span(reader, scenario.duration_us, spec.start_us, spec.stop_us);
  take(reader, "rtt_us", 2, 10e6, spec.rtt_us);
  take(reader, "syn_rto_us", 1, kMaxUs, spec.syn_rto_us);
  take(reader, "rto_us", 1, kMaxUs, spec.rto_us);
  take(reader, "ack_delay_us", 0, kMaxUs, spec.ack_delay_us);
  spec.lost = reader.boolean("lost").value_or(false);
  // The request says in its first eight bytes how long request and response are.
  spec.request_bytes =
      static_cast<std::uint32_t>(reader.integer("request_bytes", 8, 1 << 20).value_or(spec.request_bytes));
  spec.response_bytes =
      static_cast<std::uint32_t>(reader.integer("response_bytes", 1, 1 << 24).value_or(spec.response_bytes));
  if (const auto word = reader.word("options", kOptionWords)) {
    spec.options = static_cast<OptionStyle>(*word);
  }
  auto families = read_families(reader);
  spec.targets = read_targets(reader, scenario.card.services, families);
  spec.sources = read_sources(reader, families, "192.0.2.0/24", "2001:db8:c11e::/64");
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return spec;
}

Expected<Config> read_card(const toml::table& table, const std::string& file) {
  if (!table.contains("config")) {
    return config_from_table(table, file);
  }
  TableReader reader(table, file);
  const auto path = reader.text("config");
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return load_config((std::filesystem::path(file).parent_path() / *path).string());
}

/// A run must be repeatable, and the server must know the mark key: secrets come from the seed where the file fixes
/// none.
Expected<void> seed_secrets(Scenario& scenario) {
  if (scenario.card.secrets) {
    return {};
  }
  SecretSet set;
  const auto text = std::to_string(scenario.seed);
  const std::span seed(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  for (const auto& [name, key] :
       {std::pair{"key0", &set.key0}, std::pair{"key1", &set.key1}, std::pair{"ts_secret", &set.ts_secret},
        std::pair{"mark_key", &set.mark_key}, std::pair{"table_key", &set.table_key}}) {
    if (auto derived = derive_key(seed, fmt::format("synward scenario {}", name), *key); !derived) {
      return derived;
    }
  }
  scenario.card.secrets = std::move(set);
  return {};
}

/// `bin_us`, or `parts_us`: where the parts of the time end, each shown as large as the others.
void read_grid(TableReader& reader, Scenario& scenario) {
  constexpr std::size_t kBins = 100;
  const double duration = scenario.duration_us;
  const auto bin = reader.number("bin_us", duration / 10'000, duration);
  const auto* parts = reader.array("parts_us");
  if (parts == nullptr) {
    scenario.grid.add_part(duration,
                           bin ? static_cast<std::size_t>(std::max(1.0, std::round(duration / *bin))) : kBins);
    return;
  }
  if (bin) {
    reader.fail("bin_us", "not together with parts_us");
  }
  for (const auto& element : *parts) {
    const auto end = element.value<double>();
    if (!end || *end <= scenario.grid.end_us() || *end >= duration) {
      reader.fail("parts_us", "must be times in order, before the end of duration_us");
      break;
    }
    scenario.grid.add_part(*end, kBins);
  }
  scenario.grid.add_part(duration, kBins);
}

void read_head(TableReader& reader, const std::string& path, Scenario& scenario) {
  scenario.name = reader.text("name").value_or(std::filesystem::path(path).stem().string());
  const auto duration = reader.number("duration_us", 1, kMaxUs);
  if (!duration && !reader.has("duration_us")) {
    reader.fail("duration_us", "missing, microseconds");
  }
  scenario.duration_us = duration.value_or(1);
  scenario.linger_us = 10'000;
  scenario.queue_us = 50;
  read_grid(reader, scenario);
  take(reader, "linger_us", 0, kMaxUs, scenario.linger_us);
  take(reader, "queue_us", 1, 10'000, scenario.queue_us);
  scenario.seed =
      static_cast<std::uint64_t>(reader.integer("seed", 0, std::numeric_limits<std::int64_t>::max()).value_or(1));
}

void read_server(const toml::table& table, const std::string& file, TableReader& outer, ServerSpec& server) {
  TableReader reader(table, file);
  take(reader, "delay_us", 1, 10e6, server.delay_us);
  take(reader, "rto_us", 1, kMaxUs, server.rto_us);
  server.reset_limit =
      static_cast<std::uint32_t>(reader.integer("reset_limit", 0, 1'000'000'000).value_or(server.reset_limit));
  if (const auto done = reader.finish(); !done) {
    outer.fail(done.error());
  }
}

}  // namespace

Expected<Scenario> load_scenario(const std::string& path) {
  const auto table = load_toml(path);
  if (!table) {
    return table.error();
  }
  TableReader reader(*table, path);
  Scenario scenario;
  const auto* head = reader.table("scenario");
  const auto* card = reader.table("card");
  if (head == nullptr || card == nullptr) {
    return Error{fmt::format("{}: no [{}]", path, head == nullptr ? "scenario" : "card")};
  }
  TableReader head_reader(*head, path);
  read_head(head_reader, path, scenario);
  if (const auto done = head_reader.finish(); !done) {
    return done.error();
  }
  auto config = read_card(*card, path);
  if (!config) {
    return config.error();
  }
  scenario.card = std::move(*config);
  if (const auto seeded = seed_secrets(scenario); !seeded) {
    return seeded.error();
  }
  if (const auto* attackers = reader.tables("attacker")) {
    for (const auto& element : *attackers) {
      const auto spec = read_attacker(*element.as_table(), path, scenario);
      if (!spec) {
        return spec.error();
      }
      scenario.attackers.push_back(*spec);
    }
  }
  if (const auto* clients = reader.tables("clients")) {
    for (const auto& element : *clients) {
      const auto spec = read_clients(*element.as_table(), path, scenario);
      if (!spec) {
        return spec.error();
      }
      scenario.clients.push_back(*spec);
    }
  }
  if (const auto* server = reader.table("server")) {
    read_server(*server, path, reader, scenario.server);
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  if (scenario.attackers.empty() && scenario.clients.empty()) {
    return Error{path + ": neither [[attacker]] nor [[clients]]"};
  }
  return scenario;
}

}  // namespace synward::sim
