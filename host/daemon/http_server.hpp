// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <poll.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "channel.hpp"
#include "http_work.hpp"
#include "password.hpp"
#include "tls.hpp"

namespace synward {

/// Brings the API to the clients of one listening socket. One thread reads requests and writes answers, whatever pace
/// clients keep; others make the answers, of which one makes those to /metrics alone. Where the house is full, the one
/// who has the most connections loses the one that has been idle longest: nobody keeps others out.
class HttpServer {
 public:
  static constexpr std::size_t kThreads = 8;
  static constexpr std::size_t kThreadsOfOne = 4;  ///< that one client of the public socket or of TCP has at once
  static constexpr std::size_t kConnections = 256;

  /// Whose clients they are.
  enum class Door : std::uint8_t {
    admin,   ///< the Unix socket of one user
    people,  ///< the Unix socket of all, who are known by user
    tcp,     ///< known by address
  };
  struct Settings {
    int fd = -1;  ///< listens and does not block; outlives the server
    Door door = Door::people;
    const TlsContext* tls = nullptr;     ///< null: in the clear. Outlives the server
    const Password* password = nullptr;  ///< null: none is asked for. Outlives the server
    /// Told how many connections had to make way for others since it was told before: soon, then once a minute.
    std::function<void(std::uint64_t)> crowded{};
  };

  HttpServer(Settings settings, std::function<ApiReply(const ApiRequest&)> handle);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;
  /// Ends what is under way.
  ~HttpServer();

  /// Begins to end: nothing more is taken or sent, and what is under way is told that nobody waits.
  void end();
  DoorMetrics metrics() const { return {.answers = answers_, .refused = refused_, .turned_away = turned_away_}; }
  /// Connections that had to make way for others.
  std::uint64_t turned_away() const { return turned_away_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection;
  using Connections = std::list<Connection>;

  // The watching thread's.
  void watch();
  std::vector<pollfd> watched() const;
  int patience() const;
  void take_answers();
  void accept_clients();
  void admit(FileDescriptor fd);
  bool make_room(const std::string& newcomer);
  Connections::iterator longest_idle(const std::string& client);
  void bound_answers();
  void tell_of_crowd();
  bool go_on(Connection& connection, short events);
  bool read(Connection& connection);
  bool take_request(Connection& connection);
  void hand_over(Connection& connection, RequestHead head);
  bool answer(Connection& connection, std::string bytes, bool last);
  bool write(Connection& connection);
  bool drain(Connection& connection);

  void work(bool only_metrics);

  Settings settings_;
  HttpCodec codec_;
  FileDescriptor wake_;  ///< an eventfd: an answer is there, or the end
  Connections connections_;
  std::uint64_t last_id_ = 0;
  std::uint64_t told_ = 0;  ///< of turned_away_
  Clock::time_point tell_next_{};
  std::atomic<std::uint64_t> turned_away_ = 0, answers_ = 0, refused_ = 0;
  std::atomic<bool> ending_ = false;
  HttpWork work_;
  std::vector<std::thread> threads_;
};

}  // namespace synward
