// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace synward {

/// A folder of its own for a test, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "synward_test_XXXXXX").string();
    path_ = mkdtemp(name.data()) == nullptr ? std::filesystem::path() : std::filesystem::path(name);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  /// Writes a file that nobody but its owner may read, and returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    auto path = *this / name;
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace synward
