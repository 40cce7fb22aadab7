// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/cores.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "synward/sim/interrupt.hpp"
#include "synward/sim/ms_clock.hpp"

namespace synward::sim {

Expected<std::unique_ptr<Card>> make_card(std::string_view core, const std::string& trace) {
  try {
    std::unique_ptr<Card> card;
    if (core == "rtl") {
      card = make_rtl_card(trace);
    } else if (core == "ref") {
      if (!trace.empty()) {
        return Error{"only the rtl core can write a trace"};
      }
      card = make_reference_card();
    } else if (core == "hls") {
      if (!trace.empty()) {
        return Error{"only the rtl core can write a trace"};
      }
      card = make_hls_card();
    } else if (core == "rtl-hls") {
      if (!trace.empty()) {
        return Error{"only the rtl core with its own engine can write a trace"};
      }
      card = make_kernel_card();
    }
    if (card) {
      card->set_stop(interrupted);
      return card;
    }
  } catch (const std::runtime_error& error) {
    return Error{error.what()};
  }
  return Error{fmt::format("no core \"{}\", allowed rtl, ref, hls, rtl-hls", core)};
}

std::uint64_t run_to_start(Card& card) {
  constexpr std::uint64_t kSetupMs = 10;
  card.run_until(first_cycle_of_ms((ms_of_cycle(card.now()) / kSetupMs + 1) * kSetupMs));
  return card.now();
}

std::string_view simulated_note(const Card& card) {
  if (card.core() == "hls") {
    return "Simulated: the answers come from the HLS kernels in C simulation, in the reference model's shell, with an "
           "assumed latency; nothing was measured on a card.";
  }
  if (card.core() == "rtl-hls") {
    return "Simulated: the answers come from the HLS kernels in C simulation, with an assumed latency, behind the "
           "elastic socket of the RTL, clock by clock at 322.265625 MHz; nothing was measured on a card.";
  }
  return card.timed() ? "Simulated: the figures come from a clock-exact simulation of the RTL at 322.265625 MHz, not "
                        "from a card."
                      : "Simulated: the frames come from the reference model, which has no timing; nothing was "
                        "measured on a card.";
}

}  // namespace synward::sim
