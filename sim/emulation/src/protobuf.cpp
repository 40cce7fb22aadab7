// SPDX-License-Identifier: BSD-2-Clause
#include "protobuf.hpp"

#include <algorithm>

namespace synward::sim {

namespace {

enum WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::optional<std::uint64_t> read_varint(std::span<const std::uint8_t>& in) {
  constexpr std::size_t kLongest = 10;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < std::min(in.size(), kLongest); ++i) {
    value |= std::uint64_t{in[i] & 0x7fU} << 7 * i;
    if ((in[i] & 0x80) == 0) {
      in = in.subspan(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::span<const std::uint8_t>> read_bytes(std::span<const std::uint8_t>& in, std::uint64_t size) {
  if (size > in.size()) {
    return std::nullopt;
  }
  const auto bytes = in.first(static_cast<std::size_t>(size));
  in = in.subspan(bytes.size());
  return bytes;
}

std::optional<std::uint64_t> read_fixed(std::span<const std::uint8_t>& in, std::size_t size) {
  const auto bytes = read_bytes(in, size);
  if (!bytes) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::uint64_t{(*bytes)[i]} << 8 * i;
  }
  return value;
}

}  // namespace

std::optional<ProtoFields> ProtoFields::parse(std::span<const std::uint8_t> in) {
  ProtoFields message;
  while (!in.empty()) {
    const auto key = read_varint(in);
    if (!key || *key >> 3 == 0 || *key >> 32 != 0) {
      return std::nullopt;
    }
    std::optional<std::uint64_t> value;
    std::optional<std::span<const std::uint8_t>> bytes;
    switch (*key & 7) {
      case kVarint:
        value = read_varint(in);
        break;
      case kFixed64:
        value = read_fixed(in, 8);
        break;
      case kFixed32:
        value = read_fixed(in, 4);
        break;
      case kBytes:
        value = read_varint(in);
        bytes = value ? read_bytes(in, *value) : std::nullopt;
        value = bytes ? value : std::nullopt;
        break;
      default:
        break;
    }
    if (!value) {
      return std::nullopt;
    }
    message.fields_.push_back(
        {static_cast<std::uint32_t>(*key >> 3), *value, bytes.value_or(std::span<const std::uint8_t>())});
  }
  return message;
}

const ProtoFields::Field* ProtoFields::find(std::uint32_t field) const {
  const auto last = std::ranges::find(fields_.rbegin(), fields_.rend(), field, &Field::number);
  return last == fields_.rend() ? nullptr : &*last;
}

std::uint64_t ProtoFields::number(std::uint32_t field) const {
  const auto* found = find(field);
  return found == nullptr ? 0 : found->value;
}

std::span<const std::uint8_t> ProtoFields::bytes(std::uint32_t field) const {
  const auto* found = find(field);
  return found == nullptr ? std::span<const std::uint8_t>() : found->bytes;
}

ProtoWriter& ProtoWriter::number(std::uint32_t field, std::uint64_t value) {
  varint(std::uint64_t{field} << 3 | kVarint);
  varint(value);
  return *this;
}

ProtoWriter& ProtoWriter::bytes(std::uint32_t field, std::span<const std::uint8_t> value) {
  varint(std::uint64_t{field} << 3 | kBytes);
  varint(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  return *this;
}

void ProtoWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  bytes_.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace synward::sim
