// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Output register of an AXI4-Stream port: an inner beat becomes one of AXI4-Stream.
/// One clock, no bubbles. ready_o is a register: a beat that comes as the port stalls is kept beside it. A reset tears
/// no frame: the beat on offer stays until it is taken, and if its frame has not ended there, the next clock offers a
/// last one with tx_o.error, by which the MAC sends the frame with a bad FCS. A frame from behind the reset waits for
/// that.
module synward_tx_beat (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          valid_i,
    input  synward_inner_beat_t beat_i,
    output logic         ready_o,
    output synward_beat_t tx_o,
    input  wire          tx_ready_i,
    output synward_moved_t moved_o  ///< one clock behind the beat's transfer
);
  localparam int Parts = synward_logic_pkg::BeatParts;
  localparam int PartW = synward_logic_pkg::BeatPartW;
  // These know no reset: they are what the port has promised.
  logic open_q;  // a frame's beats have come, but for its last
  logic cut_q;   // it was cut, and its end is not yet on offer
  logic ours_q;  // the beat on offer is from behind the last reset: it is counted
  initial {open_q, cut_q} = 2'b00;
  logic terror_q, tlast_q;
  logic [63:0] tkeep_q;
  logic [PartW*Parts-1:0] beat_q;
  synward_inner_beat_t offered, next_beat;
  assign offered = beat_q[`SYNWARD_INNER_BEAT_W-1:0];
  // TVALID, and for each of the three that follow tx_ready_i and are more than an enable a copy to itself: they share
  // no logic with each other, so that one level does.
  (* keep = "true", dont_touch = "true" *) logic [3:0] tvalid_q;
  initial tvalid_q = 4'd0;
  wire [3:0] moves = ~tvalid_q | {4{tx_ready_i}};
  wire next = moves[3];
  assign tx_o = {tvalid_q[3], terror_q, tlast_q, tkeep_q, offered.data};
  wire cut = open_q && (!rst_ni || cut_q);

  // The beat beside the port, which goes first. While there is none, whatever comes is written there: only registers
  // say so, a copy for each part of it.
  wire [Parts-1:0] free;
  wire [PartW*Parts-1:0] given = (PartW*Parts)'(beat_i);
  logic [PartW*Parts-1:0] kept_q, beat;
  synward_fanout #(.Copies(Parts + 1)) u_free (
      .clk_i, .bit_i(!rst_ni || (moves[0] && !cut_q) || (ready_o && !valid_i)), .copies_o({ready_o, free}));
  always_comb
    for (int p = 0; p < Parts; p++)
      beat[PartW*p +: PartW] = free[p] ? given[PartW*p +: PartW] : kept_q[PartW*p +: PartW];
  always_ff @(posedge clk_i)
    for (int p = 0; p < Parts; p++) if (free[p]) kept_q[PartW*p +: PartW] <= given[PartW*p +: PartW];
  assign next_beat = beat[`SYNWARD_INNER_BEAT_W-1:0];
  wire offer = rst_ni && (!ready_o || valid_i);

  // The port stalls in parts, each with a copy of tvalid_q, so that no net from tx_ready_i is wide.
  wire [Parts+1:0] load;
  for (genvar p = 0; p < Parts + 2; p++) begin : gen_load
    (* keep = "true", dont_touch = "true" *) logic valid_q;
    initial valid_q = 1'b0;
    assign load[p] = !valid_q || tx_ready_i;
    (* keep = "true" *) always_ff @(posedge clk_i) if (load[p]) valid_q <= cut || offer;
  end
  for (genvar i = 0; i < 4; i++) begin : gen_tvalid
    (* keep = "true" *) always_ff @(posedge clk_i) if (next) tvalid_q[i] <= cut || offer;
  end
  always_ff @(posedge clk_i) begin
    cut_q <= cut && !moves[1];
    ours_q <= rst_ni && ((moves[2] && !cut) || (!moves[2] && ours_q));
    if (next) begin
      terror_q <= cut;
      open_q   <= !cut && (offer ? !next_beat.last : open_q);
    end
    // Whatever bytes the end of a cut frame shows, one or more, it is no frame that anybody takes.
    if (next) tlast_q <= cut || next_beat.last;
    for (int p = 0; p < Parts; p++) if (load[p]) beat_q[PartW*p +: PartW] <= beat[PartW*p +: PartW];
    for (int i = 0; i < 64; i++) if (load[Parts + i/32]) tkeep_q[i] <= next_beat.top >= 6'(i);
    moved_o.moved <= rst_ni && tvalid_q[3] && tx_ready_i && ours_q;
    moved_o.bytes <= {1'b0, offered.top} + 7'd1;
    moved_o.last <= tlast_q;
  end
  wire unused = &{1'b0, offered.last, beat_q[PartW*Parts-1:`SYNWARD_INNER_BEAT_W]};
endmodule

`default_nettype wire
