// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace synward {

/// Text from a file or the wire as a terminal or a log may have it: what is no character that can be seen (control
/// characters of ASCII and of Unicode, what turns the direction of writing, what is no UTF-8) becomes \xNN. Line breaks
/// and tabs stay.
std::string printable(std::string_view text);
/// The same in one line: line breaks and tabs become \xNN too.
std::string one_line(std::string_view text);

}  // namespace synward
