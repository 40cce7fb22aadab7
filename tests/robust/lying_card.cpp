// SPDX-License-Identifier: BSD-2-Clause
#include "lying_card.hpp"

#include <array>

#include "synward/registers.hpp"

namespace synward::test {

namespace {

constexpr std::uint32_t kOnes = 0xffffffff;

}  // namespace

LyingCard::LyingCard(Lie lie, Rng rng, std::uint64_t honest)
    : lie_(lie), rng_(rng), honest_(honest), card_(sim::make_reference_card({6, 6})) {}

LyingCard::~LyingCard() = default;

std::uint32_t LyingCard::read32(std::uint32_t offset) {
  // A card's time passes with its bus.
  card_->run_until(card_->now() + 100);
  const auto word = card_->read32(offset);
  return honest() ? word : lie_about(offset, word);
}

void LyingCard::write32(std::uint32_t offset, std::uint32_t value) {
  const bool lost = !honest() && ((lie_ == Lie::forgetful && rng_.bit()) || failed_);
  if (!lost) {
    card_->write32(offset, value);
  }
}

std::optional<Error> LyingCard::fault() const {
  return failed_ ? std::optional(Error{"slot 1: the bus is dead"}) : std::nullopt;
}

std::uint32_t LyingCard::lie_about(std::uint32_t offset, std::uint32_t word) {
  switch (lie_) {
    case Lie::random:
      return rng_.u32();
    case Lie::ones:
      return kOnes;
    case Lie::zeros:
      return 0;
    case Lie::flipped:
      return rng_.below(16) == 0 ? word ^ (1U << rng_.below(32)) : word;
    case Lie::edges:
      return rng_.below(8) == 0 ? rng_.pick(std::array{kOnes, 0U, ~word}) : word;
    case Lie::restless:
      return restless(offset, word);
    case Lie::forgetful:
      return word;
    case Lie::late_faults:
      failed_ = failed_ || rng_.below(200) == 0;
      return failed_ ? kOnes : word;
  }
  return word;
}

std::uint32_t LyingCard::restless(std::uint32_t offset, std::uint32_t word) {
  const bool data = (offset >= reg::kEventData && offset < reg::kSnapshot) || offset >= reg::kCounter;
  const bool count = offset == reg::kTimeMs || offset == reg::kEventCount || offset == reg::kSyncacheCount ||
                     offset == reg::kFlowCount || offset == reg::kPauseLeft || offset == reg::kListStatus;
  return data || count ? rng_.u32() : word;
}

}  // namespace synward::test
