// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "synward/expected.hpp"

namespace synward {

/// Parses a TOML file. Errors: cannot be read ("FILE: why"), is not TOML ("FILE:LINE: what").
Expected<toml::table> load_toml(const std::string& path);
/// Parses TOML text; `file` names it in errors.
Expected<toml::table> parse_toml(std::string_view text, const std::string& file);

/// Reads one TOML table key by key. Every getter returns nothing where the key is absent or wrong. finish() returns all
/// that was wrong, and behind it keys that nobody asked for, as "FILE:LINE: KEY: what".
class TableReader {
 public:
  /// `table` must outlive the reader.
  TableReader(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

  std::optional<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max);
  /// Integer or float within [min, max].
  std::optional<double> number(std::string_view key, double min, double max);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::string> text(std::string_view key);
  /// One of `words`; its index.
  std::optional<std::size_t> word(std::string_view key, std::span<const std::string_view> words);
  /// A table, or null.
  const toml::table* table(std::string_view key);
  /// An array, or null.
  const toml::array* array(std::string_view key);
  /// An array of tables, or null. An empty array and one with other elements are errors.
  const toml::array* tables(std::string_view key);
  /// The node, whatever its type, or null.
  const toml::node* node(std::string_view key);

  bool has(std::string_view key) const { return table_.contains(key); }
  /// Reports that the value of `key` (or, where absent, the table) is wrong; of a key the first report stands.
  void fail(std::string_view key, std::string_view what);
  /// Takes over errors that were found elsewhere.
  void fail(const Error& error);
  bool failed() const { return !errors_.empty(); }

  /// Those so far; there must be some.
  const Error& errors() const { return errors_.error(); }
  /// All errors, if there are any.
  Expected<void> finish();

 private:
  void fail_type(std::string_view key, std::string_view wanted);

  const toml::table& table_;
  std::string file_;
  std::set<std::string, std::less<>> known_, failed_;
  ErrorList errors_;
};

/// "FILE:LINE: KEY: what".
Error toml_error(const std::string& file, const toml::node& node, std::string_view key, std::string_view what);

}  // namespace synward
