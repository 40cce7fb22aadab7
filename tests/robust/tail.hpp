// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace synward::test {

/// Reads a numbered list of the daemon (its log, its events) to its end again and again, and sees to it that no number
/// is missing but those that the daemon had no room for.
class Tail {
 public:
  /// `list`: the key of the items in the answer.
  Tail(std::string path, std::string list) : path_(std::move(path)), list_(std::move(list)) {}

  /// What to ask for.
  std::string path() const { return fmt::format("{}?after={}&limit=20000", path_, last_); }
  /// Takes the answer. Empty, or what is wrong with it.
  std::string take(const std::string& answer) {
    latest_ = nlohmann::json::array();
    auto json = nlohmann::json::parse(answer, nullptr, false);
    if (json.is_discarded() || !json.contains(list_)) {
      return path_ + ": no list in the answer";
    }
    latest_ = std::move(json[list_]);
    for (bool first = true; const auto& item : latest_) {
      const auto number = item.value("n", std::uint64_t{0});
      if (number <= last_ || (!first && number != last_ + 1)) {
        return fmt::format("{}: number {} behind {}", path_, number, last_);
      }
      lost_ += number - last_ - 1;
      last_ = number;
      first = false;
    }
    return {};
  }

  const nlohmann::json& latest() const { return latest_; }
  std::uint64_t last() const { return last_; }
  /// Numbers that had left the list before they were asked for.
  std::uint64_t lost() const { return lost_; }

 private:
  std::string path_, list_;
  nlohmann::json latest_;
  std::uint64_t last_ = 0, lost_ = 0;
};

}  // namespace synward::test
