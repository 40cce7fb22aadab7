// SPDX-License-Identifier: BSD-2-Clause
// The description of the API, against what the API does: every request, its parameters, and what answers hold.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "api.hpp"
#include "plugged_card.hpp"

namespace synward {
namespace {

using nlohmann::json;

constexpr std::string_view kConfig =
    "[device]\nbackend = \"sim\"\nsocket = \"/card\"\n[[service]]\naddress = \"203.0.113.7\"\nport = 443\n";

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

class OpenApiTest : public testing::Test {
 protected:
  OpenApiTest() : spec(json::parse(text_of(PROJECT_ROOT "/host/api/openapi.json"), nullptr, false)) {
    auto read = parse_daemon_config(kConfig, "d.toml");
    config = std::make_shared<const DaemonConfig>(std::move(*read));
    auto keeper = CardKeeper::start(
        *config, [this] { return slot.open(); }, {}, books);
    thread = std::make_unique<CardThread>(std::move(*keeper), Clock());
    api = std::make_unique<Api>(ApiContext{*thread, books, Clock(), "/etc/d.toml", [this] { return config; },
                                           [](const std::string&) { return std::vector<std::string>(); }});
  }
  ApiReply ask(const std::string& method, const std::string& path, std::map<std::string, std::string> query = {},
               bool admin = true) {
    return api->handle({method, path, std::move(query), "", admin, 0});
  }
  /// "{name}" becomes one.
  static std::string real(std::string path) {
    const auto at = path.find("{name}");
    const std::string name = path.starts_with("/v1/attacks/") ? "1" : "net.inet.tcp.syncookies";
    return at == std::string::npos ? path : path.replace(at, 6, name);
  }
  const json& resolved(const json& schema) const {
    if (!schema.contains("$ref")) {
      return schema;
    }
    const auto name = schema["$ref"].get<std::string>();
    return spec.at(json::json_pointer(name.substr(1)));
  }
  static bool is(const json& value, const std::string& type) {
    return type == "object"    ? value.is_object()
           : type == "array"   ? value.is_array()
           : type == "string"  ? value.is_string()
           : type == "boolean" ? value.is_boolean()
           : type == "integer" ? value.is_number_integer()
           : type == "number"  ? value.is_number()
                               : value.is_null();
  }
  /// Says what of a value the schema does not have.
  std::string differs(const json& value, const json& any, const std::string& at) const {
    const auto& schema = resolved(any);
    const auto types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    if (std::ranges::none_of(types, [&](const json& type) { return is(value, type.get<std::string>()); })) {
      return at + " is no " + types.dump();
    }
    if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) {
      return at + " is none of " + schema["enum"].dump();
    }
    std::string problem;
    if (value.is_array()) {
      for (const auto& one : value) problem += problem.empty() ? differs(one, schema["items"], at + "[]") : "";
    }
    if (value.is_object() && schema.contains("properties")) {
      for (const auto& [key, one] : value.items()) {
        const auto known = schema["properties"].find(key);
        problem += known == schema["properties"].end() ? at + "." + key + " is not described; "
                                                       : differs(one, *known, at + "." + key);
      }
    }
    return problem;
  }
  /// The names that a schema has, which an answer must have too, but for `optional`.
  static std::string lacks(const json& value, const json& schema, const std::set<std::string>& optional) {
    std::string missing;
    for (const auto& [key, one] : schema["properties"].items()) {
      missing += value.contains(key) || optional.contains(key) ? "" : key + " ";
    }
    return missing;
  }

