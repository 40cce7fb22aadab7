// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "synward/device.hpp"
#include "synward/expected.hpp"
#include "synward/sim/card_server.hpp"
#include "synward/unix_socket.hpp"

namespace synward::sim {

class Connection;
class PeerGuard;

/// The sockets by which XRT's hw_emu and a simulator find each other.
struct XrtSockets {
  std::string calls;    ///< the host's calls
  std::string traffic;  ///< calls of the device, of which a Synward card makes none

  /// As XRT 2.13 names them, by USER and EMULATION_SOCKETID. Error: one of these is not set.
  static Expected<XrtSockets> from_environment();
};

/// The other end of XRT's hw_emu: serves one host program at a time.
class XrtServer final : public Endpoint {
 public:
  enum class Mode : std::uint8_t {
    launched,  ///< XRT has started this process, and listens; one session
    attached   ///< (dont_run) whichever side comes second connects; any number of sessions, one after another
  };

  /// The card must outlive the server.
  XrtServer(Device& card, XrtSockets sockets, Mode mode);
  ~XrtServer() override;

  void watch(std::vector<pollfd>& fds) const override;
  bool serve() override;

  /// Mode launched: there is nothing more to do.
  bool finished() const { return finished_; }
  /// Why the last session ended before its time, or none began.
  const std::optional<Error>& error() const { return error_; }

 private:
  bool find_host();
  void begin(FileDescriptor socket);
  void end(bool host_at_rest);
  bool serve_session();
  /// Answers the oldest request, if all of it has arrived.
  enum class Answered : std::uint8_t { nothing, call, close, failed };
  Answered answer();
  void end_device_traffic();

  Device& card_;
  XrtSockets sockets_;
  Mode mode_;
  std::chrono::steady_clock::time_point give_up_;
  bool finished_ = false;
  std::optional<Error> error_;
  std::optional<UnixListener> listener_;
  std::unique_ptr<Connection> session_;
  std::unique_ptr<PeerGuard> guard_;
  FileDescriptor traffic_;
};

}  // namespace synward::sim
