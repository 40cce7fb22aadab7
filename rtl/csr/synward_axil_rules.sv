// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// What the core's AXI4-Lite port promises: an answer stays until it is taken, and nothing is answered that was not
/// taken before. Asserted in every simulation; nothing in synthesis. The master's promises are its own: before a reset
/// it may do anything.
module synward_axil_rules (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         awready_i,
    input  wire         wready_i,
    input  wire  [1:0]  bresp_i,
    input  wire         bvalid_i,
    input  wire         bready_i,
    input  wire         arready_i,
    input  wire  [31:0] rdata_i,
    input  wire  [1:0]  rresp_i,
    input  wire         rvalid_i,
    input  wire         rready_i
);
  synward_stable_rules #(.Width(2)) u_b (
      .clk_i, .rst_ni, .valid_i(bvalid_i), .ready_i(bready_i), .offered_i(bresp_i));
  synward_stable_rules #(.Width(34)) u_r (
      .clk_i, .rst_ni, .valid_i(rvalid_i), .ready_i(rready_i), .offered_i({rdata_i, rresp_i}));
`ifndef SYNTHESIS
  // Taken less answered; the core takes one of each kind at a time, and only what was on offer a clock before.
  logic known_q, aw_q, w_q, ar_q;
  initial known_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) known_q <= 1'b1;
    aw_q <= rst_ni && ((aw_q && !(bvalid_i && bready_i)) || awready_i);
    w_q  <= rst_ni && ((w_q && !(bvalid_i && bready_i)) || wready_i);
    ar_q <= rst_ni && ((ar_q && !(rvalid_i && rready_i)) || arready_i);
    if (known_q && rst_ni) begin
      write_unasked: assert (!bvalid_i || (aw_q && w_q));
      read_unasked: assert (!rvalid_i || ar_q);
    end
  end
`endif
endmodule

`default_nettype wire
