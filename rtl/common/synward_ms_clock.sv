// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// The millisecond clock: each clock adds 1000, and a millisecond is clock_hz_i of them. So it is exact over any time,
/// for any whole number of Hz, and needs no divider that somebody has to work out. With a new clock_hz_i the
/// millisecond under way begins anew: what is counted of it is no part of another.
module synward_ms_clock (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [31:0] clock_hz_i,  ///< 2^20 to 2^31 - 1
    output logic [31:0] time_ms_o    ///< 0 at reset
);
  // The comparison is a clock old; the clock behind a millisecond's end is not looked at.
  logic [31:0] part_q, less_q, hz_q;
  logic ended_q, anew_q;
  wire full, full_time;  // the same, for the part and for the count
  wire ends = full && !ended_q && !anew_q;
  synward_fanout #(.Copies(2)) u_full (.clk_i, .bit_i(!anew_q && part_q >= hz_q), .copies_o({full, full_time}));
  wire [31:0] part_more = part_q + 32'd1000;
  wire [31:0] part_less = part_q - less_q;
  always_ff @(posedge clk_i) begin
    less_q <= clock_hz_i - 32'd1000;
    hz_q <= clock_hz_i;
    anew_q <= rst_ni && hz_q != clock_hz_i;
    ended_q <= rst_ni && ends;
    part_q <= ends ? part_less : part_more;
    if (full_time && !ended_q && !anew_q) time_ms_o <= time_ms_o + 32'd1;
    if (anew_q) part_q <= 32'd0;
    if (!rst_ni) begin
      part_q <= 32'd0;
      time_ms_o <= 32'd0;
    end
  end
endmodule

`default_nettype wire
