// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// A way from one die of a card to another (SLRs; UG912, USER_SLL_REG): a register on each side of the border and
/// nothing between them. The two are placed apart (constraints/u55c/floorplan.xdc names them), so each is one register,
/// never a shift register in a LUT. Latency: 2 clocks.
module synward_slr_pipe #(
    parameter int Width = 1  ///< bits
) (
    input  wire              clk_i,
    input  wire  [Width-1:0] data_i,
    output logic [Width-1:0] data_o
);
  if (Width < 1) begin : gen_refused_width
    $error("synward_slr_pipe: Width must be 1 or more");
  end
  (* keep = "true", shreg_extract = "no", USER_SLL_REG = "TRUE" *) logic [Width-1:0] launch_q;
  (* keep = "true", shreg_extract = "no", USER_SLL_REG = "TRUE" *) logic [Width-1:0] land_q;
  (* keep = "true" *) always_ff @(posedge clk_i) launch_q <= data_i;
  (* keep = "true" *) always_ff @(posedge clk_i) land_q <= launch_q;
  assign data_o = land_q;
endmodule

`default_nettype wire
