// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "vectors.hpp"

namespace synward {

/// What a test bench needs to know of its kernel.
template <typename Question, typename Setting, typename Answer>
struct Bench {
  void (*top)(hls::stream<Question>&, hls::stream<Setting>&, hls::stream<Answer>&);
  unsigned setting_calls;  ///< of `top`, until a setting is in force
  unsigned load_calls;     ///< until tables are cleared
};

template <typename T>
bool loads(const T&) {
  return false;
}
inline bool loads(const EngineSetting& setting) { return setting.load; }

template <typename T>
std::string text_of(const T& value) {
  std::ostringstream out;
  write_vector(out, ' ', value);
  return out.str();
}

/// Asks the kernel every question of a file of vectors: 0 if each answer is the file's, as C simulation and
/// co-simulation want it. `argv`: the file, and how many questions to ask at most, all if it is left out.
template <typename Question, typename Setting, typename Answer>
int run_bench(const Bench<Question, Setting, Answer>& bench, int argc, char** argv) {
  const std::string file = argc > 1 ? argv[1] : "vectors.txt";
  const unsigned long most = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : ~0ul;
  std::ifstream in(file);
  if (!in) {
    std::cerr << file << ": cannot read\n";
    return 1;
  }
  // In co-simulation streams must outlive the calls.
  static hls::stream<Question> questions;
  static hls::stream<Setting> settings;
  static hls::stream<Answer> answers;
  unsigned long asked = 0, wrong = 0;
  std::string line;
  for (unsigned long number = 1; asked < most && std::getline(in, line); ++number) {
    if (line.empty()) continue;
    std::istringstream fields(line.substr(1));
    if (line[0] == 'S') {
      const Setting setting = read_vector<Setting>(fields);
      settings.write(setting);
      const unsigned calls = loads(setting) ? bench.load_calls : bench.setting_calls;
      for (unsigned i = 0; i < calls; ++i) bench.top(questions, settings, answers);
    } else if (line[0] == 'Q') {
      questions.write(read_vector<Question>(fields));
      ++asked;
      for (unsigned i = 0; answers.empty() && i < bench.setting_calls; ++i) bench.top(questions, settings, answers);
      if (!std::getline(in, line)) line = "A";
      ++number;
      std::istringstream expected(line.substr(1));
      const std::string want = text_of(read_vector<Answer>(expected));
      const std::string got = answers.empty() ? std::string(" none\n") : text_of(answers.read());
      if (got != want && ++wrong <= 10) std::cerr << file << ':' << number << ": got" << got << "expected" << want;
    }
  }
  std::cout << asked << " questions, " << wrong << " wrong answers\n";
  return asked != 0 && wrong == 0 ? 0 : 1;
}

}  // namespace synward
