// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Towards the line: the card's replies (SYN-ACKs, challenge ACKs, RSTs) and the host's frames, each through a FIFO of
/// its own, frame by frame in turn while both wait. A reply is only made when there is room for it (room_o); a frame of
/// the host that finds none is dropped whole.
module synward_line_tx #(
    parameter int LogReplyDepth = 9,  ///< log2 of the replies held
    parameter int LogHostDepth = 9,   ///< log2 of the beats of host frames held
    parameter int Room = 64           ///< replies that room_o speaks of, at most 2^LogReplyDepth - 6
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // replies
    input  wire          reply_valid_i,
    input  wire  [847:0] reply_i,
    input  wire  [6:0]   reply_len_i,
    output logic         reply_stored_o,   ///< next clock
    output logic         room_o,           ///< the next Room replies certainly fit, one in this clock included
    output logic         half_o,           ///< the replies' FIFO is less than half full
    // frames of the host
    input  wire          host_valid_i,
    input  synward_inner_beat_t host_beat_i,
    input  wire          host_keep_i,      ///< with the last beat: the frame goes on
    output logic         host_stored_o,
    output logic         host_refused_o,
    // port
    output synward_beat_t tx_o,
    input  wire          tx_ready_i,
    output synward_moved_t moved_o  ///< one clock behind the beat's transfer
);
  wire reply_valid, host_valid;
  synward_inner_beat_t reply_beat, host_beat;
  wire reply_ready, host_ready;
  synward_reply_fifo #(.LogDepth(LogReplyDepth), .Room(Room)) u_replies (
      .clk_i, .rst_ni, .valid_i(reply_valid_i), .frame_i(reply_i), .len_i(reply_len_i), .stored_o(reply_stored_o),
      .room_o, .half_o,
      .valid_o(reply_valid), .beat_o(reply_beat), .ready_i(reply_ready));
  synward_frame_fifo #(.Width(`SYNWARD_INNER_BEAT_W), .LogDepth(LogHostDepth)) u_host (
      .clk_i, .rst_ni, .valid_i(host_valid_i), .beat_i(host_beat_i), .last_i(host_beat_i.last),
      .keep_frame_i(host_keep_i),
      .stored_o(host_stored_o), .refused_o(host_refused_o), .used_o(), .valid_o(host_valid), .beat_o(host_beat),
      .ready_i(host_ready));

  // In turn: the one that was not served last goes first. Each part of a beat follows a choice of its own, the last one
  // is for all else.
  localparam int Parts = synward_logic_pkg::BeatParts;
  localparam int PartW = synward_logic_pkg::BeatPartW;
  wire [Parts:0] locked, chosen;  // a frame is on its way; the last one was the host's
  wire [Parts:0] choice;          // the host's
  for (genvar p = 0; p <= Parts; p++) begin : gen_choice
    assign choice[p] = locked[p] ? chosen[p] : chosen[p] ? !reply_valid : host_valid;
  end
  wire valid = choice[Parts] ? host_valid : reply_valid;
  wire [PartW*Parts-1:0] host = (PartW*Parts)'(host_beat);
  wire [PartW*Parts-1:0] reply = (PartW*Parts)'(reply_beat);
  logic [PartW*Parts-1:0] beat;
  always_comb
    for (int p = 0; p < Parts; p++)
      beat[PartW*p +: PartW] = choice[p] ? host[PartW*p +: PartW] : reply[PartW*p +: PartW];
  synward_inner_beat_t sent;
  assign sent = beat[`SYNWARD_INNER_BEAT_W-1:0];
  wire ready;
  wire moves = valid && ready;
  assign host_ready = ready && choice[Parts];
  assign reply_ready = ready && !choice[Parts];
  synward_fanout #(.Copies(Parts + 1)) u_locked (
      .clk_i, .bit_i(rst_ni && (moves ? !sent.last : locked[Parts])), .copies_o(locked));
  synward_fanout #(.Copies(Parts + 1)) u_chosen (
      .clk_i, .bit_i(rst_ni && (moves ? choice[Parts] : chosen[Parts])), .copies_o(chosen));
  synward_tx_beat u_port (
      .clk_i, .rst_ni, .valid_i(valid), .beat_i(sent), .ready_o(ready), .tx_o, .tx_ready_i, .moved_o);
  wire unused = &{1'b0, beat[PartW*Parts-1:`SYNWARD_INNER_BEAT_W]};
endmodule

`default_nettype wire
