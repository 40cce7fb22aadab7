// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Steps over up to two VLAN tags (TPID 0x8100 or 0x88a8) and brings the network header to byte 0. Latency: 2 clocks.
module synward_l3_align (
    input  wire           clk_i,
    input  wire  [1263:0] window_i,     ///< byte n of the frame in bits 8n+7:8n
    output logic [47:0]   mac_dst_o,
    output logic [47:0]   mac_src_o,
    output logic [1:0]    tags_o,       ///< tags stepped over, 0..2
    output logic          more_tags_o,  ///< a third tag follows
    output logic [31:0]   tag1_o,
    output logic [31:0]   tag2_o,
    output logic [15:0]   ethertype_o,
    output logic [1087:0] l3_o          ///< 136 bytes from the network header on
);
  // Two bytes of the frame as a big-endian number are byte-swapped here: 0x8100 reads 16'h0081.
  logic tag12_q, tag16_q, tag20_q;
  logic [1263:0] w_q;
  always_ff @(posedge clk_i) begin
    w_q     <= window_i;
    tag12_q <= window_i[96 +: 16] == 16'h0081 || window_i[96 +: 16] == 16'ha888;
    tag16_q <= window_i[128 +: 16] == 16'h0081 || window_i[128 +: 16] == 16'ha888;
    tag20_q <= window_i[160 +: 16] == 16'h0081 || window_i[160 +: 16] == 16'ha888;
  end

  wire one = tag12_q && !tag16_q;
  wire two = tag12_q && tag16_q;
  always_ff @(posedge clk_i) begin
    mac_dst_o   <= {w_q[0 +: 8], w_q[8 +: 8], w_q[16 +: 8], w_q[24 +: 8], w_q[32 +: 8], w_q[40 +: 8]};
    mac_src_o   <= {w_q[48 +: 8], w_q[56 +: 8], w_q[64 +: 8], w_q[72 +: 8], w_q[80 +: 8], w_q[88 +: 8]};
    tags_o      <= {two, one};
    more_tags_o <= two && tag20_q;
    tag1_o      <= {w_q[96 +: 8], w_q[104 +: 8], w_q[112 +: 8], w_q[120 +: 8]};
    tag2_o      <= {w_q[128 +: 8], w_q[136 +: 8], w_q[144 +: 8], w_q[152 +: 8]};
    ethertype_o <= two ? {w_q[160 +: 8], w_q[168 +: 8]} : one ? {w_q[128 +: 8], w_q[136 +: 8]}
        : {w_q[96 +: 8], w_q[104 +: 8]};
    l3_o        <= two ? w_q[176 +: 1088] : one ? w_q[144 +: 1088] : w_q[112 +: 1088];
  end
endmodule

`default_nettype wire
