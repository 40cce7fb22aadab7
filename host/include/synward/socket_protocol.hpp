// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// What a SocketDevice and a simulated card say to each other over a stream socket: messages of three 32-bit words,
/// least significant byte first. The device asks, and each question has one answer with the same op and offset.
namespace synward::socket_protocol {

inline constexpr std::uint32_t kVersion = 2;
inline constexpr std::uint32_t kMagic = 0x53594e57;  ///< offset of a hello

enum class Op : std::uint32_t {
  hello = 0,    ///< the first message; value: the version of who sends it
  read = 1,     ///< value of the answer: the word
  write = 2,    ///< value: the word
  refused = 3,  ///< answer alone: no such op or offset; the connection ends
  space = 4,    ///< value of the answer: bytes of the register space, see Device::space()
  cable = 5,    ///< offset: a port's registers; value: its cable is 1 in, 0 out. Not of the card: of its surroundings
};

struct Message {
  Op op = Op::hello;
  std::uint32_t offset = 0, value = 0;
};

inline constexpr std::size_t kMessageSize = 12;
using MessageBytes = std::array<std::uint8_t, kMessageSize>;

inline MessageBytes encode(const Message& message) {
  const std::array words{static_cast<std::uint32_t>(message.op), message.offset, message.value};
  MessageBytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> 8 * (i % 4));
  }
  return bytes;
}

inline Message decode(std::span<const std::uint8_t, kMessageSize> bytes) {
  std::array<std::uint32_t, 3> words{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    words[i / 4] |= std::uint32_t{bytes[i]} << 8 * (i % 4);
  }
  return {static_cast<Op>(words[0]), words[1], words[2]};
}

}  // namespace synward::socket_protocol
