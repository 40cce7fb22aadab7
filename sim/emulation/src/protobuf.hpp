// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace synward::sim {

/// The fields of a protobuf message that XRT's calls need: integers and bytes. Of a field that comes twice the last
/// counts.
class ProtoFields {
 public:
  /// Reads the fields of a message; `bytes` must outlive them. Nothing where it is cut off or malformed.
  static std::optional<ProtoFields> parse(std::span<const std::uint8_t> bytes);

  /// An integer; 0 where it is absent.
  std::uint64_t number(std::uint32_t field) const;
  /// Bytes; none where they are absent.
  std::span<const std::uint8_t> bytes(std::uint32_t field) const;

 private:
  struct Field {
    std::uint32_t number;
    std::uint64_t value;
    std::span<const std::uint8_t> bytes;
  };
  const Field* find(std::uint32_t field) const;

  std::vector<Field> fields_;
};

/// Writes a protobuf message.
class ProtoWriter {
 public:
  ProtoWriter& number(std::uint32_t field, std::uint64_t value);
  ProtoWriter& bytes(std::uint32_t field, std::span<const std::uint8_t> value);
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  void varint(std::uint64_t value);

  std::vector<std::uint8_t> bytes_;
};

}  // namespace synward::sim
