// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Output register of an AXI4-Stream port: a beat {last, number of the last byte, bytes} becomes tdata, tkeep, tlast. One clock, no bubbles.
module synward_tx_beat (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          valid_i,
    input  wire  [518:0] beat_i,
    output logic         ready_o,
    output logic         tvalid_o,
    output logic [511:0] tdata_o,
    output logic [63:0]  tkeep_o,
    output logic         tlast_o,
    input  wire          tready_i,
    // for the port counters: one clock behind the beat's transfer
    output logic         moved_o,
    output logic [6:0]   bytes_o,
    output logic         moved_last_o
);
  assign ready_o = !tvalid_o || tready_i;
  logic [5:0] top_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) tvalid_o <= 1'b0;
    else if (ready_o) tvalid_o <= valid_i;
    if (ready_o) begin
      {tlast_o, top_q, tdata_o} <= beat_i;
      for (int i = 0; i < 64; i++) tkeep_o[i] <= beat_i[517:512] >= 6'(i);
    end
    moved_o <= rst_ni && tvalid_o && tready_i;
    bytes_o <= {1'b0, top_q} + 7'd1;
    moved_last_o <= tlast_o;
  end
endmodule

`default_nettype wire
