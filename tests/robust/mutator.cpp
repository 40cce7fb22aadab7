// SPDX-License-Identifier: BSD-2-Clause
#include "mutator.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace synward::test {

namespace {

constexpr std::size_t kLongest = 65'536;
constexpr std::array<std::string_view, 16> kNumbers{
    "0",          "-1",         "1",          "255",         "256",        "65535", "65536",  "2147483647",
    "2147483648", "4294967295", "4294967296", "-2147483648", "9223372036", "1e308", "0x1fff", "077",
};
constexpr std::array<std::string_view, 2> kLongNumbers{"9223372036854775807", "18446744073709551616"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Mutator::Mutator(Rng& rng, std::vector<std::string> corpus, std::vector<std::string> words)
    : rng_(rng), corpus_(std::move(corpus)), words_(std::move(words)) {
  words_.insert(words_.end(), kNumbers.begin(), kNumbers.end());
  words_.insert(words_.end(), kLongNumbers.begin(), kLongNumbers.end());
}

std::string Mutator::next() {
  auto text = rng_.pick(corpus_);
  for (auto left = rng_.between(1, 8); left > 0; --left) {
    change(text);
  }
  text.resize(std::min(text.size(), kLongest));
  return text;
}

void Mutator::change(std::string& text) {
  switch (rng_.below(8)) {
    case 0:
      return change_byte(text);
    case 1:
      return remove_part(text);
    case 2:
      return double_part(text);
    case 3:
      return move_line(text);
    case 4:
      return put_in(text, piece());
    case 5:
      return put_in(text, std::string(1, static_cast<char>(rng_.u8())));
    case 6:
      return put_in(text, rng_.pick(words_));
    default:
      return replace_number(text);
  }
}

void Mutator::change_byte(std::string& text) {
  if (!text.empty()) {
    auto& byte = text[rng_.below(text.size())];
    byte = static_cast<char>(rng_.bit() ? byte ^ (1 << rng_.below(8)) : rng_.u8());
  }
}

void Mutator::remove_part(std::string& text) {
  if (!text.empty()) {
    text.erase(rng_.below(text.size()), rng_.percent(90) ? rng_.between(1, 24) : text.size());
  }
}

void Mutator::double_part(std::string& text) {
  if (text.empty()) {
    return;
  }
  const auto part = text.substr(rng_.below(text.size()), rng_.between(1, 64));
  const auto times = rng_.percent(95) ? std::size_t{1} : rng_.between(2, 400);
  std::string many;
  for (std::size_t i = 0; i < times; ++i) {
    many += part;
  }
  put_in(text, many);
}

void Mutator::move_line(std::string& text) {
  if (text.empty()) {
    return;
  }
  const auto before = text.rfind('\n', rng_.below(text.size()));
  const auto begin = before == std::string::npos ? 0 : before + 1;
  const auto end = std::min(text.find('\n', begin), text.size() - 1) + 1;
  const auto line = text.substr(begin, end - begin);
  text.erase(begin, line.size());
  put_in(text, line);
}

void Mutator::replace_number(std::string& text) {
  const auto from = text.begin() + static_cast<std::ptrdiff_t>(rng_.below(text.size() + 1));
  const auto begin = std::find_if(from, text.end(), is_digit);
  const auto end = std::find_if_not(begin, text.end(), is_digit);
  text.replace(begin, end, rng_.percent(80) ? rng_.pick(kNumbers) : rng_.pick(kLongNumbers));
}

void Mutator::put_in(std::string& text, std::string_view part) { text.insert(rng_.below(text.size() + 1), part); }

std::string Mutator::piece() {
  const auto& text = rng_.pick(corpus_);
  return text.substr(rng_.below(text.size() + 1), rng_.between(1, 64));
}

}  // namespace synward::test
