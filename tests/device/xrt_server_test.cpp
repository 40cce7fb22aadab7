// SPDX-License-Identifier: BSD-2-Clause
// The simulator's side of XRT's hw_emu, with the test in the place of XRT.
#include "synward/sim/xrt_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "files.hpp"
#include "process.hpp"
#include "protobuf.hpp"
#include "synward/registers.hpp"
#include "synward/sim/card.hpp"
#include "synward/sim/hwemu_layout.hpp"

namespace synward::sim {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Mode = XrtServer::Mode;

constexpr std::uint32_t kClose = 1, kAllocate = 4, kHostToDevice = 6, kDeviceToHost = 7, kWrite = 9, kRead = 11,
                        kDebug = 19, kEnvironment = 20;

Deadline in_time() { return std::chrono::steady_clock::now() + std::chrono::seconds(kPatience); }

Bytes request(std::uint32_t call, const Bytes& body) {
  Bytes bytes{0x09};
  for (unsigned i = 0; i < 8; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(std::uint64_t{body.size()} >> 8 * i));
  }
  bytes.push_back(0x15);
  for (unsigned i = 0; i < 4; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(call >> 8 * i));
  }
  bytes.insert(bytes.end(), body.begin(), body.end());
  return bytes;
}

Bytes word(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 24)};
}

/// A host program that listens as XRT does, and a simulator that it has started.
class Emulation : public testing::Test {
 protected:
  Emulation() : server_(*card_, sockets_, Mode::launched) {
    auto calls = UnixListener::listen(sockets_.calls, 0600);
    auto traffic = UnixListener::listen(sockets_.traffic, 0600);
    EXPECT_TRUE(calls && traffic);
    calls_.emplace(std::move(*calls));
    traffic_.emplace(std::move(*traffic));
    server_.serve();
    host_ = calls_->accept();
    EXPECT_TRUE(host_);
  }

  /// Lets the server serve what is pending; the sockets' buffers hold all that these tests send.
  void send(const Bytes& bytes) {
    EXPECT_TRUE(send_all(host_, bytes, in_time()));
    // It takes 64 KiB at a time.
    for (std::size_t taken = 0; taken <= bytes.size(); taken += 65536) {
      server_.serve();
    }
  }
  /// The body of the next answer.
  Bytes receive() {
    Bytes head(9);
    const auto received = receive_all(host_, head, in_time());
    EXPECT_TRUE(received) << received.error().text;
    EXPECT_EQ(head[0], 0x09);
    Bytes body(head[1] | head[2] << 8 | head[3] << 16);
    EXPECT_TRUE(receive_all(host_, body, in_time()));
    return body;
  }
  Bytes call(std::uint32_t call, const Bytes& body) {
    send(request(call, body));
    return receive();
  }
  Bytes read(std::uint64_t address, std::uint64_t size) {
    const auto body = call(kRead, ProtoWriter().number(2, address).number(3, size).take());
    const auto fields = ProtoFields::parse(body);
    EXPECT_TRUE(fields);
    EXPECT_EQ(fields->number(1), 1U);
    return {fields->bytes(2).begin(), fields->bytes(2).end()};
  }

  TemporaryFolder folder_;
  std::unique_ptr<Card> card_ = make_reference_card();
  XrtSockets sockets_{folder_.file("calls"), folder_.file("D2X_unix_sock_calls")};
  XrtServer server_;
  std::optional<UnixListener> calls_, traffic_;
  FileDescriptor host_;
};

TEST_F(Emulation, reads_and_writes_the_registers_at_their_base) {
  EXPECT_EQ(read(hwemu::kBase + reg::kId, 4), word(reg::kDeviceId));
  const auto written =
      call(kWrite, ProtoWriter().number(2, hwemu::kBase + reg::kScratch).number(3, 4).bytes(4, word(0x1234567)).take());
  EXPECT_EQ(written, (Bytes{0x08, 1}));
  EXPECT_EQ(card_->read32(reg::kScratch), 0x1234567U);
  auto two = word(card_->read32(reg::kClockHz));
  const auto second = word(card_->read32(reg::kTimeMs));
  two.insert(two.end(), second.begin(), second.end());
  EXPECT_EQ(read(hwemu::kBase + reg::kClockHz, 8), two);
}

