// SPDX-License-Identifier: BSD-2-Clause
#include "open_list.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace synward::synth {

namespace {

std::string text_of(const Excess& excess) {
  return fmt::format("{} wide nets, {} endpoints behind memories, {} behind ports", excess.nets, excess.memory,
                     excess.ports);
}

/// A number, or "-": not measured yet.
bool read_bound(std::istream& in, int& bound) {
  std::string word;
  if (!(in >> word)) return false;
  if (word == "-") {
    bound = std::numeric_limits<int>::max();
    return true;
  }
  const char* end = word.data() + word.size();
  const auto [read, error] = std::from_chars(word.data(), end, bound);
  return error == std::errc() && read == end && bound >= 0;
}

}  // namespace

OpenList read_open_list(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot read");
  OpenList list;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string block;
    if (!(words >> block)) continue;
    OpenBlock open;
    const bool bounds =
        read_bound(words, open.most.nets) && read_bound(words, open.most.memory) && read_bound(words, open.most.ports);
    if (bounds) std::getline(words >> std::ws, open.reason);
    const bool is_new = !list.contains(block);
    if (open.reason.empty() || open.most.none() || !is_new) {
      throw std::runtime_error(fmt::format("{}:{}: must be a block once, nets, memory, ports, not all 0, and a reason",
                                           file.string(), number));
    }
    list[block] = std::move(open);
  }
  return list;
}

std::optional<std::string> find_fault(const OpenList& list, const std::string& block, const Excess& measured) {
  const auto listed = list.find(block);
  if (listed == list.end()) {
    if (measured.none()) return std::nullopt;
    return fmt::format("over the physical limits: {}", text_of(measured));
  }
  const Excess& most = listed->second.most;
  if (measured.none()) return "meets the physical limits now: take it off the list of open blocks";
  if (measured.nets <= most.nets && measured.memory <= most.memory && measured.ports <= most.ports) return std::nullopt;
  return fmt::format("further over the physical limits than the list of open blocks says: {}; listed: {}",
                     text_of(measured), text_of(most));
}

}  // namespace synward::synth
