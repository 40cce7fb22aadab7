// SPDX-License-Identifier: BSD-2-Clause
#include "sysctl_command.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace synward::tool {

namespace {

using nlohmann::json;

std::string field(const json& sysctl, const char* key) { return sysctl.value(key, std::string{}); }

/// One line of output for a sysctl.
std::string line(const json& sysctl, const SysctlOptions& options) {
  const auto name = field(sysctl, "name");
  if (options.names) {
    return name + '\n';
  }
  const std::string separator = options.equals ? "=" : ": ";
  std::string text = options.values ? std::string{} : name + separator;
  if (options.type) {
    text += field(sysctl, "type") + (options.description || !options.values ? separator : "\n");
  }
  return text + field(sysctl, options.description ? "description" : "value") + '\n';
}

class Command {
 public:
  Command(ApiClient& client, const SysctlOptions& options) : client_(client), options_(options) {}

  SysctlOutput run() {
    if (options_.all || (options_.arguments.empty() && (options_.tunables || options_.writable))) {
      show("");
    }
    for (const auto& argument : options_.arguments) {
      const auto equals = argument.find('=');
      if (equals == std::string::npos) {
        show(argument);
      } else {
        set(argument.substr(0, equals), argument.substr(equals + 1));
      }
    }
    if (options_.save) {
      save();
    }
    if (options_.json) {
      output_.out = shown_.dump(2, ' ', true) + '\n';
    }
    return std::move(output_);
  }

 private:
  void save() {
    // What was to be saved may not have been set.
    if (output_.status != 0) {
      fail("not saved");
      return;
    }
    const auto reply = client_.post("/v1/sysctl");
    if (!reply || reply->status != 200) {
      fail("not saved: " + (reply ? error_of(*reply) : reply.error()).text);
      return;
    }
    const auto body = json::parse(reply->body, nullptr, false);
    if (options_.json) {
      shown_.push_back(body);
    } else if (!options_.quiet && body.is_object()) {
      output_.out += fmt::format("saved in {}\n", field(body, "file"));
    }
  }

  void fail(const std::string& text) {
    output_.err += "sysctl: " + text + '\n';
    output_.status = 1;
  }

  /// The list of all, asked for once.
  const json* all() {
    if (all_.is_null()) {
      auto list = client_.get_json("/v1/sysctl");
      if (!list) {
        fail(list.error().text);
        return nullptr;
      }
      all_ = std::move(*list);
    }
    return all_.is_array() ? &all_ : nullptr;
  }

  void print(const json& sysctl) {
    // A state has no value while the card is lost.
    const bool wants_value = !options_.names && !options_.description && !options_.json;
    if (const auto why = field(sysctl, "error"); wants_value && !why.empty()) {
      fail(why);
      return;
    }
    if (options_.json) {
      shown_.push_back(sysctl);
    } else {
      output_.out += line(sysctl, options_);
    }
  }

  void show(const std::string& name) {
    const auto* list = all();
    if (list == nullptr) {
      return;
    }
    bool found = false;
    for (const auto& sysctl : *list) {
      if ((options_.tunables && !sysctl.value("tunable", false)) ||
          (options_.writable && !sysctl.value("writable", false))) {
        continue;
      }
      const auto full = field(sysctl, "name");
      if (name.empty() || full == name || full.starts_with(name + '.')) {
        print(sysctl);
        found = true;
      }
    }
    if (!found && !name.empty() && !options_.quiet) {
      fail(fmt::format("unknown oid '{}'", name));
    }
    output_.status = found ? output_.status : 1;
  }

  void set(const std::string& name, const std::string& value) {
    const auto reply = client_.put("/v1/sysctl/" + name, value);
    if (!reply) {
      fail(reply.error().text);
      return;
    }
    const auto body = json::parse(reply->body, nullptr, false);
    if (reply->status != 200 || !body.is_object()) {
      fail(error_of(*reply).text);
      if (const auto tip = body.is_object() ? field(body, "tip") : std::string{}; !tip.empty()) {
        output_.err += "sysctl: " + tip + '\n';
      }
      return;
    }
    all_ = nullptr;  // what was read before is no longer true
    if (options_.json) {
      shown_.push_back(body);
    } else if (!options_.quiet) {
      const auto old = options_.values ? std::string{} : field(body, "name") + (options_.equals ? "=" : ": ");
      output_.out += fmt::format("{}{} -> {}\n", old, field(body, "old"), field(body, "new"));
    }
  }

  ApiClient& client_;
  const SysctlOptions& options_;
  json all_;
  json shown_ = json::array();
  SysctlOutput output_;
};

}  // namespace

SysctlOutput sysctl_command(ApiClient& client, const SysctlOptions& options) { return Command(client, options).run(); }

}  // namespace synward::tool
