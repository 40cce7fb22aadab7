// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/socket_server.hpp"

#include <algorithm>

#include "connection.hpp"
#include "synward/socket_protocol.hpp"

namespace synward::sim {

using socket_protocol::kMessageSize;
using socket_protocol::Message;
using socket_protocol::Op;

struct SocketServer::Client {
  explicit Client(FileDescriptor socket) : connection(std::move(socket)) {}
  Connection connection;
  bool greeted = false;
};

Expected<std::shared_ptr<SocketServer>> SocketServer::listen(Device& card, const std::string& path, Cables* cables) {
  auto listener = UnixListener::listen(path, 0600);
  if (!listener) {
    return listener.error();
  }
  return std::make_shared<SocketServer>(card, std::move(*listener), cables);
}

SocketServer::SocketServer(Device& card, UnixListener listener, Cables* cables)
    : card_(card), cables_(cables), listener_(std::move(listener)) {}

SocketServer::~SocketServer() = default;

void SocketServer::watch(std::vector<pollfd>& fds) const {
  if (clients_.size() < kMostClients) {
    fds.push_back({listener_.fd(), POLLIN, 0});
  }
  for (const auto& client : clients_) {
    fds.push_back({client->connection.fd(), POLLIN, 0});
  }
}

bool SocketServer::serve() {
  bool served = false;
  while (clients_.size() < kMostClients) {
    auto socket = listener_.accept();
    if (!socket) {
      break;
    }
    clients_.push_back(std::make_unique<Client>(std::move(socket)));
    served = true;
  }
  std::erase_if(clients_, [this, &served](const std::unique_ptr<Client>& client) {
    const auto done = serve(*client);
    served |= done != Served::nothing;
    return done == Served::gone;
  });
  return served;
}

SocketServer::Served SocketServer::serve(Client& client) {
  auto& connection = client.connection;
  if (!connection.receive()) {
    return Served::gone;
  }
  const bool any = connection.received().size() >= kMessageSize;
  while (connection.received().size() >= kMessageSize) {
    if (!answer(client)) {
      return Served::gone;
    }
  }
  return any ? Served::something : Served::nothing;
}

/// Answers the oldest message. False where the connection has to end.
bool SocketServer::answer(Client& client) {
  auto& connection = client.connection;
  Message message = socket_protocol::decode(connection.received().first<kMessageSize>());
  connection.consume(kMessageSize);
  const bool hello = message.op == Op::hello && message.offset == socket_protocol::kMagic;
  const bool registers = message.offset % 4 == 0 && message.offset < card_.space();
  bool stays = true;
  if (hello && !client.greeted) {
    stays = client.greeted = message.value == socket_protocol::kVersion;
    message.value = socket_protocol::kVersion;
  } else if (client.greeted && registers && message.op == Op::read) {
    message.value = card_.read32(message.offset);
  } else if (client.greeted && registers && message.op == Op::write) {
    card_.write32(message.offset, message.value);
  } else if (client.greeted && message.op == Op::space) {
    message.value = card_.space();
  } else if (client.greeted && message.op == Op::cable && cables_ != nullptr) {
    cables_->plug(message.offset, message.value != 0);
  } else {
    stays = false;
    message.op = Op::refused;
  }
  return connection.send(socket_protocol::encode(message)) && stays;
}

}  // namespace synward::sim
