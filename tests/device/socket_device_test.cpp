// SPDX-License-Identifier: BSD-2-Clause
// The back end "sim" against simulators that are dead, slow or lie.
#include "synward/socket_device.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "files.hpp"
#include "process.hpp"
#include "synward/socket_protocol.hpp"
#include "synward/unix_socket.hpp"

namespace synward {
namespace {

using socket_protocol::Message;
using socket_protocol::Op;

Deadline in_time() { return std::chrono::steady_clock::now() + std::chrono::seconds(sim::kPatience); }

/// A simulator that does what a test wants of it: gets each message, and says what to answer. No answer: it hangs up.
class Peer {
 public:
  using Answers = std::function<std::vector<std::uint8_t>(const Message&)>;

  explicit Peer(Answers answers) : answers_(std::move(answers)) {
    auto listener = UnixListener::listen(path(), 0600);
    EXPECT_TRUE(listener);
    thread_ = std::jthread([this, socket = std::make_shared<UnixListener>(std::move(*listener))] { run(*socket); });
  }

  std::string path() const { return folder_.file("card.sock"); }

 private:
  void run(const UnixListener& listener) {
    FileDescriptor client;
    const auto end = in_time();
    while (!client && std::chrono::steady_clock::now() < end) {
      client = listener.accept();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    socket_protocol::MessageBytes bytes{};
    while (receive_all(client, bytes, in_time())) {
      const auto answer = answers_(socket_protocol::decode(bytes));
      if (answer.empty() || !send_all(client, answer, in_time())) {
        return;
      }
    }
  }

  sim::TemporaryFolder folder_;
  Answers answers_;
  std::jthread thread_;
};

std::vector<std::uint8_t> bytes_of(const Message& message) {
  const auto bytes = socket_protocol::encode(message);
  return {bytes.begin(), bytes.end()};
}

/// Answers hellos as it should, and everything else by `answers`.
Peer::Answers behind_hello(Peer::Answers answers) {
  return [answers = std::move(answers)](const Message& message) {
    const bool greeting = message.op == Op::hello || message.op == Op::space;
    return greeting ? bytes_of(message) : answers(message);
  };
}

/// What the device says of a read that this peer answers.
std::string fault_of_read(const Peer& peer) {
  const auto device = open_socket_device({peer.path()});
  if (!device) {
    return "not opened: " + device.error().text;
  }
  EXPECT_EQ((*device)->read32(0x10), 0xffffffffU);
  const auto fault = (*device)->fault();
  // The first fault stays, whatever is done.
  (*device)->write32(0x14, 1);
  EXPECT_EQ((*device)->read32(0), 0xffffffffU);
  EXPECT_EQ((*device)->fault()->text, fault->text);
  return fault->text.substr(peer.path().size());
}

std::string error_of_open(const Peer& peer) {
  const auto device = open_socket_device({peer.path()});
  return device ? "opened" : device.error().text.substr(peer.path().size());
}

TEST(SocketProtocol, words_are_least_significant_byte_first) {
  const auto bytes = socket_protocol::encode({Op::write, 0x01020304, 0xfffefdfc});
  EXPECT_EQ(bytes, (socket_protocol::MessageBytes{2, 0, 0, 0, 4, 3, 2, 1, 0xfc, 0xfd, 0xfe, 0xff}));
  const auto message = socket_protocol::decode(bytes);
  EXPECT_EQ(message.op, Op::write);
  EXPECT_EQ(message.offset, 0x01020304U);
  EXPECT_EQ(message.value, 0xfffefdfcU);
}

TEST(SocketDevice, says_hello_then_reads_and_writes) {
  std::vector<Message> heard;
  {
    const Peer peer([&heard](Message message) {
      heard.push_back(message);
      message.value = message.op == Op::read ? 0x1234 : message.value;
      return bytes_of(message);
    });
    const auto device = open_socket_device({peer.path()});
    ASSERT_TRUE(device) << device.error().text;
    EXPECT_EQ((*device)->read32(0x20), 0x1234U);
    (*device)->write32(0x24, 0xabcd);
    EXPECT_FALSE((*device)->fault());
  }
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_EQ(heard[0].op, Op::hello);
  EXPECT_EQ(heard[0].offset, socket_protocol::kMagic);
  EXPECT_EQ(heard[0].value, socket_protocol::kVersion);
  EXPECT_EQ(heard[1].op, Op::space);
  EXPECT_EQ(heard[3].op, Op::write);
  EXPECT_EQ(heard[3].offset, 0x24U);
  EXPECT_EQ(heard[3].value, 0xabcdU);
}

TEST(SocketDevice, another_version_is_not_opened) {
  const Peer peer([](Message message) {
    message.value = 7;
    return bytes_of(message);
  });
  EXPECT_EQ(error_of_open(peer), ": the simulation speaks version 7, this program 2");
}

TEST(SocketDevice, who_speaks_something_else_is_not_opened) {
  const Peer peer([](const Message&) { return std::vector<std::uint8_t>(socket_protocol::kMessageSize, 'x'); });
  EXPECT_EQ(error_of_open(peer), ": the simulation answered something else than it was asked");
}

TEST(SocketDevice, who_hangs_up_is_not_opened) {
  const Peer peer([](const Message&) { return std::vector<std::uint8_t>(); });
  EXPECT_EQ(error_of_open(peer), ": the connection was closed");
}

TEST(SocketDevice, an_end_between_or_within_answers_is_a_fault) {
  EXPECT_EQ(fault_of_read(Peer(behind_hello([](const Message&) { return std::vector<std::uint8_t>(); }))),
            ": the connection was closed");
  int left = 1;
  const Peer cut(behind_hello(
      [&left](const Message&) { return left-- > 0 ? std::vector<std::uint8_t>(5) : std::vector<std::uint8_t>(); }));
  const auto fault = fault_of_read(cut);
  // Five bytes of twelve, then nothing: the peer waits for a question that never comes.
  EXPECT_EQ(fault, ": no answer in time");
}

TEST(SocketDevice, an_answer_to_another_question_is_a_fault) {
  const auto wrong = ": the simulation answered something else than it was asked";
  EXPECT_EQ(fault_of_read(Peer(behind_hello([](Message message) {
              message.offset += 4;
              return bytes_of(message);
            }))),
            wrong);
  EXPECT_EQ(fault_of_read(Peer(behind_hello([](Message message) {
              message.op = Op::write;
              return bytes_of(message);
            }))),
            wrong);
}

TEST(SocketDevice, a_refusal_is_a_fault) {
  EXPECT_EQ(fault_of_read(Peer(behind_hello([](Message message) {
              message.op = Op::refused;
              return bytes_of(message);
            }))),
            ": the simulation refused offset 0x10");
}

TEST(SocketDevice, a_simulator_that_hangs_is_a_fault_and_no_hang) {
  std::atomic<bool> over = false;
  const Peer peer(behind_hello([&over](const Message&) {
    // Until the device has lost patience, and the test must end all the same.
    for (const auto end = in_time(); !over && std::chrono::steady_clock::now() < end;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return std::vector<std::uint8_t>();
  }));
  EXPECT_EQ(fault_of_read(peer), ": no answer in time");
  over = true;
}

}  // namespace
}  // namespace synward
