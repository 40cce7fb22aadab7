// SPDX-License-Identifier: BSD-2-Clause
// Checked of synward_syncache's forwarding: what a request sees at t9 is what the outcomes of all requests up to three
// clocks before it left (insertions over others, removals, flushes of a bucket), as a table without latency would show
// it.
// Two buckets, two connections, two ways, entries of two bits that are the same.
`default_nettype none
`include "synward_records.svh"
module formal_syncache (
    input wire clk_i,
    input wire tuple_i,
    input wire bucket_i,
    input wire print_i,
    input wire [1:0] way_i,
    input wire entry_i,
    input wire insert_i,
    input wire flush_i
);
  reg started = 0;
  reg [3:0] reset = 0;
  always @(posedge clk_i) begin
    if (reset != 3) reset <= reset + 1'b1;
    else started <= 1;
  end
  reg [11:1] tuples = 0, buckets = 0, prints = 0;
  wire tuple = tuple_i && started;
  always @(posedge clk_i) begin
    tuples <= {tuples[10:1], tuple};
    buckets <= {buckets[10:1], bucket_i};
    prints <= {prints[10:1], print_i};
  end
  wire [11:1] same = ~(buckets ^ {11{bucket_i}});
  wire [11:1] equal = same & ~(prints ^ {11{print_i}});
  wire r_print = prints[11];

  // The model: both connections of one bucket.
  (* anyconst *) reg bucket;
  reg [1:0] way0 = 0, way1 = 0, valid = 0;
  reg entry0 = 0, entry1 = 0;
  wire here = tuples[11] && buckets[11] == bucket;
  wire [1:0] was = r_print ? way1 : way0;
  // What synward_decide may say: an insertion of what is not there, a removal (or the flush of the bucket), or neither.
  wire insert = insert_i && (!here || was == 0);
  wire [1:0] gone = insert ? way_i : flush_i ? 2'd3 : 2'd0;
  wire removal = !insert && was != 0 && way_i == 0;
  wire [1:0] valid_after = insert ? valid | way_i : !removal ? valid : flush_i ? 2'd0 : valid & ~was;
  wire [1:0] r_valid = here ? valid_after : {entry_i, flush_i};

  wire [7:0] hit9;
  wire [1:0] entry9;
  wire [84:0] dir9;
  reg [3:1] print_q = 0;
  always @(posedge clk_i) print_q <= {print_q[2:1], print_i};
  synward_syncache #(.LogBuckets(1), .EntryW(2)) dut (
      .clk_i, .bucket_i, .same_i(same), .equal_i(equal), .fetch_way_i(8'd0), .key_i({288'd0, print_q[3]}), .fetch_o(),
      .entries_o(), .valid_o(), .entry8_o(), .equal3_o(), .same8_o(), .equal8_o(), .hit9_o(hit9), .entry9_o(entry9),
      .dir9_o(dir9), .tuple10_i(tuples[10]), .bucket10_i(buckets[10]), .r_key_i({288'd0, r_print}), .r_tags_i(66'd0),
      .r_insert_i(insert && tuples[11]), .r_duplicate_i(1'b0), .r_gone_i({6'd0, gone}), .r_way_i({6'd0, way_i}),
      .r_entry_i({2{entry_i}}), .r_dir_i({19'd0, r_valid, 64'd0}), .r_write_i(1'b1), .clear_i(!started),
      .clear_bucket_i(reset[0]), .clear_dir_i(85'd0));

  wire [1:0] way9 = prints[9] ? way1 : way0;
  always @(posedge clk_i) begin
    assume (way_i != 2'd3);
    if (insert_i) assume (way_i != 0);
    if (here) begin
      if (!insert) assume (way_i == was || way_i == 0);
      if (flush_i) assume (removal);
      valid <= valid_after;
      if (r_print) begin
        way1 <= way_i;
        way0 <= way0 & ~gone;
        if (way_i != 0) entry1 <= entry_i;
      end else begin
        way0 <= way_i;
        way1 <= way1 & ~gone;
        if (way_i != 0) entry0 <= entry_i;
      end
    end
    if (started && tuples[9] && buckets[9] == bucket) begin
      assert (dir9[65:64] == valid);
      assert (hit9[1:0] == way9);
      if (way9 != 0) assert (entry9 == {2{prints[9] ? entry1 : entry0}});
    end
  end
endmodule
`default_nettype wire
