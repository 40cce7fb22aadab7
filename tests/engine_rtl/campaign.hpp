// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <cstdlib>

namespace synward::test {

/// How long a random run is.
struct Campaign {
  std::uint64_t requests;  ///< of each seed
  std::uint64_t seeds, first;
};

/// As the environment says: SYNWARD_ENGINE_REQUESTS, SYNWARD_ENGINE_SEEDS, SYNWARD_SEED.
inline Campaign campaign_of(std::uint64_t requests, std::uint64_t seeds) {
  const auto setting = [](const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
  };
  return {setting("SYNWARD_ENGINE_REQUESTS", requests), setting("SYNWARD_ENGINE_SEEDS", seeds),
          setting("SYNWARD_SEED", 1)};
}

}  // namespace synward::test
