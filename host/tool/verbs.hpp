// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "api_client.hpp"
#include "synward/expected.hpp"

namespace synward::tool {

/// What a verb printed: exit status 0 and text, or a message.
using Outcome = Expected<std::string>;
/// What a verb does once the command line has been read.
using Action = std::function<Outcome(ApiClient&)>;

/// Where a family of verbs joins the command line.
struct Verbs {
  CLI::App& app;
  std::function<void(CLI::App&, Action)> does;
};

/// A verb below `parent`, with an example in its help.
CLI::App& add_verb(CLI::App& parent, const std::string& name, const std::string& what, const std::string& example);

/// One that waits for nothing; with `patient` a daemon that is away is waited for, which is said once.
Expected<nlohmann::json> get_json(ApiClient& client, const std::string& path, bool patient);
/// JSON of a reply that is a success; what the daemon has against it otherwise.
Expected<nlohmann::json> json_of(const Expected<ApiReply>& reply);
/// A document for --json.
std::string json_text(const nlohmann::json& json);
/// A line on standard error.
void warn(const std::string& text);

/// The daemon's configuration, where the command line names none.
inline constexpr const char* kDaemonConfig = "/etc/synward/synwardd.toml";

// The families, each in a file of its name.
void add_bypass(const Verbs& verbs);
void add_card(const Verbs& verbs);
void add_handoff(const Verbs& verbs);
void add_services(const Verbs& verbs);
void add_history(const Verbs& verbs);
void add_events(const Verbs& verbs);
void add_completion(const Verbs& verbs);
/// `config`: the configuration that the command line names, or an empty text.
void add_link(const Verbs& verbs, const std::string& config);
void add_support(const Verbs& verbs, const std::string& config);

}  // namespace synward::tool
