// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Steps over up to two VLAN tags (TPID 0x8100 or 0x88a8) and brings the network header to byte 0. Latency: 2 clocks.
module synward_l3_align #(
    parameter int ControlCopies = 1
) (
    input  wire           clk_i,
    input  wire  [1263:0] window_i,     ///< byte n of the frame in bits 8n+7:8n
    output logic [47:0]   mac_dst_o,
    output logic [47:0]   mac_src_o,
    output logic [1:0]    tags_o,       ///< tags stepped over, 0..2
    output logic          more_tags_o,  ///< a third tag follows
    output logic [31:0]   tag1_o,
    output logic [31:0]   tag2_o,
    // EtherType
    output logic          is4_o,        ///< of IPv4
    output logic [1:0]    is6_o,        ///< of IPv6, in two copies
    output logic [ControlCopies-1:0] control_o,  ///< of a control frame
    output logic [1087:0] l3_o          ///< 136 bytes from the network header on
);
  // Two bytes of the frame as a big-endian number are byte-swapped here: 0x8100 reads 16'h0081. Which tags there are
  // steers every bit of what follows: a copy of it for each 136 bits.
  localparam int Parts = 8;
  localparam int PartW = 1088 / Parts;
  logic tag20_q;
  wire one, two;
  wire [Parts-1:0] skip1, skip2;  // the network header is behind one tag, two tags
  logic [1263:0] w_q;
  wire tag12 = synward_logic_pkg::is_tag_bytes(window_i[96 +: 16]);
  wire tag16 = synward_logic_pkg::is_tag_bytes(window_i[128 +: 16]);
  synward_fanout #(.Copies(Parts + 1)) u_one (.clk_i, .bit_i(tag12 && !tag16), .copies_o({one, skip1}));
  synward_fanout #(.Copies(Parts + 1)) u_two (.clk_i, .bit_i(tag12 && tag16), .copies_o({two, skip2}));
  always_ff @(posedge clk_i) begin
    w_q     <= window_i;
    tag20_q <= synward_logic_pkg::is_tag_bytes(window_i[160 +: 16]);
  end

  wire [15:0] type_bytes = two ? w_q[160 +: 16] : one ? w_q[128 +: 16] : w_q[96 +: 16];
  synward_fanout #(.Copies(2)) u_is6 (.clk_i, .bit_i(type_bytes == 16'hdd86), .copies_o(is6_o));
  synward_fanout #(.Copies(ControlCopies)) u_control (
      .clk_i, .bit_i(synward_logic_pkg::is_control_bytes(type_bytes)), .copies_o(control_o));
  always_ff @(posedge clk_i) begin
    mac_dst_o   <= {w_q[0 +: 8], w_q[8 +: 8], w_q[16 +: 8], w_q[24 +: 8], w_q[32 +: 8], w_q[40 +: 8]};
    mac_src_o   <= {w_q[48 +: 8], w_q[56 +: 8], w_q[64 +: 8], w_q[72 +: 8], w_q[80 +: 8], w_q[88 +: 8]};
    tags_o      <= {two, one};
    more_tags_o <= two && tag20_q;
    tag1_o      <= {w_q[96 +: 8], w_q[104 +: 8], w_q[112 +: 8], w_q[120 +: 8]};
    tag2_o      <= {w_q[128 +: 8], w_q[136 +: 8], w_q[144 +: 8], w_q[152 +: 8]};
    is4_o       <= type_bytes == 16'h0008;
    for (int p = 0; p < Parts; p++)
      l3_o[PartW*p +: PartW] <= skip2[p] ? w_q[176 + PartW*p +: PartW] : skip1[p] ? w_q[144 + PartW*p +: PartW]
          : w_q[112 + PartW*p +: PartW];
  end
endmodule

`default_nettype wire
