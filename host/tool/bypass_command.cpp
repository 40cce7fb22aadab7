// SPDX-License-Identifier: BSD-2-Clause
// synward bypass: everything passes, until it is switched off.
#include <memory>

#include "text.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

Outcome shown(const Expected<nlohmann::json>& bypass, bool json) {
  if (!bypass) {
    return bypass.error();
  }
  if (const auto why = bypass->value("not_kept", std::string()); !why.empty()) {
    warn("the bypass does not outlive the daemon: " + why);
  }
  return json ? json_text(*bypass) : bypass_text(*bypass);
}

}  // namespace

void add_bypass(const Verbs& verbs) {
  auto& bypass = add_verb(verbs.app, "bypass", "Let everything pass, whatever the services say", "synward bypass on");
  bypass.require_subcommand(1);
  const auto json = std::make_shared<bool>(false);
  const auto add = [&](const char* name, const char* what, const std::string& example) -> CLI::App& {
    auto& verb = add_verb(bypass, name, what, example);
    verb.add_flag("--json", *json, "As JSON");
    return verb;
  };
  for (const auto* word : {"on", "off"}) {
    auto& verb = add(word,
                     *word == 'o' && word[1] == 'n' ? "Every service passes; half-open connections are given up"
                                                    : "Services are protected again; no connection is dropped",
                     std::string("synward bypass ") + word);
    verbs.does(verb, [word, json](ApiClient& client) { return shown(json_of(client.put("/v1/bypass", word)), *json); });
  }
  verbs.does(add("status", "Whether it is on, since when, by whom", "synward bypass status --json"),
             [json](ApiClient& client) { return shown(client.get_json("/v1/bypass"), *json); });
}

}  // namespace synward::tool
