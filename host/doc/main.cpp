// SPDX-License-Identifier: BSD-2-Clause
// Prints a page of docs/ that is made of the library, sysctl or metrics, or the exposition of a card that has done
// nothing yet.
#include <cstdio>
#include <string>
#include <string_view>

#include "synward/metrics.hpp"
#include "synward/sysctl_page.hpp"

namespace {

std::string exposition() {
  synward::Metrics metrics;
  metrics.card = synward::any_card();
  return synward::prometheus_text(metrics);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc == 2 ? argv[1] : "";
  const auto page = name == "sysctl"       ? synward::sysctl_page()
                    : name == "metrics"    ? synward::metrics_page()
                    : name == "exposition" ? exposition()
                                           : std::string();
  if (page.empty()) {
    std::fputs("usage: synward-doc sysctl | metrics | exposition\n", stderr);
    return 2;
  }
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
