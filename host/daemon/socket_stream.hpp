// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace synward {

/// A connected socket as httplib wants it, with a time and a size for each request as a whole: a client that sends or
/// takes a byte now and then does not hold a thread for long, and one that sends without an end no memory.
class SocketStream : public httplib::Stream {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMostRequest = 65'536;  ///< bytes; what is longer breaks off

  /// `fd` does not block. Ends early once `ending` is set. Both outlive the stream.
  SocketStream(int fd, const std::atomic<bool>& ending) : fd_(fd), ending_(ending) {}

  /// The next request, which has `time` from now on; false where the connection has ended instead.
  bool begin_request(std::chrono::milliseconds time);
  /// Whether the client has closed its end. One that has only ended sending has not; over TCP the two look alike.
  bool peer_gone() const;
  /// Whether bytes of the next request have been read already.
  bool has_more() const { return begin_ < end_; }
  /// From now on sending the answer has `time`.
  void begin_answer(std::chrono::milliseconds time) { deadline_ = Clock::now() + time; }

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* ptr, size_t size) override;
  ssize_t write(const char* ptr, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return fd_; }

 private:
  bool wait(short events, Clock::time_point deadline) const;
  ssize_t fill();

  int fd_;
  const std::atomic<bool>& ending_;
  Clock::time_point deadline_ = Clock::now();
  std::array<char, 4096> buffer_{};
  std::size_t begin_ = 0, end_ = 0;  ///< of what was read ahead
  std::size_t left_ = 0;             ///< of kMostRequest
};

}  // namespace synward
