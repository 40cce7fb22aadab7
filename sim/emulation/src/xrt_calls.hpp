// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "synward/device.hpp"

namespace synward::sim {

/// A call that XRT's hw_emu shim makes.
struct XrtRequest {
  std::uint32_t call = 0;
  std::size_t size = 0;  ///< of the body, bytes
};

inline constexpr std::uint32_t kXrtClose = 1;            ///< ends a session
inline constexpr std::size_t kXrtRequestHead = 14;       ///< bytes
inline constexpr std::size_t kXrtLongestBody = 1 << 20;  ///< bytes; packet_size of xrt.ini bounds what XRT sends

/// Reads the head of a request. Nothing where it is none, or the body too long.
std::optional<XrtRequest> read_xrt_request(std::span<const std::uint8_t, kXrtRequestHead> head);
/// The head of a request without a body.
std::vector<std::uint8_t> make_xrt_request(std::uint32_t call);

/// Carries out a call and gives the answer, its head included. The card has no memory: buffers are granted, what is
/// written to them is lost. Nothing where the body cannot be read.
std::optional<std::vector<std::uint8_t>> answer_xrt_call(Device& card, std::uint32_t call,
                                                         std::span<const std::uint8_t> body);

}  // namespace synward::sim
