// SPDX-License-Identifier: BSD-2-Clause
#include "pins.hpp"

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace synward::driver {

namespace fs = std::filesystem;

namespace {

bool is_bpf(const fs::path& path) {
  struct statfs at {};
  return statfs(path.c_str(), &at) == 0 && at.f_type == BPF_FS_MAGIC;
}

}  // namespace

Pins Pins::of(const std::string& root, const std::string& interface) {
  // A bpf file system has no names with dots.
  std::string name = interface;
  std::ranges::replace(name, '.', '%');
  const std::string folder = root + "/" + name;
  return {folder, folder + "/link"};
}

Expected<void> Pins::make() const {
  std::error_code error;
  const fs::path root = fs::path(folder).parent_path();
  if (!is_bpf(root) && !is_bpf(root.parent_path()))
    return Error{fmt::format("{}: no bpf file system (mount -t bpf bpf /sys/fs/bpf)", root.parent_path().string())};
  for (const fs::path& path : {root, fs::path(folder)}) {
    fs::create_directory(path, error);
    if (!error) fs::permissions(path, fs::perms::owner_all, error);
    if (error) return Error{fmt::format("{}: {}", path.string(), error.message())};
  }
  return {};
}

bool Pins::there() const {
  std::error_code error;
  return fs::exists(link, error);
}

Expected<void> Pins::remove() const {
  std::error_code error;
  if (!is_bpf(folder)) return Error{fmt::format("{}: no folder of a bpf file system", folder)};
  fs::remove_all(folder, error);
  if (error) return Error{fmt::format("{}: {}", folder, error.message())};
  return {};
}

}  // namespace synward::driver
