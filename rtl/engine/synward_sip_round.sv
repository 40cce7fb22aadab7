// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// One SipRound: a SipHash-1-x compression, or a round of the finalisation; half of synward_sip_compress, with the same
/// conventions. Latency: 2 clocks, one 64-bit addition deep each.
module synward_sip_round #(
    parameter bit Message = 1,              ///< v0 ^= m at the end (compression)
    parameter bit NextFinishes = 0          ///< v2 ^= 0xff for the finalisation that follows
) (
    input  wire          clk_i,
    input  wire  [255:0] v_i,     ///< {v3, v2, v1, v0}; v3 already XORed with m_i
    input  wire  [63:0]  m_i,     ///< with v_i
    input  wire  [63:0]  next_i,  ///< XORed into v3 on leaving; 1 clock after v_i
    output logic [255:0] v_o
);
  logic [63:0] m1_q;
  logic [63:0] a0, a1, a2, a3, b0, b1, b2, b3;
  wire [63:0] s_a0 = v_i[63:0] + v_i[127:64];
  wire [63:0] s_a2 = v_i[191:128] + v_i[255:192];
  wire [63:0] s_b0 = a0 + a3;
  wire [63:0] s_b2 = a2 + a1;

  always_ff @(posedge clk_i) begin
    m1_q <= m_i;

    a0 <= {s_a0[31:0], s_a0[63:32]};
    a1 <= {v_i[114:64], v_i[127:115]} ^ s_a0;
    a2 <= s_a2;
    a3 <= {v_i[239:192], v_i[255:240]} ^ s_a2;

    b0 <= Message ? s_b0 ^ m1_q : s_b0;
    b1 <= {a1[46:0], a1[63:47]} ^ s_b2;
    b2 <= {s_b2[31:0], s_b2[63:32]} ^ (NextFinishes ? 64'hff : 64'd0);
    b3 <= {a3[42:0], a3[63:43]} ^ s_b0 ^ next_i;
  end
  assign v_o = {b3, b2, b1, b0};
endmodule

`default_nettype wire
