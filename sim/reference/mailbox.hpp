// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "reference/bytes.hpp"

namespace synward::reference {

inline constexpr std::size_t kMailWords = 64;
inline constexpr std::size_t kMailFrames = 64;    ///< that wait at most
inline constexpr std::uint32_t kMailLimit = 64;   ///< stored in a window of 1.024 s at most
inline constexpr std::size_t kMailLongest = 256;  ///< bytes
inline constexpr std::size_t kMailShortest = 60;  ///< of a frame to send, bytes

/// Control frames of the servers that are no statuses, for the card's own host; and one from it to them (theory of
/// operation, section 3, "Control frames").
class Mailbox {
 public:
  /// Whether a control frame goes here at all: version 1, another type than a status.
  static bool takes(ByteView frame);

  /// Stores a frame that takes() says goes here; false if it is refused.
  bool store(ByteView frame, std::uint32_t time_ms);

  /// MAIL_CONTROL: what is to be sent, if anything.
  std::optional<Bytes> control(std::uint32_t value);
  /// What control() told to send has left.
  void left() { busy_ = false; }
  void write(std::size_t word, std::uint32_t value);

  std::uint32_t status() const;
  /// Word of the oldest frame.
  std::uint32_t word(std::size_t index) const;

 private:
  std::deque<Bytes> frames_;
  std::uint32_t window_ = 0;  ///< of the last one stored
  std::uint32_t taken_ = 0;   ///< stored in it
  std::array<std::uint32_t, kMailWords> out_{};
  bool busy_ = false, refused_ = false;
};

}  // namespace synward::reference
