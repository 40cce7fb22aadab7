// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// One way's part of synward_peek: is its entry due, and if not, how long not. Latency: 2 clocks.
module synward_peek_way #(
    parameter int EntryW = `SYNWARD_ENTRY_W - 66
) (
    input  wire         clk_i,
    input  wire  [13*16-1:0] interval_i,
    input  wire  [23:0] now_i,
    input  wire  [EntryW-1:0] entry_i,
    input  wire         valid_i,
    output logic        valid_o,
    output logic        due_o,
    output logic [15:0] left_o   ///< ms; without an entry the most
);
  synward_entry_t e;
  assign e = {entry_i, 66'd0};
  logic [15:0] interval, interval1_q;
  always_comb begin
    interval = 16'd0;
    for (int n = 0; n < 13; n++) if (e.rxmits == 4'(n + 1)) interval = interval | interval_i[16*n +: 16];
  end
  logic valid1_q;
  logic [23:0] since1_q;
  wire [23:0] left = {8'd0, interval1_q} - since1_q;
  always_ff @(posedge clk_i) begin
    valid1_q <= valid_i;
    since1_q <= now_i - e.armed;
    interval1_q <= interval;
    valid_o <= valid1_q;
    due_o <= valid1_q && since1_q >= {8'd0, interval1_q};
    left_o <= valid1_q ? left[15:0] : 16'hffff;
  end
  wire unused = &{1'b0, e, left};
endmodule

`default_nettype wire
