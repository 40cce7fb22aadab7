// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// The retransmission intervals of docs/theory-of-operation.md, section 4, kept current: interval n = clamp((initial <<
/// min(n, 9)) + slop, min, max), interval 0 = initial. A change of a setting shows within 64 clocks.
module synward_rexmit_intervals (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [15:0] initial_i,   ///< ms, all
    input  wire  [15:0] min_i,
    input  wire  [15:0] slop_i,
    input  wire  [15:0] max_i,
    output logic [13*16-1:0] interval_o  ///< interval n in bits 16n+15:16n, ms
);
  // One interval in four clocks: shift, add, bound, store.
  logic [1:0] phase_q;
  logic [3:0] n_q;
  logic [24:0] shifted_q;
  logic [25:0] sum_q;
  logic [25:0] bound_q;
  wire [3:0] shift = n_q > 4'd9 ? 4'd9 : n_q;
  always_ff @(posedge clk_i) begin
    phase_q <= phase_q + 2'd1;
    if (phase_q == 2'd3) n_q <= n_q == 4'd12 ? 4'd0 : n_q + 4'd1;
    shifted_q <= {9'd0, initial_i} << shift;
    sum_q <= {1'b0, shifted_q} + {10'd0, slop_i};
    bound_q <= sum_q < {10'd0, min_i} ? {10'd0, min_i} : sum_q;
    if (phase_q == 2'd3)
      for (int i = 0; i < 13; i++)
        if (n_q == 4'(i)) interval_o[16*i +: 16] <= i == 0 ? initial_i : bound_q > {10'd0, max_i} ? max_i
            : bound_q[15:0];
    if (!rst_ni) begin
      phase_q <= 2'd0;
      n_q <= 4'd0;
    end
  end
endmodule

`default_nettype wire
