// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "common/rng.hpp"
#include "synward/device.hpp"
#include "synward/sim/card.hpp"

namespace synward::test {

/// How a card is broken.
enum class Lie : std::uint8_t {
  random,      ///< every word is any
  ones,        ///< every word is all ones, as a bus without a card gives, but no fault is known
  zeros,       ///< every word is zero
  flipped,     ///< one word in sixteen has a wrong bit
  edges,       ///< one word in eight is all ones, zero, or its complement
  restless,    ///< true words, but TIME_MS jumps, and counts are any
  forgetful,   ///< true words, but half of the writes are lost
  late_faults  ///< true words, until a transaction fails for good
};
inline constexpr unsigned kLies = 8;

/// A device in front of a reference card that tells lies.
class LyingCard : public Device {
 public:
  /// `honest`: how many transactions it tells the truth before, so that it may be taken for a card.
  LyingCard(Lie lie, Rng rng, std::uint64_t honest);
  ~LyingCard() override;

  std::uint32_t read32(std::uint32_t offset) override;
  void write32(std::uint32_t offset, std::uint32_t value) override;
  std::optional<Error> fault() const override;

  std::uint64_t transactions() const { return transactions_; }

 private:
  bool honest() { return ++transactions_ <= honest_; }
  std::uint32_t lie_about(std::uint32_t offset, std::uint32_t word);
  std::uint32_t restless(std::uint32_t offset, std::uint32_t word);

  Lie lie_;
  Rng rng_;
  std::uint64_t honest_, transactions_ = 0;
  bool failed_ = false;
  std::unique_ptr<sim::Card> card_;
};

}  // namespace synward::test
