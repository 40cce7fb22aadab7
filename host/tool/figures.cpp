// SPDX-License-Identifier: BSD-2-Clause
#include "figures.hpp"

#include <array>
#include <utility>

#include "synward/registers.hpp"

namespace synward::tool {

using nlohmann::json;

namespace {

double counter(const json& snapshot, const std::string& name) {
  return snapshot.is_object() && snapshot.contains("counters") ? value(snapshot["counters"], name.c_str()) : 0;
}

std::vector<std::string> all_drops() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < reg::kDrops; ++i) {
    names.emplace_back(reg::kCounterInfo[reg::kFirstDrop + i].name);
  }
  return names;
}

}  // namespace

double value(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_number() ? object[key].get<double>() : 0;
}

Figure sum_of(std::vector<std::string> counters) {
  return [names = std::move(counters)](const json& snapshot) {
    double sum = 0;
    for (const auto& name : names) {
      sum += counter(snapshot, name);
    }
    return sum;
  };
}

std::vector<double> rates(const json& history, const Figure& figure) {
  std::vector<double> result;
  for (std::size_t i = 1; i < history.size(); ++i) {
    const double passed = value(history[i], "time") - value(history[i - 1], "time");
    const double gained = figure(history[i]) - figure(history[i - 1]);
    result.push_back(passed > 0 && gained > 0 ? gained / passed : 0);
  }
  return result;
}

std::span<const NamedFigure> figures() {
  static const std::array all{
      NamedFigure{"offered", "offered by the line", sum_of({"line_rx_frames"})},
      NamedFigure{"answered", "SYNs answered", sum_of({"answered"})},
      NamedFigure{"stored", "  stored", sum_of({"added"})},
      NamedFigure{"cookies", "  with cookies alone", sum_of({"stateless"})},
      NamedFigure{"repeated", "SYN-ACKs repeated", sum_of({"retransmitted"})},
      NamedFigure{"handed", "handshakes handed over", sum_of({"completed", "recvcookie"})},
      NamedFigure{"known", "of known flows", sum_of({"established"})},
      NamedFigure{"unknown_acks", "ACKs that fit nothing", sum_of({"spurcookie", "failcookie"})},
      NamedFigure{"unknown_rsts", "RSTs that fit nothing", sum_of({"badrst"})},
      NamedFigure{"passed", "passed to the host", sum_of({"passed"})},
      NamedFigure{"dropped", "dropped", sum_of(all_drops())},
  };
  return all;
}

}  // namespace synward::tool
