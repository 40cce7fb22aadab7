// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace synward::test {

/// A table that begins with junk, as URAM does, and in which kDelay requests do not see what was written before them.
template <typename Word, unsigned kLog, unsigned kDelay>
class LateTable {
 public:
  LateTable() { std::memset(static_cast<void*>(words_.data()), 0xa5, sizeof words_); }

  Word read(std::uint32_t index) const { return words_[index]; }
  /// Once a request, written or not.
  void write(bool write, std::uint32_t index, const Word& word) {
    Late& late = late_[at_++ % (kDelay + 1)];
    late = {write, index, word};
    const Late& landing = late_[at_ % (kDelay + 1)];
    if (landing.write) words_[landing.index] = landing.word;
  }

 private:
  struct Late {
    bool write;
    std::uint32_t index;
    Word word;
  };
  std::array<Word, 1u << kLog> words_;
  std::array<Late, kDelay + 1> late_{};
  std::uint64_t at_ = 0;
};

template <typename Word, unsigned kLog, unsigned kDelay>
Word memory_read(const LateTable<Word, kLog, kDelay>& table, std::uint32_t index) {
  return table.read(index);
}
template <typename Word, unsigned kLog, unsigned kDelay>
void memory_write(LateTable<Word, kLog, kDelay>& table, bool write, std::uint32_t index, const Word& word) {
  table.write(write, index, word);
}

}  // namespace synward::test
