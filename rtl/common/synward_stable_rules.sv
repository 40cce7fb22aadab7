// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// What the source of a valid-ready handshake promises (AMBA AXI4-Stream 2.2.1, AXI4 A3.2.1): what it offers stays as
/// it is until it is taken. Asserted in every simulation, from the first reset on; nothing in synthesis.
module synward_stable_rules #(
    parameter int Width = 8,           ///< bits of what is offered
    parameter bit ThroughReset = 0     ///< a reset does not take an offer back
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire              valid_i,
    input  wire              ready_i,
    input  wire  [Width-1:0] offered_i
);
`ifndef SYNTHESIS
  logic known_q;  // a reset has been: before it, registers hold anything
  logic waits_q;
  logic [Width-1:0] offered_q;
  initial known_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) known_q <= 1'b1;
    waits_q <= known_q && (rst_ni || ThroughReset) && valid_i && !ready_i;
    offered_q <= offered_i;
    if (known_q && waits_q && (rst_ni || ThroughReset)) begin
      withdrawn: assert (valid_i);
      changed: assert (offered_i == offered_q);
    end
  end
`endif
  wire unused = &{1'b0, clk_i, rst_ni, valid_i, ready_i, offered_i, ThroughReset};
endmodule

`default_nettype wire
