// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Brings bits of another clock here, two clocks. Each for itself: a word may only come this way if it is Gray coded.
/// constraints/crossings.tcl knows the registers by their names.
module synward_sync #(
    parameter int Width = 1
) (
    input  wire              clk_i,
    input  wire  [Width-1:0] bits_i,
    output logic [Width-1:0] bits_o
);
  (* async_reg = "true" *) logic [Width-1:0] sync1_q, sync2_q;
  initial {sync1_q, sync2_q} = '0;
  always_ff @(posedge clk_i) begin
    sync1_q <= bits_i;
    sync2_q <= sync1_q;
  end
  assign bits_o = sync2_q;
endmodule

`default_nettype wire
