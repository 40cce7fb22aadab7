// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// A CMAC (cmac_usplus, made by vivado/ip.tcl: CAUI-4, RS-FEC, AXIS, no AXI4-Lite) between a port and the pins. It is
/// controlled by its pins, so that RS-FEC can be chosen at run time and the link comes up without a host. RX runs on
/// the transmitter's clock, which PG203 allows: one clock for a port.
module synward_cmac #(
    parameter bit HostPort = 1'b0  ///< which of the two IPs, whose places on the die differ
) (
    input  wire  [3:0]          gt_rxp_i,
    input  wire  [3:0]          gt_rxn_i,
    output logic [3:0]          gt_txp_o,
    output logic [3:0]          gt_txn_o,
    input  wire                 gt_ref_clk_pi,
    input  wire                 gt_ref_clk_ni,
    output logic                gt_ref_clk_o,   ///< the reference clock, running whatever the link does
    input  wire                 init_clk_i,     ///< free running, as vivado/ip.tcl says (GT_DRP_CLK)
    input  wire                 power_ni,       ///< asynchronous
    // controls
    input  wire                 reset_i,        ///< of any clock
    input  wire  [2:0]          loopback_i,
    input  wire                 fec_i,          ///< of mac_clk_o, as the next three
    input  wire                 rx_enable_i,
    input  wire                 tx_enable_i,
    input  wire                 send_rfi_i,
    // of mac_clk_o
    output logic                mac_clk_o,
    output logic                rx_reset_o,
    output logic                tx_reset_o,
    output synward_board_link_t link_o,
    output logic [3:0]          pulses_o,       ///< tx_unfout, FEC uncorrected, FEC corrected, bad FCS
    output logic                overflow_o,
    output synward_beat_t rx_o,
    input  synward_beat_t tx_i,
    output logic                tx_ready_o
);
  wire reset_n, init_reset_n;
  // sys_reset is a level of init_clk.
  synward_reset_sync u_power (.clk_i(init_clk_i), .rst_ni(power_ni), .rst_no(init_reset_n));
  wire reset;
  synward_sync u_reset_sync (.clk_i(init_clk_i), .bits_i(reset_i), .bits_o(reset));
  assign reset_n = init_reset_n && !reset;
  logic sys_reset_q;
  always_ff @(posedge init_clk_i) sys_reset_q <= !reset_n;

  wire tvalid, tlast, tuser, aligned, local_fault, remote_fault, fec_aligned, corrected, uncorrected, bad_fcs, unf;
  wire [511:0] tdata;
  wire [63:0] tkeep;
  wire [19:0] block_lock;
  assign rx_o = {tvalid, tuser, tlast, tkeep, tdata};
  assign link_o = {aligned, local_fault, remote_fault, fec_aligned, block_lock};
  assign pulses_o = {unf, uncorrected, corrected, bad_fcs};

`define SYNWARD_CMAC_PINS \
      .gt_rxp_in(gt_rxp_i), .gt_rxn_in(gt_rxn_i), .gt_txp_out(gt_txp_o), .gt_txn_out(gt_txn_o), \
      .gt_ref_clk_p(gt_ref_clk_pi), .gt_ref_clk_n(gt_ref_clk_ni), .gt_ref_clk_out(gt_ref_clk_o), \
      .init_clk(init_clk_i), .sys_reset(sys_reset_q), .gt_loopback_in({4{loopback_i}}), \
      .gtwiz_reset_tx_datapath(1'b0), .gtwiz_reset_rx_datapath(1'b0), .gt_txusrclk2(mac_clk_o), .gt_rxusrclk2(), \
      .rx_clk(mac_clk_o), .gt_rxrecclkout(), .gt_powergoodout(), .core_rx_reset(1'b0), .core_tx_reset(1'b0), \
      .core_drp_reset(1'b0), .usr_rx_reset(rx_reset_o), .usr_tx_reset(tx_reset_o), \
      .ctl_rx_enable(rx_enable_i), .ctl_rx_force_resync(1'b0), .ctl_rx_test_pattern(1'b0), \
      .ctl_rsfec_ieee_error_indication_mode(1'b0), .ctl_rx_rsfec_enable(fec_i), \
      .ctl_rx_rsfec_enable_correction(fec_i), .ctl_rx_rsfec_enable_indication(fec_i), \
      .ctl_tx_enable(tx_enable_i), .ctl_tx_test_pattern(1'b0), .ctl_tx_rsfec_enable(fec_i), \
      .ctl_tx_send_idle(1'b0), .ctl_tx_send_rfi(send_rfi_i), .ctl_tx_send_lfi(1'b0), \
      .rx_axis_tvalid(tvalid), .rx_axis_tdata(tdata), .rx_axis_tkeep(tkeep), .rx_axis_tlast(tlast), \
      .rx_axis_tuser(tuser), .tx_axis_tvalid(tx_i.valid), .tx_axis_tdata(tx_i.data), .tx_axis_tkeep(tx_i.keep), \
      .tx_axis_tlast(tx_i.last), .tx_axis_tuser(tx_i.error && tx_i.last), .tx_axis_tready(tx_ready_o), \
      .tx_preamblein(56'd0), .tx_ovfout(overflow_o), .tx_unfout(unf), .stat_rx_aligned(aligned), \
      .stat_rx_local_fault(local_fault), .stat_rx_remote_fault(remote_fault), .stat_rx_block_lock(block_lock), \
      .stat_rx_rsfec_lane_alignment_status(fec_aligned), .stat_rx_rsfec_corrected_cw_inc(corrected), \
      .stat_rx_rsfec_uncorrected_cw_inc(uncorrected), .stat_rx_packet_bad_fcs(bad_fcs), \
      .drp_clk(1'b0), .drp_addr(10'd0), .drp_di(16'd0), .drp_en(1'b0), .drp_we(1'b0)

  if (HostPort) begin : gen_host
    synward_cmac_host_ip u_cmac (`SYNWARD_CMAC_PINS);
  end else begin : gen_line
    synward_cmac_line_ip u_cmac (`SYNWARD_CMAC_PINS);
  end
`undef SYNWARD_CMAC_PINS
endmodule

`default_nettype wire
