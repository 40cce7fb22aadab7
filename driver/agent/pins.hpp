// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward::driver {

/// Where what the agent leaves in the kernel lies: a folder of a bpf file system for each interface.
struct Pins {
  std::string folder, link;

  /// /sys/fs/bpf/synward/INTERFACE, or below another folder.
  static Pins of(const std::string& root, const std::string& interface);
  /// Makes the folder, for root alone. Error where there is no bpf file system.
  Expected<void> make() const;
  bool there() const;
  /// Takes all away: the program is detached with its link.
  Expected<void> remove() const;
};

}  // namespace synward::driver
