// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>

namespace synward::gen {

/// Makes the SystemVerilog and C++ views of rtl/board/ports.toml; gives their section of docs/registers.md.
std::string ports(const std::filesystem::path& in, const std::filesystem::path& out);

}  // namespace synward::gen
