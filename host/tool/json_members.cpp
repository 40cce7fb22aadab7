// SPDX-License-Identifier: BSD-2-Clause
#include "json_members.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "synward/printable.hpp"

namespace synward::tool {

using nlohmann::json;

const json& member(const json& object, const char* key) {
  static const json kNone;
  return object.is_object() && object.contains(key) ? object[key] : kNone;
}

std::string text(const json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_string() ? one_line(value.get<std::string>()) : std::string{};
}

double number(const json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_number() ? value.get<double>() : 0;
}

std::uint64_t count(const json& object, const char* key) {
  return static_cast<std::uint64_t>(std::clamp(number(object, key), 0.0, 1.8e19));
}

bool flag(const json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

std::string time_text(double unix_time) {
  constexpr double kLast = 253'402'300'799;  // of the year 9999
  const auto time = static_cast<std::time_t>(std::clamp(unix_time, 0.0, kLast));
  return fmt::format("{:%b %e %H:%M:%S}", fmt::localtime(time));
}

}  // namespace synward::tool
