// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/rng.hpp"

namespace synward::test {

/// Makes texts that are nearly right: copies of good ones with parts changed, doubled, moved or taken out, and words
/// put in that often hurt. The same random numbers give the same texts.
class Mutator {
 public:
  /// `corpus`: good texts, at least one. `words`: what is put in.
  Mutator(Rng& rng, std::vector<std::string> corpus, std::vector<std::string> words);

  /// One to eight changes to a text of the corpus; at most about 64 KiB.
  std::string next();

 private:
  void change(std::string& text);
  void change_byte(std::string& text);
  void remove_part(std::string& text);
  void double_part(std::string& text);
  void move_line(std::string& text);
  void replace_number(std::string& text);
  void put_in(std::string& text, std::string_view part);
  /// A piece of up to 64 bytes of any text of the corpus.
  std::string piece();

  Rng& rng_;
  std::vector<std::string> corpus_, words_;
};

}  // namespace synward::test
