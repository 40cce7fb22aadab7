// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <poll.h>

#include <chrono>
#include <memory>
#include <vector>

namespace synward::sim {

/// A way by which programs reach the registers of a simulated card.
class Endpoint {
 public:
  Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;
  virtual ~Endpoint() = default;

  /// Appends what poll(2) is to look at.
  virtual void watch(std::vector<pollfd>& fds) const = 0;
  /// Serves what is pending, without waiting. False where nothing was.
  virtual bool serve() = 0;
};

/// Serves the endpoints of a card in turn, in the caller's thread: between two calls the card is the caller's.
class CardServer {
 public:
  void add(std::shared_ptr<Endpoint> endpoint) { endpoints_.push_back(std::move(endpoint)); }

  /// Waits at most `timeout` for a request. One is seldom alone: once it came, the server stays until a millisecond
  /// brought none, or 50 ms have passed. Returns early on a signal.
  void poll(std::chrono::milliseconds timeout);

 private:
  bool serve();

  std::vector<std::shared_ptr<Endpoint>> endpoints_;
  std::vector<pollfd> fds_;
};

}  // namespace synward::sim
