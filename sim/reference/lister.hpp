// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

#include "reference/engine.hpp"

namespace synward::reference {

inline constexpr std::size_t kListWords = 11;

/// Shows one half-open connection after another, by bucket and way.
class Lister {
 public:
  /// `engine` is the one whose syncache is shown.
  explicit Lister(const Engine& engine) : engine_(engine) {}

  void first() { show(0); }
  /// Without an entry that is shown there is no next.
  void next();
  /// Ends a listing.
  void clear() { shown_.reset(); }

  const std::optional<ListingRecord>& shown() const { return shown_; }
  /// Word `index` < kListWords of what is shown, the least significant first; 0 if nothing is.
  std::uint32_t word(std::size_t index) const;

 private:
  void show(std::uint32_t from);

  const Engine& engine_;
  std::uint32_t place_ = 0;  ///< bucket x 8 + way of what is shown
  std::optional<ListingRecord> shown_;
};

}  // namespace synward::reference