TEST_F(Emulation, nothing_answers_elsewhere_on_the_bus) {
  const Bytes ones(4, 0xff);
  card_->write32(reg::kScratch, 5);
  for (const std::uint64_t address : {std::uint64_t{0}, hwemu::kBase - 4, hwemu::kBase + kRegisterSpace,
                                      hwemu::kBase + reg::kScratch + 1, ~std::uint64_t{0} - 3}) {
    EXPECT_EQ(read(address, 4), ones) << address;
    call(kWrite, ProtoWriter().number(2, address).bytes(4, word(9)).take());
  }
  EXPECT_EQ(read(hwemu::kBase, 3), (Bytes{0xff, 0xff, 0xff}));
  EXPECT_EQ(card_->read32(reg::kScratch), 5U);
}

TEST_F(Emulation, answers_every_other_call_as_xrt_expects) {
  const auto number = [](const Bytes& body, std::uint32_t field) { return ProtoFields::parse(body)->number(field); };
  EXPECT_EQ(number(call(kEnvironment, Bytes(ProtoWriter().bytes(3, Bytes(70'000, 'x')).take())), 1), 1U);
  EXPECT_EQ(number(call(kAllocate, ProtoWriter().number(1, 0).number(2, 4096).take()), 1), 1U);
  EXPECT_EQ(number(call(kHostToDevice, ProtoWriter().bytes(4, Bytes(4096)).number(5, 4096).take()), 1), 4096U);
  const auto memory = call(kDeviceToHost, ProtoWriter().number(4, 0).number(5, 4096).take());
  EXPECT_EQ(number(memory, 1), 4096U);
  EXPECT_EQ(ProtoFields::parse(memory)->bytes(2).size(), 4096U);
  EXPECT_TRUE(ProtoFields::parse(call(kDebug, {})));
  EXPECT_FALSE(server_.finished());
}

TEST_F(Emulation, says_that_the_device_makes_no_calls) {
  const auto device = traffic_->accept();
  ASSERT_TRUE(device);
  Bytes head(14);
  ASSERT_TRUE(receive_all(device, head, in_time()));
  EXPECT_EQ(head, request(kClose, {}));
}

TEST_F(Emulation, a_close_ends_the_session_and_leaves_no_socket) {
  EXPECT_EQ(call(kClose, {}), (Bytes{0x08, 1}));
  EXPECT_TRUE(server_.finished());
  EXPECT_FALSE(server_.error());
  EXPECT_FALSE(std::filesystem::exists(sockets_.calls));
  EXPECT_FALSE(std::filesystem::exists(sockets_.traffic));
}

TEST_F(Emulation, a_host_that_dies_ends_the_session_too) {
  send({0x09, 0x00});
  host_.close();
  server_.serve();
  EXPECT_TRUE(server_.finished());
  EXPECT_FALSE(server_.error());
}

TEST_F(Emulation, requests_may_come_in_pieces) {
  auto bytes = request(kRead, ProtoWriter().number(2, hwemu::kBase).number(3, 4).take());
  for (const auto byte : bytes) {
    send({byte});
  }
  EXPECT_FALSE(receive().empty());
}

TEST_F(Emulation, what_is_no_call_ends_the_session_with_an_error) {
  send(Bytes(14, 'x'));
  EXPECT_TRUE(server_.finished());
  ASSERT_TRUE(server_.error());
  EXPECT_EQ(server_.error()->text, "XRT sent what is no call of version 2.13");
}

TEST_F(Emulation, a_length_that_no_call_has_ends_the_session_with_an_error) {
  auto bytes = request(kRead, {});
  bytes[4] = 1;  // 16 MiB
  send(bytes);
  EXPECT_TRUE(server_.finished());
  EXPECT_TRUE(server_.error());
}

TEST_F(Emulation, a_body_that_cannot_be_read_ends_the_session_with_an_error) {
  send(request(kRead, {0x22, 9}));
  EXPECT_TRUE(server_.finished());
  EXPECT_TRUE(server_.error());
}

TEST_F(Emulation, a_read_longer_than_any_ends_the_session_with_an_error) {
  send(request(kRead, ProtoWriter().number(2, hwemu::kBase).number(3, 1 << 30).take()));
  EXPECT_TRUE(server_.finished());
  EXPECT_TRUE(server_.error());
}

}  // namespace
}  // namespace synward::sim
