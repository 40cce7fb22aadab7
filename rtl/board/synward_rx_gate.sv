// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// Lets frames of a MAC in while the link is up, whole ones alone. A frame that the link cuts ends with an error, so
/// that whoever has its beginning drops it. One clock.
module synward_rx_gate (
    input  wire                 clk_i,
    input  wire                 open_i,       ///< the link is up
    input  wire                 mac_reset_i,  ///< the MAC begins anew: what it had begun has no end
    input  synward_beat_t beat_i,
    output synward_beat_t beat_o,
    output logic                cut_o         ///< for one clock: a frame was cut
);
  logic inside_q;  // of a frame on the way out
  logic behind_q;  // a frame's beginning on the way in
  initial {inside_q, behind_q, beat_o, cut_o} = '0;
  wire pass = open_i && !mac_reset_i;
  wire cut = inside_q && !pass;
  wire take = beat_i.valid && pass && (inside_q || !behind_q);
  always_ff @(posedge clk_i) begin
    if (mac_reset_i) behind_q <= 1'b0;
    else if (beat_i.valid) behind_q <= !beat_i.last;
    inside_q <= pass && (take ? !beat_i.last : inside_q);
    beat_o.valid <= take || cut;
    beat_o.last <= cut || beat_i.last;
    beat_o.error <= cut || (beat_i.last && beat_i.error);
    beat_o.keep <= cut ? '1 : beat_i.keep;
    beat_o.data <= beat_i.data;
    cut_o <= cut;
  end
endmodule

`default_nettype wire
