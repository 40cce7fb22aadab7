// SPDX-License-Identifier: BSD-2-Clause
#include "synward/handoff_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "synward/toml_reader.hpp"

namespace synward {

namespace {

constexpr std::size_t kMostServers = 32, kMostVlans = 8;
constexpr std::int64_t kLastPort = 65'535, kLastVlan = 4'094;

std::optional<std::pair<std::uint16_t, std::uint16_t>> parse_range(std::string_view text) {
  std::pair<std::uint16_t, std::uint16_t> range;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') {
    return std::nullopt;
  }
  const auto last = std::from_chars(first.ptr + 1, end, range.second);
  const bool right = last.ec == std::errc() && last.ptr == end && range.first != 0 && range.first <= range.second;
  return right ? std::optional(range) : std::nullopt;
}

std::optional<std::pair<std::uint16_t, std::uint16_t>> port_range(const toml::node& node) {
  if (const auto* number = node.as_integer(); number != nullptr && number->get() > 0 && number->get() <= kLastPort) {
    const auto port = static_cast<std::uint16_t>(number->get());
    return std::pair(port, port);
  }
  const auto* text = node.as_string();
  return text != nullptr ? parse_range(text->get()) : std::nullopt;
}

HandoffBounds read_bounds(TableReader& reader) {
  HandoffBounds bounds;
  if (const auto* list = reader.array("addresses")) {
    for (const auto& node : *list) {
      const auto prefix = parse_prefix(node.value_or(std::string()));
      if (!prefix) {
        reader.fail("addresses", "must be addresses or ranges of them, as \"203.0.113.0/24\"");
        break;
      }
      bounds.addresses.push_back(*prefix);
    }
  }
  if (const auto* list = reader.array("ports")) {
    for (const auto& node : *list) {
      const auto range = port_range(node);
      if (!range) {
        reader.fail("ports", "must be ports, or ranges of them as \"8000-8099\"");
        break;
      }
      bounds.ports.push_back(*range);
    }
  }
  return bounds;
}

std::string read_path(TableReader& reader, std::string_view what) {
  auto path = reader.text("key_file").value_or("");
  if (!path.starts_with('/')) {
    reader.fail("key_file", reader.has("key_file") ? fmt::format("\"{}\" is not a path from / on", path)
                                                   : fmt::format("missing, the path of {}", what));
  }
  return path;
}

std::vector<HandoffServer> read_servers(TableReader& reader, const std::string& file) {
  std::vector<HandoffServer> servers;
  const auto* tables = reader.tables("server");
  if (tables == nullptr) {
    return servers;
  }
  for (const auto& element : *tables) {
    TableReader one(*element.as_table(), file);
    HandoffServer server;
    server.name = one.text("name").value_or("");
    if (server.name.empty()) {
      one.fail("name", "missing, how the server is called here");
    }
    if (std::ranges::any_of(servers, [&](const HandoffServer& other) { return other.name == server.name; })) {
      one.fail("name", "an earlier [[handoff.server]] has the same name");
    }
    server.key_file = read_path(one, "the key that this server's agent alone has");
    server.bounds = read_bounds(one);
    if (server.bounds.addresses.empty() && !one.failed()) {
      one.fail("addresses", "missing, what the server may announce");
    }
    if (const auto done = one.finish(); !done) {
      reader.fail(done.error());
    }
    servers.push_back(std::move(server));
  }
  if (servers.size() > kMostServers) {
    reader.fail("server", fmt::format("more than {} servers", kMostServers));
  }
  return servers;
}

/// The keys of a [[service]] but for its place, which is the listener's.
Service read_pattern(TableReader& reader, const std::string& file) {
  Service pattern;
  const auto* table = reader.table("service");
  if (table == nullptr) {
    return pattern;
  }
  for (const auto* key : {"address", "port"}) {
    if (table->contains(key)) {
      reader.fail(toml_error(file, *table->get(key), key, "is the listener's"));
      return pattern;
    }
  }
  toml::table whole = *table;
  whole.insert("address", "any");
  whole.insert("port", "any");
  toml::array tables;
  tables.push_back(std::move(whole));
  auto services = services_from_tables(tables, file);
  if (services) {
    return services->front();
  }
  reader.fail(services.error());
  return pattern;
}

std::vector<std::uint16_t> read_vlans(TableReader& reader) {
  const auto* list = reader.array("vlans");
  if (list == nullptr) {
    return {0};
  }
  std::set<std::uint16_t> vlans;
  for (const auto& node : *list) {
    const auto* number = node.as_integer();
    if (number == nullptr || number->get() < 0 || number->get() > kLastVlan) {
      reader.fail("vlans", fmt::format("must be numbers of VLANs, 1..{}, or 0 for untagged", kLastVlan));
      return {0};
    }
    vlans.insert(static_cast<std::uint16_t>(number->get()));
  }
  if (vlans.empty() || vlans.size() > kMostVlans) {
    reader.fail("vlans", fmt::format("must be 1..{}", kMostVlans));
  }
  return {vlans.begin(), vlans.end()};
}

}  // namespace

bool contains(const IpPrefix& prefix, const IpAddress& address) {
  if (prefix.base.v6 != address.v6) {
    return false;
  }
  const auto base = prefix.base.wire();
  const auto other = address.wire();
  for (unsigned bit = 0; bit < prefix.length; ++bit) {
    if (((base[bit / 8] ^ other[bit / 8]) & (0x80U >> (bit % 8))) != 0) {
      return false;
    }
  }
  return true;
}

bool HandoffBounds::has(const IpAddress& address) const {
  return std::ranges::any_of(addresses, [&](const IpPrefix& one) { return contains(one, address); });
}

bool HandoffBounds::has(const IpAddress& address, std::uint16_t port) const {
  const auto in = [port](const auto& range) { return range.first <= port && port <= range.second; };
  return has(address) && (ports.empty() || std::ranges::any_of(ports, in));
}

Expected<HandoffSettings> handoff_settings_from_table(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  HandoffSettings settings;
  settings.key_file = read_path(reader, "what the servers share with the card");
  settings.learn = reader.boolean("learn").value_or(false);
  settings.most = static_cast<std::size_t>(
      reader.integer("most", 1, kMaxServices).value_or(static_cast<std::int64_t>(settings.most)));
  settings.bounds = read_bounds(reader);
  settings.pattern = read_pattern(reader, file);
  settings.vlans = read_vlans(reader);
  settings.servers = read_servers(reader, file);
  if (!settings.servers.empty() && (reader.has("addresses") || reader.has("ports"))) {
    reader.fail(reader.has("addresses") ? "addresses" : "ports", "each [[handoff.server]] has its own");
  }
  if (settings.servers.empty() && settings.bounds.addresses.empty() && !reader.failed()) {
    if (settings.learn) {
      reader.fail("addresses", "missing, what may be learned, as [\"203.0.113.0/24\"]");
    }
    // Nothing is learned. Of what the operator has named, any server with the key may say how it is.
    settings.bounds.addresses = {*parse_prefix("0.0.0.0/0"), *parse_prefix("::/0")};
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return settings;
}

}  // namespace synward
