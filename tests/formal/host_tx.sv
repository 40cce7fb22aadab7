// SPDX-License-Identifier: BSD-2-Clause
// Checked of synward_host_tx with small FIFOs, whatever comes and however the port stalls:
//   Mode 0: what is on offer stays until it is taken;
//   Mode 1: marks, frames and mail never merge or tear, a mark goes right before its frame, mail never between the two;
//   Mode 2: a plan is never refused, so that no mark or frame is orphaned;
//   Mode 3: no standstill: a port that takes is offered something within six clocks of work.
// Byte 0 of a beat: whose it is (mark, mail, frame), and at a frame's last beat whether a mark announces it.
`default_nettype none
`include "synward_records.svh"
module formal_host_tx #(
    parameter int Mode = 0
) (
    input wire clk_i,
    input wire mark_valid_i,
    input wire mark_long_i,
    input wire valid_i,
    input wire last_i,
    input wire forward_i,
    input wire mail_valid_i,
    input wire mail_last_i,
    input wire tready_i
);
  reg started = 0;
  reg [1:0] reset = 0;
  always @(posedge clk_i) begin
    if (reset != 2) reset <= reset + 1'b1;
    else started <= 1;
  end
  wire mark_stored, room, stored, refused, mail_taken;
  wire [9:0] mail_turn;
  wire mail_ready = mail_turn[9] && mail_taken;
  synward_beat_t tx;
  synward_moved_t moved;
  wire tvalid = tx.valid, tlast = tx.last, terror = tx.error;
  wire [511:0] tdata = tx.data;
  wire [63:0] tkeep = tx.keep;
  wire valid = valid_i && started;
  // A mark comes with its frame's last beat, and only where there is room for it.
  wire mark = mark_valid_i && valid && last_i && forward_i && room;
  reg mail_q = 0;  // within mail: a beat is on offer each clock
  wire mail_valid = started && (mail_q || mail_valid_i);
  reg mail_last_q = 0;
  wire mail_last = mail_q ? mail_last_q : mail_last_i;
  synward_host_tx #(.LogDepth(3), .LogMarkDepth(3), .Room(1)) dut (
      .clk_i, .rst_ni(started), .mark_valid_i(mark), .mark_i({328'd0, 8'h80, 504'd0, 8'h80}),
      .mark_len_i(mark_long_i ? 7'd106 : 7'd60), .mark_stored_o(mark_stored), .room_o(room), .valid_i(valid),
      .beat_i({last_i, 6'd63, 504'd0, 7'd0, mark}), .forward_i, .stored_o(stored), .refused_o(refused),
      .mail_valid_i(mail_valid), .mail_i({mail_last, 6'd63, 504'd0, 8'h40}), .mail_turn_o(mail_turn),
      .mail_ready_o(mail_taken),
      .tx_o(tx), .tx_ready_i(tready_i), .moved_o(moved));
  wire x_plan_valid, x_plan_refused;  //: dut.plan_valid dut.u_plans.refused_o
  wire x_mark_refused;  //: dut.u_marks.refused

  reg waits = 0, last_q, keep_q, in_frame = 0;
  reg [7:0] head_q;
  reg [1:0] from = 0;   // of the frame under way: mark, mail
  reg behind_mark = 0;  // the last frame that ended was a mark
  reg preceded = 0;     // the frame under way came right behind a mark
  reg [2:0] idle = 0;
  always @(posedge clk_i) begin
    waits <= started && tvalid && !tready_i;
    {last_q, keep_q, head_q} <= {tlast, tkeep[63], tdata[7:0]};
    if (mail_valid && !mail_q) begin
      mail_q <= 1;
      mail_last_q <= mail_last_i;
    end
    if (mail_valid && mail_ready) begin
      mail_q <= !mail_last;
      mail_last_q <= mail_last_i;
    end
    if (started && tvalid && tready_i) begin
      in_frame <= !tlast;
      from <= tdata[7:6];
      if (!in_frame) preceded <= behind_mark;
      if (tlast) behind_mark <= tdata[7];
    end
    if (Mode == 0 && waits) assert (tvalid && {tlast, tkeep[63], tdata[7:0]} == {last_q, keep_q, head_q});
    if (Mode == 1 && started && tvalid) begin
      if (in_frame) assert (tdata[7:6] == from);
      if (tlast && tdata[7:6] == 0 && tdata[0]) assert (in_frame ? preceded : behind_mark);
    end
    if (Mode == 2 && started) assert (!x_plan_refused && !x_mark_refused);
    if (Mode == 3) begin
      idle <= started && !tvalid && x_plan_valid ? idle + 1'b1 : 0;
      assert (idle < 6);
    end
  end
endmodule
`default_nettype wire
