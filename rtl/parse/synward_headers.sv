// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Reads the network and TCP headers of one frame a clock and brings what follows the network header to a fixed place.
/// Latency: 4 clocks to the bytes of that (l4_o), 5 clocks to everything else.
module synward_headers (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [14:0]  len_i,        ///< frame length, bytes; 16,384 is oversize
    input  wire  [1:0]   tags_i,
    input  wire          is4_i,        ///< EtherType of IPv4
    input  wire  [1:0]   is6_i,        ///< of IPv6, in two copies
    input  wire  [1087:0] l3_i,        ///< 136 bytes from the network header on

    // 4 clocks
    output logic [607:0] l4_o,           ///< 76 bytes behind the network header
    output logic [5:0]   options_len_o,  ///< bytes of TCP options; 0 where the data offset is bad
    output logic         icmp_o,         ///< IPv4 protocol ICMP, or IPv6 with ICMPv6 right behind its header
    output logic [1:0]   v6_l4_o,        ///< IPv6; in two copies
    /// bytes of the IP packet from there on, where bad_ip_o and truncated_o are clear
    output logic [15:0]  l4_len_o,

    output logic         ip_o,         ///< EtherType of IPv4 or IPv6
    output logic         v6_o,
    output logic         bad_ip_o,     ///< row 5
    output logic         truncated_o,  ///< row 6
    output logic         fragment4_o,  ///< IPv4 fragment
    output logic         tcp4_o,       ///< IPv4 protocol 6
    output logic         chain_fragment_o,
    output logic         chain_inner_o,
    output logic         chain_unwalked_o,
    output logic         tcp_o,        ///< TCP, not in a fragment
    output logic         bad_tcp_o,    ///< row 12
    output logic [127:0] faddr_o,
    output logic [127:0] laddr_o,
    output logic [7:0]   ttl_o,
    output logic [7:0]   tos_o,
    output logic [19:0]  flowlabel_o,
    output logic [15:0]  fport_o,
    output logic [15:0]  lport_o,
    output logic [31:0]  seq_o,
    output logic [31:0]  ack_o,
    output logic [7:0]   flags_o,      ///< CWR ECE URG ACK PSH RST SYN FIN
    output logic [15:0]  window_o,

    // for the service table: 1 clock
    output logic         v6_early_o,
    output logic [127:0] laddr_early_o,
    // for the checksum: 3 clocks
    output logic [3:0]   l4_v6_o,      ///< one-hot: TCP begins at byte 40, 48, 56, 64 of the IPv6 packet
    output logic         l4_is6_o,
    output logic         l4_icmp_o,    ///< as icmp_o
    output logic         options_discard_o,  ///< 17 clocks; of IPv6 alone: row 18b
    // for the checksum: 5 clocks
    /// bytes of the TCP segment or ICMPv6 message, where bad_ip_o, truncated_o and bad_tcp_o are clear
    output logic [15:0]  tcp_len_o
);
  // 1: fields
  logic is4_q, is6_q, ver_bad_q, fragment_q, proto6_q, icmp_q;
  logic [3:0] ihl_q;
  logic [15:0] total_q, payload_q;
  logic [15:0] room_q;  // bytes of the frame from the network header on, signed
  logic [127:0] faddr_q, laddr_q;
  logic [7:0] ttl_q, tos_q;
  logic [19:0] flow_q;
  wire is4 = is4_i;
  wire is6 = is6_i[0];
  always_ff @(posedge clk_i) begin
    is4_q      <= is4;
    is6_q      <= is6;
    ver_bad_q  <= (is4 && l3_i[7:4] != 4'd4) || (is6 && l3_i[7:4] != 4'd6);
    ihl_q      <= l3_i[3:0];
    total_q    <= {l3_i[16 +: 8], l3_i[24 +: 8]};
    payload_q  <= {l3_i[32 +: 8], l3_i[40 +: 8]};
    fragment_q <= {l3_i[48 +: 6], l3_i[56 +: 8]} != 14'd0;
    proto6_q   <= l3_i[72 +: 8] == 8'd6;
    icmp_q     <= (is4 && l3_i[72 +: 8] == 8'd1) || (is6 && l3_i[48 +: 8] == 8'd58);
    room_q     <= {1'b0, len_i} - (tags_i[1] ? 16'd22 : tags_i[0] ? 16'd18 : 16'd14);
    ttl_q      <= is6 ? l3_i[56 +: 8] : l3_i[64 +: 8];
    tos_q      <= is6 ? {l3_i[3:0], l3_i[15:12]} : l3_i[8 +: 8];
    flow_q     <= {l3_i[11:8], l3_i[16 +: 8], l3_i[24 +: 8]};
    for (int i = 0; i < 12; i++) begin
      faddr_q[8*(15-i) +: 8] <= is6_i[1] ? l3_i[8*(8+i) +: 8] : 8'd0;
      laddr_q[8*(15-i) +: 8] <= is6 ? l3_i[8*(24+i) +: 8] : 8'd0;
    end
    for (int i = 12; i < 16; i++) begin
      faddr_q[8*(15-i) +: 8] <= is6_i[1] ? l3_i[8*(8+i) +: 8] : l3_i[8*i +: 8];
      laddr_q[8*(15-i) +: 8] <= is6 ? l3_i[8*(24+i) +: 8] : l3_i[8*(4+i) +: 8];
    end
  end
  assign v6_early_o = is6_q;
  assign laddr_early_o = laddr_q;

  wire [3:0] chain_ends, chain_end;
  wire chain_tcp, chain_fragment, chain_inner, chain_unwalked;
  wire [2:0] chain_options;
  wire [1:0] chain_bounds;
  synward_ipv6_chain u_chain (.clk_i, .l3_i(l3_i[519:0]), .ends_o(chain_ends), .end_o(chain_end), .tcp_o(chain_tcp),
      .fragment_o(chain_fragment),
                              .inner_o(chain_inner), .unwalked_o(chain_unwalked), .options_o(chain_options),
                              .bounds_o(chain_bounds));

  // 2: lengths compared
  logic is4_2q, is6_2q, bad_2q, short_2q, fragment_2q, proto6_2q, icmp_2q;
  logic [3:0] ihl_2q;
  logic [16:0] ip_len_2q;
  wire room_short = room_q[15] || !synward_logic_pkg::at_least(room_q, 16'd20)
      || (is6_q && !synward_logic_pkg::at_least(room_q, 16'd40));
  always_ff @(posedge clk_i) begin
    is4_2q      <= is4_q;
    is6_2q      <= is6_q;
    fragment_2q <= fragment_q;
    proto6_2q   <= proto6_q;
    icmp_2q     <= icmp_q;
    ihl_2q      <= ihl_q;
    bad_2q      <= ver_bad_q || room_short || (is4_q && ihl_q < 4'd5);
    short_2q    <= is4_q && total_q[15:6] == 10'd0 && synward_logic_pkg::less6(total_q[5:0], {ihl_q, 2'b00});
    ip_len_2q   <= is6_q ? {1'b0, payload_q} + 17'd40 : {1'b0, total_q};
  end
  logic [15:0] room_2q;
  always_ff @(posedge clk_i) room_2q <= room_q;

  // 3: where TCP begins, one-hot in words of 4 bytes from 5 to 16
  logic is4_3q, is6_3q, bad_3q, long_3q, fragment_3q, proto6_3q;
  wire icmp_3q;
  synward_fanout #(.Copies(1)) u_icmp_3 (.clk_i, .bit_i(icmp_2q), .copies_o(icmp_3q));
  logic [3:0] ihl_3q;
  logic [16:0] ip_len_3q;
  always_ff @(posedge clk_i) begin
    is4_3q <= is4_2q;
    is6_3q <= is6_2q;
    bad_3q <= (is4_2q || is6_2q) && (bad_2q || short_2q);
    long_3q <= (is4_2q || is6_2q) && ip_len_2q > {1'b0, room_2q};
    fragment_3q <= fragment_2q;
    proto6_3q <= proto6_2q;
    ihl_3q <= ihl_2q;
    ip_len_3q <= ip_len_2q;
  end
  // A copy of it for each 76 of the bits that it chooses.
  localparam int Parts = 8;
  localparam int PartW = 608 / Parts;
  wire [12*Parts-1:0] l4_sel;
  for (genvar s = 0; s < 12; s++) begin : gen_sel
    wire is4_begin = s < 11 && !is6_2q && ihl_2q == 4'(s + 5);
    wire is6_begin = is6_2q && s % 2 == 1 && s >= 5 && chain_ends[(s + 3) / 2 % 4];
    synward_fanout #(.Copies(Parts)) u_sel (
        .clk_i, .bit_i(is4_begin || is6_begin), .copies_o(l4_sel[Parts*s +: Parts]));
  end
  assign l4_v6_o = chain_end;
  assign l4_is6_o = is6_3q;
  assign l4_icmp_o = icmp_3q;

  // 4: what follows: the TCP header with its options, or an ICMP message
  wire [1087:0] l3_3;
  synward_delay #(.Width(1088), .Depth(3)) u_l3 (.clk_i, .rst_ni, .data_i(l3_i), .data_o(l3_3));
  synward_ipv6_options u_ipv6_options (
      .clk_i, .rst_ni, .bytes_i(l3_3[320 +: 192]), .options_i(chain_options), .bounds_i(chain_bounds),
      .discard_o(options_discard_o));
  wire [1119:0] l3_x = {32'd0, l3_3};
  logic [607:0] l4, l4_4q;
  always_comb begin
    l4 = '0;
    for (int p = 0; p < Parts; p++)
      for (int s = 0; s < 12; s++)
        l4[PartW*p +: PartW] = l4[PartW*p +: PartW] | ({PartW{l4_sel[Parts*s+p]}} & l3_x[32*(s+5) + PartW*p +: PartW]);
  end
  logic is4_4q, is6_4q, bad_4q, long_4q, frag_4q, proto6_4q, icmp_4q, ctcp_4q, cfrag_4q, cinner_4q, cunw_4q;
  logic [17:0] tcp_len_4q;  // signed
  wire [6:0] l4_off = is6_3q ? (chain_end[3] ? 7'd64 : chain_end[2] ? 7'd56 : chain_end[1] ? 7'd48 : 7'd40)
      : {1'b0, ihl_3q, 2'b00};
  always_ff @(posedge clk_i) begin
    l4_4q     <= l4;
    is4_4q    <= is4_3q;
    is6_4q    <= is6_3q;
    bad_4q    <= bad_3q;
    long_4q   <= long_3q;
    frag_4q   <= is4_3q && fragment_3q;
    proto6_4q <= proto6_3q;
    icmp_4q   <= icmp_3q;
    ctcp_4q   <= is6_3q && chain_tcp;
    cfrag_4q  <= is6_3q && chain_fragment;
    cinner_4q <= chain_inner;
    cunw_4q   <= is6_3q && chain_unwalked;
    tcp_len_4q <= {1'b0, ip_len_3q} - {11'd0, l4_off};
  end
  assign l4_o = l4_4q;
  assign l4_len_o = tcp_len_4q[15:0];
  assign icmp_o = icmp_4q;
  synward_fanout #(.Copies(2)) u_v6_l4 (.clk_i, .bit_i(is6_3q), .copies_o(v6_l4_o));
  wire [3:0] doff = l4_4q[103:100];
  wire doff_ok = doff[3] || (doff[2] && (doff[1] || doff[0]));
  assign options_len_o = !doff_ok ? 6'd0 : {doff - 4'd5, 2'b00};

  // 5: fields of the TCP header, and the rest brought to the same clock
  wire [291:0] ip_fields4;
  synward_delay #(.Width(292), .Depth(3)) u_ip_fields (.clk_i, .rst_ni,
      .data_i({faddr_q, laddr_q, ttl_q, tos_q, flow_q}), .data_o(ip_fields4));
  always_ff @(posedge clk_i) begin
    ip_o             <= is4_4q || is6_4q;
    v6_o             <= is6_4q;
    bad_ip_o         <= bad_4q;
    truncated_o      <= long_4q;
    fragment4_o      <= frag_4q;
    tcp4_o           <= is4_4q && proto6_4q;
    chain_fragment_o <= cfrag_4q;
    chain_inner_o    <= cinner_4q;
    chain_unwalked_o <= cunw_4q;
    tcp_o            <= (is4_4q && proto6_4q && !frag_4q) || ctcp_4q;
    // With a data offset of 5 or more, a segment at least as long as its header is at least 20 bytes long.
    bad_tcp_o        <= tcp_len_4q[17] || !doff_ok || (tcp_len_4q[16:6] == 11'd0
        && synward_logic_pkg::less6(tcp_len_4q[5:0], {doff, 2'b00}));
    tcp_len_o        <= tcp_len_4q[15:0];
    {faddr_o, laddr_o, ttl_o, tos_o, flowlabel_o} <= ip_fields4;
    fport_o  <= {l4_4q[0 +: 8], l4_4q[8 +: 8]};
    lport_o  <= {l4_4q[16 +: 8], l4_4q[24 +: 8]};
    seq_o    <= {l4_4q[32 +: 8], l4_4q[40 +: 8], l4_4q[48 +: 8], l4_4q[56 +: 8]};
    ack_o    <= {l4_4q[64 +: 8], l4_4q[72 +: 8], l4_4q[80 +: 8], l4_4q[88 +: 8]};
    flags_o  <= l4_4q[104 +: 8];
    window_o <= {l4_4q[112 +: 8], l4_4q[120 +: 8]};
  end
endmodule

`default_nettype wire
