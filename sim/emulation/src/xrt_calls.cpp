// SPDX-License-Identifier: BSD-2-Clause
#include "xrt_calls.hpp"

#include "protobuf.hpp"
#include "synward/sim/hwemu_layout.hpp"

namespace synward::sim {

namespace {

// Numbers of calls, and of fields in them, as XRT 2.13 has them.
enum Call : std::uint32_t {
  kHostToDevice = 6,
  kDeviceToHost = 7,
  kWriteRegisters = 9,
  kReadRegisters = 11,
  kDebugMessages = 19,
};

// Heads of requests and answers are messages themselves: field 1, a fixed64, is the size; field 2, a fixed32, the call.
constexpr std::uint8_t kSizeKey = 0x09;
constexpr std::uint8_t kCallKey = 0x15;

void append_le(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) {
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }
}

std::uint64_t read_le(std::span<const std::uint8_t> in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    value |= std::uint64_t{in[i]} << 8 * i;
  }
  return value;
}

/// The register at an address of the card's bus; nothing where there is none.
std::optional<std::uint32_t> register_at(const Device& card, std::uint64_t address) {
  const bool ours = address % 4 == 0 && address >= hwemu::kBase && address - hwemu::kBase < card.space();
  return ours ? std::optional(static_cast<std::uint32_t>(address - hwemu::kBase)) : std::nullopt;
}

/// As many words as `size` has room for; all ones where nothing answers.
std::vector<std::uint8_t> read_registers(Device& card, std::uint64_t address, std::uint64_t size) {
  std::vector<std::uint8_t> data;
  for (std::uint64_t at = 0; at + 4 <= size; at += 4) {
    const auto offset = register_at(card, address + at);
    append_le(data, offset ? card.read32(*offset) : ~std::uint32_t{0}, 4);
  }
  data.resize(static_cast<std::size_t>(size), 0xff);
  return data;
}

void write_registers(Device& card, std::uint64_t address, std::span<const std::uint8_t> data) {
  for (std::size_t at = 0; at + 4 <= data.size(); at += 4) {
    if (const auto offset = register_at(card, address + at)) {
      card.write32(*offset, static_cast<std::uint32_t>(read_le(data.subspan(at, 4))));
    }
  }
}

}  // namespace

std::optional<XrtRequest> read_xrt_request(std::span<const std::uint8_t, kXrtRequestHead> head) {
  const auto size = read_le(head.subspan<1, 8>());
  if (head[0] != kSizeKey || head[9] != kCallKey || size > kXrtLongestBody) {
    return std::nullopt;
  }
  return XrtRequest{static_cast<std::uint32_t>(read_le(head.subspan<10, 4>())), static_cast<std::size_t>(size)};
}

std::vector<std::uint8_t> make_xrt_request(std::uint32_t call) {
  std::vector<std::uint8_t> head{kSizeKey};
  append_le(head, 0, 8);
  head.push_back(kCallKey);
  append_le(head, call, 4);
  return head;
}

std::optional<std::vector<std::uint8_t>> answer_xrt_call(Device& card, std::uint32_t call,
                                                         std::span<const std::uint8_t> body) {
  const auto in = ProtoFields::parse(body);
  if (!in) {
    return std::nullopt;
  }
  ProtoWriter out;
  switch (call) {
    case kReadRegisters:
    case kDeviceToHost: {
      const auto size = in->number(call == kReadRegisters ? 3 : 5);
      if (size > kXrtLongestBody) {
        return std::nullopt;
      }
      if (call == kReadRegisters) {
        out.number(1, 1).bytes(2, read_registers(card, in->number(2), size));
      } else {
        out.number(1, size).bytes(2, std::vector<std::uint8_t>(static_cast<std::size_t>(size)));
      }
      break;
    }
    case kWriteRegisters:
      write_registers(card, in->number(2), in->bytes(4));
      out.number(1, 1);
      break;
    case kHostToDevice:
      out.number(1, in->number(5));
      break;
    case kDebugMessages:
      out.number(1, 0);
      break;
    default:
      // Allocations, the environment, the end of the session: each is answered by field 1 alone, as done.
      out.number(1, 1);
  }
  const auto message = out.take();
  std::vector<std::uint8_t> answer{kSizeKey};
  append_le(answer, message.size(), 8);
  answer.insert(answer.end(), message.begin(), message.end());
  return answer;
}

}  // namespace synward::sim
