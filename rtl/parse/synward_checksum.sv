// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Judges the IPv4 header checksum and the TCP, ICMP or ICMPv6 checksum (RFC 1071) of one frame a clock. The latter is
/// made from the sum over the whole packet: a valid IPv4 header adds nothing to it, IPv6's fixed words and extension
/// headers are taken out. All inputs belong to the same frame, each at the clock named, counted from l3_i. Latency: 14
/// clocks.
module synward_checksum (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [511:0] l3_i,       ///< clock 0: 64 bytes from the network header on
    input  wire          is6_i,      ///< clock 3
    input  wire          icmp_i,     ///< clock 3: ICMP or ICMPv6, not TCP
    input  wire  [3:0]   l4_v6_i,    ///< clock 3
    input  wire  [15:0]  tcp_len_i,  ///< clock 5
    input  wire  [16:0]  sum_i,      ///< clock 10: synward_payload_sum's
    output logic         ip_ok_o,    ///< clock 14; meaningless for IPv6
    output logic         l4_ok_o     ///< clock 14; needs a valid IP header
);
  // Folded sums are valid when they are 0xffff, or 0x1fffe before the last fold.
  // IPv4 header: 1 which words are its, 2 masked, 3-5 summed, 6 folded, 7 judged
  logic [479:0] header_q;
  logic [14:5] longer_q;  // the header has more than so many words of 32 bits
  logic [511:0] ip_words_q;
  always_ff @(posedge clk_i) begin
    header_q <= l3_i[479:0];
    for (int n = 5; n < 15; n++) longer_q[n] <= l3_i[3:0] > 4'(n);
    for (int i = 0; i < 10; i++) ip_words_q[16*i +: 16] <= {header_q[16*i +: 8], header_q[16*i+8 +: 8]};
    for (int i = 10; i < 30; i++) ip_words_q[16*i +: 16] <= {header_q[16*i +: 8], header_q[16*i+8 +: 8]}
        & {16{longer_q[i/2]}};
    ip_words_q[511:480] <= 32'd0;
  end
  wire [20:0] ip_sum5;
  synward_sum32 u_ip_sum (.clk_i, .words_i(ip_words_q), .sum_o(ip_sum5));
  logic [16:0] ip_fold_q;
  logic ip_ok_q;
  always_ff @(posedge clk_i) begin
    ip_fold_q <= {1'b0, ip_sum5[15:0]} + {12'd0, ip_sum5[20:16]};
    ip_ok_q <= ip_fold_q == 17'h0ffff || ip_fold_q == 17'h1fffe;
  end
  synward_delay_bit #(.Depth(7)) u_ip_ok (.clk_i, .rst_ni, .bit_i(ip_ok_q), .bit_o(ip_ok_o));

  // What is added to the packet's sum. TCP over IPv4: the addresses; ICMP: nothing. IPv6: the complement of the first 8
  // bytes and of the extension headers. 4 which, 5 selected, 6-8 summed, 9 with length and protocol
  wire [511:0] l3_4;
  synward_delay #(.Width(512), .Depth(4)) u_l3 (.clk_i, .rst_ni, .data_i(l3_i), .data_o(l3_4));
  logic is6_4q, is6_5q, is6_6q, icmp_4q, icmp_5q, icmp_6q;
  logic [2:0] ext4_q;  // units of 8 bytes that were walked: one, two, three or more
  logic [511:0] fix_q;
  always_ff @(posedge clk_i) begin
    ext4_q <= {l4_v6_i[3], l4_v6_i[3] || l4_v6_i[2], l4_v6_i[3] || l4_v6_i[2] || l4_v6_i[1]} & {3{is6_i}};
    for (int i = 0; i < 4; i++)
      fix_q[16*i +: 16] <= is6_4q ? ~{l3_4[16*i +: 8], l3_4[16*i+8 +: 8]}
          : {l3_4[16*(i+6) +: 8], l3_4[16*(i+6)+8 +: 8]} & {16{!icmp_4q}};
    for (int i = 0; i < 12; i++)
      fix_q[64+16*i +: 16] <= {16{ext4_q[i/4]}} & ~{l3_4[16*(i+20) +: 8], l3_4[16*(i+20)+8 +: 8]};
    fix_q[511:256] <= 256'd0;
  end
  wire [20:0] fix8;
  synward_sum32 u_fix_sum (.clk_i, .words_i(fix_q), .sum_o(fix8));
  // The pseudo-header's length and protocol; ICMP has none.
  logic [15:0] tcp_len6_q;
  logic [16:0] pseudo7_q, pseudo8_q;
  always_ff @(posedge clk_i) begin
    {is6_4q, icmp_4q} <= {is6_i, icmp_i};
    {is6_5q, icmp_5q} <= {is6_4q, icmp_4q};
    {is6_6q, icmp_6q} <= {is6_5q, icmp_5q};
    tcp_len6_q <= tcp_len_i;
    pseudo7_q  <= icmp_6q && !is6_6q ? 17'd0 : {1'b0, tcp_len6_q} + (icmp_6q ? 17'd58 : 17'd6);
    pseudo8_q  <= pseudo7_q;
  end
  logic [20:0] fix9_q, fix10_q;
  always_ff @(posedge clk_i) begin
    fix9_q  <= fix8 + {4'd0, pseudo8_q};
    fix10_q <= fix9_q;
  end

  // 11 added, 12 folded, 13 judged, 14 out
  logic [21:0] total_q;
  logic [16:0] fold_q;
  logic l4_ok_q;
  always_ff @(posedge clk_i) begin
    total_q  <= {1'b0, fix10_q} + {5'd0, sum_i};
    fold_q   <= {1'b0, total_q[15:0]} + {11'd0, total_q[21:16]};
    l4_ok_q  <= fold_q == 17'h0ffff || fold_q == 17'h1fffe;
    l4_ok_o  <= l4_ok_q;
  end
endmodule

`default_nettype wire
