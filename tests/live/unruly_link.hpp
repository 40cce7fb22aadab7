// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "live/live_network.hpp"

namespace synward::test {

/// Forwards frames between the interfaces "client" and "card" of a namespace, some of them twice and some of them
/// behind frames that came later.
class UnrulyLink {
 public:
  UnrulyLink(const Namespace& where, std::uint64_t seed);
  ~UnrulyLink();
  UnrulyLink(const UnrulyLink&) = delete;
  UnrulyLink& operator=(const UnrulyLink&) = delete;

  std::uint64_t doubled() const { return doubled_; }
  std::uint64_t delayed() const { return delayed_; }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> doubled_ = 0, delayed_ = 0;
  std::thread thread_;
};

}  // namespace synward::test
