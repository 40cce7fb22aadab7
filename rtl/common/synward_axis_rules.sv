// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// What the core's AXI4-Stream sources promise: an offer stays until it is taken, through a reset too; the bytes of a
/// beat begin at byte 0 and have no gap; only the last beat of a frame is not full, and only it may be in error.
/// Asserted in every simulation, from the first reset on; nothing in synthesis.
module synward_axis_rules (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          tvalid_i,
    input  wire  [511:0] tdata_i,
    input  wire  [63:0]  tkeep_i,
    input  wire          tlast_i,
    input  wire          terror_i,
    input  wire          tready_i
);
  synward_stable_rules #(.Width(578), .ThroughReset(1)) u_stable (
      .clk_i, .rst_ni, .valid_i(tvalid_i), .ready_i(tready_i),
      .offered_i({tdata_i, tkeep_i, tlast_i, terror_i}));
`ifndef SYNTHESIS
  logic known_q;
  initial known_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) known_q <= 1'b1;
    if (known_q && tvalid_i) begin
      empty: assert (tkeep_i[0]);
      gap: assert ((tkeep_i & (tkeep_i + 64'd1)) == 64'd0);
      short_beat: assert (tlast_i || &tkeep_i);
      early_error: assert (tlast_i || !terror_i);
    end
  end
`endif
endmodule

`default_nettype wire
