// SPDX-License-Identifier: BSD-2-Clause
// A reference card behind a socket.
#include "synward/sim/socket_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "files.hpp"
#include "process.hpp"
#include "synward/apply.hpp"
#include "synward/config.hpp"
#include "synward/counters.hpp"
#include "synward/socket_device.hpp"
#include "synward/socket_protocol.hpp"

namespace synward::sim {
namespace {

using socket_protocol::Message;
using socket_protocol::Op;

/// A reference card that a thread serves at a socket.
class ServedCard {
 public:
  ServedCard() {
    auto endpoint = SocketServer::listen(*card_, path());
    EXPECT_TRUE(endpoint) << endpoint.error().text;
    server_.add(*endpoint);
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        server_.poll(std::chrono::milliseconds(5));
      }
    });
  }

  std::string path() const { return folder_.file("card.sock"); }
  std::unique_ptr<Device> open() const {
    auto device = open_socket_device({path()});
    EXPECT_TRUE(device) << device.error().text;
    return std::move(*device);
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Card> card_ = make_reference_card();
  CardServer server_;
  std::jthread thread_;
};

Deadline in_time() { return std::chrono::steady_clock::now() + std::chrono::seconds(kPatience); }

TEST(SocketServer, a_configuration_goes_through_it) {
  const ServedCard served;
  const auto device = served.open();
  EXPECT_EQ(device->read32(reg::kId), reg::kDeviceId);
  const auto config = parse_config("[[service]]\naddress = \"any\"\nport = 443\n", "c.toml");
  ASSERT_TRUE(config);
  const auto applied = apply(*device, *config);
  ASSERT_TRUE(applied) << applied.error().text;
  constexpr std::uint32_t kAllLoaded = 0x20;
  EXPECT_NE(device->read32(reg::kSecretStatus) & kAllLoaded, 0U);
  EXPECT_EQ(read_counters(*device)[reg::Counter::line_rx_frames], 0U);
  EXPECT_FALSE(device->fault());
}

TEST(SocketServer, several_clients_see_the_same_card) {
  const ServedCard served;
  std::array<std::unique_ptr<Device>, 5> devices;
  std::ranges::generate(devices, [&served] { return served.open(); });
  std::vector<std::jthread> threads;
  threads.reserve(devices.size());
  std::atomic<int> wrong = 0;
  for (const auto& device : devices) {
    threads.emplace_back([&device, &wrong] {
      for (int i = 0; i < 500; ++i) {
        wrong += device->read32(reg::kId) != reg::kDeviceId;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
  devices[0]->write32(reg::kScratch, 77);
  EXPECT_EQ(devices[4]->read32(reg::kScratch), 77U);
}

TEST(SocketServer, one_client_after_another) {
  const ServedCard served;
  for (std::uint32_t i = 0; i < 2 * SocketServer::kMostClients; ++i) {
    const auto device = served.open();
    EXPECT_EQ(device->read32(reg::kScratch), i);
    device->write32(reg::kScratch, i + 1);
  }
}

TEST(SocketServer, an_offset_beyond_the_registers_ends_that_client_alone) {
  const ServedCard served;
  const auto good = served.open();
  for (const std::uint32_t offset : {kRegisterSpace, 2U, 0xffffffffU}) {
    const auto bad = served.open();
    EXPECT_EQ(bad->read32(offset), 0xffffffffU);
    ASSERT_TRUE(bad->fault());
    EXPECT_EQ(bad->fault()->text, fmt::format("{}: the simulation refused offset {:#x}", served.path(), offset));
  }
  EXPECT_EQ(good->read32(reg::kId), reg::kDeviceId);
}

/// Sends bytes as they are, and gives back the whole messages that come until the server hangs up or `wanted` are
/// there.
std::vector<Message> converse(const std::string& path, const std::vector<Message>& messages, std::size_t wanted) {
  const auto socket = connect_unix(path);
  EXPECT_TRUE(socket);
  for (const auto& message : messages) {
    // In two pieces: the server has to wait for the rest.
    const auto bytes = socket_protocol::encode(message);
    EXPECT_TRUE(send_all(*socket, std::span(bytes).first(7), in_time()));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (!send_all(*socket, std::span(bytes).subspan(7), in_time())) {
      break;
    }
  }
  std::vector<Message> answers;
  socket_protocol::MessageBytes bytes{};
  while (answers.size() < wanted && receive_all(*socket, bytes, in_time())) {
    answers.push_back(socket_protocol::decode(bytes));
  }
  return answers;
}

TEST(SocketServer, answers_what_comes_in_pieces_and_in_order) {
  const ServedCard served;
  const auto answers = converse(served.path(),
                                {{Op::hello, socket_protocol::kMagic, socket_protocol::kVersion},
                                 {Op::write, reg::kScratch, 5},
                                 {Op::read, reg::kScratch, 0},
                                 {Op::read, reg::kId, 0}},
                                4);
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[1].op, Op::write);
  EXPECT_EQ(answers[2].value, 5U);
  EXPECT_EQ(answers[3].value, reg::kDeviceId);
}

TEST(SocketServer, who_does_not_say_hello_first_is_refused) {
  const ServedCard served;
  const auto silent = converse(served.path(), {{Op::read, reg::kId, 0}}, 2);
  ASSERT_EQ(silent.size(), 1U);
  EXPECT_EQ(silent[0].op, Op::refused);
  const auto other = converse(served.path(), {{Op::hello, socket_protocol::kMagic, 9}}, 2);
  ASSERT_EQ(other.size(), 1U);
  EXPECT_EQ(other[0].value, socket_protocol::kVersion);
  const auto stranger = converse(served.path(), {{Op::hello, 0x20544547, 1}}, 2);
  ASSERT_EQ(stranger.size(), 1U);
  EXPECT_EQ(stranger[0].op, Op::refused);
}

TEST(SocketServer, who_never_reads_is_left) {
  const ServedCard served;
  const auto socket = connect_unix(served.path());
  ASSERT_TRUE(socket);
  const auto hello = socket_protocol::encode({Op::hello, socket_protocol::kMagic, socket_protocol::kVersion});
  ASSERT_TRUE(send_all(*socket, hello, in_time()));
  const auto question = socket_protocol::encode({Op::read, reg::kId, 0});
  // Far more questions than its answers have room for.
  constexpr int kMost = 10'000'000;
  int sent = 0;
  while (sent < kMost && send_all(*socket, question, in_time())) {
    ++sent;
  }
  EXPECT_LT(sent, kMost);
  EXPECT_EQ(served.open()->read32(reg::kId), reg::kDeviceId);
}

}  // namespace
}  // namespace synward::sim
