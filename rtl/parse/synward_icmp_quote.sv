// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Finds the TCP segment that an ICMP or ICMPv6 error quotes (docs/theory-of-operation.md, section 1), whatever the
/// error's checksum. What the error quotes went from the local end to the foreign one. Latency: 2 clocks.
module synward_icmp_quote (
    input  wire          clk_i,
    input  wire          icmp_i,    ///< the IP packet carries ICMP, or ICMPv6 if v6_i
    input  wire  [1:0]   v6_i,      ///< in two copies
    input  wire  [607:0] l4_i,      ///< the ICMP message, byte n in bits 8n+7:8n
    input  wire  [15:0]  len_i,     ///< its bytes in the IP packet
    output logic [1:0]   quote_o,   ///< it quotes the beginning of a TCP segment; in two copies
    output logic [127:0] faddr_o,   ///< IPv4 in the low 32 bits
    output logic [127:0] laddr_o,
    output logic [15:0]  fport_o,
    output logic [15:0]  lport_o,
    output logic [31:0]  seq_o
);
  // The quoted header is at byte 8 and 4 * (n + 5) bytes long, n one-hot; an IPv6 header is as long as an IPv4 one with
  // n = 5.
  localparam int Lengths = 11;
  wire [7:0] icmp_type = l4_i[7:0];
  wire error4 = icmp_type == 8'd3 || icmp_type == 8'd11 || icmp_type == 8'd12;
  wire error6 = icmp_type[7:3] == 5'd0 && (icmp_type[2] ? icmp_type[1:0] == 2'd0 : icmp_type[1:0] != 2'd0);
  wire quotes4 = l4_i[71:68] == 4'd4 && l4_i[143:136] == 8'd6 && {l4_i[116:112], l4_i[127:120]} == 13'd0;
  wire quotes6 = l4_i[71:68] == 4'd6 && l4_i[119:112] == 8'd6;

  // 1: is it one, how long is its header, does the segment's beginning fit
  logic quote_q;
  logic [Lengths-1:0] length_q, fits_q;
  logic [127:0] src_q, dst_q;
  logic [383:0] behind_q;  // 48 bytes behind the shortest header
  always_ff @(posedge clk_i) begin
    quote_q <= icmp_i && (v6_i[0] ? error6 && quotes6 : error4 && quotes4);
    for (int n = 0; n < Lengths; n++) begin
      length_q[n] <= v6_i[0] ? n == 5 : l4_i[67:64] == 4'(n + 5);
      fits_q[n]   <= synward_logic_pkg::at_least(len_i, 16'(4 * n + 36));
    end
    for (int i = 0; i < 16; i++) begin
      src_q[8*(15-i) +: 8] <= v6_i[0] ? l4_i[8*(16+i) +: 8] : i < 12 ? 8'd0 : l4_i[8*(8+i) +: 8];
      dst_q[8*(15-i) +: 8] <= v6_i[1] ? l4_i[8*(32+i) +: 8] : i < 12 ? 8'd0 : l4_i[8*(12+i) +: 8];
    end
    behind_q <= l4_i[607:224];
  end

  // 2: the segment's first 8 bytes
  logic [63:0] head;
  always_comb begin
    head = '0;
    for (int n = 0; n < Lengths; n++) head = head | ({64{length_q[n]}} & behind_q[32*n +: 64]);
  end
  synward_fanout #(.Copies(2)) u_quote (.clk_i, .bit_i(quote_q && |(length_q & fits_q)), .copies_o(quote_o));
  always_ff @(posedge clk_i) begin
    laddr_o <= src_q;
    faddr_o <= dst_q;
    lport_o <= {head[7:0], head[15:8]};
    fport_o <= {head[23:16], head[31:24]};
    seq_o   <= {head[39:32], head[47:40], head[55:48], head[63:56]};
  end
endmodule

`default_nettype wire
