// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// A look at a bucket for the sweeper: is an entry due, which, and when is the next of the others. It looks at what the
/// memories show: an entry that is changed meanwhile is looked at again, for whoever changes it arms it. Latency: 6
/// clocks.
module synward_peek #(
    parameter int EntryW = `SYNWARD_ENTRY_W - 66
) (
    input  wire         clk_i,
    input  wire  [13*16-1:0] interval_i,
    input  wire  [23:0] now_i,
    input  wire  [8*EntryW-1:0] entries_i,
    input  wire  [7:0]  valid_i,
    output logic        found_o,     ///< an entry is due
    output logic [2:0]  way_o,       ///< the first that is
    output logic        any_o,       ///< there are entries
    output logic [15:0] left_o       ///< ms until the next of those that are not due is, at most
);
  wire [7:0] valid2_q, due2_q;
  wire [15:0] left2_q [0:7];
  for (genvar w = 0; w < 8; w++) begin : gen_way
    synward_peek_way u_way (
        .clk_i, .interval_i, .now_i, .entry_i(entries_i[EntryW*w +: EntryW]), .valid_i(valid_i[w]),
        .valid_o(valid2_q[w]), .due_o(due2_q[w]), .left_o(left2_q[w]));
  end

  // The least of those that are not due, two by two.
  logic [15:0] open3_q [0:7];
  logic [15:0] least4_q [0:3];
  logic [15:0] least5_q [0:1];
  logic [2:0] way3_q, way4_q, way5_q;
  logic found3_q, found4_q, found5_q, any3_q, any4_q, any5_q;
  always_ff @(posedge clk_i) begin
    for (int w = 0; w < 8; w++) open3_q[w] <= due2_q[w] ? 16'hffff : left2_q[w];
    way3_q <= 3'd0;
    for (int w = 7; w >= 0; w--) if (due2_q[w]) way3_q <= 3'(w);
    found3_q <= |due2_q;
    any3_q <= |valid2_q;
    for (int i = 0; i < 4; i++) least4_q[i] <= open3_q[2*i] < open3_q[2*i+1] ? open3_q[2*i] : open3_q[2*i+1];
    for (int i = 0; i < 2; i++) least5_q[i] <= least4_q[2*i] < least4_q[2*i+1] ? least4_q[2*i] : least4_q[2*i+1];
    left_o <= least5_q[0] < least5_q[1] ? least5_q[0] : least5_q[1];
    {way4_q, found4_q, any4_q} <= {way3_q, found3_q, any3_q};
    {way5_q, found5_q, any5_q} <= {way4_q, found4_q, any4_q};
    {way_o, found_o, any_o} <= {way5_q, found5_q, any5_q};
  end
endmodule

`default_nettype wire
