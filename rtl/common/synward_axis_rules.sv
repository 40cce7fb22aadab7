// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What the core's AXI4-Stream sources promise: an offer stays until it is taken, through a reset too; the bytes of a
/// beat begin at byte 0 and have no gap; only the last beat of a frame is not full, and only it may be in error.
/// Asserted in every simulation, from the first reset on; nothing in synthesis.
module synward_axis_rules (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  synward_beat_t beat_i,
    input  wire          ready_i
);
  synward_stable_rules #(.Width(`SYNWARD_BEAT_W - 1), .ThroughReset(1)) u_stable (
      .clk_i, .rst_ni, .valid_i(beat_i.valid), .ready_i,
      .offered_i({beat_i.data, beat_i.keep, beat_i.last, beat_i.error}));
`ifndef SYNTHESIS
  logic known_q;
  initial known_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) known_q <= 1'b1;
    if (known_q && beat_i.valid) begin
      empty: assert (beat_i.keep[0]);
      gap: assert ((beat_i.keep & (beat_i.keep + 64'd1)) == 64'd0);
      short_beat: assert (beat_i.last || &beat_i.keep);
      early_error: assert (beat_i.last || !beat_i.error);
    end
  end
`endif
endmodule

`default_nettype wire
