// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Number of the highest kept byte of a beat (0..63). tkeep is a thermometer, so each bit is an OR of its edges.
/// Combinational.
module synward_keep_top (
    input  wire  [63:0] keep_i,
    output logic [5:0]  top_o
);
  wire [63:0] edges = keep_i & ~{1'b0, keep_i[63:1]};
  always_comb begin
    top_o = '0;
    for (int i = 0; i < 64; i++) top_o = top_o | (6'(i) & {6{edges[i]}});
  end
endmodule

`default_nettype wire
