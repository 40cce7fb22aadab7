// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "synward/expected.hpp"

namespace synward::sim {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }  // NOLINT(cppcoreguidelines-owning-memory)
};
using FilePtr = std::unique_ptr<std::FILE, FileCloser>;

/// A file that appears under its name only when it is complete: written beside it, renamed by commit(), removed
/// otherwise. A name that is a device or a pipe (/dev/null, /dev/stdout) is written directly.
class OutputFile {
 public:
  /// Fails at once where `path` cannot be written.
  static Expected<OutputFile> create(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// Gives the stream to somebody who closes it before commit(). Once.
  FilePtr release_stream() { return std::move(stream_); }
  /// Appends text.
  Expected<void> write(std::string_view text);
  /// Closes the stream and gives the file its name.
  Expected<void> commit();

 private:
  OutputFile(std::string path, std::string temporary, FilePtr stream)
      : path_(std::move(path)), temporary_(std::move(temporary)), stream_(std::move(stream)) {}

  std::string path_;
  std::string temporary_;  ///< empty: written directly, or done
  FilePtr stream_;
};

}  // namespace synward::sim
