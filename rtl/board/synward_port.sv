// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// A network port without its CMAC: crossings, gates, link watch and registers. The core's side never waits for a link:
/// while it is down nothing is let in, what is sent goes nowhere and is counted, and the core's timers go on.
module synward_port #(
    parameter int LogDepth = 9,      ///< log2 of the beats of each crossing
    parameter int MsClocks = 302124, ///< clocks of clk_i in a millisecond
    parameter int AlignMs = 1000,    ///< ms, see synward_link_watch
    parameter int ResetClocks = 256,
    parameter int SteadyClocks = 1000,
    parameter bit FecAtReset = 1'b1
) (
    input  wire                 power_ni,  ///< asynchronous: both clocks' sides, at power-up
    // the core's side
    input  wire                 clk_i,
    input  wire                 rst_ni,
    input  synward_board_req_t  bus_i,
    output synward_axil_response_t  bus_o,
    output synward_beat_t rx_o,      ///< never waits
    input  synward_beat_t tx_i,
    output logic                tx_ready_o,
    input  wire                 peer_up_i, ///< the other port's up_o
    output logic                up_o,
    // the CMAC, in its clock; its controls and resets
    input  wire                 mac_clk_i,
    input  wire                 mac_rx_reset_i,  ///< usr_rx_reset
    input  wire                 mac_tx_reset_i,  ///< usr_tx_reset
    input  synward_board_link_t mac_link_i,
    input  wire  [3:0]          mac_pulses_i,    ///< tx_unfout, FEC uncorrected, FEC corrected, bad FCS
    input  wire                 mac_overflow_i,  ///< tx_ovfout
    input  synward_beat_t mac_rx_i,
    output synward_beat_t mac_tx_o,
    input  wire                 mac_tx_ready_i,
    output logic                mac_reset_o,     ///< of clk_i
    output logic [2:0]          mac_loopback_o,  ///< of clk_i, static
    output logic                mac_fec_o,
    output logic                mac_rx_enable_o,
    output logic                mac_tx_enable_o,
    output logic                mac_send_rfi_o
);
  localparam int MsBits = $clog2(MsClocks);
  logic [MsBits-1:0] ms_q;
  logic tick_q;
  always_ff @(posedge clk_i) begin
    tick_q <= rst_ni && ms_q == MsBits'(MsClocks - 1);
    ms_q <= !rst_ni || ms_q == MsBits'(MsClocks - 1) ? '0 : ms_q + 1'b1;
  end

  // Link.
  synward_board_link_t link;
  wire overflow, enable, fec, fec_now, with_peer, rx_enable, tx_enable, send_rfi, flap, retry;
  synward_sync #(.Width(25)) u_link_sync (
      .clk_i, .bits_i({mac_overflow_i, mac_link_i}), .bits_o({overflow, link}));
  synward_link_watch #(.AlignMs(AlignMs), .ResetClocks(ResetClocks), .SteadyClocks(SteadyClocks)) u_watch (
      .clk_i, .rst_ni, .tick_i(tick_q), .enable_i(enable), .fec_i(fec), .fault_i(overflow), .link_i(link), .mac_reset_o,
      .fec_o(fec_now), .rx_enable_o(rx_enable), .tx_enable_o(tx_enable), .send_rfi_o(send_rfi), .up_o, .flap_o(flap),
      .retry_o(retry));
  logic open_q;
  always_ff @(posedge clk_i) open_q <= rst_ni && up_o && (peer_up_i || !with_peer);
  wire mac_open, mac_up;
  synward_sync #(.Width(6)) u_control_sync (
      .clk_i(mac_clk_i), .bits_i({open_q, up_o, fec_now, rx_enable, tx_enable, send_rfi}),
      .bits_o({mac_open, mac_up, mac_fec_o, mac_rx_enable_o, mac_tx_enable_o, mac_send_rfi_o}));

  // Line to core.
  synward_beat_t gated;
  wire rx_cut, rx_lost, unused_ready;
  synward_rx_gate u_rx_gate (
      .clk_i(mac_clk_i), .open_i(mac_open && mac_link_i.aligned), .mac_reset_i(mac_rx_reset_i), .beat_i(mac_rx_i),
      .beat_o(gated), .cut_o(rx_cut));
  wire mac_rst_n;
  synward_reset_sync u_mac_reset (.clk_i(mac_clk_i), .rst_ni(power_ni), .rst_no(mac_rst_n));
  synward_frame_crossing #(.LogDepth(LogDepth), .Stall(1'b0)) u_rx_crossing (
      .rst_ni(power_ni), .wr_clk_i(mac_clk_i), .wr_open_i(1'b1), .wr_beat_i(gated), .wr_ready_o(unused_ready),
      .wr_dropped_o(rx_lost), .rd_clk_i(clk_i), .rd_beat_o(rx_o), .rd_ready_i(1'b1));

  // Core to line.
  synward_beat_t sending;
  wire sending_ready, tx_withheld, tx_dropped;
  synward_frame_crossing #(.LogDepth(LogDepth), .Stall(1'b1)) u_tx_crossing (
      .rst_ni(power_ni), .wr_clk_i(clk_i), .wr_open_i(up_o), .wr_beat_i(tx_i), .wr_ready_o(tx_ready_o),
      .wr_dropped_o(tx_withheld), .rd_clk_i(mac_clk_i), .rd_beat_o(sending), .rd_ready_i(sending_ready));
  synward_tx_gate u_tx_gate (
      .clk_i(mac_clk_i), .open_i(mac_up), .mac_reset_i(mac_tx_reset_i), .beat_i(sending), .ready_o(sending_ready),
      .beat_o(mac_tx_o), .ready_i(mac_tx_ready_i), .dropped_o(tx_dropped));

  // Counters of the MAC's clock, RX_CUT lowest.
  wire [5:0] pulses = {mac_pulses_i, tx_dropped, rx_cut};
  logic [191:0] counts_q;
  wire [191:0] counts;
  always_ff @(posedge mac_clk_i) begin
    for (int i = 0; i < 6; i++)
      counts_q[32*i +: 32] <= !mac_rst_n ? 32'd0 : counts_q[32*i +: 32] + {31'd0, pulses[i]};
  end
  synward_sample #(.Width(192)) u_counts (.from_clk_i(mac_clk_i), .word_i(counts_q), .clk_i, .word_o(counts));
  // A pulse of the MAC's clock becomes a toggle, and a pulse here.
  logic lost_toggle_q, lost_seen_q;
  wire lost_toggle;
  always_ff @(posedge mac_clk_i) lost_toggle_q <= mac_rst_n && (lost_toggle_q ^ rx_lost);
  synward_sync u_lost_sync (.clk_i, .bits_i(lost_toggle_q), .bits_o(lost_toggle));
  always_ff @(posedge clk_i) lost_seen_q <= lost_toggle;

  synward_port_registers #(.FecAtReset(FecAtReset)) u_registers (
      .clk_i, .rst_ni, .bus_i, .bus_o, .enable_o(enable), .fec_o(fec), .with_peer_o(with_peer),
      .loopback_o(mac_loopback_o), .up_i(up_o), .open_i(open_q), .mac_reset_i(mac_reset_o), .fec_i(fec_now),
      .link_i(link), .flap_i(flap), .retry_i(retry), .rx_lost_i(lost_toggle ^ lost_seen_q),
      .tx_withheld_i(tx_withheld), .mac_counts_i(counts));
endmodule

`default_nettype wire
