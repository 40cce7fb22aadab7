// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

#include "synward/expected.hpp"
#include "synward/file_descriptor.hpp"

namespace synward {

/// Reads a file of at most `most` bytes. Never waits for another process: what is no regular file is an error, unless
/// `pipes` allows those. Errors: "PATH: why".
Expected<std::string> read_text_file(const std::string& path, std::size_t most, bool pipes = false);
/// The same of a file that is open; `name` names it in errors.
Expected<std::string> read_text_file(const FileDescriptor& file, const std::string& name, std::size_t most, bool pipes);

}  // namespace synward