  json spec;
  PluggedCard slot;
  Books books;
  std::shared_ptr<const DaemonConfig> config;
  std::unique_ptr<CardThread> thread;
  std::unique_ptr<Api> api;
};

TEST_F(OpenApiTest, has_the_requests_that_the_api_has_and_no_others) {
  ASSERT_TRUE(spec.is_object());
  std::set<std::string> described, served;
  for (const auto& [path, operations] : spec["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      described.insert(fmt::format("{} {}{}", upper(method), path, operation.contains("x-admin") ? " admin" : ""));
    }
  }
  for (const auto& one : Api::requests()) {
    served.insert(fmt::format("{} {}{}{}", one.method, one.path, one.below ? "{name}" : "", one.admin ? " admin" : ""));
  }
  EXPECT_EQ(described, served);
}

TEST_F(OpenApiTest, names_every_parameter_and_no_other) {
  for (const auto& [path, operations] : spec["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      const auto known = operation.value("parameters", json::array());
      for (const auto& parameter : known) {
        if (parameter["in"] == "path") continue;
        const auto name = parameter["name"].get<std::string>();
        // A value that no parameter has: it is that which is wrong, not the name.
        const auto reply = ask(upper(method), real(path), {{name, "\x01"}});
        EXPECT_EQ(reply.status, 400) << method << path << name;
        EXPECT_EQ(reply.body.find("no such parameter"), std::string::npos) << method << path << name << reply.body;
        for (const auto& word : parameter["schema"].value("enum", json::array())) {
          const auto answer = ask(upper(method), real(path), {{name, word.get<std::string>()}}, method == "get");
          EXPECT_NE(answer.status, 400) << method << path << name << answer.body;
        }
      }
      if (method == "get" && path != "/metrics" && !path.ends_with("{name}")) {
        EXPECT_NE(ask("GET", path, {{"bogus", "1"}}).body.find("no such parameter"), std::string::npos) << path;
      }
    }
  }
}

TEST_F(OpenApiTest, describes_what_answers_hold) {
  slot.syn("192.0.2.1", 1024);
  slot.send("192.0.2.2", 2000, "203.0.113.7", 443, sim::tcp_flag::ack, 1, 5);
  books.log.add({1, LogLevel::notice, "a line"});
  AttackRecord attack{.number = 1, .kind = AttackClass::ack_flood, .over = true, .began = 1, .until = 2};
  attack.sample.targets.push_back({*parse_address("203.0.113.7"), 443, 5});
  attack.sample.sources.push_back({*parse_prefix("192.0.2.0/24"), *parse_address("203.0.113.7"), 443, 5});
  books.attacks.add({true, attack});
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while ((books.events.last() == 0 || books.history.tail(1).empty()) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (const auto& [path, operations] : spec["paths"].items()) {
    if (!operations.contains("get")) continue;
    const auto reply = ask("GET", real(path));
    ASSERT_EQ(reply.status, 200) << path << reply.body;
    const auto& content = operations["get"]["responses"]["200"]["content"];
    ASSERT_TRUE(content.contains(reply.type)) << path << reply.type;
    if (reply.type != "application/json") continue;
    const auto value = json::parse(reply.body);
    const auto& schema = content["application/json"]["schema"];
    EXPECT_EQ(differs(value, schema, path), "");
    const bool list = resolved(schema)["type"] == "array";
    const auto& one = resolved(list ? resolved(schema)["items"] : schema);
    if (list && path != "/v1/explain") {
      ASSERT_FALSE(value.empty()) << path;
    }
    if (one.contains("properties")) {
      EXPECT_EQ(lacks(list ? value[0] : value, one, {"epoch", "skew_s", "error", "since", "by", "not_kept"}), "")
          << path;
    }
  }
  EXPECT_EQ(
      differs(json::parse(ask("POST", "/v1/secrets/rekey").body), {{"$ref", "#/components/schemas/Rekey"}}, "rekey"),
      "");
  EXPECT_EQ(differs(json::parse(ask("GET", "/v1/bogus").body), {{"$ref", "#/components/schemas/Error"}}, "error"), "");
  // What is wrong is found.
  EXPECT_NE(differs({{"cleared", 1}}, {{"$ref", "#/components/schemas/Rekey"}}, "rekey"), "");
  EXPECT_NE(differs({{"bogus", true}}, {{"$ref", "#/components/schemas/Rekey"}}, "rekey"), "");
}

TEST_F(OpenApiTest, the_manual_names_every_path) {
  const auto page = text_of(PROJECT_ROOT "/host/man/synward-api.7");
  for (const auto& [path, operations] : spec["paths"].items()) {
    const auto written = path.ends_with("{name}") ? path.substr(0, path.size() - 6) + "NAME" : path;
    EXPECT_NE(page.find(written), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace synward
