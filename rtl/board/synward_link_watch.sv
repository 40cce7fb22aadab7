// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// Brings a CMAC's link up by itself, keeps it up, and says whether frames may move (PG203's order: receiver on and RFI
/// sent until the lanes are aligned, then the transmitter). Lanes that do not align within AlignMs are tried anew from
/// the transceivers on. Another FEC takes effect by a reset, as PG203 asks.
module synward_link_watch #(
    parameter int AlignMs = 1000,     ///< ms, 1 to 4095
    parameter int ResetClocks = 256,  ///< clocks, 1 to 1023
    parameter int SteadyClocks = 1000 ///< clocks of alignment until frames move, 1 to 1023
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    input  wire                 tick_i,       ///< for one clock in each millisecond
    input  wire                 enable_i,
    input  wire                 fec_i,        ///< RS-FEC (IEEE 802.3 clause 91)
    input  wire                 fault_i,      ///< the CMAC says that only a reset helps it (tx_ovfout)
    input  synward_board_link_t link_i,       ///< of this clock
    output logic                mac_reset_o,  ///< resets the CMAC and its transceivers
    output logic                fec_o,        ///< constant outside mac_reset_o
    output logic                rx_enable_o,
    output logic                tx_enable_o,
    output logic                send_rfi_o,
    output logic                up_o,
    output logic                flap_o,       ///< for one clock: the link went down
    output logic                retry_o       ///< for one clock: the lanes did not align in time, or fault_i
);
  if (AlignMs < 1 || AlignMs > 4095) begin : gen_refused_align_ms
    $error("synward_link_watch: AlignMs must be 1 to 4095");
  end
  if (ResetClocks < 1 || ResetClocks > 1023) begin : gen_refused_reset_clocks
    $error("synward_link_watch: ResetClocks must be 1 to 1023");
  end
  if (SteadyClocks < 1 || SteadyClocks > 1023) begin : gen_refused_steady_clocks
    $error("synward_link_watch: SteadyClocks must be 1 to 1023");
  end
  localparam logic [1:0] Reset = 2'd0, Wait = 2'd1, Steady = 2'd2, Up = 2'd3;
  logic [1:0] state_q;
  logic [9:0] clocks_q;
  logic [11:0] ms_q;
  wire aligned = link_i.aligned && !link_i.local_fault;
  wire late = tick_i && ms_q == 12'(AlignMs - 1);
  wire renew = !enable_i || fec_i != fec_o;
  always_ff @(posedge clk_i) begin
    flap_o <= rst_ni && up_o && (renew || fault_i || !aligned || link_i.remote_fault);
    retry_o <= rst_ni && enable_i && state_q != Reset && (fault_i || (state_q == Wait && late && !aligned));
    if (!rst_ni || ((renew || fault_i) && state_q != Reset)) begin
      state_q <= Reset;
      clocks_q <= 10'd0;
      fec_o <= fec_i;
    end else if (state_q == Reset) begin
      if (enable_i) clocks_q <= clocks_q + 10'd1;
      fec_o <= fec_i;
      ms_q <= 12'd0;
      if (enable_i && clocks_q == 10'(ResetClocks - 1)) state_q <= Wait;
    end else if (state_q == Wait) begin
      clocks_q <= 10'd0;
      if (tick_i) ms_q <= ms_q + 12'd1;
      if (aligned) state_q <= Steady;
      else if (late) state_q <= Reset;
    end else begin
      ms_q <= 12'd0;
      clocks_q <= clocks_q + 10'd1;
      if (!aligned) state_q <= Wait;
      else if (state_q == Steady && clocks_q == 10'(SteadyClocks - 1)) state_q <= Up;
    end
    mac_reset_o <= !rst_ni || state_q == Reset;
    rx_enable_o <= rst_ni && state_q != Reset;
    tx_enable_o <= rst_ni && state_q == Up;
    send_rfi_o <= rst_ni && state_q != Reset && state_q != Up;
    up_o <= rst_ni && state_q == Up && aligned && !link_i.remote_fault && !renew && !fault_i;
  end

`ifndef SYNTHESIS
  initial assert (AlignMs >= 1 && AlignMs < 4096 && ResetClocks >= 1 && ResetClocks < 1024 && SteadyClocks >= 1 &&
                  SteadyClocks < 1024);
`endif
endmodule

`default_nettype wire
