// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace synward::test {

/// Where besiegers go, and as whom.
struct Siege {
  std::string socket;        ///< the public one
  int port = 0;              ///< of TCP, on the loopback
  std::vector<uid_t> users;  ///< none: all as this one
  std::uint64_t seed = 1;
};

/// People without rights who do to the daemon's public socket and TCP port whatever might keep others out, each kind in
/// a thread of its own, until they are destroyed.
class Besiegers {
 public:
  explicit Besiegers(const Siege& siege);
  Besiegers(const Besiegers&) = delete;
  Besiegers& operator=(const Besiegers&) = delete;
  ~Besiegers();

  /// How often each kind has done what it does.
  std::map<std::string, std::uint64_t> deeds() const;

 private:
  struct Besieger;
  std::atomic<bool> ending_ = false;
  std::vector<std::unique_ptr<Besieger>> besiegers_;
};

}  // namespace synward::test
