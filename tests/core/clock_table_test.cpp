// SPDX-License-Identifier: BSD-2-Clause
// The documents say where a SYN's clocks go; their tables add up to what the core takes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <string>

#include "common/setup.hpp"
#include "core/reset_rig.hpp"

namespace synward::test {
namespace {

/// Sum of the numbers with which a column of the table under `head` begins; rows without one have none.
unsigned sum_of_column(const std::string& file, const std::string& head, bool last_column) {
  std::ifstream in(std::string(SYNWARD_DOCS) + "/" + file);
  std::string line;
  while (std::getline(in, line) && line != head) {
  }
  EXPECT_TRUE(in) << file << " has no table " << head;
  const std::regex number(last_column ? R"(.*\| (\d+)[^|]*\|)" : R"(\| (\d+) \|.*)");
  unsigned sum = 0;
  while (std::getline(in, line) && line.starts_with('|')) {
    std::smatch match;
    if (std::regex_match(line, match, number)) sum += static_cast<unsigned>(std::stoul(match[1]));
  }
  return sum;
}

TEST(ClockTable, the_documents_tables_add_up_to_a_syns_way_through_the_core) {
  ResetRig rig(1);
  rig.start({.line = 0, .host = 0});
  rig.clocks(kRelease);
  program(rig, default_services(), default_secrets());
  rig.serve();
  const std::uint64_t measured = rig.syn_latency();
  EXPECT_EQ(sum_of_column("theory-of-operation.md", "| module | what | clocks |", true), measured);
  EXPECT_EQ(sum_of_column("performance.md", "| clocks | where |", false), measured);
}

}  // namespace
}  // namespace synward::test
