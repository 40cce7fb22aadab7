// SPDX-License-Identifier: BSD-2-Clause
#include "reference/lister.hpp"

#include "reference/packer.hpp"
#include "reference/sight.hpp"

namespace synward::reference {

void Lister::next() {
  if (shown_) show(place_ + 1);
}

std::uint32_t Lister::word(std::size_t index) const {
  if (!shown_) return 0;
  ListingRecord record = *shown_;
  Packer<kListWords> packer;
  record.each(packer);
  return packer.word(index);
}

void Lister::show(std::uint32_t from) {
  shown_.reset();
  const std::uint32_t places = kWays << engine_.sizes().log_buckets;
  for (place_ = from; place_ < places; ++place_) {
    const SyncacheBucket& bucket = engine_.bucket(place_ / kWays);
    if (way_valid(bucket, place_ % kWays)) {
      shown_ = listing_of(bucket.way[place_ % kWays]);
      return;
    }
  }
}

}  // namespace synward::reference
