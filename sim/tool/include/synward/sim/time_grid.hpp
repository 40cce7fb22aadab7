// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <vector>

namespace synward::sim {

/// The bins of what is shown over time: parts of the time, each with bins of a width of its own; the last part has no
/// end. Times in microseconds.
class TimeGrid {
 public:
  struct Part {
    double start_us, bin_us;
    std::size_t first;  ///< number of its first bin
  };

  /// Appends a part from the end of the last one to `end_us`, cut into `bins`.
  void add_part(double end_us, std::size_t bins) {
    parts_.push_back({end_us_, (end_us - end_us_) / static_cast<double>(bins), bins_});
    bins_ += bins;
    end_us_ = end_us;
  }

  /// Bins up to the end of the last part that was added.
  std::size_t bins() const { return bins_; }
  double end_us() const { return end_us_; }
  const std::vector<Part>& parts() const { return parts_; }

  std::size_t index(double us) const {
    const Part* part = &parts_.front();
    for (const auto& one : parts_) {
      part = us >= one.start_us ? &one : part;
    }
    return part->first + static_cast<std::size_t>((us - part->start_us) / part->bin_us);
  }
  /// Start of a bin, which is the end of the one before.
  double start(std::size_t bin) const {
    const Part* part = &parts_.front();
    for (const auto& one : parts_) {
      part = bin >= one.first ? &one : part;
    }
    return part->start_us + static_cast<double>(bin - part->first) * part->bin_us;
  }
  double width(std::size_t bin) const { return start(bin + 1) - start(bin); }

 private:
  std::vector<Part> parts_;
  std::size_t bins_ = 0;
  double end_us_ = 0;
};

}  // namespace synward::sim
