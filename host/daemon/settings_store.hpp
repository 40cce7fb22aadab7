// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "service_edits.hpp"
#include "synward/expected.hpp"
#include "synward/sysctl.hpp"

namespace synward {

/// Everything passes, since when (Unix time, s) and by whose wish.
struct Bypass {
  double since = 0;
  std::string by{};
};

/// What was set at run time, in files of the state folder: sysctls and services that were saved for good, and those in
/// force, which a daemon that ends in order takes away, so that they are found after one that was killed; and a bypass,
/// which stays until it is switched off. No secret is ever among them. For any thread; keep() never waits for a disk.
class SettingsStore {
 public:
  /// `folder` empty: nothing is kept, and nothing can be saved. A folder that is missing is made, mode 0700.
  explicit SettingsStore(std::string folder) : folder_(std::move(folder)) {}

  /// What the next daemon begins with.
  struct Found {
    Sysctls values;                  ///< saved, and over them those of a daemon that was killed
    ServiceEdits services;           ///< likewise
    std::optional<Bypass> bypass;    ///< nothing: off
    std::vector<std::string> words;  ///< for the log
  };
  Found find();

  /// Saves them for good, whole or not at all; returns the file's path. Error: why they cannot be.
  Expected<std::string> save(const Sysctls& values);
  Expected<std::string> save(const ServiceEdits& services);
  /// Keeps them in case that the daemon is killed. Error: why they cannot be.
  Expected<void> keep(const Sysctls& values);
  Expected<void> keep(const ServiceEdits& services);
  /// Keeps a bypass, or forgets it. Error: why that cannot be.
  Expected<void> keep(const std::optional<Bypass>& bypass);
  /// The daemon ends in order.
  void forget_kept();

 private:
  Expected<std::string> save(const char* name, const std::string& text);
  Expected<void> keep_in_force();
  Expected<void> write(const std::string& name, const std::string& text, bool for_good);
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
  std::mutex mutex_;       ///< one saves at a time
  std::mutex keep_mutex_;  ///< of the next two, and their file
  Sysctls sysctls_in_force_;
  ServiceEdits services_in_force_;
};

}  // namespace synward
