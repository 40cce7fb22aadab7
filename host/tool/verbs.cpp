// SPDX-License-Identifier: BSD-2-Clause
#include "verbs.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>

#include "synward/printable.hpp"

namespace synward::tool {

CLI::App& add_verb(CLI::App& parent, const std::string& name, const std::string& what, const std::string& example) {
  auto& command = *parent.add_subcommand(name, what);
  command.footer("Example:\n  " + example);
  return command;
}

Expected<nlohmann::json> get_json(ApiClient& client, const std::string& path, bool patient) {
  auto answer = client.get_json(path);
  for (bool said = false; !answer && patient; answer = client.get_json(path)) {
    if (!std::exchange(said, true)) {
      warn(answer.error().text + "; waiting for it");
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  return answer;
}

Expected<nlohmann::json> json_of(const Expected<ApiReply>& reply) {
  if (!reply) {
    return reply.error();
  }
  if (reply->status != 200) {
    return error_of(*reply);
  }
  auto json = nlohmann::json::parse(reply->body, nullptr, false);
  return json.is_discarded() ? Expected<nlohmann::json>(Error{"the answer is not JSON"}) : json;
}

std::string json_text(const nlohmann::json& json) { return json.dump(2, ' ', true) + '\n'; }

void warn(const std::string& text) { fmt::print(stderr, "synward: {}\n", one_line(text)); }

}  // namespace synward::tool
