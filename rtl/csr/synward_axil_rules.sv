// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What the core's AXI4-Lite port promises: an answer stays until it is taken, and nothing is answered that was not
/// taken before. Asserted in every simulation; nothing in synthesis. The master's promises are its own: before a reset
/// it may do anything.
module synward_axil_rules (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  synward_axil_request_t request_i,
    input  synward_axil_response_t response_i
);
  synward_stable_rules #(.Width(2)) u_b (
      .clk_i, .rst_ni, .valid_i(response_i.bvalid), .ready_i(request_i.bready), .offered_i(response_i.bresp));
  synward_stable_rules #(.Width(34)) u_r (
      .clk_i, .rst_ni, .valid_i(response_i.rvalid), .ready_i(request_i.rready),
      .offered_i({response_i.rdata, response_i.rresp}));
`ifndef SYNTHESIS
  // Taken less answered; the core takes one of each kind at a time, and only what was on offer a clock before.
  logic known_q, aw_q, w_q, ar_q;
  initial known_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) known_q <= 1'b1;
    aw_q <= rst_ni && ((aw_q && !(response_i.bvalid && request_i.bready)) || response_i.awready);
    w_q  <= rst_ni && ((w_q && !(response_i.bvalid && request_i.bready)) || response_i.wready);
    ar_q <= rst_ni && ((ar_q && !(response_i.rvalid && request_i.rready)) || response_i.arready);
    if (known_q && rst_ni) begin
      write_unasked: assert (!response_i.bvalid || (aw_q && w_q));
      read_unasked: assert (!response_i.rvalid || ar_q);
    end
  end
`endif
endmodule

`default_nettype wire
