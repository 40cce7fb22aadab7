// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "synward/file_descriptor.hpp"
#include "synward/log.hpp"

namespace synward {

/// Runs programs for the operator, one after the other, in a thread of its own: nobody waits for them. A program gets
/// text on its standard input and a minimal environment (PATH, LANG), no shell, no descriptor but the three, and a
/// process group of its own. What takes too long is ended, and with a program all that is left of its group. Its output
/// is logged at level debug, the first of it. Thread safe.
class CommandRunner {
 public:
  static constexpr std::size_t kWaiting = 16;       ///< programs that wait; further ones are left out
  static constexpr std::size_t kMostOutput = 4096;  ///< bytes of a program's output that are logged

  struct Job {
    std::vector<std::string> command;  ///< the program's path, from / on, and its arguments
    std::chrono::milliseconds timeout;
    std::string input;
  };
  /// `text`, and what those see who may not see every client; empty: the same.
  using Say = std::function<void(LogLevel, std::string text, std::string for_others)>;

  /// `name` begins each line of the log.
  CommandRunner(std::string name, Say say);
  CommandRunner(const CommandRunner&) = delete;
  CommandRunner& operator=(const CommandRunner&) = delete;
  CommandRunner(CommandRunner&&) = delete;
  CommandRunner& operator=(CommandRunner&&) = delete;
  /// Ends the program that runs; those that wait are never begun.
  ~CommandRunner();

  void run(Job job);

 private:
  void serve();
  void execute(const Job& job);
  void tell_output(const std::string& output);
  void say(LogLevel level, const std::string& text) { say_(level, name_ + ": " + text, {}); }

  std::string name_;
  Say say_;
  FileDescriptor wake_;  ///< readable once it ends
  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<Job> jobs_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace synward
