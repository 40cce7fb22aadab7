// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Shows a word of another clock here, whole and a few clocks old, again and again. While the other clock stands, the
/// last one stays.
module synward_sample #(
    parameter int Width = 32
) (
    input  wire              from_clk_i,
    input  wire  [Width-1:0] word_i,
    input  wire              clk_i,
    output logic [Width-1:0] word_o
);
  logic asked_q, taken_q;
  logic [Width-1:0] hold_q;
  wire asked, taken;
  initial {asked_q, taken_q, hold_q, word_o} = '0;
  synward_sync u_asked_sync (.clk_i(from_clk_i), .bits_i(asked_q), .bits_o(asked));
  synward_sync u_taken_sync (.clk_i, .bits_i(taken_q), .bits_o(taken));
  always_ff @(posedge from_clk_i) begin
    if (asked != taken_q) hold_q <= word_i;
    taken_q <= asked;
  end
  always_ff @(posedge clk_i) begin
    if (taken == asked_q) begin
      word_o <= hold_q;
      asked_q <= !asked_q;
    end
  end
endmodule

`default_nettype wire
