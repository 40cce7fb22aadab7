// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"
#include "synward/file_descriptor.hpp"

namespace synward {

/// Opens a file that holds a secret, for reading. Errors: "PATH: why"; it cannot be opened, is a link or no regular
/// file, belongs to another than root or this user, gives group or others anything, or lies where others can replace
/// it.
Expected<FileDescriptor> open_secret_file(const std::string& path);

/// Whether others than root and this user could replace files of this folder. Error: "PATH: why".
Expected<void> check_folder(const std::string& folder);

}  // namespace synward
