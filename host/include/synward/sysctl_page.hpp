// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace synward {

/// docs/sysctl.md.
std::string sysctl_page();

}  // namespace synward
