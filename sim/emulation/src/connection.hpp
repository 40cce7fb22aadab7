// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "synward/unix_socket.hpp"

namespace synward::sim {

/// A client's connection: what it sent and nobody has read yet. Never blocks.
class Connection {
 public:
  explicit Connection(FileDescriptor socket) : socket_(std::move(socket)) {}

  int fd() const { return socket_.get(); }
  /// Takes in what has arrived, 64 KiB at most. False once the client is gone.
  bool receive();
  /// What has arrived and was not consumed.
  std::span<const std::uint8_t> received() const { return std::span(received_).subspan(consumed_); }
  void consume(std::size_t size) { consumed_ += size; }
  /// Sends an answer. False where the client is gone or does not read its answers.
  bool send(std::span<const std::uint8_t> bytes);

 private:
  FileDescriptor socket_;
  std::vector<std::uint8_t> received_;
  std::size_t consumed_ = 0;
};

}  // namespace synward::sim
