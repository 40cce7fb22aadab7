// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Delays bits by a fixed number of clocks; 0 comes out after reset until the first bit has passed.
module synward_delay_bit #(
    parameter int Depth = 2  ///< clocks, 2 or more
) (
    input  wire  clk_i,
    input  wire  rst_ni,
    input  wire  bit_i,
    output logic bit_o
);
  if (Depth < 2) begin : gen_refused_depth
    $error("synward_delay_bit: Depth must be 2 or more");
  end
  logic [Depth-1:0] shift_q;
  assign bit_o = shift_q[Depth-1];
  always_ff @(posedge clk_i) shift_q <= rst_ni ? {shift_q[Depth-2:0], bit_i} : '0;
endmodule

`default_nettype wire
