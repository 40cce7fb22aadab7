// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Takes beats from an AXI4-Stream input that is never stalled, and gives them on as synward_inner_beat_t has them;
/// bytes that are not kept become 0. Latency: 2 clocks. A frame of which a beat came while accept_i was 0 is passed
/// over to its end: nothing is taken from within a frame.
module synward_rx_beat (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          accept_i,   ///< frames may begin, or go on
    input  synward_beat_t rx_i,
    input  wire  [31:0]  time_ms_i,
    output logic         valid_o,
    output logic         first_o,
    output logic         last_o,
    output logic         error_o,    ///< with last_o
    output logic [5:0]   top_o,      ///< number of the last byte kept, 0..63
    output logic [511:0] data_o,
    output logic [5:0]   tag_o,      ///< number of the frame, modulo 64
    output logic [31:0]  time_ms_o   ///< time_ms_i at the frame's first beat
);
  logic a_valid_q, a_last_q, a_error_q, a_first_q;
  // Where the wire stands is known through a reset: who is idle behind it has the next frame taken, who is within one
  // has it passed over.
  logic in_frame_q, taking_q;
  initial in_frame_q = 1'b0;
  wire take = accept_i && (taking_q || !in_frame_q);
  logic [511:0] a_data_q;
  logic [63:0] a_keep_q;
  logic [31:0] a_time_q;
  wire [5:0] a_top;
  synward_keep_top u_top (.keep_i(a_keep_q), .top_o(a_top));

  always_ff @(posedge clk_i) begin
    a_valid_q <= rst_ni && rx_i.valid && take;
    a_data_q  <= rx_i.data;
    a_keep_q  <= rx_i.keep;
    a_last_q  <= rx_i.last;
    a_error_q <= rx_i.last && rx_i.error;
    a_first_q <= !in_frame_q;
    if (!in_frame_q) a_time_q <= time_ms_i;
    if (rx_i.valid) in_frame_q <= !rx_i.last;
    if (!rst_ni || !accept_i) taking_q <= 1'b0;
    else if (rx_i.valid) taking_q <= take && !rx_i.last;

    valid_o   <= rst_ni && a_valid_q;
    first_o   <= a_first_q;
    last_o    <= a_last_q;
    error_o   <= a_error_q;
    top_o     <= a_top;
    time_ms_o <= a_time_q;
    if (!rst_ni) tag_o <= 6'd0;
    else if (valid_o && last_o) tag_o <= tag_o + 6'd1;
    for (int i = 0; i < 64; i++) data_o[8*i +: 8] <= a_data_q[8*i +: 8] & {8{a_keep_q[i]}};
  end
endmodule

`default_nettype wire
