// SPDX-License-Identifier: BSD-2-Clause
// Proves that what was written leaves whole, with zeros where nothing was, once, and beat behind beat however the port
// stalls; that nothing but control frames of 60 to 256 bytes does; and that nothing that is written or asked meanwhile
// touches it.
#include <Vsynward_mail_out.h>
#include <gtest/gtest.h>

#include <array>

#include "block/bench.hpp"
#include "block/stream.hpp"

namespace synward::test {
namespace {

class MailOut {
 public:
  explicit MailOut(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->write_i = 0;
    block_->send_i = 0;
    block_->turn_i = 0;
    block_->ready_i = 0;
    block_.reset();
  }

  void clock() {
    block_->ready_i = rng.percent(ready);
    block_->turn_i = ready == 100 || rng.percent(80) ? 0x3ff : 0;
    block_->length_i = static_cast<std::uint16_t>(block_->send_i != 0 ? length_ : rng.below(512));
    block_.settle();
    ASSERT_EQ(block_->sent_o, last_left_);
    last_left_ = false;
    ASSERT_FALSE(open_ && block_->valid_o == 0) << "a gap within a frame";
    if (block_->valid_o != 0 && block_->turn_i != 0 && block_->ready_i != 0) {
      const bool last = is_last_beat(block_->beat_o);
      append(frame_, bytes_of_beat(block_->beat_o));
      open_ = !last;
      if (last) left.push_back(std::exchange(frame_, {}));
      last_left_ = last;
    }
    block_.edge();
    block_->write_i = 0;
    block_->send_i = 0;
    block_->word_i = static_cast<std::uint8_t>(rng.below(64));
    block_->data_i = rng.u32();
  }
  void clocks(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clock();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  void write(std::size_t word, std::uint32_t value) {
    block_->write_i = 1;
    block_->word_i = static_cast<std::uint8_t>(word);
    block_->data_i = value;
    clock();
  }
  /// True if it was taken.
  bool send(std::size_t length) {
    clocks(2);
    block_->send_i = 1;
    length_ = length;
    clocks(2);
    block_.settle();
    return block_->refused_o == 0;
  }
  bool busy() {
    block_.settle();
    return block_->busy_o != 0;
  }

  Rng rng;
  unsigned ready = 50;
  std::vector<Bytes> left;

 private:
  Bench<Vsynward_mail_out> block_;
  Bytes frame_;
  std::size_t length_ = 0;
  bool open_ = false, last_left_ = false;
};

/// A buffer whose frame begins as a control frame, or nearly so; true if it is one.
bool begin(Bytes& buffer, Rng& rng) {
  const std::size_t tags = rng.below(4);
  for (std::size_t i = 0; i < tags; ++i) {
    const std::uint16_t tpid = rng.bit() ? 0x8100 : 0x88a8;
    buffer[12 + 4 * i] = static_cast<std::uint8_t>(tpid >> 8);
    buffer[13 + 4 * i] = static_cast<std::uint8_t>(tpid);
  }
  const bool control = rng.percent(80);
  buffer[12 + 4 * tags] = 0x88;
  buffer[13 + 4 * tags] = control ? 0xb5 : 0xb4;
  return control && tags < 3;
}

TEST(MailOut, what_was_written_leaves_whole_and_once) {
  MailOut out(test_seed());
  Rng& rng = out.rng;
  std::size_t sent = 0, refused = 0, asked_while_busy = 0;
  Bytes buffer(256);
  for (int round = 0; round < 5'000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    out.ready = rng.pick(std::array{0U, 5U, 50U, 100U});
    Bytes next = random_bytes(rng, 256);
    begin(next, rng);
    // Not every word, in any order; others stay as they are.
    std::vector<std::size_t> words{3, 4, 5};
    for (std::size_t more = rng.below(100); more > 0; --more) words.push_back(rng.below(64));
    for (const std::size_t word : words) {
      std::uint32_t value = 0;
      for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{next[4 * word + i]} << 8 * i;
      out.write(word, value);
      std::copy_n(next.begin() + static_cast<std::ptrdiff_t>(4 * word), 4,
                  buffer.begin() + static_cast<std::ptrdiff_t>(4 * word));
      if (HasFatalFailure()) return;
    }
    std::size_t at = 12;
    while (at < 20 && buffer[at + 1] != 0xb5 &&
           ((buffer[at] == 0x81 && buffer[at + 1] == 0) || (buffer[at] == 0x88 && buffer[at + 1] == 0xa8))) {
      at += 4;
    }
    const bool control = buffer[at] == 0x88 && buffer[at + 1] == 0xb5;
    const std::size_t length = rng.percent(70) ? rng.between(58, 258) : rng.below(512);
    const bool goes = control && length >= 60 && length <= 256;
    ASSERT_EQ(out.send(length), goes);
    if (!goes) {
      ++refused;
      ASSERT_FALSE(out.busy());
      continue;
    }
    ++sent;
    while (out.busy()) {
      const std::size_t dice = rng.below(10);
      if (dice < 5) out.write(rng.below(64), rng.u32());
      if (dice == 5 && out.busy()) {
        // It may have ended before this one is looked at.
        const std::size_t before = out.left.size();
        ASSERT_FALSE(out.send(100));
        asked_while_busy += out.left.size() == before;
      }
      if (dice > 5) out.clock();
      if (HasFatalFailure()) return;
      out.ready = std::max(out.ready, 5U);
      if (!out.busy()) break;
    }
    out.clock();
    ASSERT_EQ(out.left.size(), sent);
    ASSERT_EQ(to_hex(out.left.back()), to_hex(ByteView(buffer).first(length)));
    // Something may have been written behind its end: begin anew, with all of it used up.
    buffer.assign(256, 0);
    for (std::size_t word = 0; word < 64; ++word) {
      if (rng.bit()) continue;
      out.write(word, 0);
    }
    ASSERT_FALSE(out.send(100)) << "of zeros";
    for (std::size_t word = 0; word < 64; ++word) out.write(word, 0);
  }
  EXPECT_GT(sent, 500U);
  EXPECT_GT(refused, 500U);
  EXPECT_GT(asked_while_busy, 100U);
}

TEST(MailOut, words_that_nobody_wrote_are_zero) {
  MailOut out(test_seed());
  out.ready = 100;
  for (int round = 0; round < 3; ++round) {
    if (round == 0) {
      for (std::size_t word = 0; word < 64; ++word) out.write(word, ~0U);
    }
    out.write(3, 0xb588);
    ASSERT_TRUE(out.send(256));
    out.clocks(10);
    ASSERT_FALSE(out.busy());
    Bytes expected(256, round == 0 ? 0xff : 0);
    expected[12] = 0x88;
    expected[13] = 0xb5;
    expected[14] = expected[15] = 0;
    ASSERT_EQ(out.left.size(), static_cast<std::size_t>(round + 1));
    EXPECT_EQ(to_hex(out.left.back()), to_hex(expected));
    EXPECT_FALSE(out.send(256)) << "it is used up";
  }
}

}  // namespace
}  // namespace synward::test
