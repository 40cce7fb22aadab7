// SPDX-License-Identifier: BSD-2-Clause
#include "board/core_model.hpp"

#include <cstring>

#include "board/board_core.hpp"

namespace synward::test {

using sim::CorePins;
using sim::StreamBeat;

struct CoreModel::Parts {
  VerilatedContext context;
  std::unique_ptr<sim::VerilatedCore> core;
  CorePins pins;

  Parts() : core(start(context)), pins(core->pins()) {}
  static std::unique_ptr<sim::VerilatedCore> start(VerilatedContext& context) {
    context.randReset(2);  // memories and registers without reset begin with anything
    context.randSeed(1);
    return make_board_core(context);
  }
  void eval(bool clk) {
    pins.clk = clk;
    core->eval();
    context.timeInc(1);
  }
};

namespace {

void drive(CorePins::StreamIn& pins, const StreamBeat& beat) {
  pins.valid = beat.valid;
  pins.last = beat.last;
  pins.error = beat.error;
  pins.keep = beat.keep;
  std::memcpy(pins.data.data(), beat.data.data(), beat.data.size());
}

StreamBeat sense(const CorePins::StreamOut& pins) {
  StreamBeat beat;
  if (pins.valid == 0) return beat;
  beat.valid = true;
  beat.last = pins.last != 0;
  beat.error = pins.error != 0;
  beat.keep = pins.keep;
  std::memcpy(beat.data.data(), pins.data.data(), beat.data.size());
  return beat;
}

}  // namespace

CoreModel::CoreModel() : parts_(std::make_unique<Parts>()) {}
CoreModel::~CoreModel() = default;

void CoreModel::rise() { parts_->eval(true); }

void CoreModel::fall(const Inputs& in) {
  CorePins& pins = parts_->pins;
  pins.rst_n = in.rst_n;
  pins.time_given = in.time_given;
  pins.time_ms = in.time_ms;
  drive(pins.line_rx, in.line_rx);
  drive(pins.host_rx, in.host_rx);
  pins.line_tx.ready = in.line_tx_ready;
  pins.host_tx.ready = in.host_tx_ready;
  pins.awaddr = in.request.awaddr;
  pins.awvalid = in.request.awvalid;
  pins.wdata = in.request.wdata;
  pins.wvalid = in.request.wvalid;
  pins.bready = in.request.bready;
  pins.araddr = in.request.araddr;
  pins.arvalid = in.request.arvalid;
  pins.rready = in.request.rready;
  parts_->eval(false);
}

CoreModel::Outputs CoreModel::outputs() const {
  const CorePins& pins = parts_->pins;
  Outputs out;
  out.line_tx = sense(pins.line_tx);
  out.host_tx = sense(pins.host_tx);
  out.response.rdata = pins.rdata;
  out.response.awready = pins.awready != 0;
  out.response.wready = pins.wready != 0;
  out.response.bvalid = pins.bvalid != 0;
  out.response.arready = pins.arready != 0;
  out.response.rvalid = pins.rvalid != 0;
  return out;
}

}  // namespace synward::test
