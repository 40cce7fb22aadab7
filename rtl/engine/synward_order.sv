// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// The order of a bucket's entries and what an insertion or a removal makes of it. Combinational, at most three LUT
/// levels.
///
/// Places run from the newest entry (the first place in use: 8 - bucketlimit) to the last (7); behind the oldest entry
/// come the free ways. So the way for the next entry always stands last: free, or the oldest entry's. State, 85 bits:
/// up_to[p] for p = 0..6 (ways at places up to p, bits 8p+7:8p; those ahead the first place are empty, and all ways in
/// use are up to 7), taken (places with an entry, 63:56), valid (ways with an entry, 71:64), oldest (one-hot, 79:72),
/// some (80), entries (84:81).
module synward_order (
    input  wire  [7:0]  first_i,         ///< one-hot: the first place in use
    input  wire  [7:0]  used_i,          ///< the places in use
    input  wire  [7:0]  ways_i,          ///< the ways in use
    input  wire  [84:0] dir_i,
    input  wire         oldest_i,        ///< insert in the place of the oldest entry though ways are free
    input  wire  [7:0]  remove_i,        ///< one-hot: way to remove
    output logic [7:0]  way_o,           ///< one-hot: way of the insertion
    output logic        full_o,          ///< bucketlimit entries
    output logic        some_o,
    output logic [84:0] inserted_o,
    output logic [84:0] removed_o
);
  wire [7:0] taken = dir_i[63:56];
  wire [7:0] valid = dir_i[71:64];
  wire [7:0] oldest = dir_i[79:72];
  wire some = dir_i[80];
  logic [7:0] up_to [0:7];
  logic [7:0] ahead [0:7];  // ways at the places ahead
  logic [7:0] second;        // the entry before the oldest
  logic two, oldest_removed;
  always_comb begin
    for (int p = 0; p < 7; p++) up_to[p] = dir_i[8*p +: 8];
    up_to[7] = ways_i;
    ahead[0] = 8'd0;
    for (int p = 1; p < 8; p++) ahead[p] = up_to[p-1];
    two = |(taken & {first_i[6:0], 1'b0});
    second = 8'd0;
    for (int p = 0; p < 7; p++) second = second | (up_to[p] & ~ahead[p]
        & {8{taken[p+1] && !(p < 6 && taken[(p+2)%8])}});
    oldest_removed = |(remove_i & oldest);

    way_o = oldest_i ? oldest : ways_i & ~up_to[6];
    full_o = taken[7];
    some_o = some;

    // Every place up to the one that gives its way takes over from the place ahead of it.
    for (int p = 0; p < 7; p++)
      inserted_o[8*p +: 8] = first_i[p] ? way_o : oldest_i && !taken[p+1] ? up_to[p] : used_i[p] ? ahead[p] | way_o
          : 8'd0;
    inserted_o[63:56] = oldest_i ? taken : first_i | {taken[6:0], 1'b0};
    inserted_o[71:64] = valid | way_o;
    inserted_o[79:72] = !some ? way_o : (oldest_i || taken[7]) ? (two ? second : way_o) : oldest;
    inserted_o[80] = 1'b1;
    inserted_o[84:81] = (oldest_i || taken[7]) ? dir_i[84:81] : dir_i[84:81] + 4'd1;

    for (int p = 0; p < 7; p++) removed_o[8*p +: 8] = |(up_to[p] & remove_i) ? up_to[p+1] & ~remove_i : up_to[p];
    removed_o[63:56] = {1'b0, taken[7:1]} & used_i;
    removed_o[71:64] = valid & ~remove_i;
    removed_o[79:72] = oldest_removed ? (two ? second : 8'd0) : oldest;
    removed_o[80] = two;
    removed_o[84:81] = dir_i[84:81] - 4'd1;
  end
endmodule

`default_nettype wire
