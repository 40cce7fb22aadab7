// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// In front of a MAC's transmit side: a frame goes whole to the MAC, or, if the link is down at its first beat,
/// nowhere. So nothing waits for a link that is down, and the MAC never sees a part of a frame, unless it is reset
/// inside one. Frames of less than 60 bytes are filled up with zeros, which a CMAC does not do.
module synward_tx_gate (
    input  wire                 clk_i,
    input  wire                 open_i,       ///< the link is up
    input  wire                 mac_reset_i,  ///< the MAC begins anew, and forgets what it was given
    input  synward_beat_t beat_i,
    output logic                ready_o,
    output synward_beat_t beat_o,
    input  wire                 ready_i,
    output logic                dropped_o     ///< for one clock: a frame went nowhere
);
  logic inside_q, lost_q;  // the frame under way has begun; it goes nowhere
  logic offered_q;         // a first beat waits for ready_i: it is not taken back, whatever becomes of the link
  initial {inside_q, lost_q, offered_q, dropped_o} = 4'b0000;
  wire nowhere = mac_reset_i || (inside_q ? lost_q : !open_i && !offered_q);
  assign ready_o = nowhere || ready_i;
  wire first = !inside_q;
  always_comb begin
    beat_o = beat_i;
    beat_o.valid = beat_i.valid && !nowhere;
    if (first) begin
      beat_o.keep[59:0] = '1;
      for (int i = 0; i < 60; i++) beat_o.data[8*i +: 8] = beat_i.data[8*i +: 8] & {8{beat_i.keep[i]}};
    end
  end
  always_ff @(posedge clk_i) begin
    offered_q <= beat_i.valid && !nowhere && !ready_i && !inside_q;
    if (beat_i.valid && ready_o) begin
      inside_q <= !beat_i.last;
      lost_q <= nowhere;
    end else if (mac_reset_i) lost_q <= 1'b1;
    dropped_o <= beat_i.valid && ready_o && beat_i.last && nowhere;
  end
endmodule

`default_nettype wire
