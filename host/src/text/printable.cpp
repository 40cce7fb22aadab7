// SPDX-License-Identifier: BSD-2-Clause
#include "synward/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace synward {

namespace {

/// A character at the begin of a text.
struct Character {
  std::uint32_t code;
  std::size_t size;  ///< bytes; 0: no UTF-8
};

Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const auto lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t size = lead >> 5 == 0x6 ? 2 : lead >> 4 == 0xe ? 3 : lead >> 3 == 0x1e ? 4 : 0;
  if (size == 0 || size > text.size()) {
    return {0, 0};
  }
  std::uint32_t code = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (byte(i) >> 6 != 2) {
      return {0, 0};
    }
    code = code << 6 | (byte(i) & 0x3fU);
  }
  // The shortest form alone, and no halves of pairs.
  constexpr std::uint32_t kLeast[]{0, 0, 0x80, 0x800, 0x10000};
  const bool right = code >= kLeast[size] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return {code, right ? size : 0};
}

bool can_be_seen(std::uint32_t code) {
  const bool control = code < ' ' || (code >= 0x7f && code <= 0x9f);
  const bool line = code == 0x2028 || code == 0x2029;
  const bool turns = (code >= 0x200e && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
                     (code >= 0x2066 && code <= 0x2069) || code == 0x061c;
  return !control && !line && !turns;
}

std::string shown(std::string_view text, std::string_view also) {
  std::string out;
  while (!text.empty()) {
    const auto [code, size] = first_of(text);
    const auto taken = text.substr(0, std::max<std::size_t>(size, 1));
    text.remove_prefix(taken.size());
    if (size != 0 && (can_be_seen(code) || also.find(taken) != std::string_view::npos)) {
      out += taken;
      continue;
    }
    for (const char c : taken) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) { return shown(text, "\n\t"); }
std::string one_line(std::string_view text) { return shown(text, ""); }

}  // namespace synward
