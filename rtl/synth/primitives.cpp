// SPDX-License-Identifier: BSD-2-Clause
#include "primitives.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace synward::synth {

namespace {

bool starts_with_any(const std::string& text, std::initializer_list<const char*> heads) {
  return std::any_of(heads.begin(), heads.end(), [&](const char* head) { return text.starts_with(head); });
}

}  // namespace

Kind kind_of(const Cell& cell) {
  const std::string& t = cell.type;
  if (t.starts_with("LUT")) return Kind::lut;
  if (t == "CARRY4") return Kind::carry;
  if (t == "INV" || t.starts_with("MUXF")) return Kind::wire;
  if (starts_with_any(t, {"FD", "RAMB", "URAM"})) return Kind::clocked;
  if (starts_with_any(t, {"SRL", "RAM"})) return Kind::lut_memory;
  throw std::runtime_error(cell.name + ": cell of unknown type " + t);
}

bool is_clock(const std::string& port) {
  static constexpr std::array kClocks = {"C", "CLK", "WCLK", "CLKARDCLK", "CLKBWRCLK"};
  return std::find(kClocks.begin(), kClocks.end(), port) != kClocks.end();
}

bool has_arc(Kind kind, const Pin& in, const Pin& out) {
  if (kind == Kind::lut || kind == Kind::wire) return true;
  if (kind == Kind::carry) {
    if (in.port == "S") return in.bit <= out.bit;
    if (in.port == "DI") return out.port == "CO" ? in.bit <= out.bit : in.bit < out.bit;
    return true;
  }
  if (kind == Kind::lut_memory) {
    // RAM32M and its like read DOx at ADDRx; the dual-port ones read DPO at DPRA and SPO at A; shift registers read Q
    // at A.
    if (in.port.starts_with("ADDR")) return out.port == "DO" + in.port.substr(4);
    if (in.port.starts_with("DPRA")) return out.port == "DPO";
    return in.port.starts_with("A") && out.port != "DPO" && out.port != "Q31";
  }
  return false;
}

}  // namespace synward::synth
