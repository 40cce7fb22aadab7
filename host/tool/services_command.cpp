// SPDX-License-Identifier: BSD-2-Clause
// synward services: which there are, and changes of them while the card runs.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <vector>

#include "synward/config.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

/// What a command line says of a service. What is right is the daemon's to say, as of its configuration.
struct Wish {
  std::string address, port, mode, owner;
  std::vector<std::pair<std::string, std::optional<std::int64_t>>> numbers{
      {"mss4", {}},   {"mss6", {}},   {"path_mss4", {}}, {"path_mss6", {}},
      {"wscale", {}}, {"window", {}}, {"ttl", {}},       {"tos", {}}};
  std::vector<std::pair<std::string, bool>> without{
      {"window_scale", false}, {"sack", false}, {"timestamps", false}, {"ecn", false}};
  bool json = false, save = false;

  std::string toml() const;
};

std::string Wish::toml() const {
  toml::table table{{"address", address}};
  std::int64_t number = 0;
  const auto* end = port.data() + port.size();
  if (const auto read = std::from_chars(port.data(), end, number); read.ec == std::errc() && read.ptr == end) {
    table.insert("port", number);
  } else {
    table.insert("port", port);
  }
  for (const auto& [key, text] : {std::pair{"mode", &mode}, std::pair{"owner", &owner}}) {
    if (!text->empty()) {
      table.insert(key, *text);
    }
  }
  for (const auto& [key, value] : numbers) {
    if (value) {
      table.insert(key, *value);
    }
  }
  toml::table options;
  for (const auto& [key, no] : without) {
    if (no) {
      options.insert(key, false);
    }
  }
  if (!options.empty()) {
    table.insert("options", std::move(options));
  }
  std::ostringstream text;
  text << table;
  return text.str();
}

std::string dashed(std::string name) {
  for (auto& c : name) {
    c = c == '_' ? '-' : c;
  }
  return name;
}

Outcome change(ApiClient& client, const Wish& wish, const std::string& op) {
  const auto answer = json_of(client.post(fmt::format("/v1/services?op={}&save={:d}", op, wish.save),
                                          op.empty() ? std::string() : wish.toml()));
  if (!answer) {
    return answer.error();
  }
  if (answer->value("drops", false)) {
    warn("connections in use of it are dropped until its server speaks, since net.synward.unknown_ack is not pass");
  }
  if (const auto why = answer->value("not_saved", std::string()); !why.empty()) {
    return Error{"services: changed, but not saved: " + why};
  }
  if (wish.json) {
    return json_text(*answer);
  }
  return wish.save ? "saved in " + answer->value("file", std::string()) + '\n' : std::string{};
}

Outcome list(ApiClient& client, const Wish& wish) {
  const auto services = client.get_json("/v1/services");
  if (!services) {
    return services.error();
  }
  return wish.json ? json_text(*services) : services_text(*services);
}

void add_service_options(CLI::App& verb, Wish& wish) {
  verb.add_option("--mode", wish.mode, "protect (default), pass or drop");
  verb.add_option("--owner", wish.owner, "The user who may see its half-open connections");
  for (auto& [key, value] : wish.numbers) {
    verb.add_option("--" + dashed(key), value, fmt::format("{} as in synwardd.toml(5)", key));
  }
  for (auto& [key, no] : wish.without) {
    verb.add_flag("--no-" + dashed(key), no, fmt::format("{} is not accepted", key));
  }
}

}  // namespace

void add_services(const Verbs& verbs) {
  const auto wish = std::make_shared<Wish>();
  auto& services = add_verb(verbs.app, "services", "What is protected, and whose it is; changes while the card runs",
                            "synward services --json\n  synward services pass 203.0.113.7 443 --save");
  services.require_subcommand(0, 1);
  services.add_flag("--json", wish->json, "As JSON");
  services.add_flag("--save", wish->save, "Keep all that was changed of the services, also across restarts");
  verbs.does(services,
             [wish](ApiClient& client) { return wish->save ? change(client, *wish, "") : list(client, *wish); });
  auto& lister = add_verb(services, "list", "All of them", "synward services list");
  lister.add_flag("--json", wish->json, "As JSON");
  verbs.does(lister, [wish](ApiClient& client) { return list(client, *wish); });
  struct Change {
    const char *name, *what, *example;
  };
  for (const auto& one :
       {Change{"add", "One more", "synward services add 2001:db8::7 443 --mss6 1420 --owner www-data"},
        Change{"del", "One less: what goes there passes", "synward services del any 80"},
        Change{"pass", "What goes there passes", "synward services pass 203.0.113.7 443"},
        Change{"protect", "SYNs that go there are answered", "synward services protect 203.0.113.7 443 --save"}}) {
    auto& verb = add_verb(services, one.name, one.what, one.example);
    verb.add_option("address", wish->address, "IPv4, IPv6 or any")->required();
    verb.add_option("port", wish->port, "1 to 65535 or any")->required();
    if (std::string_view(one.name) == "add") {
      add_service_options(verb, *wish);
    }
    verb.add_flag("--save", wish->save, "Then keep all that was changed of the services, also across restarts");
    verb.add_flag("--json", wish->json, "As JSON");
    verbs.does(verb, [wish, op = std::string(one.name)](ApiClient& client) { return change(client, *wish, op); });
  }
}

}  // namespace synward::tool
