// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "synward/expected.hpp"
#include "synward/secrets.hpp"

namespace synward {

/// The key that all cards of a fleet share: 32 bytes, in memory that is neither swapped nor dumped, cleansed behind its
/// use.
class MasterKey {
 public:
  static constexpr std::size_t kSize = 32;

  /// Reads 32 bytes, or 64 hex digits and at most a line break behind them. Errors, each with the path and never with
  /// what the file holds: it cannot be opened, is no regular file or a symbolic link, belongs to somebody else than
  /// root or the caller, gives group or others any permission, or holds something else.
  static Expected<MasterKey> read(const std::string& path);

  MasterKey(MasterKey&&) noexcept;
  MasterKey& operator=(MasterKey&&) noexcept;
  MasterKey(const MasterKey&) = delete;
  MasterKey& operator=(const MasterKey&) = delete;
  ~MasterKey();

  std::span<const std::uint8_t, kSize> bytes() const;
  /// Compared in a time that tells nothing.
  bool operator==(const MasterKey& other) const;

 private:
  struct Memory;
  explicit MasterKey(std::unique_ptr<Memory> memory);

  std::unique_ptr<Memory> memory_;
};

/// The secrets of a fleet (docs/host.md, section 2): keys by epoch, and which of them the card's two slots hold when.
class FleetKeys {
 public:
  using Epoch = std::int64_t;
  using Milliseconds = std::chrono::milliseconds;

  /// What the slots hold at a time. An epoch's key has the slot of its lowest bit.
  struct Schedule {
    Epoch current;        ///< its key makes new cookies
    Epoch other;          ///< whose key the other slot holds: the epoch before, or already the next
    Milliseconds change;  ///< Unix time at which this ends
  };

  /// `epoch` at least 1 ms, `skew` shorter than it.
  FleetKeys(MasterKey master, Milliseconds epoch, Milliseconds skew)
      : master_(std::move(master)), epoch_(epoch), skew_(skew) {}

  static unsigned slot(Epoch epoch) { return static_cast<unsigned>(epoch & 1); }
  /// `unix`: since 1970.
  Schedule at(Milliseconds unix_time) const;

  // Keys. Each fails only where OpenSSL does.
  Expected<void> cookie_key(Epoch epoch, Key& out) const;
  Expected<void> ts_secret(Key& out) const;
  Expected<void> mark_key(Key& out) const;

  Milliseconds epoch_length() const { return epoch_; }
  const MasterKey& master() const { return master_; }

 private:
  MasterKey master_;
  Milliseconds epoch_, skew_;
};

}  // namespace synward
