// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/cable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "synward/ports.hpp"
#include "synward/socket_protocol.hpp"
#include "synward/unix_socket.hpp"

namespace synward::sim {

namespace {

using socket_protocol::Message;
using socket_protocol::Op;

Expected<Message> ask(const FileDescriptor& socket, const Message& question) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  if (const auto sent = send_all(socket, socket_protocol::encode(question), deadline); !sent) {
    return sent.error();
  }
  socket_protocol::MessageBytes bytes{};
  if (const auto received = receive_all(socket, bytes, deadline); !received) {
    return received.error();
  }
  return socket_protocol::decode(bytes);
}

}  // namespace

Expected<std::string> cable(const CableOptions& options) {
  const auto place = std::ranges::find(kPorts, options.port, &PortPlace::name);
  if (place == kPorts.end()) {
    return Error{fmt::format("cable: there is no port \"{}\": line or host", options.port)};
  }
  const auto socket = connect_unix(options.socket);
  if (!socket) {
    return socket.error();
  }
  for (const Message& one : {Message{Op::hello, socket_protocol::kMagic, socket_protocol::kVersion},
                             Message{Op::cable, place->base, options.state == "in" ? 1U : 0U}}) {
    const auto answer = ask(*socket, one);
    if (!answer) {
      return Error{fmt::format("{}: {}", options.socket, answer.error().text)};
    }
    if (answer->op != one.op) {
      return Error{options.socket + ": this card has no cables: it is served with --no-ports, or by another version"};
    }
  }
  return fmt::format("{}: the cable is {}\n", options.port, options.state);
}

}  // namespace synward::sim
