// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_line_tx with small FIFOs, whatever comes from both sides and however the port stalls:
//   Mode 0: what is on offer stays until it is taken;
//   Mode 1: frames of the two never merge or tear (byte 0 tells whose a beat is);
//   Mode 2: a reply that room_o promised is stored;
//   Mode 3: replies leave in their order: behind one from after any moment comes none from before it;
//   Mode 4: no standstill: what waits is on offer within three clocks.
`default_nettype none
`include "synward_records.svh"
module formal_line_tx #(
    parameter int Mode = 0
) (
    input wire clk_i,
    input wire reply_valid_i,
    input wire long_i,
    input wire host_valid_i,
    input wire host_last_i,
    input wire host_keep_i,
    input wire tready_i,
    input wire pick_i
);
  reg started = 0;
  reg [1:0] reset = 0;
  always @(posedge clk_i) begin
    if (reset != 2) reset <= reset + 1'b1;
    else started <= 1;
  end
  wire reply_stored, room, half, host_stored, host_refused;
  synward_beat_t tx;
  synward_moved_t moved;
  wire tvalid = tx.valid, tlast = tx.last, terror = tx.error;
  wire [511:0] tdata = tx.data;
  wire [63:0] tkeep = tx.keep;
  reg after = 0;  // the moment is past
  wire reply = reply_valid_i && started && room;
  // Byte 0 of each beat: whose it is, and from when.
  wire [7:0] head = {1'b1, after && Mode == 3, 6'd0};
  synward_line_tx #(.LogReplyDepth(3), .LogHostDepth(3), .Room(1)) dut (
      .clk_i, .rst_ni(started), .reply_valid_i(reply), .reply_i({328'd0, head, 504'd0, head}),
      .reply_len_i(long_i ? 7'd106 : 7'd60), .reply_stored_o(reply_stored), .room_o(room), .half_o(half),
      .host_valid_i(host_valid_i && started), .host_beat_i({host_last_i, 6'd63, 512'd0}), .host_keep_i,
      .host_stored_o(host_stored), .host_refused_o(host_refused), .tx_o(tx), .tx_ready_i(tready_i), .moved_o(moved));

  wire x_reply, x_host;  //: dut.reply_valid dut.host_valid

  reg waits = 0, last_q, keep_q, in_frame = 0, from, reply_q = 0, after_seen = 0;
  reg [7:0] head_q;
  reg [1:0] idle = 0;
  always @(posedge clk_i) begin
    waits <= started && tvalid && !tready_i;
    {last_q, keep_q, head_q} <= {tlast, tkeep[63], tdata[7:0]};
    reply_q <= reply;
    if (pick_i) after <= 1;
    if (started && tvalid && tready_i) begin
      in_frame <= !tlast;
      from <= tdata[7];
    end
    if (Mode == 0 && waits) assert (tvalid && {tlast, tkeep[63], tdata[7:0]} == {last_q, keep_q, head_q});
    if (Mode == 1 && started && in_frame && tvalid) assert (tdata[7] == from);
    if (Mode == 2 && started) assert (reply_stored == reply_q);
    if (Mode == 3 && started && tvalid && tdata[7]) begin
      after_seen <= after_seen || tdata[6];
      if (after_seen) assert (tdata[6]);
    end
    if (Mode == 4) begin
      idle <= started && (x_reply || x_host) && !tvalid ? idle + 1'b1 : 0;
      assert (idle < 3);
    end
  end
endmodule
`default_nettype wire
