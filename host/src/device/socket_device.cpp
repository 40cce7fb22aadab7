// SPDX-License-Identifier: BSD-2-Clause
#include "synward/socket_device.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "device/sticky_device.hpp"
#include "synward/socket_protocol.hpp"
#include "synward/unix_socket.hpp"

namespace synward {

namespace {

using socket_protocol::Message;
using socket_protocol::Op;

constexpr std::chrono::seconds kAnswerWithin{15};

class SocketDevice final : public StickyDevice {
 public:
  SocketDevice(FileDescriptor socket, std::string path) : socket_(std::move(socket)), path_(std::move(path)) {}

  Expected<void> greet() {
    const auto answer = ask({Op::hello, socket_protocol::kMagic, socket_protocol::kVersion});
    if (!answer) {
      return answer.error();
    }
    if (answer->value != socket_protocol::kVersion) {
      return failed(
          fmt::format("the simulation speaks version {}, this program {}", answer->value, socket_protocol::kVersion));
    }
    const auto space = ask({Op::space, 0, 0});
    if (!space) {
      return space.error();
    }
    space_ = space->value;
    return {};
  }

  std::uint32_t space() const override { return space_; }
  /// A simulated card beside much else takes long for a millisecond of its own.
  std::chrono::seconds patience() const override { return std::chrono::seconds(60); }

 private:
  Expected<std::uint32_t> read(std::uint32_t offset) override {
    const auto answer = ask({Op::read, offset, 0});
    if (!answer) {
      return answer.error();
    }
    return answer->value;
  }
  Expected<void> write(std::uint32_t offset, std::uint32_t value) override {
    const auto answer = ask({Op::write, offset, value});
    if (!answer) {
      return answer.error();
    }
    return {};
  }

  Expected<Message> ask(const Message& question) {
    const auto deadline = std::chrono::steady_clock::now() + kAnswerWithin;
    if (const auto sent = send_all(socket_, encode(question), deadline); !sent) {
      return failed(sent.error().text);
    }
    socket_protocol::MessageBytes bytes{};
    if (const auto received = receive_all(socket_, bytes, deadline); !received) {
      return failed(received.error().text);
    }
    const Message answer = socket_protocol::decode(bytes);
    if (answer.op == Op::refused) {
      return failed(fmt::format("the simulation refused offset {:#x}", question.offset));
    }
    if (answer.op != question.op || answer.offset != question.offset) {
      return failed("the simulation answered something else than it was asked");
    }
    return answer;
  }

  Error failed(const std::string& what) const { return Error{fmt::format("{}: {}", path_, what)}; }

  FileDescriptor socket_;
  std::string path_;
  std::uint32_t space_ = kRegisterSpace;
};

}  // namespace

Expected<std::unique_ptr<Device>> open_socket_device(const SocketDeviceConfig& config) {
  auto socket = connect_unix(config.socket);
  if (!socket) {
    return socket.error();
  }
  auto device = std::make_unique<SocketDevice>(std::move(*socket), config.socket);
  if (const auto greeted = device->greet(); !greeted) {
    return greeted.error();
  }
  return Expected<std::unique_ptr<Device>>(std::move(device));
}

}  // namespace synward
