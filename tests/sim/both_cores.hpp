// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "device/process.hpp"
#include "files.hpp"

namespace synward::sim {

/// What a replay gave.
struct Replayed {
  std::vector<TimedFrame> line, host;
  nlohmann::json report;
  std::string events, log;
};

inline Replayed replay(const TemporaryFolder& folder, const std::string& core, const std::string& arguments) {
  const auto file = [&](const char* name) { return folder.file(core + name); };
  const auto result = run_tool(
      fmt::format("sim replay --core {} --line-out {} --host-out {} --json {} --events {} --log {} {}", core,
                  file(".lo.pcap"), file(".ho.pcap"), file(".json"), file(".events"), file(".log"), arguments));
  EXPECT_EQ(result.status, 0) << result.err;
  if (result.status != 0) {
    return {};
  }
  return {read_pcap(file(".lo.pcap")), read_pcap(file(".ho.pcap")), nlohmann::json::parse(read_text(file(".json"))),
          read_text(file(".events")), read_text(file(".log"))};
}

/// Both cores alike, times apart: the reference answers at once, the RTL after 90 clocks or, what its timers send, when
/// its sweeper has come to it.
inline void expect_same(const Replayed& rtl, const Replayed& ref) {
  for (const auto& lists : {std::pair{&rtl.line, &ref.line}, std::pair{&rtl.host, &ref.host}}) {
    ASSERT_EQ(lists.first->size(), lists.second->size());
    for (std::size_t i = 0; i < lists.first->size(); ++i) {
      EXPECT_EQ((*lists.first)[i].bytes, (*lists.second)[i].bytes) << "frame " << i;
      EXPECT_NEAR(static_cast<double>((*lists.first)[i].ns), static_cast<double>((*lists.second)[i].ns), 100'000);
    }
  }
  for (const char* part : {"counters", "drops", "fates", "events", "tables"}) {
    EXPECT_EQ(rtl.report[part], ref.report[part]) << part;
  }
  EXPECT_EQ(rtl.events, ref.events);
  EXPECT_EQ(rtl.log, ref.log);
}

}  // namespace synward::sim
