// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "synward/driver/announcer.hpp"
#include "synward/driver/control_link.hpp"
#include "synward/driver/listeners.hpp"
#include "synward/expected.hpp"

namespace synward::driver {

/// The agent's end of the control channel at one interface: hears beacons, says what listens.
class Channel {
 public:
  static Expected<std::unique_ptr<Channel>> open(const std::string& interface, unsigned ifindex);

  void set_keys(const Key& current, const Key* former) { announcer_.set_keys(current, former); }
  /// For poll(): something came.
  int fd() const { return link_.fd(); }
  /// Answers what came, but not for long.
  void serve();
  /// To be called once a second. What has gone wrong since; empty: nothing.
  std::string tick();

  const Announcer::Counts& counts() const { return announcer_.counts(); }
  static std::chrono::milliseconds now();

 private:
  Channel(std::string interface, unsigned ifindex, ControlLink link, ListenerReader reader);
  Announcement read();
  void send(const Announcer::Frames& frames);

  std::string interface_, trouble_, said_;
  unsigned ifindex_;
  ControlLink link_;
  ListenerReader reader_;
  Announcer announcer_;
};

}  // namespace synward::driver
