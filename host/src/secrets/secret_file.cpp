// SPDX-License-Identifier: BSD-2-Clause
#include "synward/secret_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace synward {

namespace {

constexpr unsigned kModes = 07777;

Error refused(const std::string& path, std::string_view why) { return Error{fmt::format("{}: {}", path, why)}; }

Error system_error(const std::string& path) {
  return refused(path, errno == ELOOP ? "is a symbolic link" : std::generic_category().message(errno));
}

bool is_ours(const struct stat& file) { return file.st_uid == 0 || file.st_uid == geteuid(); }

Expected<void> check_file(const std::string& path, const struct stat& file) {
  if (!S_ISREG(file.st_mode)) {
    return refused(path, "is not a regular file");
  }
  if (!is_ours(file)) {
    return refused(path, fmt::format("belongs to user {}, must be root's or the daemon's own", file.st_uid));
  }
  if ((file.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return refused(path, fmt::format("has mode {:04o}, must give group and others nothing (chmod go= FILE)",
                                     file.st_mode & kModes));
  }
  return {};
}

Expected<void> check_one_folder(const std::string& folder) {
  struct stat found {};
  if (stat(folder.c_str(), &found) != 0) {
    return system_error(folder);
  }
  if (!is_ours(found)) {
    return refused(folder, fmt::format("belongs to user {}, who could replace what lies in it; must be root's or the "
                                       "daemon's own",
                                       found.st_uid));
  }
  // In a folder as /tmp nobody can move another's files.
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (found.st_mode & S_ISVTX) == 0) {
    return refused(folder, fmt::format("has mode {:04o}, others could replace what lies in it (chmod go-w FOLDER)",
                                       found.st_mode & kModes));
  }
  return {};
}

}  // namespace

Expected<void> check_folder(const std::string& folder) {
  std::error_code problem;
  auto path = std::filesystem::canonical(folder, problem);
  if (problem) {
    return refused(folder, problem.message());
  }
  // Who may replace a folder above may replace all below.
  for (bool more = true; more; path = path.parent_path()) {
    if (auto right = check_one_folder(path); !right) {
      return right;
    }
    more = path != path.root_path();
  }
  return {};
}

Expected<FileDescriptor> open_secret_file(const std::string& path) {
  FileDescriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file || fstat(file.get(), &status) != 0) {
    return system_error(path);
  }
  if (auto right = check_file(path, status); !right) {
    return right.error();
  }
  const auto folder = std::filesystem::path(path).parent_path();
  if (auto right = check_folder(folder.empty() ? "." : folder.string()); !right) {
    return right.error();
  }
  return file;
}

}  // namespace synward
