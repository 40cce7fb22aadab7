// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

#include "synward/expected.hpp"

namespace synward {

/// The plain text in what people have of a log: compressed by gzip, xz or bzip2; UTF-16; a page of HTML; a raw mail
/// (quoted-printable or base64); what journalctl -o json or docker writes, which become lines with their times. Events
/// of a run stay as they are. `name` names it in errors: it is no text, it is compressed otherwise, or broken, or
/// larger than `most` bytes once unpacked.
Expected<std::string> readable_text(std::string bytes, const std::string& name, std::size_t most);

/// What compressed `bytes` are once unpacked; others as they are. Errors as above.
Expected<std::string> unpacked(std::string bytes, const std::string& name, std::size_t most);

}  // namespace synward
