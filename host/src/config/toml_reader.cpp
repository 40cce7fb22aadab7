// SPDX-License-Identifier: BSD-2-Clause
#include "synward/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "synward/printable.hpp"
#include "synward/text_file.hpp"

namespace synward {

namespace {

/// Configurations are far smaller.
constexpr std::size_t kMostToml = 4 * 1024 * 1024;

/// An error is one line, whatever characters the file has.
Error error_line(std::string_view text) { return Error{one_line(text)}; }

}  // namespace

Expected<toml::table> parse_toml(std::string_view text, const std::string& file) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return error_line(fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
}

Expected<toml::table> load_toml(const std::string& path) {
  const auto text = read_text_file(path, kMostToml);
  return text ? parse_toml(*text, path) : text.error();
}

Error toml_error(const std::string& file, const toml::node& node, std::string_view key, std::string_view what) {
  return error_line(fmt::format("{}:{}: {}: {}", file, node.source().begin.line, key, what));
}

const toml::node* TableReader::node(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void TableReader::fail(std::string_view key, std::string_view what) {
  if (!failed_.emplace(key).second) {
    return;
  }
  const toml::node* at = table_.get(key);
  errors_.add(toml_error(file_, at != nullptr ? *at : table_, key, what));
}

void TableReader::fail(const Error& error) { errors_.add(error); }

void TableReader::fail_type(std::string_view key, std::string_view wanted) {
  fail(key, fmt::format("must be {}", wanted));
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto* value = found->as_integer();
  if (value == nullptr) {
    fail_type(key, fmt::format("an integer {}..{}", min, max));
    return std::nullopt;
  }
  if (value->get() < min || value->get() > max) {
    fail(key, fmt::format("{} is out of range, allowed {}..{}", value->get(), min, max));
    return std::nullopt;
  }
  return value->get();
}

std::optional<double> TableReader::number(std::string_view key, double min, double max) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto value = found->is_number() ? found->value<double>() : std::nullopt;
  if (!value) {
    fail_type(key, fmt::format("a number {}..{}", min, max));
    return std::nullopt;
  }
  // Written so that NaN is refused too.
  if (!(*value >= min && *value <= max)) {
    fail(key, fmt::format("{} is out of range, allowed {}..{}", *value, min, max));
    return std::nullopt;
  }
  return value;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto* value = found->as_boolean();
  if (value == nullptr) {
    fail_type(key, "true or false");
    return std::nullopt;
  }
  return value->get();
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto* value = found->as_string();
  if (value == nullptr) {
    fail_type(key, "a string");
    return std::nullopt;
  }
  return value->get();
}

std::optional<std::size_t> TableReader::word(std::string_view key, std::span<const std::string_view> words) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (const auto* value = found->as_string()) {
    const auto at = std::ranges::find(words, std::string_view(value->get()));
    if (at != words.end()) {
      return static_cast<std::size_t>(at - words.begin());
    }
    fail(key, fmt::format("\"{}\" is not known, allowed {}", value->get(), fmt::join(words, ", ")));
  } else {
    fail_type(key, fmt::format("one of {}", fmt::join(words, ", ")));
  }
  return std::nullopt;
}

const toml::table* TableReader::table(std::string_view key) {
  const toml::node* found = node(key);
  if (found != nullptr && !found->is_table()) {
    fail_type(key, "a table");
  }
  return found != nullptr ? found->as_table() : nullptr;
}

const toml::array* TableReader::array(std::string_view key) {
  const toml::node* found = node(key);
  if (found != nullptr && !found->is_array()) {
    fail_type(key, "an array");
  }
  return found != nullptr ? found->as_array() : nullptr;
}

const toml::array* TableReader::tables(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return nullptr;
  }
  const auto* value = found->as_array();
  const bool all_tables =
      value != nullptr && !value->empty() &&
      std::all_of(value->begin(), value->end(), [](const toml::node& element) { return element.is_table(); });
  if (!all_tables) {
    fail_type(key, fmt::format("written as [[{}]]", key));
    return nullptr;
  }
  return value;
}

Expected<void> TableReader::finish() {
  // TOML tables are sorted by name; the user reads by line.
  std::multimap<toml::source_index, std::pair<std::string_view, const toml::node*>> unknown;
  for (const auto& [key, value] : table_) {
    if (!known_.contains(key.str())) {
      unknown.emplace(value.source().begin.line, std::pair(key.str(), &value));
    }
  }
  for (const auto& [line, one] : unknown) {
    errors_.add(toml_error(file_, *one.second, one.first, "unknown key"));
  }
  return errors_.empty() ? Expected<void>() : errors_.error();
}

}  // namespace synward
