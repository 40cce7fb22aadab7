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
  logic [LogDepth:0] head_q, tail_q;

  assign empty_o = head_q == tail_q;
  // Each 256 bits have places of their own to write and to read: a place is the address of that many LUTs and no more.
  localparam int PartW = 256;
  for (genvar p = 0; p < (Width + PartW - 1) / PartW; p++) begin : gen_part
    localparam int Low = PartW * p;
    localparam int W = Width - Low < PartW ? Width - Low : PartW;
    (* ram_style = "distributed" *) logic [W-1:0] mem [0:(1<<LogDepth)-1];
    wire [LogDepth-1:0] head, tail;
    if (p == 0) begin : gen_own
      assign head = head_q[LogDepth-1:0];
      assign tail = tail_q[LogDepth-1:0];
    end else begin : gen_copy
      (* keep = "true", dont_touch = "true" *) logic [LogDepth-1:0] copy_head_q, copy_tail_q;
      (* keep = "true" *) always_ff @(posedge clk_i)
        copy_head_q <= !rst_ni ? '0 : copy_head_q + LogDepth'(push_i);
      (* keep = "true" *) always_ff @(posedge clk_i)
        copy_tail_q <= !rst_ni ? '0 : copy_tail_q + LogDepth'(pop_i);
      assign head = copy_head_q;
      assign tail = copy_tail_q;
    end
    always_ff @(posedge clk_i) if (push_i) mem[head] <= data_i[Low +: W];
    assign data_o[Low +: W] = mem[tail];
  end

  always_ff @(posedge clk_i) begin
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
