// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/xrt_server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "connection.hpp"
#include "peer_guard.hpp"
#include "xrt_calls.hpp"

namespace synward::sim {

namespace {

constexpr std::chrono::seconds kConnectWithin{30};

}  // namespace

Expected<XrtSockets> XrtSockets::from_environment() {
  std::array<std::string, 2> values;
  std::size_t found = 0;
  for (const char* name : {"USER", "EMULATION_SOCKETID"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
      return Error{fmt::format("{} is not set: XRT's hw_emu looks for /tmp/$USER/$EMULATION_SOCKETID", name)};
    }
    values[found++] = value;
  }
  const auto folder = "/tmp/" + values[0];
  return XrtSockets{folder + "/" + values[1], folder + "/D2X_unix_sock_" + values[1]};
}

XrtServer::XrtServer(Device& card, XrtSockets sockets, Mode mode)
    : card_(card),
      sockets_(std::move(sockets)),
      mode_(mode),
      give_up_(std::chrono::steady_clock::now() + kConnectWithin) {}

XrtServer::~XrtServer() = default;

void XrtServer::watch(std::vector<pollfd>& fds) const {
  if (session_) {
    fds.push_back({session_->fd(), POLLIN, 0});
  } else if (listener_) {
    fds.push_back({listener_->fd(), POLLIN, 0});
  }
}

bool XrtServer::serve() {
  if (finished_) {
    return false;
  }
  if (!session_ && !find_host()) {
    return false;
  }
  end_device_traffic();
  return serve_session();
}

/// Looks for a host program, without waiting.
bool XrtServer::find_host() {
  if (listener_ && listener_->in_place()) {
    if (auto socket = listener_->accept()) {
      begin(std::move(socket));
    }
    return session_ != nullptr;
  }
  // XRT takes the place of a socket at which nobody answered it: then it is there that it listens.
  listener_.reset();
  if (auto socket = connect_unix(sockets_.calls)) {
    begin(std::move(*socket));
    return true;
  }
  if (mode_ == Mode::launched) {
    if (std::chrono::steady_clock::now() > give_up_) {
      error_ = Error{fmt::format("{}: XRT does not listen", sockets_.calls)};
      finished_ = true;
    }
    return false;
  }
  mkdir(sockets_.calls.substr(0, sockets_.calls.rfind('/')).c_str(), 0700);
  if (auto listener = UnixListener::listen(sockets_.calls, 0600)) {
    listener_.emplace(std::move(*listener));
  } else {
    error_ = listener.error();
  }
  return false;
}

void XrtServer::begin(FileDescriptor socket) {
  error_.reset();
  // A host that started the simulator is watched by the script that it was started by.
  if (mode_ == Mode::attached) {
    guard_ = std::make_unique<PeerGuard>(socket.get());
  }
  session_ = std::make_unique<Connection>(std::move(socket));
}

void XrtServer::end(bool host_at_rest) {
  if (guard_ && host_at_rest) {
    guard_->release();
  }
  guard_.reset();
  session_.reset();
  traffic_.close();
  unlink(sockets_.traffic.c_str());
  if (mode_ == Mode::launched) {
    unlink(sockets_.calls.c_str());
    finished_ = true;
  }
}

bool XrtServer::serve_session() {
  if (!session_->receive()) {
    end(true);
    return true;
  }
  bool any = false;
  while (true) {
    switch (answer()) {
      case Answered::nothing:
        return any;
      case Answered::call:
        any = true;
        break;
      case Answered::close:
        end(true);
        return true;
      case Answered::failed:
        error_ = Error{"XRT sent what is no call of version 2.13"};
        end(false);
        return true;
    }
  }
}

XrtServer::Answered XrtServer::answer() {
  const auto received = session_->received();
  if (received.size() < kXrtRequestHead) {
    return Answered::nothing;
  }
  const auto request = read_xrt_request(received.first<kXrtRequestHead>());
  if (!request) {
    return Answered::failed;
  }
  if (received.size() < kXrtRequestHead + request->size) {
    return Answered::nothing;
  }
  const auto bytes = answer_xrt_call(card_, request->call, received.subspan(kXrtRequestHead, request->size));
  if (!bytes || !session_->send(*bytes)) {
    return Answered::failed;
  }
  session_->consume(kXrtRequestHead + request->size);
  return request->call == kXrtClose ? Answered::close : Answered::call;
}

/// XRT waits for a simulator that says it will make no calls.
void XrtServer::end_device_traffic() {
  if (traffic_) {
    return;
  }
  if (auto socket = connect_unix(sockets_.traffic)) {
    traffic_ = std::move(*socket);
    // Where this fails XRT takes some seconds longer to close, and that is all.
    [[maybe_unused]] const auto sent =
        send_all(traffic_, make_xrt_request(kXrtClose), std::chrono::steady_clock::now());
  }
}

}  // namespace synward::sim
