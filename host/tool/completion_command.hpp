// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace synward::tool {

// What an option or a word takes, as CLI11's type name says it; completion goes by that.
inline constexpr const char* kFileWord = "FILE";
inline constexpr const char* kSysctlWord = "SYSCTL";
inline constexpr const char* kEventWord = "EVENT";
inline constexpr const char* kFigureWord = "FIGURE";
inline constexpr const char* kShellWord = "SHELL";

/// A shell's completion, made of the command line itself: every verb, every option, and what they take.
/// `shell`: "bash", "zsh" or "fish".
std::string completion_text(const CLI::App& app, std::string_view shell);

}  // namespace synward::tool
