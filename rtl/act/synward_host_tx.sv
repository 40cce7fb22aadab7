// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Towards the host: the client's frames, in order, and before some of them a marked ACK of our own. A frame's last
/// beat comes with the decision whether it is forwarded, and with the mark that goes before it. A mark is only made
/// when there is room for it (room_o); a frame that finds none is dropped whole. Mail, a frame of the card's own host,
/// goes between two others: never between a mark and its frame.
module synward_host_tx #(
    parameter int LogDepth = 9,      ///< log2 of the beats of client frames held
    parameter int LogMarkDepth = 9,  ///< log2 of the marked ACKs held
    parameter int Room = 64          ///< marks that room_o speaks of, at most 2^LogMarkDepth - 6
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // marked ACKs
    input  wire          mark_valid_i,   ///< with a frame's last beat: it goes before this frame
    input  wire  [847:0] mark_i,
    input  wire  [6:0]   mark_len_i,     ///< 65..106
    output logic         mark_stored_o,  ///< next clock
    output logic         room_o,         ///< the next Room marks certainly fit, one in this clock included
    // client frames
    input  wire          valid_i,
    input  synward_inner_beat_t beat_i,
    input  wire          forward_i,      ///< with the last beat
    output logic         stored_o,       ///< next clock
    output logic         refused_o,
    // mail: from its first beat on one is on offer each clock, and one frame goes at once
    input  wire          mail_valid_i,
    input  synward_inner_beat_t mail_i,
    output logic [synward_logic_pkg::BeatParts:0] mail_turn_o,  ///< copies; with mail_ready_o: the beat is taken
    output logic         mail_ready_o,
    // port
    output synward_beat_t tx_o,
    input  wire          tx_ready_i,
    output synward_moved_t moved_o  ///< one clock behind the beat's transfer
);
  if (Room > (1 << LogMarkDepth) - 6) begin : gen_refused_room
    $error("synward_host_tx: Room must be 2^LogMarkDepth - 6 or less");
  end
  wire mark_valid, mark_ready, frame_valid, frame_ready;
  synward_inner_beat_t mark, frame;
  // A third of what the reset goes to, on a copy of its own: a clock behind the rest, before and after which no mark
  // comes.
  wire mark_rst_n;
  synward_reset_branch u_mark_reset (.clk_i, .rst_ni, .rst_no(mark_rst_n));
  synward_reply_fifo #(.LogDepth(LogMarkDepth), .Room(Room), .Ungated(1)) u_marks (
      .clk_i, .rst_ni(mark_rst_n), .valid_i(mark_valid_i), .frame_i(mark_i), .len_i(mark_len_i),
      .stored_o(mark_stored_o), .room_o, .half_o(),
      .valid_o(mark_valid), .beat_o(mark), .ready_i(mark_ready));
  synward_frame_fifo #(.Width(`SYNWARD_INNER_BEAT_W), .LogDepth(LogDepth)) u_frames (
      .clk_i, .rst_ni, .valid_i, .beat_i, .last_i(beat_i.last), .keep_frame_i(forward_i),
      .stored_o, .refused_o, .used_o(), .valid_o(frame_valid), .beat_o(frame), .ready_i(frame_ready));

  // What is to be sent, in order: {a mark, a frame}. Each mark may stand alone and each frame may be a beat long: room
  // for all of both.
  localparam int LogPlans = (LogDepth > LogMarkDepth ? LogDepth : LogMarkDepth) + 2;
  wire plan_valid, plan_ready;
  wire [1:0] plan;
  synward_frame_fifo #(.Width(2), .LogDepth(LogPlans)) u_plans (
      .clk_i, .rst_ni, .valid_i(mark_stored_o || stored_o), .beat_i({mark_stored_o, stored_o}), .last_i(1'b1),
      .keep_frame_i(1'b1),
      .stored_o(), .refused_o(), .used_o(), .valid_o(plan_valid), .beat_o(plan), .ready_i(plan_ready));

  // Each part of a beat follows a choice of its own, the last one is for all else.
  localparam int Parts = synward_logic_pkg::BeatParts;
  localparam int PartW = synward_logic_pkg::BeatPartW;
  wire [Parts:0] mark_sent;
  wire [Parts:0] mailing;  // it is the turn of mail: settled a clock ahead, as a plan ends or while none has begun
  wire [Parts:0] send_mark;
  for (genvar p = 0; p <= Parts; p++) begin : gen_choice
    assign send_mark[p] = plan[1] && !mark_sent[p];
  end
  logic between_q;  // nothing of a plan has left that has not left whole
  wire marking = send_mark[Parts];
  wire mail_turn = mailing[Parts];
  wire planned = plan_valid && (marking ? mark_valid : frame_valid);
  wire valid = mail_turn || planned;
  wire [PartW*Parts-1:0] mails = (PartW*Parts)'(mail_i);
  wire [PartW*Parts-1:0] marks = (PartW*Parts)'(mark);
  wire [PartW*Parts-1:0] frames = (PartW*Parts)'(frame);
  logic [PartW*Parts-1:0] beat;
  always_comb
    for (int p = 0; p < Parts; p++)
      beat[PartW*p +: PartW] = mailing[p] ? mails[PartW*p +: PartW]
          : send_mark[p] ? marks[PartW*p +: PartW] : frames[PartW*p +: PartW];
  synward_inner_beat_t sent;
  assign sent = beat[`SYNWARD_INNER_BEAT_W-1:0];
  wire ready;
  wire turn = ready && !mail_turn;
  wire moves = turn && planned;
  wire both = marking && plan[0];
  wire last = marking ? mark.last : frame.last;
  assign mail_turn_o = mailing;
  assign mail_ready_o = ready;
  assign mark_ready = turn && plan_valid && marking;
  assign frame_ready = turn && plan_valid && !marking;
  assign plan_ready = turn && (marking ? mark_valid && mark.last && !plan[0] : frame_valid && frame.last);
  synward_fanout #(.Copies(Parts + 1)) u_mark_sent (
      .clk_i, .bit_i(rst_ni && (moves && last ? both : mark_sent[Parts])), .copies_o(mark_sent));
  synward_fanout #(.Copies(Parts + 1)) u_mailing (
      .clk_i,
      .bit_i(rst_ni && (moves ? last && !both && mail_valid_i
          : mail_turn ? !(ready && mail_i.last) : between_q && mail_valid_i)),
      .copies_o(mailing));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) between_q <= 1'b1;
    else if (moves) between_q <= last && !both;
`ifndef SYNTHESIS
    if (rst_ni) assert (!(mail_turn && !mail_valid_i));
`endif
  end
  synward_tx_beat u_port (
      .clk_i, .rst_ni, .valid_i(valid), .beat_i(sent), .ready_o(ready), .tx_o, .tx_ready_i, .moved_o);
  wire unused = &{1'b0, beat[PartW*Parts-1:`SYNWARD_INNER_BEAT_W]};
endmodule

`default_nettype wire
