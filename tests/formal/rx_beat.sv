// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_rx_beat, with resets at any clock, and accept_i as synward_reset gives it (where it falls, a reset
// comes before it rises again, whatever the skew): what it gives on are whole frames from their first
// beat, but for one that a reset cuts; nothing is taken from within a frame, and frames that nothing disturbs are not
// lost.
`default_nettype none
`include "synward_records.svh"
module formal_rx_beat (
    input wire clk_i,
    input wire rst_ni,
    input wire accept_i,
    input wire valid_i,
    input wire last_i,
    input wire [7:0] data_i
);
  reg started = 0;
  always @(posedge clk_i) started <= 1;
  wire rst_n = started && rst_ni;
  wire valid, first, last, error;
  wire [5:0] top, tag;
  wire [511:0] data;
  wire [31:0] time_ms;
  // The number of a beat within its frame, as far as four: what the bytes show.
  reg [2:0] number = 0;
  synward_beat_t rx;
  assign rx = {valid_i && started, 1'b0, last_i, 64'd1, 504'd0, data_i[7:3], number};
  synward_rx_beat dut (
      .clk_i, .rst_ni(rst_n), .accept_i, .rx_i(rx), .time_ms_i(32'd0), .valid_o(valid), .first_o(first), .last_o(last),
      .error_o(error), .top_o(top), .data_o(data), .tag_o(tag), .time_ms_o(time_ms));

  reg owed = 0, accept_q = 0;  // accept_i has fallen, and the reset for it has not come
  reg in_frame = 0, calm = 0, calm_q = 0, calm_qq = 0, end_q = 0, end_qq = 0;
  reg [2:0] next = 0;
  always @(posedge clk_i) if (started) begin
    accept_q <= accept_i;
    owed <= rst_n && (owed || (accept_q && !accept_i));
    assume (!(accept_i && owed));
    if (valid_i) number <= last_i ? 0 : number == 4 ? 4 : number + 1'b1;
    // A frame is calm if nothing disturbed it from its first beat on.
    if (valid_i && number == 0) calm <= rst_n && accept_i && !last_i;
    else if (!rst_n || !accept_i) calm <= 0;
    end_q <= valid_i && last_i && rst_n && accept_i && (number == 0 || calm);
    end_qq <= end_q && rst_n;
    if (end_qq && rst_n) assert (valid && last);
    if (!rst_n) in_frame <= 0;
    else if (valid) begin
      in_frame <= !last;
      next <= data[2:0] == 4 ? 4 : data[2:0] + 1'b1;
    end
    if (valid) begin
      assert (first == !in_frame);
      assert (first == (data[2:0] == 0));
      if (in_frame) assert (data[2:0] == next);
    end
  end
endmodule
`default_nettype wire
