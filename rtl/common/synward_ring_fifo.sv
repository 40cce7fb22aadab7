// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// A small FIFO for words that are known never to overflow it: the first word is visible at data_o without a pop.
/// Writes when full and pops when empty are not guarded: the pipelines around it cannot make them (asserted in
/// simulation).
module synward_ring_fifo #(
    parameter int Width = 8,  ///< bits
    parameter int LogDepth = 2  ///< log2 of the words held
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire              push_i,
    input  wire  [Width-1:0] data_i,
    input  wire              pop_i,
    output logic [Width-1:0] data_o,
    output logic             empty_o
);
  if (LogDepth < 1) begin : gen_refused_log_depth
    $error("synward_ring_fifo: LogDepth must be 1 or more");
  end
  (* ram_style = "distributed" *) logic [Width-1:0] mem [0:(1<<LogDepth)-1];
  logic [LogDepth:0] head_q, tail_q;

  assign empty_o = head_q == tail_q;
  assign data_o  = mem[tail_q[LogDepth-1:0]];

  always_ff @(posedge clk_i) begin
    if (push_i) mem[head_q[LogDepth-1:0]] <= data_i;
    head_q <= !rst_ni ? '0 : head_q + {{LogDepth{1'b0}}, push_i};
    tail_q <= !rst_ni ? '0 : tail_q + {{LogDepth{1'b0}}, pop_i};
`ifndef SYNTHESIS
    if (rst_ni) begin
      assert (!(pop_i && empty_o));
      assert (!(push_i && head_q[LogDepth] != tail_q[LogDepth] && head_q[LogDepth-1:0] == tail_q[LogDepth-1:0]));
    end
`endif
  end
endmodule

`default_nettype wire
