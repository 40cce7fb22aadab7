// SPDX-License-Identifier: BSD-2-Clause
// Prints docs/sysctl.md.
#include <cstdio>

#include "synward/sysctl_page.hpp"

int main() {
  const auto page = synward::sysctl_page();
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
