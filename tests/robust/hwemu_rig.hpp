// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include "common/rng.hpp"
#include "process.hpp"

namespace synward::test {

/// A daemon with the real XRT, whose card is a simulator that XRT starts: the two live and die together.
class HwemuRig {
 public:
  HwemuRig();

  /// Starts both, kills one of them, sees the other end too, and starts both again on the same files. Gives who was
  /// killed. What is not as it should be is a std::runtime_error.
  std::string kill_something(Rng& rng);

  unsigned simulators = 0, daemons = 0;  ///< killed

 private:
  std::string admin() const { return folder_.file("admin.sock"); }
  std::unique_ptr<sim::Process> start() const;
  pid_t simulator() const;
  pid_t daemon() const;

  sim::TemporaryFolder folder_;
};

}  // namespace synward::test
