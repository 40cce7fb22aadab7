// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "attack_book.hpp"
#include "command_runner.hpp"
#include "synward/attack_settings.hpp"

namespace synward {

/// Tells of attacks: has the operator's command run for each beginning and end, and keeps the attacks in the state
/// folder. In threads of its own: a disk or a program delays nobody.
class AttackDesk {
 public:
  /// `folder` empty: nothing is kept. `settings` gives those of now.
  AttackDesk(AttackBook& book, std::string folder, std::function<AttackSettings()> settings, CommandRunner::Say say);
  AttackDesk(const AttackDesk&) = delete;
  AttackDesk& operator=(const AttackDesk&) = delete;
  AttackDesk(AttackDesk&&) = delete;
  AttackDesk& operator=(AttackDesk&&) = delete;
  /// Closes the book. Keeps what is there, and ends the command that runs.
  ~AttackDesk();

  /// What earlier daemons kept in `folder`; nothing where there is none. Error: the file is wrong.
  static Expected<AttackState> find(const std::string& folder);

 private:
  void run();
  void keep();
  void tell(const AttackChange& change);

  AttackBook& book_;
  std::string folder_;
  std::function<AttackSettings()> settings_;
  CommandRunner::Say say_;
  std::string trouble_;  ///< why nothing can be kept, as it was said
  CommandRunner runner_;
  std::thread thread_;
};

}  // namespace synward
