// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>
#include <vector>

#include "synward/event.hpp"

namespace synward {

/// Finds what FreeBSD and Linux log about handshakes in a text: a log with or without syslog's or dmesg's prefix, a
/// mail or a page of a forum that quotes one, with its lines broken anywhere and addresses taken out. Texts of old and
/// of new kernels are known. Everything else in the text is passed over. Events stand in the order of the text; a time
/// is seconds since the start of the log's year (syslog), of 1970 (ISO 8601) or since boot (dmesg).
std::vector<LogEvent> parse_log(std::string_view text);

}  // namespace synward
