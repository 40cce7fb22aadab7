// SPDX-License-Identifier: BSD-2-Clause
#include "reference/mailbox.hpp"

#include "reference/parse.hpp"

namespace synward::reference {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kTypeStatus = 1;
constexpr unsigned kLogWindow = 10;  ///< ms

// MAIL_CONTROL and MAIL_STATUS.
constexpr std::uint32_t kPop = 1;
constexpr std::uint32_t kSend = 2;
constexpr unsigned kSendLengthAt = 16;
constexpr unsigned kLengthAt = 8;
constexpr std::uint32_t kBusy = 1u << 24;
constexpr std::uint32_t kRefused = 1u << 25;

std::uint32_t word_of(ByteView bytes, std::size_t index) {
  const FrameReader in(bytes);
  const std::size_t at = 4 * index;
  return in.u8(at) | std::uint32_t{in.u8(at + 1)} << 8 | std::uint32_t{in.u8(at + 2)} << 16 |
         std::uint32_t{in.u8(at + 3)} << 24;
}

}  // namespace

bool Mailbox::takes(ByteView frame) {
  const std::optional<std::size_t> at = control_at(frame);
  const FrameReader in(frame);
  return at && in.u8(*at) == kVersion && in.u8(*at + 1) != kTypeStatus;
}

bool Mailbox::store(ByteView frame, std::uint32_t time_ms) {
  if (time_ms >> kLogWindow != window_) {
    window_ = time_ms >> kLogWindow;
    taken_ = 0;
  }
  if (frame.size() > kMailLongest || frames_.size() == kMailFrames || taken_ == kMailLimit) return false;
  ++taken_;
  frames_.emplace_back(frame.begin(), frame.end());
  return true;
}

std::optional<Bytes> Mailbox::control(std::uint32_t value) {
  const std::uint32_t what = value & 0xff;
  if (what == kPop && !frames_.empty()) frames_.pop_front();
  if (what != kSend) return std::nullopt;
  const std::size_t length = value >> kSendLengthAt & 0x1ff;
  Bytes frame(4 * kMailWords);
  for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = static_cast<std::uint8_t>(out_[i / 4] >> 8 * (i % 4));
  refused_ = busy_ || length < kMailShortest || length > kMailLongest || !is_control(frame);
  if (refused_) return std::nullopt;
  frame.resize(length);
  out_ = {};
  busy_ = true;
  return frame;
}

void Mailbox::write(std::size_t word, std::uint32_t value) {
  if (!busy_) out_[word] = value;
}

std::uint32_t Mailbox::status() const {
  const std::size_t length = frames_.empty() ? 0 : frames_.front().size();
  return static_cast<std::uint32_t>(frames_.size() | length << kLengthAt) | (busy_ ? kBusy : 0) |
         (refused_ ? kRefused : 0);
}

std::uint32_t Mailbox::word(std::size_t index) const { return frames_.empty() ? 0 : word_of(frames_.front(), index); }

}  // namespace synward::reference
