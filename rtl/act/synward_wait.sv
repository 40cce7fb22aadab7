// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The frames of the line before an engine behind streams: whole, in order, until their decisions come. A frame that
/// finds no room is dropped whole, which unstored_o tells whoever is about to ask about it. Those that wait are
/// numbered anew, so that numbers of few frames lie close together.
module synward_wait #(
    parameter int LogDepth = 10  ///< log2 of the beats held
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          valid_i,
    input  synward_inner_beat_t beat_i,
    input  wire  [5:0]   tag_i,       ///< the frame's tag, with all its beats
    input  wire  [5:0]   asks_tag_i,  ///< tag of a frame that ended 2 clocks ago or earlier, less than 64 frames ago
    output logic         unstored_o,  ///< next clock: it found no room
    output logic [6:0]   number_o,    ///< or else, its number
    input  wire          decided_i,   ///< the decision of one more frame is there; never for one that found no room
    output logic         valid_o,     ///< a beat leaves: beat_o shows it 2 clocks later
    output logic         last_o,
    output logic [6:0]   number_leaves_o,
    output synward_inner_beat_t beat_o
);
  wire stored, refused, waits;
  synward_inner_beat_t beat;
  logic [LogDepth:0] decided_q;  // frames
  logic some_q;                  // decided_q is not 0
  logic [6:0] number_q;
  wire [6:0] number = number_q + 7'(stored);
  wire leaves = waits && some_q;
  wire ends = leaves && beat.last;
  synward_frame_fifo #(.Width(`SYNWARD_INNER_BEAT_W + 7), .LogDepth(LogDepth)) u_beats (
      .clk_i, .rst_ni, .valid_i, .beat_i({number, beat_i}), .last_i(beat_i.last), .keep_frame_i(1'b1),
      .stored_o(stored), .refused_o(refused), .used_o(), .valid_o(waits), .beat_o({number_leaves_o, beat}),
      .ready_i(some_q));
  assign valid_o = leaves;
  assign last_o = beat.last;

  // What became of the frame of each tag, until it comes round.
  (* ram_style = "distributed" *) logic [7:0] places [0:63];
  logic [5:0] tag_q;
  synward_inner_beat_t beat_q;
  always_ff @(posedge clk_i) begin
    tag_q <= tag_i;
    number_q <= rst_ni ? number : '0;
    if (stored || refused) places[tag_q] <= {refused, number_q};
    {unstored_o, number_o} <= places[asks_tag_i];
    beat_q <= beat;
    beat_o <= beat_q;
    decided_q <= rst_ni ? decided_q + (LogDepth + 1)'(decided_i) - (LogDepth + 1)'(ends) : '0;
    some_q <= rst_ni && (decided_i || (ends ? decided_q[LogDepth:1] != '0 : some_q));
  end
endmodule

`default_nettype wire
