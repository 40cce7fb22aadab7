// SPDX-License-Identifier: BSD-2-Clause
#include "sysctl_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <sstream>

#include "synward/text_file.hpp"
#include "text.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

std::string field(const json& sysctl, const char* key) { return sysctl.value(key, std::string{}); }

std::optional<std::uint32_t> number_of(const std::string& value) {
  std::uint32_t number = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
  return read.ec == std::errc() && read.ptr == value.data() + value.size() ? std::optional(number) : std::nullopt;
}

/// A value as the options want it, without a line break.
std::string value_text(const std::string& value, const SysctlOptions& options) {
  const auto number = number_of(value);
  if (options.binary) {
    std::string bytes(sizeof(std::uint32_t), '\0');
    if (number) {
      std::memcpy(bytes.data(), &*number, sizeof(*number));
    }
    return number ? bytes : value;
  }
  return number && options.hex ? fmt::format("{:#010x}", *number) : number && options.human ? grouped(*number) : value;
}

/// One line of output for a sysctl.
std::string line(const json& sysctl, const SysctlOptions& options) {
  const auto name = field(sysctl, "name");
  const std::string end = options.binary ? "" : "\n";
  if (options.names) {
    return name + end;
  }
  const std::string separator = options.equals ? "=" : ": ";
  std::string text = options.values || options.binary ? std::string{} : name + separator;
  if (options.type) {
    text += (field(sysctl, "type") == "word" ? "string" : "unsigned integer") + (options.description ? separator : end);
  }
  if (options.description) {
    return text + field(sysctl, "description") + end;
  }
  return options.type ? text : text + value_text(field(sysctl, "value"), options) + end;
}

/// What sysctl(8) takes for a name and a value: "NAME", "NAME=VALUE", "NAME: VALUE", the value perhaps in quotation
/// marks, blanks around.
struct Argument {
  std::string name;
  std::optional<std::string> value;
};

std::string trimmed(const std::string& text) {
  constexpr const char* kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

Argument parse_argument(const std::string& text) {
  const auto separator = text.find_first_of("=:");
  if (separator == std::string::npos) {
    return {trimmed(text), std::nullopt};
  }
  auto value = trimmed(text.substr(separator + 1));
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
    value = value.substr(1, value.size() - 2);
  }
  return {trimmed(text.substr(0, separator)), value};
}

class Command {
 public:
  Command(ApiClient& client, const SysctlOptions& options) : client_(client), options_(options) {}

  SysctlOutput run() {
    if (options_.all || (options_.arguments.empty() && (options_.tunables || options_.writable))) {
      show("");
    }
    for (const auto& file : options_.files) {
      do_file(file);
    }
    for (const auto& argument : options_.arguments) {
      do_one(argument);
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
  void do_file(const std::string& path) {
    constexpr std::size_t kMost = 1 << 20;
    const auto text = read_text_file(path, kMost, true);
    if (!text) {
      fail(text.error().text);
      return;
    }
    std::istringstream lines(*text);
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
      line = trimmed(line.substr(0, line.find('#')));
      where_ = fmt::format(" at line {}", number);
      if (!line.empty()) {
        do_one(line);
      }
    }
    where_.clear();
  }

  void do_one(const std::string& text) {
    const auto argument = parse_argument(text);
    if (argument.value && (options_.tunables || options_.writable)) {
      fail("Can't set variables when using -T or -W");
    } else if (argument.value && !options_.description) {
      set(argument.name, *argument.value);
    } else if (argument.name.empty()) {
      fail("unknown oid ''" + where_);
    } else {
      show(argument.name);
    }
  }

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
    constexpr int kMost = 125;  // what is more means something else to a shell
    output_.status = std::min(output_.status + 1, kMost);
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
    const bool wants_value = !options_.names && !options_.description && !options_.type && !options_.json;
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
    if (!found && !name.empty()) {
      fail_unknown(name);
    }
  }

  void fail_unknown(const std::string& name) {
    if (options_.ignore) {
      return;
    }
    const auto said = output_.err;
    fail(fmt::format("unknown oid '{}'{}", name, where_));
    output_.err = options_.quiet ? said : output_.err;
  }

  /// What a name that cannot be set is.
  const json* find(const std::string& name) {
    const auto* list = all();
    if (list == nullptr) {
      return nullptr;
    }
    const auto found = std::ranges::find_if(*list, [&name](const json& one) { return field(one, "name") == name; });
    return found == list->end() ? nullptr : &*found;
  }
  bool is_branch(const std::string& name) {
    const auto* list = all();
    return list != nullptr &&
           std::ranges::any_of(*list, [&name](const json& one) { return field(one, "name").starts_with(name + '.'); });
  }

  void refuse(const std::string& name, const ApiReply& reply, const json& body) {
    constexpr int kUnknown = 404;
    constexpr int kRefused = 422;
    auto why = error_of(reply).text;
    if (reply.status == kUnknown) {
      if (is_branch(name)) {
        fail(fmt::format("oid '{}' isn't a leaf node{}", name, where_));
      } else {
        fail_unknown(name);
      }
      return;
    }
    // What sysctl has printed by then.
    const auto* before = reply.status == kRefused && why.ends_with(": Invalid argument") ? find(name) : nullptr;
    if (before != nullptr && !options_.quiet && !options_.json) {
      output_.out += line(*before, options_);
    }
    fail(why + where_);
    if (const auto tip = body.is_object() ? field(body, "tip") : std::string{}; !tip.empty()) {
      output_.err += "sysctl: " + tip + '\n';
    }
  }

  void set(const std::string& name, const std::string& value) {
    const auto reply = client_.put("/v1/sysctl/" + path_part(name), value);
    if (!reply) {
      fail(reply.error().text);
      return;
    }
    const auto body = json::parse(reply->body, nullptr, false);
    if (reply->status != 200 || !body.is_object()) {
      refuse(name, *reply, body);
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
  std::string where_;  ///< in a file
  json all_;
  json shown_ = json::array();
  SysctlOutput output_;
};

}  // namespace

SysctlOutput sysctl_command(ApiClient& client, const SysctlOptions& options) { return Command(client, options).run(); }

}  // namespace synward::tool
