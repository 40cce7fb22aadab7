// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "synward/expected.hpp"

namespace synward {

/// A user and a password as HTTP's Basic authentication has them, in memory that is not dumped.
class Password {
 public:
  static constexpr std::size_t kMost = 256;  ///< bytes of both, with the colon

  /// Reads "USER:PASSWORD" from a file of one line. Errors: "PATH: why", those of open_secret_file() among them.
  static Expected<Password> read(const std::string& path);
  Password(Password&&) noexcept;
  Password& operator=(Password&&) noexcept;
  ~Password();

  /// Whether a field Authorization says both. What is wrong takes as long as what is right.
  bool opens(std::string_view authorization) const;

 private:
  struct Memory;
  explicit Password(std::unique_ptr<Memory> memory);

  std::unique_ptr<Memory> memory_;
};

}  // namespace synward
