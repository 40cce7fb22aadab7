// SPDX-License-Identifier: BSD-2-Clause
#include "block/bench.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace synward::test {

Bytes random_bytes(Rng& rng, std::size_t count) {
  Bytes bytes(count);
  std::generate(bytes.begin(), bytes.end(), [&] { return rng.u8(); });
  return bytes;
}

std::uint64_t test_seed() {
  const char* text = std::getenv("SYNWARD_TEST_SEED");
  const std::uint64_t seed = text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
  std::cout << "seed " << seed << '\n';
  return seed;
}

}  // namespace synward::test
