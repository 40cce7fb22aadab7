// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Output register of an AXI4-Stream port: a beat {last, number of the last byte, bytes} becomes tdata, tkeep, tlast.
/// One clock, no bubbles. A reset tears no frame: the beat on offer stays until it is taken, and if its frame has not
/// ended there, the next clock offers a last one with terror_o, by which the MAC sends the frame with a bad FCS. A
/// frame from behind the reset waits for that.
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
    output logic         terror_o,  ///< with tlast_o: the frame was cut by a reset
    input  wire          tready_i,
    // for the port counters: one clock behind the beat's transfer
    output logic         moved_o,
    output logic [6:0]   bytes_o,
    output logic         moved_last_o
);
  // These know no reset: they are what the port has promised.
  logic open_q;  // a frame's beats have come, but for its last
  logic cut_q;   // it was cut, and its end is not yet on offer
  logic ours_q;  // the beat on offer is from behind the last reset: it is counted
  initial {tvalid_o, open_q, cut_q} = 3'b000;
  logic [5:0] top_q;
  wire next = !tvalid_o || tready_i;
  wire cut = open_q && (!rst_ni || cut_q);
  assign ready_o = next && !cut_q;
  always_ff @(posedge clk_i) begin
    cut_q <= cut && !next;
    ours_q <= rst_ni && (next ? !cut : ours_q);
    if (next) begin
      tvalid_o <= cut || (rst_ni && valid_i);
      terror_o <= cut;
      open_q   <= !cut && (rst_ni && valid_i ? !beat_i[518] : open_q);
      // The last beat of a cut frame shows the bytes of the one before it once more: all 64.
      if (cut) tlast_o <= 1'b1;
      else begin
        {tlast_o, top_q, tdata_o} <= beat_i;
        for (int i = 0; i < 64; i++) tkeep_o[i] <= beat_i[517:512] >= 6'(i);
      end
    end
    moved_o <= rst_ni && tvalid_o && tready_i && ours_q;
    bytes_o <= {1'b0, top_q} + 7'd1;
    moved_last_o <= tlast_o;
  end
endmodule

`default_nettype wire
