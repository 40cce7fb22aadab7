// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_ring_fifo under its contract (no push when full, no pop when empty): a marked word comes out
// behind exactly those before it, and empty_o tells the truth.
`default_nettype none
module formal_ring_fifo #(
    parameter int Width = 2,
    parameter int LogDepth = 2
) (
    input wire clk_i,
    input wire push_i,
    input wire pop_i,
    input wire [Width-1:0] data_i,
    input wire mark_i
);
  reg started = 0;
  always @(posedge clk_i) started <= 1;
  wire [Width-1:0] data;
  wire empty;
  synward_ring_fifo #(.Width(Width), .LogDepth(LogDepth)) dut (
      .clk_i, .rst_ni(started), .push_i, .data_i, .pop_i, .data_o(data), .empty_o(empty));

  reg [LogDepth:0] held = 0;
  reg marked = 0;
  reg [Width-1:0] word;
  reg [LogDepth:0] ahead = 0;
  always @(posedge clk_i) if (started) begin
    assume (!(pop_i && held == 0));
    assume (!(push_i && held == (1 << LogDepth)));
    held <= held + push_i - pop_i;
    if (!marked && mark_i && push_i) begin
      marked <= 1;
      word <= data_i;
      ahead <= held - pop_i;
    end else if (marked && pop_i) begin
      marked <= ahead != 0;
      ahead <= ahead - 1'b1;
    end
    assert (empty == (held == 0));
    if (marked && ahead == 0) assert (data == word);
    if (marked) assert (held > ahead);
  end
endmodule
`default_nettype wire
