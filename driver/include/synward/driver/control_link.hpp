// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "synward/control_frame.hpp"
#include "synward/expected.hpp"
#include "synward/file_descriptor.hpp"

namespace synward::driver {

/// Control frames at an interface of the caller's network namespace, in and out.
class ControlLink {
 public:
  /// Needs CAP_NET_RAW. Errors: there is no such interface, or it has no Ethernet address.
  static Expected<ControlLink> open(const std::string& interface);

  int fd() const { return socket_.get(); }
  const control::Mac& mac() const { return mac_; }
  /// The next frame that has come; empty where none has.
  std::vector<std::uint8_t> receive() const;
  /// False where the interface does not take it now.
  bool send(std::span<const std::uint8_t> frame) const;

 private:
  ControlLink(FileDescriptor socket, const control::Mac& mac) : socket_(std::move(socket)), mac_(mac) {}

  FileDescriptor socket_;
  control::Mac mac_;
};

}  // namespace synward::driver
