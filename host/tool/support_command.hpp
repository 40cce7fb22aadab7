// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace synward::tool {

/// A daemon's configuration as others may read it: the tables and keys that synwardd.toml(5) has, without comments and
/// without anything else, since nobody knows what that holds. Files of keys are named, and not read.
std::string public_config(const std::string& path);

}  // namespace synward::tool
