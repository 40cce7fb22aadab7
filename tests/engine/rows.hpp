// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "synward/engine.hpp"
#include "third_model.hpp"

namespace synward::test {

/// One request to an engine, and what could be seen of it from outside.
struct Observation {
  const EngineConfig& config;
  const RequestRecord& request;
  Room room;
  bool stateless;  ///< by the sysctls, the pause and the tables before
  EngineState before, after;
  std::optional<EntryRecord> entry, entry_after;  ///< of the request's connection
  unsigned entries;                               ///< in its bucket before
  std::optional<FlowWay> flow, flow_after;        ///< of the request's connection
  unsigned open_laps, open_laps_after;            ///< of its flow bucket
  unsigned handed, opens, closings;               ///< flows of that bucket before
  unsigned handed_after, opens_after, closings_after;
  EngineAnswer answer;
};

/// A row: its name, after the section of the description, and how it shows in an engine's answer and tables.
struct RowInfo {
  Row row;
  std::string_view name;
  bool (*shows)(const Observation&);
};

/// All rows, in the order of their enumerators.
std::vector<RowInfo> all_rows();

}  // namespace synward::test
