// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api_client.hpp"
#include "process.hpp"
#include "synward/device.hpp"

namespace synward::test {

/// A simulated card with traffic around it, and a daemon that owns it, each a process of its own, with all their files
/// in one folder. What does not start is a std::runtime_error with its last words.
class HostRig {
 public:
  /// `config`: what the daemon's file says besides [device], [log] and [api]. `traffic`: a scenario.
  HostRig(const std::string& config, const std::string& traffic);

  void start_card();
  void start_daemon();
  sim::Process& card() { return *card_; }
  sim::Process& daemon() { return *daemon_; }

  std::string admin() const { return folder_.file("admin.sock"); }
  std::string everyone() const { return folder_.file("public.sock"); }
  std::string card_socket() const { return folder_.file("card.sock"); }
  std::string log_file() const { return folder_.file("log"); }

  /// Another way to the card, beside the daemon's.
  std::unique_ptr<Device> open_card() const;

 private:
  sim::TemporaryFolder folder_;
  std::unique_ptr<sim::Process> card_, daemon_;
};

/// Whether `condition` becomes true in `seconds`; asks every 20 ms, and stops when the program is told to end.
bool comes_true(const std::function<bool()>& condition, int seconds = sim::kPatience);

/// From here on SIGINT and SIGTERM only raise a flag, so that the programs that were started end too.
void catch_signals();
bool told_to_end();

}  // namespace synward::test
