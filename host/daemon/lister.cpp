// SPDX-License-Identifier: BSD-2-Clause
#include "lister.hpp"

#include <algorithm>
#include <iterator>

namespace synward {

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::seconds kAdminsWalk{10}, kAnybodysWalk{2};
constexpr std::chrono::seconds kFresh{1};
constexpr std::chrono::milliseconds kTurn{10};  ///< of the card's thread
constexpr std::size_t kStep = 4;                ///< entries, before the time is looked at

struct Part {
  std::vector<HalfOpen> entries;
  bool end = false;  ///< there are no more
};

Expected<Part> read_part(CardKeeper& card, std::size_t most, ListFrom from) {
  Part part;
  const auto end = std::chrono::steady_clock::now() + kTurn;
  while (part.entries.size() < most && !part.end && std::chrono::steady_clock::now() < end) {
    const auto wanted = std::min(kStep, most - part.entries.size());
    const auto more = card.half_open(wanted, from);
    if (!more) {
      return more.error();
    }
    part.entries.insert(part.entries.end(), more->begin(), more->end());
    part.end = more->size() < wanted;
    from = ListFrom::last;
  }
  return part;
}

}  // namespace

bool Lister::begin(bool admin) {
  std::unique_lock lock(mutex_);
  admins_ += admin ? 1 : 0;
  const bool mine = ended_.wait_for(lock, kPatience, [&] { return !walking_ && (admin || admins_ == 0); });
  admins_ -= admin ? 1 : 0;
  walking_ = walking_ || mine;
  return mine;
}

void Lister::end() {
  {
    const std::lock_guard lock(mutex_);
    walking_ = false;
  }
  ended_.notify_all();
}

bool Lister::admin_waits() const {
  const std::lock_guard lock(mutex_);
  return admins_ > 0;
}

std::optional<Expected<Lister::Listing>> Lister::walk(std::size_t most, bool admin, const Gone& gone) {
  Listing listing;
  const auto until = Clock::now() + (admin ? kAdminsWalk : kAnybodysWalk);
  for (auto from = ListFrom::start; listing.entries.size() < most; from = ListFrom::last) {
    const auto wanted = std::min(kAtOnce, most - listing.entries.size());
    auto part = card_.call([wanted, from](CardKeeper& card) { return read_part(card, wanted, from); },
                           std::chrono::seconds(2), admin);
    if (!part) {
      return std::nullopt;
    }
    if (!*part) {
      return Expected<Listing>(part->error());
    }
    std::ranges::copy((*part)->entries, std::back_inserter(listing.entries));
    if ((*part)->end) {
      break;
    }
    if (Clock::now() >= until || (!admin && admin_waits()) || (gone && gone())) {
      listing.whole = false;
      break;
    }
  }
  return Expected<Listing>(std::move(listing));
}

std::optional<Expected<Lister::Listing>> Lister::for_admin(std::size_t most, const Gone& gone) {
  if (!begin(true)) {
    return std::nullopt;
  }
  auto listing = walk(std::min(most, kMost), true, gone);
  end();
  return listing;
}

std::optional<Expected<Lister::Listing>> Lister::for_anybody(const Gone& gone) {
  if (!begin(false)) {
    return std::nullopt;
  }
  // Only who walks touches what is kept.
  const auto asked = Clock::now();
  std::optional<Expected<Listing>> listing;
  if (latest_at_ && asked - *latest_at_ < kFresh) {
    listing = Expected<Listing>(latest_);
  } else {
    listing = walk(kMost, false, gone);
    if (listing && *listing) {
      latest_ = **listing;
      latest_at_ = Clock::now();
    }
  }
  end();
  return listing;
}

}  // namespace synward
