// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "synward/expected.hpp"
#include "synward/sim/card.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/pacing.hpp"

namespace synward::sim {

/// What `synward sim corpus` is told. Empty paths mean none.
struct CorpusOptions {
  std::string folder;
  std::string config;  ///< for all captures; without it each has its own, or its own servers are protected
  std::string json;
  double linger_s = 0;
  Pace pace = Pace::pcap;
  /// Makes the card of a core; tests put others in its place.
  std::function<Expected<std::unique_ptr<Card>>(std::string_view core)> make = [](std::string_view core) {
    return make_card(core);
  };
};

struct CorpusResult {
  std::string text;    ///< a table for people
  bool sound = false;  ///< no core differed from the other or broke a law
};

/// Puts every capture below a folder through both cores with the same configuration, and says where they differ, which
/// laws are broken and what could not be read. Errors are one line.
Expected<CorpusResult> corpus(const CorpusOptions& options);

}  // namespace synward::sim
