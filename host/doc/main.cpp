// SPDX-License-Identifier: BSD-2-Clause
// Prints a page of docs/ that is made of the library: sysctl or metrics.
#include <cstdio>
#include <string_view>

#include "synward/metrics.hpp"
#include "synward/sysctl_page.hpp"

int main(int argc, char** argv) {
  const std::string_view name = argc == 2 ? argv[1] : "";
  if (name != "sysctl" && name != "metrics") {
    std::fputs("usage: synward-doc sysctl | metrics\n", stderr);
    return 2;
  }
  const auto page = name == "sysctl" ? synward::sysctl_page() : synward::metrics_page();
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
