// SPDX-License-Identifier: BSD-2-Clause
#include "card/card_model.hpp"

#include <Vsynward_line_card.h>
#include <verilated.h>

#include <cstring>

namespace synward::test {

using sim::StreamBeat;

struct CardModel::Parts {
  VerilatedContext context;
  Vsynward_line_card card{&context};

  std::uint8_t& pin(Clock clock) {
    switch (clock) {
      case core:
        return card.clk_i;
      case bus:
        return card.bus_clk_i;
      case line:
        return card.line_clk_i;
      default:
        return card.host_clk_i;
    }
  }
};

namespace {

using BeatPort = VlWide<19>;  // synward_beat_t

void drive(BeatPort& port, const StreamBeat& beat) {
  std::memcpy(port.data(), beat.data.data(), beat.data.size());
  port[16] = static_cast<std::uint32_t>(beat.keep);
  port[17] = static_cast<std::uint32_t>(beat.keep >> 32);
  port[18] = std::uint32_t{beat.last} | std::uint32_t{beat.error} << 1 | std::uint32_t{beat.valid} << 2;
}
StreamBeat sense(const BeatPort& port) {
  StreamBeat beat;
  if ((port[18] >> 2 & 1) == 0) return beat;
  beat.valid = true;
  beat.last = (port[18] & 1) != 0;
  beat.error = beat.last && (port[18] >> 1 & 1) != 0;
  beat.keep = std::uint64_t{port[17]} << 32 | port[16];
  std::memcpy(beat.data.data(), port.data(), beat.data.size());
  return beat;
}
std::uint32_t link_of(const MacState& state) {
  return std::uint32_t{state.aligned} << 23 | std::uint32_t{!state.aligned} << 22 |
         std::uint32_t{state.remote_fault} << 21 | std::uint32_t{state.aligned} << 20 | (state.aligned ? 0xfffffU : 0U);
}
std::uint8_t resets_of(const MacState& state) {
  return static_cast<std::uint8_t>(std::uint8_t{state.tx_reset} << 1 | std::uint8_t{state.rx_reset});
}

}  // namespace

CardModel::CardModel() : parts_(std::make_unique<Parts>()) {
  parts_->context.randReset(2);
  parts_->context.randSeed(1);
  power(false);
}
CardModel::~CardModel() { parts_->card.final(); }

void CardModel::power(bool on) {
  parts_->card.power_ni = on;
  parts_->card.eval();
}
void CardModel::rise(Clock clock) {
  parts_->pin(clock) = 1;
  parts_->card.eval();
  parts_->context.timeInc(1);
}
void CardModel::fall(Clock clock) {
  parts_->pin(clock) = 0;
  parts_->card.eval();
}
void CardModel::set(Clock port, const MacPins& pins) {
  Vsynward_line_card& card = parts_->card;
  if (port == line) {
    drive(card.line_rx_i, pins.rx);
    card.line_tx_ready_i = pins.tx_ready;
    card.line_link_i = link_of(pins.state);
    card.line_resets_i = resets_of(pins.state);
  } else {
    drive(card.host_rx_i, pins.rx);
    card.host_tx_ready_i = pins.tx_ready;
    card.host_link_i = link_of(pins.state);
    card.host_resets_i = resets_of(pins.state);
  }
}
void CardModel::set(const AxiLiteRequest& r) {
  // synward_board_req_t, 73 bits.
  const std::uint64_t low = std::uint64_t{r.rready} | std::uint64_t{r.arvalid} << 1 | std::uint64_t{r.araddr} << 2 |
                            std::uint64_t{r.bready} << 18 | std::uint64_t{r.wvalid} << 19 | std::uint64_t{15} << 20 |
                            std::uint64_t{r.wdata} << 24 | std::uint64_t{r.awvalid} << 56 |
                            std::uint64_t{r.awaddr} << 57;
  auto& port = parts_->card.bus_i;
  port[0] = static_cast<std::uint32_t>(low);
  port[1] = static_cast<std::uint32_t>(low >> 32);
  port[2] = static_cast<std::uint32_t>(r.awaddr >> 7);
}
CardModel::MacOut CardModel::out(Clock port) const {
  const Vsynward_line_card& card = parts_->card;
  MacOut made;
  made.tx = sense(port == line ? card.line_tx_o : card.host_tx_o);
  made.reset = (port == line ? card.line_reset_o : card.host_reset_o) != 0;
  const unsigned control = port == line ? card.line_control_o : card.host_control_o;
  made.fec = (control >> 3 & 1) != 0;
  made.rx_enable = (control >> 2 & 1) != 0;
  made.tx_enable = (control >> 1 & 1) != 0;
  made.send_rfi = (control & 1) != 0;
  made.looped = (port == line ? card.line_loopback_o : card.host_loopback_o) == 2;
  return made;
}
AxiLiteResponse CardModel::response() const {
  const std::uint64_t port = parts_->card.bus_o;
  AxiLiteResponse made;
  made.rvalid = (port & 1) != 0;
  made.rdata = static_cast<std::uint32_t>(port >> 3);
  made.arready = (port >> 35 & 1) != 0;
  made.bvalid = (port >> 36 & 1) != 0;
  made.wready = (port >> 39 & 1) != 0;
  made.awready = (port >> 40 & 1) != 0;
  return made;
}
bool CardModel::up(Clock port) const { return (parts_->card.up_o >> (port == line ? 0 : 1) & 1) != 0; }

}  // namespace synward::test
