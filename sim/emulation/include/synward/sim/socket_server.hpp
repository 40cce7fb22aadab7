// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "synward/device.hpp"
#include "synward/expected.hpp"
#include "synward/sim/card_ports.hpp"
#include "synward/sim/card_server.hpp"
#include "synward/unix_socket.hpp"

namespace synward::sim {

class Connection;

/// The other end of a SocketDevice: lets several clients at once read and write a card's registers, and those of
/// its user plug its cables, where there are any.
class SocketServer final : public Endpoint {
 public:
  static constexpr std::size_t kMostClients = 32;  ///< more wait until one leaves

  /// Listens at `path`, for this user alone; card and cables must outlive the server. Errors: as
  /// UnixListener::listen().
  static Expected<std::shared_ptr<SocketServer>> listen(Device& card, const std::string& path,
                                                        Cables* cables = nullptr);
  SocketServer(Device& card, UnixListener listener, Cables* cables);
  ~SocketServer() override;

  void watch(std::vector<pollfd>& fds) const override;
  bool serve() override;

 private:
  struct Client;
  enum class Served : std::uint8_t { nothing, something, gone };
  Served serve(Client& client);
  bool answer(Client& client);

  Device& card_;
  Cables* cables_;
  UnixListener listener_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace synward::sim
