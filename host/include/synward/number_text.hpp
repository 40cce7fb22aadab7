// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace synward {

/// 12345678 as "12,345,678".
std::string grouped(std::uint64_t number);
/// "1 segment", "2 segments".
std::string plural(std::uint64_t count, std::string_view word);
/// "2 d 03:04:05", "03:04:05".
std::string duration_text(double seconds);
/// A rate in three digits and a unit: "148 M".
std::string rate_text(double per_second);

}  // namespace synward
