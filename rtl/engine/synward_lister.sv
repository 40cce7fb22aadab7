// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Shows the host one half-open connection after another, by bucket and way, in clocks that nobody else needs. It looks
/// at bucket after bucket until one has an entry behind those that were shown, waits for the looks under way, and
/// fetches that entry; if it is gone meanwhile, the search goes on.
module synward_lister #(
    parameter int LogBuckets = 14    ///< log2 of the syncache's buckets
) (
    input  wire          clk_i,
    input  wire          rst_ni,           ///< also held while the tables are cleared
    input  wire          first_i,          ///< look for the first entry, for one clock
    input  wire          next_i,           ///< look for the next
    output logic         busy_o,
    output logic         shown_o,          ///< listing_o is an entry
    output logic [`SYNWARD_LISTING_W-1:0] listing_o,  ///< 0 where none is shown
    // looks, answered in order
    output logic         valid_o,
    output logic [LogBuckets-1:0] bucket_o,
    output logic [7:0]   way_o,            ///< one-hot: whose entry is wanted; 0: none
    input  wire          taken_i,
    input  wire          answer_i,
    input  wire  [7:0]   entries_i,        ///< ways that hold an entry
    input  wire  [`SYNWARD_LISTING_W-1:0] listing_i
);
  localparam int HalfW = `SYNWARD_LISTING_W / 2;
  typedef enum logic [1:0] {Idle, Search, Leave, Fetch} state_e;
  state_e state_q;
  logic [LogBuckets:0] ask_q;            // next bucket to look at; its top bit: all were looked at
  logic [LogBuckets-1:0] bucket_q;       // bucket of the next answer, or that of the entry found
  logic [7:0] behind_q, way_q;           // ways of bucket_q that were not shown yet; the way found
  logic found_q, ended_q;                // Search is over: an entry was found, or every bucket looked at
  logic shown_q;                         // an entry is shown, or is about to be
  logic working_q;                       // state_q was not Idle a clock ago
  logic taken_q;                         // a look was taken a clock ago
  logic [6:0] under_way_q;               // looks taken before that, and not answered
  wire [7:0] left = entries_i & behind_q;
  wire [7:0] lowest = left & (~left + 8'd1);
  wire [7:0] shown = way_q | (way_q - 8'd1);
  wire there = |(entries_i & way_q);
  wire last = bucket_q == '1;
  // What is shown changes a clock later than the state, in halves.
  wire begins = state_q == Idle && (first_i || (next_i && shown_q));
  wire ends = state_q == Fetch && answer_i;
  wire [1:0] load, show;
  logic [`SYNWARD_LISTING_W-1:0] listing_q;
  synward_fanout #(.Copies(2)) u_load (.clk_i, .bit_i(!rst_ni || begins || ends), .copies_o(load));
  synward_fanout #(.Copies(2)) u_show (.clk_i, .bit_i(rst_ni && ends && there), .copies_o(show));
  always_ff @(posedge clk_i) begin
    listing_q <= listing_i;
    // Masked, not chosen: a choice of nothing would be a reset that all of it follows.
    if (load[0]) listing_o[HalfW-1:0] <= listing_q[HalfW-1:0] & {HalfW{show[0]}};
    if (load[1]) listing_o[`SYNWARD_LISTING_W-1:HalfW] <= listing_q[`SYNWARD_LISTING_W-1:HalfW]
        & {`SYNWARD_LISTING_W-HalfW{show[1]}};
    shown_o <= shown_q;
    working_q <= rst_ni && state_q != Idle;
  end
  assign busy_o = state_q != Idle || working_q;
  assign way_o = state_q == Fetch ? way_q : 8'd0;
  always_ff @(posedge clk_i) begin
    taken_q <= taken_i;
    under_way_q <= under_way_q + {6'd0, taken_q} - {6'd0, answer_i};
    if (taken_i) valid_o <= 1'b0;
    case (state_q)
      // Without an entry that was shown there is no next.
      Idle: if (begins) begin
        state_q <= Search;
        shown_q <= 1'b0;
        behind_q <= first_i ? 8'hff : ~shown;
        if (first_i) bucket_q <= '0;
        ask_q <= first_i ? '0 : {1'b0, bucket_q};
      end
      Search: begin
        if (!valid_o && !ask_q[LogBuckets] && !found_q) begin
          valid_o <= 1'b1;
          bucket_o <= ask_q[LogBuckets-1:0];
          ask_q <= ask_q + 1'b1;
        end
        // What the answer says is late, and becomes the state a clock behind it.
        if (found_q || ended_q) begin
          state_q <= found_q ? Leave : Idle;
          found_q <= 1'b0;
          ended_q <= 1'b0;
        end else if (answer_i) begin
          if (left != 8'd0) begin
            way_q <= lowest;
            valid_o <= 1'b0;
            found_q <= 1'b1;
          end else begin
            behind_q <= 8'hff;
            if (!last) bucket_q <= bucket_q + 1'b1;
            else ended_q <= 1'b1;
          end
        end
      end
      Leave: if (under_way_q == 7'd0 && !taken_q) begin
        valid_o <= 1'b1;
        bucket_o <= bucket_q;
        state_q <= Fetch;
      end
      default: if (answer_i) begin
        shown_q <= there;
        state_q <= there ? Idle : Search;
        behind_q <= ~shown;
        ask_q <= {1'b0, bucket_q};
      end
    endcase
    if (!rst_ni) begin
      state_q <= Idle;
      valid_o <= 1'b0;
      found_q <= 1'b0;
      ended_q <= 1'b0;
      shown_q <= 1'b0;
      taken_q <= 1'b0;
      under_way_q <= 7'd0;
      bucket_q <= '0;
      way_q <= 8'd0;
    end
  end
endmodule

`default_nettype wire
