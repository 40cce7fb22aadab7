// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "synward/expected.hpp"
#include "synward/sysctl.hpp"

namespace synward {

/// Sysctls that were set at run time, in two files of the state folder: those that were saved for good, and those in
/// force, which a daemon that ends in order takes away, so that they are found after one that was killed. No secret is
/// ever among them. save() is for any thread; keep() for one, which never waits for it.
class SettingsStore {
 public:
  /// `folder` empty: nothing is kept, and nothing can be saved. A folder that is missing is made, mode 0700.
  explicit SettingsStore(std::string folder) : folder_(std::move(folder)) {}

  /// What the next daemon begins with.
  struct Found {
    Sysctls values;                  ///< saved, and over them those of a daemon that was killed
    std::vector<std::string> words;  ///< for the log
  };
  Found find() const;

  /// Saves them for good, whole or not at all; returns the file's path. Error: why they cannot be.
  Expected<std::string> save(const Sysctls& values);
  /// Keeps them in case that the daemon is killed. Error: why they cannot be.
  Expected<void> keep(const Sysctls& values);
  /// The daemon ends in order.
  void forget_kept();

 private:
  Expected<void> write(const std::string& name, const Sysctls& values, bool for_good);
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
  std::mutex mutex_;  ///< one saves at a time
};

}  // namespace synward
