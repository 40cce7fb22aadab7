// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "synward/records.hpp"

namespace synward::reference {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// A received frame, read in network order. Bytes beyond its length read as zero.
class FrameReader {
 public:
  explicit FrameReader(ByteView bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  ByteView view(std::size_t at, std::size_t length) const { return bytes_.subspan(at, length); }

  std::uint8_t u8(std::size_t at) const { return at < bytes_.size() ? bytes_[at] : std::uint8_t{0}; }
  std::uint16_t u16(std::size_t at) const { return static_cast<std::uint16_t>(u8(at) << 8 | u8(at + 1)); }
  std::uint32_t u32(std::size_t at) const { return std::uint32_t{u16(at)} << 16 | u16(at + 2); }
  std::uint64_t u48(std::size_t at) const { return std::uint64_t{u16(at)} << 32 | u32(at + 2); }
  std::uint64_t u64(std::size_t at) const { return std::uint64_t{u32(at)} << 32 | u32(at + 4); }
  Wide128 u128(std::size_t at) const { return {u64(at), u64(at + 8)}; }

 private:
  ByteView bytes_;
};

}  // namespace synward::reference
