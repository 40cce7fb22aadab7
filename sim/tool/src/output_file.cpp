// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace synward::sim {

namespace {

Error failure(const std::string& path) {
  return Error{fmt::format("{}: cannot write: {}", path, std::strerror(errno))};
}

}  // namespace

Expected<OutputFile> OutputFile::create(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  const bool named = !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
  if (named && std::filesystem::exists(status) && access(path.c_str(), W_OK) != 0) {
    return failure(path);
  }
  const std::string temporary = named ? fmt::format("{}.{}.partial", path, getpid()) : std::string{};
  const int how = O_WRONLY | O_CLOEXEC | (named ? O_CREAT | O_EXCL : 0);
  const int descriptor = open(named ? temporary.c_str() : path.c_str(), how, 0666);
  if (descriptor < 0) {
    return failure(path);
  }
  FilePtr stream(fdopen(descriptor, "wb"));
  if (!stream) {
    auto error = failure(path);
    close(descriptor);
    unlink(temporary.c_str());
    return error;
  }
  return OutputFile(path, temporary, std::move(stream));
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      stream_(std::move(other.stream_)) {}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) {
    unlink(temporary_.c_str());
  }
}

Expected<void> OutputFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stream_.get()) != text.size()) {
    return failure(path_);
  }
  return {};
}

Expected<void> OutputFile::commit() {
  if (stream_ && std::fclose(stream_.release()) != 0) {
    return failure(path_);
  }
  if (!temporary_.empty()) {
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
      return failure(path_);
    }
    temporary_.clear();
  }
  return {};
}

}  // namespace synward::sim
