// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/card.hpp"
#include "synward/expected.hpp"
#include "synward/fleet_keys.hpp"
#include "synward/secrets.hpp"

namespace synward {

/// The secrets that a card shares with the servers behind it, made from a file that both have (docs/handoff.md): the
/// key of marks, that of statuses, and that of what daemon and agents say to each other.
class HandoffSecrets {
 public:
  /// Reads a file as MasterKey::read() does, with its errors.
  static Expected<HandoffSecrets> read(const std::string& path);

  const Key& mark_key() const { return mark_key_; }
  const Key& control_key() const { return control_key_; }
  /// Of the control channel; the card never has it.
  const Key& channel_key() const { return channel_key_; }
  bool operator==(const HandoffSecrets& other) const { return file_ == other.file_; }

  /// Writes those of marks and statuses to a card; the former control key stays valid until the next one comes. Error:
  /// write_key()'s.
  Expected<void> write(Card& card) const;

 private:
  explicit HandoffSecrets(MasterKey file) : file_(std::move(file)) {}

  MasterKey file_;
  Key mark_key_, control_key_, channel_key_;
};

}  // namespace synward
