// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The syncache's memories, and the lookup in them: eight ways of key and entry, and the order of each bucket. One
/// lookup a clock, whatever the buckets.
///
/// Clocks are named t0 to t11. A request reads at t0; its outcome ("r", synward_decide) is known at t11 and written at
/// the end of that clock. So the memories do not show what the eleven requests before it did. That is followed on the
/// way: at stage tk the outcome that is out at t11 belongs to the request 11 - k before. same_i and equal_i say which
/// of those went to the same bucket, and which had the same connection. The latter's outcome is the state of this
/// connection: it goes with the request in a slot of its own. What an outcome changes on the way is chosen a clock
/// before it is out, in registers of their own for each stage and each few bits.
module synward_syncache #(
    parameter int LogBuckets = 14,                     ///< log2 of the buckets
    parameter int EntryW = `SYNWARD_ENTRY_W - 66,      ///< the entry record without tags
    parameter int DirW = 85                            ///< synward_order's bucket state
) (
    input  wire                   clk_i,
    // t0
    input  wire  [LogBuckets-1:0] bucket_i,
    input  wire  [11:1]           same_i,     ///< distance d: that request went to the same bucket
    input  wire  [11:1]           equal_i,    ///< and had the same connection
    // t2
    input  wire  [7:0]            fetch_way_i,  ///< whose key fetch_o shows
    // t3
    input  wire  [288:0]          key_i,      ///< v6, addresses, ports
    // t4
    output logic [354:0]          fetch_o,    ///< key and tags of one way
    // t6: for synward_peek
    output logic [8*EntryW-1:0]   entries_o,
    output logic [7:0]            valid_o,
    // t8
    output logic [EntryW-1:0]     entry8_o,   ///< entry of the connection, of meaning if hit
    output logic                  equal3_o,   ///< the outcome at t11 now is of a request with the same connection
    output logic [2:1]            same8_o,
    output logic [2:1]            equal8_o,
    // t9
    output logic [7:0]            hit9_o,     ///< one-hot: way of the connection
    output logic [EntryW-1:0]     entry9_o,
    output logic [DirW-1:0]       dir9_o,
    // t10
    input  wire                   tuple10_i,  ///< a request about a connection
    input  wire  [LogBuckets-1:0] bucket10_i,
    // t11: the outcome
    input  wire  [288:0]          r_key_i,
    input  wire  [65:0]           r_tags_i,
    input  wire                   r_insert_i,
    input  wire                   r_duplicate_i,  ///< the connection has its tags anew
    input  wire  [7:0]            r_gone_i,   ///< ways whose former entry is gone for others: inserted over, or flushed
    input  wire  [7:0]            r_way_i,    ///< one-hot: way of the connection now; 0 if it has none
    input  wire  [EntryW-1:0]     r_entry_i,
    input  wire  [DirW-1:0]       r_dir_i,
    input  wire                   r_write_i,  ///< tables are ready: write
    // clearing
    input  wire                   clear_i,
    input  wire  [LogBuckets-1:0] clear_bucket_i,
    input  wire  [DirW-1:0]       clear_dir_i
);
  // ---- memories: an address for the keys and one for the entries, which may stand apart
  localparam int KeyW = 355;
  logic [LogBuckets-1:0] bucket1_q, bucket2_q;
  wire [LogBuckets-1:0] bucket3, r_bucket_key, r_bucket_entry, write_bucket;
  logic tuple11_q, clear_q;
  logic [DirW-1:0] clear_dir_q;
  always_ff @(posedge clk_i) begin
    bucket1_q <= bucket_i;
    bucket2_q <= bucket1_q;
    tuple11_q <= tuple10_i;
    clear_q <= clear_i;
    clear_dir_q <= clear_dir_i;
  end
  for (genvar b = 0; b < LogBuckets; b++) begin : gen_bucket
    synward_fanout #(.Copies(1)) u_read (.clk_i, .bit_i(bucket2_q[b]), .copies_o(bucket3[b]));
    synward_fanout #(.Copies(2)) u_write (.clk_i, .bit_i(bucket10_i[b]),
        .copies_o({r_bucket_key[b], r_bucket_entry[b]}));
    synward_fanout #(.Copies(1)) u_dir (.clk_i, .bit_i(clear_i ? clear_bucket_i[b] : bucket10_i[b]),
        .copies_o(write_bucket[b]));
  end

  wire [KeyW-1:0] key_ram [0:7];
  wire [EntryW-1:0] entry_ram [0:7];
  for (genvar w = 0; w < 8; w++) begin : gen_way
    synward_table_ram #(.Width(KeyW), .LogDepth(LogBuckets)) u_key (
        .clk_i, .read_addr_i(bucket_i), .data_o(key_ram[w]),
        .write_i(r_write_i && (r_insert_i || r_duplicate_i) && r_way_i[w]), .write_addr_i(r_bucket_key),
        .write_data_i({r_key_i, r_tags_i}));
    synward_table_ram #(.Width(EntryW), .LogDepth(LogBuckets)) u_entry (
        .clk_i, .read_addr_i(bucket3), .data_o(entry_ram[w]), .write_i(r_write_i && tuple11_q && r_way_i[w]),
        .write_addr_i(r_bucket_entry), .write_data_i(r_entry_i));
    assign entries_o[EntryW*w +: EntryW] = entry_ram[w];
  end
  wire [DirW-1:0] dir_ram;
  synward_table_ram #(.Width(DirW), .LogDepth(LogBuckets), .BlockRam(1)) u_dir (
      .clk_i, .read_addr_i(bucket_i), .data_o(dir_ram), .write_i(clear_q || (r_write_i && tuple11_q)),
      .write_addr_i(write_bucket), .write_data_i(clear_q ? clear_dir_q : r_dir_i));

  // ---- what goes with a request: stage k of these is tk
  logic [11:1] same_q [1:8];
  logic [11:1] equal_q [1:8];
  logic dir_known_q [1:3];            // dir_q is newer than the memory
  logic [DirW-1:0] dir_q [1:9];
  logic [7:0] gone_q [1:7];           // ways taken from the entry that the memory shows
  logic slot_q [1:6];                 // way and entry of the connection are known from an outcome
  logic [7:0] slot_way_q [1:7];
  logic [EntryW-1:0] slot_entry_q [1:7];
  // Whether the outcome that is out now is of the same bucket, or connection, as the request at tk: chosen a clock
  // before. Of the connection, for half of the entry each, and for the rest.
  localparam int HalfW = (EntryW + 1) / 2;
  wire same [0:8];
  wire equal [0:8];
  wire [1:0] equal_half [1:8];
  assign same[0] = same_i[11] && tuple11_q;
  assign equal[0] = equal_i[11] && tuple11_q;
  for (genvar k = 1; k <= 8; k++) begin : gen_now
    wire same_before, equal_before;
    if (k == 1) begin : gen_first
      assign same_before = same_i[10];
      assign equal_before = equal_i[10];
    end else begin : gen_later
      assign same_before = same_q[k-1][11-k];
      assign equal_before = equal_q[k-1][11-k];
    end
    synward_fanout #(.Copies(1)) u_same (.clk_i, .bit_i(same_before && tuple10_i), .copies_o(same[k]));
    synward_fanout #(.Copies(3)) u_equal (.clk_i, .bit_i(equal_before && tuple10_i),
        .copies_o({equal[k], equal_half[k]}));
  end

  localparam int ValidAt = 64;  // valid bits by way in the bucket state
  wire [7:0] valid5 = dir_q[5][ValidAt +: 8];
  wire [7:0] valid7 = dir_q[7][ValidAt +: 8];
  logic [16:0] part_q [0:7];
  logic [7:0] match5_q, match6_q, match7_q;
  wire [7:0] pick5 = match5_q & valid5 & ~gone_q[5];
  wire [1:0] pick6 [0:7];  // of each way, for half of the entry each
  wire [1:0] fetch [0:7];  // likewise of the key
  wire [1:0] slot7;        // slot_q at t7, likewise
  for (genvar w = 0; w < 8; w++) begin : gen_pick
    synward_fanout #(.Copies(2)) u_pick6 (.clk_i, .bit_i(pick5[w]), .copies_o(pick6[w]));
    synward_fanout #(.Copies(2)) u_fetch (.clk_i, .bit_i(fetch_way_i[w]), .copies_o(fetch[w]));
  end
  synward_fanout #(.Copies(2)) u_slot7 (.clk_i, .bit_i(slot_q[6] || equal[6]), .copies_o(slot7));
  logic [EntryW-1:0] picked7_q;
  logic [7:0] hit8_q;
  wire [305:0] key18 = {17'd0, key_i};
  logic [305:0] ram18 [0:7];
  logic [EntryW-1:0] picked;
  logic [354:0] fetched;
  always_comb begin
    for (int w = 0; w < 8; w++) ram18[w] = {17'd0, key_ram[w][354:66]};
    picked = '0;
    fetched = '0;
    for (int w = 0; w < 8; w++) begin
      picked = picked | (entry_ram[w] & {{EntryW-HalfW{pick6[w][1]}}, {HalfW{pick6[w][0]}}});
      fetched = fetched | (key_ram[w] & {{KeyW-KeyW/2{fetch[w][1]}}, {KeyW/2{fetch[w][0]}}});
    end
  end

  always_ff @(posedge clk_i) begin
    same_q[1] <= same_i;
    equal_q[1] <= equal_i;
    for (int k = 1; k < 8; k++) begin
      same_q[k+1] <= same_q[k];
      equal_q[k+1] <= equal_q[k];
    end

    dir_known_q[1] <= same[0];
    dir_q[1] <= r_dir_i;
    for (int k = 1; k < 3; k++) begin
      dir_known_q[k+1] <= dir_known_q[k] || same[k];
      dir_q[k+1] <= same[k] ? r_dir_i : dir_q[k];
    end
    dir_q[4] <= same[3] ? r_dir_i : dir_known_q[3] ? dir_q[3] : dir_ram;
    for (int k = 4; k < 9; k++) dir_q[k+1] <= same[k] ? r_dir_i : dir_q[k];

    gone_q[1] <= same[0] ? r_gone_i : 8'd0;
    slot_q[1] <= equal[0];
    slot_way_q[1] <= r_way_i;
    slot_entry_q[1] <= r_entry_i;
    for (int k = 1; k < 7; k++) begin
      gone_q[k+1] <= same[k] ? gone_q[k] | r_gone_i : gone_q[k];
      if (k < 6) slot_q[k+1] <= slot_q[k] || equal[k];
      slot_way_q[k+1] <= equal[k] ? r_way_i : same[k] ? slot_way_q[k] & ~r_gone_i : slot_way_q[k];
      slot_entry_q[k+1][HalfW-1:0] <= equal_half[k][0] ? r_entry_i[HalfW-1:0] : slot_entry_q[k][HalfW-1:0];
      slot_entry_q[k+1][EntryW-1:HalfW] <= equal_half[k][1] ? r_entry_i[EntryW-1:HalfW]
          : slot_entry_q[k][EntryW-1:HalfW];
    end

    // t3 to t7: the memory's answer
    for (int w = 0; w < 8; w++) begin
      for (int g = 0; g < 17; g++) part_q[w][g] <= key18[18*g +: 18] == ram18[w][18*g +: 18];
      match5_q[w] <= &part_q[w];
    end
    fetch_o <= fetched;
    match6_q <= match5_q;
    match7_q <= match6_q;
    picked7_q <= picked;

    // t8: one answer; t9
    hit8_q <= equal[7] ? r_way_i : slot7[1] ? slot_way_q[7] & ~(r_gone_i & {8{same[7]}})
                       : match7_q & valid7 & ~gone_q[7] & ~(r_gone_i & {8{same[7]}});
    entry8_o[HalfW-1:0] <= equal_half[7][0] ? r_entry_i[HalfW-1:0]
        : slot7[0] ? slot_entry_q[7][HalfW-1:0] : picked7_q[HalfW-1:0];
    entry8_o[EntryW-1:HalfW] <= equal_half[7][1] ? r_entry_i[EntryW-1:HalfW]
        : slot7[1] ? slot_entry_q[7][EntryW-1:HalfW] : picked7_q[EntryW-1:HalfW];
    hit9_o <= equal[8] ? r_way_i : hit8_q & ~(r_gone_i & {8{same[8]}});
    entry9_o[HalfW-1:0] <= equal_half[8][0] ? r_entry_i[HalfW-1:0] : entry8_o[HalfW-1:0];
    entry9_o[EntryW-1:HalfW] <= equal_half[8][1] ? r_entry_i[EntryW-1:HalfW] : entry8_o[EntryW-1:HalfW];
  end
  assign valid_o = dir_q[6][ValidAt +: 8];
  assign equal3_o = equal[8];
  assign dir9_o = dir_q[9];
  assign same8_o = same_q[8][2:1];
  assign equal8_o = equal_q[8][2:1];
endmodule

`default_nettype wire
