// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace synward::sim {

/// A zip archive of one executable file, not compressed.
std::vector<std::uint8_t> zip_of(std::string_view name, std::span<const std::uint8_t> content);

}  // namespace synward::sim
