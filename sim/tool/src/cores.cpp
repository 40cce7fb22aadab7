// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/cores.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace synward::sim {

Expected<std::unique_ptr<Card>> make_card(std::string_view core, const std::string& trace) {
  try {
    if (core == "rtl") {
      return make_rtl_card(trace);
    }
    if (core == "ref") {
      if (!trace.empty()) {
        return Error{"only the rtl core can write a trace"};
      }
      return make_reference_card();
    }
  } catch (const std::runtime_error& error) {
    return Error{error.what()};
  }
  return Error{fmt::format("no core \"{}\", allowed rtl, ref", core)};
}

std::string_view simulated_note(const Card& card) {
  return card.timed() ? "Simulated: the figures come from a clock-exact simulation of the RTL at 322.265625 MHz, not "
                        "from a card."
                      : "Simulated: the frames come from the reference model, which has no timing; nothing was "
                        "measured on a card.";
}

}  // namespace synward::sim
