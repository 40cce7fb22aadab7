// SPDX-License-Identifier: BSD-2-Clause
#include "synward/secret_keeper.hpp"

#include <utility>

#include "synward/secrets.hpp"

namespace synward {

namespace {

/// What is later than this was missed; a clock that moves by more was set.
constexpr std::chrono::seconds kTolerance{1};

}  // namespace

Expected<SecretKeeper> SecretKeeper::make(const SecretSettings& settings) {
  SecretKeeper keeper(settings);
  if (settings.mode == SecretMode::fleet) {
    auto master = MasterKey::read(settings.master_key_file);
    if (!master) {
      return master.error();
    }
    keeper.fleet_.emplace(std::move(*master), settings.epoch, settings.skew);
  }
  if (!settings.handoff_key_file.empty()) {
    auto handoff = HandoffSecrets::read(settings.handoff_key_file);
    if (!handoff) {
      return handoff.error();
    }
    keeper.handoff_.emplace(std::move(*handoff));
  }
  return keeper;
}

Expected<SecretSet> SecretKeeper::draw(const Moment& now) const {
  if (!fleet_) {
    return random_secrets();
  }
  SecretSet set;
  const auto wanted = fleet_->at(now.unix_time);
  set.parity = FleetKeys::slot(wanted.current);
  for (const auto epoch : {wanted.current, wanted.other}) {
    if (auto made = fleet_->cookie_key(epoch, FleetKeys::slot(epoch) == 0 ? set.key0 : set.key1); !made) {
      return made.error();
    }
  }
  for (const auto& made : {fleet_->ts_secret(set.ts_secret), fleet_->mark_key(set.mark_key)}) {
    if (!made) {
      return made.error();
    }
  }
  return set;
}

Expected<void> SecretKeeper::load(Card& card, const Moment& now) {
  const auto set = draw(now);
  if (!set) {
    return set.error();
  }
  if (auto written = card.write_secrets(*set); !written) {
    return written;
  }
  if (auto written = handoff_ ? handoff_->write(card) : Expected<void>(); !written) {
    return written;
  }
  secrets_ = std::make_unique<CookieSecrets>(*set);
  if (fleet_) {
    const auto wanted = fleet_->at(now.unix_time);
    slots_[FleetKeys::slot(wanted.current)] = wanted.current;
    slots_[FleetKeys::slot(wanted.other)] = wanted.other;
    epoch_ = wanted.current;
  }
  parity_ = set->parity;
  next_ = now.steady + settings_.rotate;
  fresh_since_ = now.steady;
  last_visit_ = now;
  return {};
}

Expected<void> SecretKeeper::adopt(Card& card, const Moment& now) {
  // The keys that the card has are not known here: late clients of theirs cannot be told from forgers.
  SecretSet unknown;
  parity_ = unknown.parity = card.read_secrets().parity;
  secrets_ = std::make_unique<CookieSecrets>(unknown);
  last_visit_ = now;
  if (auto written = handoff_ ? handoff_->write(card) : Expected<void>(); !written) {
    return written;
  }
  if (!fleet_) {
    return rotate_random(card, now);
  }
  slots_ = {};
  Key key;
  if (auto made = fleet_->ts_secret(key); !made) {
    return made;
  }
  if (auto written = card.write_key(key, reg::SecretCommit::ts_secret); !written) {
    return written;
  }
  if (!handoff_) {
    if (auto made = fleet_->mark_key(key); !made) {
      return made;
    }
    if (auto written = card.write_key(key, reg::SecretCommit::mark_key); !written) {
      return written;
    }
  }
  fresh_since_ = now.steady;
  return settle(card, fleet_->at(now.unix_time), now);
}

std::optional<SecretKeeper::Milliseconds> SecretKeeper::next_due(const Moment& now) const {
  if (fleet_) {
    return now.steady + (fleet_->at(now.unix_time).change - now.unix_time);
  }
  return settings_.rotate.count() == 0 ? std::nullopt : std::optional(next_);
}

Expected<Rotation> SecretKeeper::run(Card& card, const Moment& now) {
  auto done = fleet_ ? run_fleet(card, now) : run_random(card, now);
  last_visit_ = now;
  return done;
}

Expected<void> SecretKeeper::rotate_now(Card& card, const Moment& now) {
  if (fleet_) {
    return Error{"the secrets of a fleet follow the clock and cannot be rotated by hand"};
  }
  return rotate_random(card, now);
}

Expected<void> SecretKeeper::rotate_random(Card& card, const Moment& now) {
  Key fresh;
  if (auto drawn = random_key(fresh); !drawn) {
    return drawn;
  }
  if (auto rotated = secrets_->rotate(card.device(), fresh, now.card_s); !rotated) {
    return rotated;
  }
  ++rotations_;
  fresh_since_ = now.steady;
  next_ = now.steady + settings_.rotate;
  return {};
}

Expected<Rotation> SecretKeeper::run_random(Card& card, const Moment& now) {
  Rotation rotation;
  if (settings_.rotate.count() == 0 || now.steady < next_) {
    return rotation;
  }
  const auto due = next_;
  if (auto rotated = rotate_random(card, now); !rotated) {
    return rotated.error();
  }
  rotation.rotated = true;
  count_missed(rotation, now.steady - due, settings_.rotate);
  if (rotation.missed == 0) {
    next_ = due + settings_.rotate;
  }
  return rotation;
}

Expected<Rotation> SecretKeeper::run_fleet(Card& card, const Moment& now) {
  Rotation rotation;
  const auto set_by = (now.unix_time - last_visit_.unix_time) - (now.steady - last_visit_.steady);
  if (std::chrono::abs(set_by) > kTolerance) {
    rotation.clock_set_by = set_by;
  }
  const auto before = epoch_;
  const auto wanted = fleet_->at(now.unix_time);
  if (auto settled = settle(card, wanted, now); !settled) {
    return settled.error();
  }
  rotation.rotated = epoch_ != before;
  if (rotation.rotated) {
    ++rotations_;
    fresh_since_ = now.steady;
  }
  // A clock that was set is nobody's delay.
  if (rotation.rotated && before && *before < wanted.current && rotation.clock_set_by.count() == 0) {
    const auto due = (*before + 1) * settings_.epoch;
    count_missed(rotation, now.unix_time - due, settings_.epoch);
  }
  return rotation;
}

void SecretKeeper::count_missed(Rotation& rotation, Milliseconds late, Milliseconds every) {
  if (late > kTolerance) {
    rotation.late = late;
    rotation.missed = 1 + static_cast<std::uint64_t>((late - Milliseconds(kTolerance)) / every);
    missed_ += rotation.missed;
  }
}

Expected<void> SecretKeeper::settle(Card& card, const FleetKeys::Schedule& wanted, const Moment& now) {
  const auto slot = FleetKeys::slot(wanted.current);
  if (slots_[slot] != wanted.current && parity_ == slot) {
    // The slot in use holds a key of another time. It is not written while it is in use: the epoch before takes over.
    if (auto put = put_epoch(card, wanted.current - 1, now); !put) {
      return put;
    }
    select(card, 1 - slot);
  }
  if (auto put = put_epoch(card, wanted.current, now); !put) {
    return put;
  }
  select(card, slot);
  epoch_ = wanted.current;
  return put_epoch(card, wanted.other, now);
}

Expected<void> SecretKeeper::put_epoch(Card& card, FleetKeys::Epoch epoch, const Moment& now) {
  const auto slot = FleetKeys::slot(epoch);
  if (slots_[slot] == epoch) {
    return {};
  }
  Key key;
  if (auto made = fleet_->cookie_key(epoch, key); !made) {
    return made;
  }
  if (auto put = secrets_->put(card.device(), slot, key, now.card_s); !put) {
    return put;
  }
  slots_[slot] = epoch;
  return {};
}

void SecretKeeper::select(Card& card, unsigned parity) {
  if (parity_ != parity) {
    card.set_parity(parity);
    parity_ = parity;
  }
}

SecretStatus SecretKeeper::status(const Moment& now) const {
  return {.mode = settings_.mode,
          .loaded = secrets_ != nullptr,
          .age = secrets_ ? now.steady - fresh_since_ : Milliseconds{},
          .rotations = rotations_,
          .missed = missed_,
          .epoch = epoch_,
          .locked_memory = secrets_ && secrets_->locked()};
}

void SecretKeeper::explain(LogEvent& event) const {
  if (secrets_) {
    secrets_->explain(event);
  }
}

bool SecretKeeper::same_as(const SecretKeeper& other) const {
  return settings_ == other.settings_ && (!fleet_ || fleet_->master() == other.fleet_->master()) &&
         handoff_ == other.handoff_;
}

}  // namespace synward
