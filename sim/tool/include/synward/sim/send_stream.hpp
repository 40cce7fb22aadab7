// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// One direction of a connection's data on the sender's side: go-back-N with slow start.
class SendStream {
 public:
  /// `first` is the sequence number of the first byte.
  explicit SendStream(std::uint32_t first = 0) : first_(first) {}

  void append(Bytes data) { data_.insert(data_.end(), data.begin(), data.end()); }

  struct Segment {
    std::uint32_t seq;
    Bytes payload;
    bool last;  ///< nothing behind it is waiting
  };
  /// The next segment that may be sent now.
  std::optional<Segment> next(std::size_t mss) {
    const auto limit = std::min(data_.size(), acked_ + window_ * mss);
    if (sent_ >= limit) {
      return std::nullopt;
    }
    const auto size = std::min(mss, limit - sent_);
    const Segment segment{seq(), Bytes(data_).subspan(sent_, size), sent_ + size == data_.size()};
    sent_ += size;
    return segment;
  }

  /// Takes an acknowledgment; false where it acknowledges nothing new, or what was never sent.
  bool acknowledge(std::uint32_t ack) {
    const std::size_t upto = ack - first_;
    if (upto <= acked_ || upto > data_.size()) {
      return false;
    }
    acked_ = upto;
    sent_ = std::max(sent_, acked_);
    ++window_;
    return true;
  }
  /// All that is not acknowledged is to be sent again.
  void rewind() {
    sent_ = acked_;
    window_ = 1;
  }

  /// Sequence number of the next byte to be sent.
  std::uint32_t seq() const { return first_ + static_cast<std::uint32_t>(sent_); }
  bool all_acknowledged() const { return acked_ == data_.size(); }
  bool all_sent() const { return sent_ == data_.size(); }

 private:
  static constexpr std::size_t kInitialWindow = 10;  ///< segments

  std::uint32_t first_;
  std::vector<std::uint8_t> data_;
  std::size_t sent_ = 0, acked_ = 0, window_ = kInitialWindow;
};

/// What an endpoint wants done: frames to be sent in this order, and its timer to be set (clock), which replaces the
/// old one.
struct Outbox {
  std::vector<std::vector<std::uint8_t>> frames;
  std::optional<std::uint64_t> timer;
};

/// Byte `i` of a simulated response.
constexpr std::uint8_t response_byte(std::size_t i) { return static_cast<std::uint8_t>(i * 31 + i / 251); }

}  // namespace synward::sim
