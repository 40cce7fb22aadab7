// SPDX-License-Identifier: BSD-2-Clause
#include "pins.hpp"

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <filesystem>
#include <system_error>

namespace synward::driver {

namespace fs = std::filesystem;

Pins Pins::of(const std::string& root, const std::string& interface) {
  const std::string folder = root + "/" + interface;
  return {folder, folder + "/link"};
}

Expected<void> Pins::make() const {
  std::error_code error;
  const fs::path root = fs::path(folder).parent_path();
  struct statfs at {};
  if (statfs(root.parent_path().c_str(), &at) != 0 || at.f_type != BPF_FS_MAGIC)
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
  fs::remove_all(folder, error);
  if (error) return Error{fmt::format("{}: {}", folder, error.message())};
  return {};
}

}  // namespace synward::driver
