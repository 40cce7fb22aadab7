// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace synward {

/// Why something could not be done: one line for the user, without a full stop or a line break.
struct Error {
  std::string text;
  /// What else is wrong, in lines of the same kind, where all is told at once.
  std::vector<std::string> more{};
};

/// Errors that are told at once. The first is the one for who wants one.
class ErrorList {
 public:
  void add(Error error) {
    if (!error_) {
      error_ = std::move(error);
      return;
    }
    error_->more.push_back(std::move(error.text));
    error_->more.insert(error_->more.end(), error.more.begin(), error.more.end());
  }
  bool empty() const { return !error_; }
  /// Of a list that is not empty.
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

/// A value, or the error that stood in its way. Converts from both, so that functions `return value;` or `return
/// Error{...};`.
template <typename T>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Expected(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  explicit operator bool() const { return state_.index() == 0; }
  /// The value. Throws std::bad_variant_access where there is none.
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  /// The error. Throws std::bad_variant_access where there is none.
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an error.
template <>
class [[nodiscard]] Expected<void> {
 public:
  Expected() = default;
  Expected(Error error) : state_(std::move(error)) {}  // NOLINT: implicit on purpose

  explicit operator bool() const { return state_.index() == 0; }
  /// The error. Throws std::bad_variant_access where there is none.
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace synward
