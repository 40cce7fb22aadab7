// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "files.hpp"

namespace synward::sim {

/// How long anything that a test waits for may take on a machine that is busy, s.
inline constexpr int kPatience = 60;

/// A program that runs beside a test, its output in a file. Ended by SIGTERM with the test, or by SIGKILL if that does
/// not help.
class Process {
 public:
  /// `arguments`: the program first; it is looked for in PATH.
  explicit Process(const std::vector<std::string>& arguments);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }
  /// All that it has written so far, standard error too.
  std::string output() const { return read_text(folder_.file("output")); }
  /// Waits until it has written `text`. False if it ends before or takes too long.
  bool says(std::string_view text);
  /// Waits until it ends: its exit status, 128 + the signal that it died of, or nothing where it takes too long.
  std::optional<int> wait();

 private:
  bool ended();

  TemporaryFolder folder_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace synward::sim
