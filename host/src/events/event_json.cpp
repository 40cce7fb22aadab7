// SPDX-License-Identifier: BSD-2-Clause
#include "synward/event_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "synward/printable.hpp"

namespace synward {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kOrigins{"unknown", "none", "current", "retired"};

void add_end(Json& json, const char* name, const char* port_name, const std::optional<IpAddress>& address,
             std::uint16_t port) {
  if (address) {
    json[name] = to_string(*address);
  }
  if (port != 0) {
    json[port_name] = port;
  }
}

/// Reads the object of one line; what is not right becomes `problem`.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  std::string problem;

  std::optional<std::uint64_t> number(const char* key, std::uint64_t most) {
    const auto found = json_.find(key);
    if (found == json_.end()) {
      return std::nullopt;
    }
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() > most) {
      problem = fmt::format("{}: must be 0..{}", key, most);
      return std::nullopt;
    }
    return found->get<std::uint64_t>();
  }
  std::optional<double> seconds(const char* key) {
    const auto found = json_.find(key);
    if (found != json_.end() && !found->is_number()) {
      problem = fmt::format("{}: must be a number", key);
    }
    return found != json_.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
  }
  std::optional<std::string> text(const char* key) {
    const auto found = json_.find(key);
    if (found != json_.end() && !found->is_string()) {
      problem = fmt::format("{}: must be a string", key);
    }
    return found != json_.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
  }
  std::optional<IpAddress> address(const char* key) {
    const auto written = text(key);
    const auto read = written ? parse_address(*written) : std::nullopt;
    if (written && !read) {
      problem = fmt::format("{}: \"{}\" is no address", key, *written);
    }
    return read;
  }

 private:
  const Json& json_;
};

std::uint16_t port_or_zero(Reader& reader, const char* key) {
  return static_cast<std::uint16_t>(reader.number(key, std::numeric_limits<std::uint16_t>::max()).value_or(0));
}

LogEvent read_event(const Json& json, Reader& reader) {
  LogEvent event;
  if (const auto name = reader.text("event")) {
    const auto code = event_code(*name);
    event.code = code.value_or(0);
    if (!code) {
      reader.problem = fmt::format("event: \"{}\" is not known", *name);
    }
  }
  if (const auto name = reader.text("note")) {
    const auto* note = std::ranges::find(reg::kNotes, *name, &reg::EventInfo::name);
    event.note = note == reg::kNotes.end() ? 0 : static_cast<unsigned>(note - reg::kNotes.begin()) + 1;
  }
  if (event.code == 0 && event.note == 0 && reader.problem.empty()) {
    reader.problem = "neither event nor note";
  }
  event.time = reader.seconds("time_s");
  event.foreign = reader.address("foreign");
  event.fport = port_or_zero(reader, "foreign_port");
  event.local = reader.address("local");
  event.lport = port_or_zero(reader, "local_port");
  if (const auto flags = reader.number("flags", 0x1ff)) {
    event.flags = static_cast<std::uint16_t>(*flags);
  }
  if (const auto args = json.find("args"); args != json.end() && args->is_array()) {
    for (std::size_t i = 0; i < std::min(event.args.size(), args->size()); ++i) {
      event.args[i] = (*args)[i].is_number_unsigned() ? (*args)[i].get<std::uint32_t>() : 0;
    }
  }
  if (const auto origin = reader.text("cookie")) {
    const auto* at = std::ranges::find(kOrigins, *origin);
    event.cookie = at == kOrigins.end() ? CookieOrigin::unknown : static_cast<CookieOrigin>(at - kOrigins.begin());
  }
  event.late_s = reader.seconds("late_s").value_or(0);
  return event;
}

}  // namespace

std::string to_json_line(const LogEvent& event) {
  Json json;
  if (event.time) {
    json["time_s"] = *event.time;
  }
  if (event.code != 0) {
    json["event"] = event_name(event.code);
  }
  if (event.note != 0) {
    json["note"] = reg::kNotes[event.note - 1].name;
  }
  add_end(json, "foreign", "foreign_port", event.foreign, event.fport);
  add_end(json, "local", "local_port", event.local, event.lport);
  if (event.flags) {
    json["flags"] = *event.flags;
  }
  if (std::ranges::any_of(event.args, [](std::uint32_t arg) { return arg != 0; })) {
    json["args"] = event.args;
  }
  if (event.cookie != CookieOrigin::unknown) {
    json["cookie"] = kOrigins[static_cast<std::size_t>(event.cookie)];
  }
  if (event.cookie == CookieOrigin::retired) {
    json["late_s"] = event.late_s;
  }
  return json.dump();
}

Expected<std::vector<LogEvent>> parse_json_lines(std::string_view text, const std::string& file) {
  std::vector<LogEvent> events;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) {
      continue;
    }
    const auto json = Json::parse(line, nullptr, false);
    if (!json.is_object()) {
      return Error{one_line(fmt::format("{}:{}: not an object of JSON", file, number))};
    }
    Reader reader(json);
    events.push_back(read_event(json, reader));
    if (!reader.problem.empty()) {
      return Error{one_line(fmt::format("{}:{}: {}", file, number, reader.problem))};
    }
  }
  return events;
}

}  // namespace synward
