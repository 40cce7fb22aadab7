// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The frames of the line wait, and meet their decision, with its mark, at the last beat. The decision is made of the
/// verdict, and waits under the frame's number from when its mark is there.
module synward_fates #(
    parameter bit Elastic = 0,         ///< frames wait in a buffer, as long as it takes
    parameter int LogWait = 10,        ///< log2 of its beats
    parameter int Latency = 106,       ///< or else: clocks from a beat to beat_o
    parameter int MarkLatency = 33     ///< clocks from a verdict to its mark
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // frames
    input  wire          valid_i,
    input  synward_inner_beat_t beat_i,
    input  wire  [5:0]   tag_i,           ///< number of the frame, with all its beats
    input  wire  [5:0]   asks_tag_i,      ///< number of the frame that asks the engine
    output logic         unstored_o,      ///< 1 clock later: it found no room
    output logic [6:0]   number_o,        ///< or else, its number
    output logic         done_o,          ///< Elastic: a frame has left
    // verdicts
    input  wire          verdict_valid_i,
    input  synward_verdict_t verdict_i,
    input  synward_waiting_t waiting_i,   ///< what classification made of its frame
    // marks
    input  wire          mark_valid_i,
    input  wire  [847:0] mark_i,
    input  wire  [6:0]   mark_len_i,
    // frames with their fate
    output logic         valid_o,
    output synward_inner_beat_t beat_o,
    output synward_fate_t fate_o,
    output logic [847:0] mark_o,          ///< with fate_o.marked
    output logic [6:0]   mark_len_o
);
  // Elastic: of the frames that wait, more of whose decisions may be under way.
  localparam int TagW = Elastic ? 7 : 6;

  // ---- the decision, of the verdict. What was lost before the engine has been counted there.
  wire ask = waiting_i.kind == KindAsk && !waiting_i.lost;
  wire forward = (waiting_i.kind == KindPass && !waiting_i.lost) || (ask && verdict_i.fate == FateForward);
  wire drop = (waiting_i.kind == KindDrop && !waiting_i.lost) || (ask && verdict_i.fate == FateDrop);
  wire answered = ask && verdict_i.fate == FateConsumed;
  wire passed_signed = waiting_i.is_signed && !waiting_i.lost;
  localparam int FateW = 1 + 1 + 1 + 1 + 6;
  wire f_valid;
  wire [TagW-1:0] f_tag;
  wire [FateW-1:0] f_fate;
  synward_delay_bit #(.Depth(MarkLatency)) u_f_valid (.clk_i, .rst_ni, .bit_i(verdict_valid_i), .bit_o(f_valid));
  synward_delay #(.Width(TagW + FateW), .Depth(MarkLatency)) u_f_fate (
      .clk_i, .rst_ni,
      .data_i({waiting_i.tag[TagW-1:0], forward, drop, answered, passed_signed,
               waiting_i.kind == KindDrop ? waiting_i.reason : verdict_i.reason}),
      .data_o({f_tag, f_fate}));

  // ---- the frames; c: two clocks before their beats leave, d
  wire c_valid, c_last, missing;
  wire [TagW-1:0] c_tag;
  logic c1_valid, c1_last, d_valid, d_last;
  if (Elastic) begin : gen_wait
    synward_wait #(.LogDepth(LogWait)) u_wait (
        .clk_i, .rst_ni, .valid_i, .beat_i, .tag_i, .asks_tag_i, .unstored_o, .number_o,
        .decided_i(f_valid), .valid_o(c_valid), .last_o(c_last), .number_leaves_o(c_tag), .beat_o);
    assign done_o = c_valid && c_last;
  end else begin : gen_wait
    synward_delay_bit #(.Depth(Latency - 2)) u_c_valid (.clk_i, .rst_ni, .bit_i(valid_i), .bit_o(c_valid));
    synward_delay #(.Width(7), .Depth(Latency - 2)) u_c_tag (
        .clk_i, .rst_ni, .data_i({beat_i.last, tag_i}), .data_o({c_last, c_tag}));
    synward_delay #(.Width(`SYNWARD_INNER_BEAT_W), .Depth(Latency), .BlockRam(1)) u_d_beat (
        .clk_i, .rst_ni, .data_i(beat_i), .data_o(beat_o));
    assign {unstored_o, number_o, done_o} = 9'd0;
    wire unused_fixed = &{1'b0, asks_tag_i, waiting_i};
  end
  always_ff @(posedge clk_i) begin
    c1_valid <= rst_ni && c_valid;
    c1_last <= rst_ni && c_valid && c_last;
    d_valid <= rst_ni && c1_valid;
    d_last <= rst_ni && c1_last;
  end

  // ---- both
  wire [FateW:0] met;
  synward_pairing #(.Width(1 + FateW + 7 + 848), .TagW(TagW), .LogDepth(Elastic ? 6 : 3)) u_decisions (
      .clk_i, .rst_ni, .put_i(f_valid), .put_tag_i(f_tag), .data_i({mark_valid_i, f_fate, mark_len_i, mark_i}),
      .take_i(c_valid && c_last), .take_tag_i(c_tag), .data_o({met, mark_len_o, mark_o}), .lost_o(missing));
  assign valid_o = d_valid;
  assign fate_o = {d_last, missing, met};
  wire unused = &{1'b0, verdict_i};
`ifndef SYNTHESIS
  // A mark goes with a frame's decision.
  always_ff @(posedge clk_i) if (rst_ni) assert (!(mark_valid_i && !f_valid));
`endif
endmodule

`default_nettype wire
