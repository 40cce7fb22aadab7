// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Sum of 32 words of 16 bits. Latency: 3 clocks, two additions each.
module synward_sum32 (
    input  wire          clk_i,
    input  wire  [511:0] words_i,
    output logic [20:0]  sum_o
);
  logic [17:0] s1_q [0:7];
  logic [19:0] s2_q [0:1];
  always_ff @(posedge clk_i) begin
    for (int i = 0; i < 8; i++)
      s1_q[i] <= ({2'd0, words_i[64*i +: 16]} + {2'd0, words_i[64*i+16 +: 16]})
          + ({2'd0, words_i[64*i+32 +: 16]} + {2'd0, words_i[64*i+48 +: 16]});
    for (int i = 0; i < 2; i++)
      s2_q[i] <= ({2'd0, s1_q[4*i]} + {2'd0, s1_q[4*i+1]}) + ({2'd0, s1_q[4*i+2]} + {2'd0, s1_q[4*i+3]});
    sum_o <= {1'b0, s2_q[0]} + {1'b0, s2_q[1]};
  end
endmodule

`default_nettype wire
