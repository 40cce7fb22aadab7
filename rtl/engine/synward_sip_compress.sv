// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Two SipRounds: one SipHash compression, or half of the finalisation. State is {v3, v2, v1, v0}. What the algorithm
/// XORs into the state before the first addition comes in already XORed, so that nothing stands before the adders: v3
/// ^= m is done where the state is registered before this block, and this block does it for the next one. Latency: 4
/// clocks, one 64-bit addition deep each.
module synward_sip_compress #(
    parameter bit Message = 1,              ///< v0 ^= m at the end (compression)
    parameter bit NextFinishes = 0          ///< v2 ^= 0xff for the finalisation that follows
) (
    input  wire          clk_i,
    input  wire  [255:0] v_i,     ///< v3 already XORed with m_i
    input  wire  [63:0]  m_i,     ///< with v_i
    input  wire  [63:0]  next_i,  ///< XORed into v3 on leaving; 3 clocks after v_i
    output logic [255:0] v_o
);
  logic [63:0] m1_q, m2_q, m3_q;
  logic [63:0] a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3;
  wire [63:0] s_a0 = v_i[63:0] + v_i[127:64];
  wire [63:0] s_a2 = v_i[191:128] + v_i[255:192];
  wire [63:0] s_b0 = a0 + a3;
  wire [63:0] s_b2 = a2 + a1;
  wire [63:0] s_c0 = b0 + b1;
  wire [63:0] s_c2 = b2 + b3;
  wire [63:0] s_d0 = c0 + c3;
  wire [63:0] s_d2 = c2 + c1;

  always_ff @(posedge clk_i) begin
    m1_q <= m_i;
    m2_q <= m1_q;
    m3_q <= m2_q;

    a0 <= {s_a0[31:0], s_a0[63:32]};
    a1 <= {v_i[114:64], v_i[127:115]} ^ s_a0;
    a2 <= s_a2;
    a3 <= {v_i[239:192], v_i[255:240]} ^ s_a2;

    b0 <= s_b0;
    b1 <= {a1[46:0], a1[63:47]} ^ s_b2;
    b2 <= {s_b2[31:0], s_b2[63:32]};
    b3 <= {a3[42:0], a3[63:43]} ^ s_b0;

    c0 <= {s_c0[31:0], s_c0[63:32]};
    c1 <= {b1[50:0], b1[63:51]} ^ s_c0;
    c2 <= s_c2;
    c3 <= {b3[47:0], b3[63:48]} ^ s_c2;

    d0 <= Message ? s_d0 ^ m3_q : s_d0;
    d1 <= {c1[46:0], c1[63:47]} ^ s_d2;
    d2 <= {s_d2[31:0], s_d2[63:32]} ^ (NextFinishes ? 64'hff : 64'd0);
    d3 <= {c3[42:0], c3[63:43]} ^ s_d0 ^ next_i;
  end
  assign v_o = {d3, d2, d1, d0};
endmodule

`default_nettype wire
