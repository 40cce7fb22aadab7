// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "synward/expected.hpp"

namespace synward::tool {

/// A file of an archive.
struct ArchivedFile {
  std::string name, content;
};

/// Writes a .tar.gz that only its owner may read, with the files below `folder`. Errors: "PATH: why"; a file that is
/// there already is left alone, one that was not finished is taken away.
Expected<void> write_archive(const std::string& path, const std::string& folder,
                             const std::vector<ArchivedFile>& files);

}  // namespace synward::tool
