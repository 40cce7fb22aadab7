// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Builds the card's own frames (docs/theory-of-operation.md, section 3), one a clock: SYN-ACKs, challenge ACKs and
/// RSTs to the line, marked ACKs to the host. Where kind_i is a constant, what the other kinds need is optimised away.
/// Latency: 10 clocks.
module synward_reply_builder (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          valid_i,
    input  wire  [2:0]   kind_i,       ///< as verdict.send: 1 SYN-ACK, 2 challenge ACK, 3 RST, 4 marked ACK
    input  synward_context_t context_i,  ///< a marked ACK's is the frame's own; else synward_reply_source's
    input  synward_verdict_t verdict_i,
    input  wire  [31:0]  mark_mac_i,   ///< of a marked ACK
    output logic         valid_o,
    output logic [847:0] frame_o,      ///< byte n in bits 8n+7:8n; bytes beyond the frame are 0
    output logic [6:0]   len_o         ///< bytes, 60..106
);
  localparam int Latency = 10;

  function automatic logic [31:0] swap32(input logic [31:0] x);
    swap32 = {x[7:0], x[15:8], x[23:16], x[31:24]};
  endfunction
  function automatic logic [15:0] swap16(input logic [15:0] x);
    swap16 = {x[7:0], x[15:8]};
  endfunction
  function automatic logic [127:0] swap128(input logic [127:0] x);
    for (int i = 0; i < 16; i++) swap128[8*i +: 8] = x[8*(15-i) +: 8];
  endfunction
  function automatic logic [47:0] swap48(input logic [47:0] x);
    for (int i = 0; i < 6; i++) swap48[8*i +: 8] = x[8*(5-i) +: 8];
  endfunction

  synward_delay_bit #(.Depth(Latency)) u_valid (.clk_i, .rst_ni, .bit_i(valid_i), .bit_o(valid_o));

  wire is_syn_ack = kind_i == SendSynAck;
  wire is_challenge = kind_i == SendChallenge;
  wire is_rst = kind_i == SendRst;
  wire is_mark = kind_i == SendMark;

  // 1: numbers; how long a SYN-ACK with the MSS option would be
  logic v6_1_q, has_mss1_q, syn_ack1_q, challenge1_q, df1_q;
  logic [31:0] tsnow1_q, seq1_q, ack1_q;
  logic [15:0] window1_q;
  logic [7:0] ttl1_q, tos1_q, flags1_q;
  logic [19:0] flow1_q;
  logic [6:0] mss_len1_q;
  logic [13:0] len1_q;
  wire [2:0] option_words = context_i.ts_ok ? 3'd3 : {2'd0, context_i.sack_ok};
  always_ff @(posedge clk_i) begin
    syn_ack1_q   <= is_syn_ack;
    challenge1_q <= is_challenge;
    v6_1_q       <= context_i.v6;
    has_mss1_q   <= context_i.has_mss;
    tsnow1_q     <= verdict_i.tsoff + context_i.time_ms;
    seq1_q       <= verdict_i.seq;
    ack1_q       <= verdict_i.ack;
    window1_q    <= is_mark ? context_i.window : is_rst ? 16'd0 : context_i.svc_window;
    ttl1_q       <= is_mark ? context_i.ttl : context_i.svc_ttl;
    tos1_q       <= is_mark ? context_i.tos : is_rst ? 8'd0 : context_i.svc_tos;
    flow1_q      <= is_mark ? context_i.flowlabel : is_rst ? 20'd0 : verdict_i.seq[19:0];
    flags1_q     <= {1'b0, is_syn_ack && verdict_i.ece, 1'b0, !is_rst, 1'b0, is_rst, is_syn_ack, 1'b0};
    df1_q        <= is_mark || verdict_i.df;
    mss_len1_q   <= (context_i.v6 ? 7'd78 : 7'd58) + {2'd0, {1'b0, context_i.tags} + {2'd0, context_i.ws_ok}
        + option_words, 2'b00};
    len1_q       <= context_i.len;
  end

  // 2: is the MSS option sent
  logic v6_2_q, with_mss2_q, df2_q;
  logic [31:0] seq2_q, ack2_q;
  logic [15:0] window2_q;
  logic [7:0] ttl2_q, tos2_q, flags2_q;
  logic [19:0] flow2_q;
  always_ff @(posedge clk_i) begin
    v6_2_q      <= v6_1_q;
    with_mss2_q <= syn_ack1_q && (has_mss1_q || mss_len1_q <= 7'd60 || {7'd0, mss_len1_q} <= len1_q);
    seq2_q      <= seq1_q;
    ack2_q      <= ack1_q;
    window2_q   <= window1_q;
    ttl2_q      <= ttl1_q;
    tos2_q      <= tos1_q;
    flow2_q     <= flow1_q - {19'd0, challenge1_q};  // of the ISS
    flags2_q    <= flags1_q;
    df2_q       <= df1_q;
  end

  wire [191:0] opt3;
  wire [2:0] count3;
  synward_reply_options u_options (
      .clk_i, .mark_i(is_mark), .ws_i(context_i.ws_ok), .sack_i(context_i.sack_ok), .ts_i(context_i.ts_ok),
      .mss_i(context_i.svc_mss),
      .wscale_i(context_i.svc_wscale), .tsval_i(context_i.tsval), .tsecr_i(context_i.tsecr), .tsnow_i(tsnow1_q),
      .with_mss_i(with_mss2_q),
      .mark_flags_i(verdict_i.mark_flags), .mark_wscale_i(verdict_i.mark_wscale), .mark_mss_i(verdict_i.mark_mss),
      .mark_mac_i,
      .words_o(opt3), .count_o(count3));

  // 3: all that the headers say, and the sum over addresses and ports
  logic v6_3_q, df3_q;
  logic [31:0] seq3_q, ack3_q;
  logic [15:0] window3_q;
  logic [7:0] ttl3_q, tos3_q, flags3_q;
  logic [19:0] flow3_q;
  wire [20:0] addr3;
  synward_sum32 u_address_sum (.clk_i, .words_i({224'd0, context_i.faddr, context_i.laddr, context_i.fport,
      context_i.lport}), .sum_o(addr3));
  always_ff @(posedge clk_i) begin
    v6_3_q    <= v6_2_q;
    seq3_q    <= seq2_q;
    ack3_q    <= ack2_q;
    window3_q <= window2_q;
    ttl3_q    <= ttl2_q;
    tos3_q    <= tos2_q;
    flow3_q   <= flow2_q;
    flags3_q  <= flags2_q;
    df3_q     <= df2_q;
  end

  // 4: the words that are summed: TCP with its pseudo-header, and the IPv4 header
  wire [3:0] doff3 = {1'b0, count3} + 4'd5;
  wire [15:0] tcp_len3 = {10'd0, doff3, 2'b00};
  wire [15:0] ip_len3 = v6_3_q ? tcp_len3 : tcp_len3 + 16'd20;  // payload length or total length
  wire [15:0] flags3 = {doff3, 4'd0, flags3_q};
  logic [511:0] tcp_words4_q, ip_words4_q;
  wire [31:0] laddr_x, faddr_x;
  logic [31:0] faddr_d [0:2];
  logic [31:0] laddr_d [0:2];
  always_ff @(posedge clk_i) begin
    faddr_d[0] <= context_i.faddr[31:0];
    laddr_d[0] <= context_i.laddr[31:0];
    for (int i = 1; i < 3; i++) begin
      faddr_d[i] <= faddr_d[i-1];
      laddr_d[i] <= laddr_d[i-1];
    end
  end
  assign faddr_x = faddr_d[2];
  assign laddr_x = laddr_d[2];
  logic [15:0] ip_len4_q, flags4_q;
  logic [191:0] opt4_q;
  always_ff @(posedge clk_i) begin
    tcp_words4_q <= {160'd0, opt3, addr3[15:0], 11'd0, addr3[20:16], seq3_q, ack3_q, flags3, window3_q, tcp_len3,
        16'd6};
    ip_words4_q  <= {368'd0, faddr_x, laddr_x, ttl3_q, 8'd6, {1'b0, df3_q, 14'd0}, ip_len3, 8'h45, tos3_q, 16'd0};
    ip_len4_q    <= ip_len3;
    flags4_q     <= flags3;
    opt4_q       <= opt3;
  end

  // 7: sums; 8: folded; 9: complemented
  wire [20:0] tcp_sum7, ip_sum7;
  synward_sum32 u_tcp_sum (.clk_i, .words_i(tcp_words4_q), .sum_o(tcp_sum7));
  synward_sum32 u_ip_sum (.clk_i, .words_i(ip_words4_q), .sum_o(ip_sum7));
  logic [16:0] tcp_fold8_q, ip_fold8_q;
  logic [15:0] tcp_csum9_q, ip_csum9_q;
  always_ff @(posedge clk_i) begin
    tcp_fold8_q <= {1'b0, tcp_sum7[15:0]} + {12'd0, tcp_sum7[20:16]};
    ip_fold8_q  <= {1'b0, ip_sum7[15:0]} + {12'd0, ip_sum7[20:16]};
    tcp_csum9_q <= ~(tcp_fold8_q[15:0] + {15'd0, tcp_fold8_q[16]});
    ip_csum9_q  <= ~(ip_fold8_q[15:0] + {15'd0, ip_fold8_q[16]});
  end

  // 10: the frame. Everything else waits beside the sums.
  localparam int AddrW = 48 + 48 + 64 + 256 + 32;
  localparam int NumW = 64 + 16 + 8 + 8 + 20 + 1;
  wire [47:0] dst, src;
  wire [31:0] tag1, tag2;
  wire [127:0] saddr, daddr;
  wire [15:0] sport, dport;
  synward_delay #(.Width(AddrW), .Depth(9)) u_addresses (
      .clk_i, .rst_ni,
      .data_i({is_mark ? {context_i.mac_dst, context_i.mac_src} : {context_i.mac_src, context_i.mac_dst},
               context_i.tag1, context_i.tag2,
               is_mark ? {context_i.faddr, context_i.laddr, context_i.fport, context_i.lport}
                       : {context_i.laddr, context_i.faddr, context_i.lport, context_i.fport}}),
      .data_o({dst, src, tag1, tag2, saddr, daddr, sport, dport}));
  // What shapes the whole frame, in a copy for each part of it.
  localparam int Parts = 16;
  wire v6_8;
  wire [1:0] tags8;
  wire [Parts-1:0] v6, tagged2, tagged1, untagged;
  synward_delay #(.Width(3), .Depth(8)) u_shape (.clk_i, .rst_ni, .data_i({context_i.v6, context_i.tags}),
      .data_o({v6_8, tags8}));
  synward_fanout #(.Copies(Parts)) u_v6 (.clk_i, .bit_i(v6_8), .copies_o(v6));
  synward_fanout #(.Copies(Parts)) u_tagged2 (.clk_i, .bit_i(tags8[1]), .copies_o(tagged2));
  synward_fanout #(.Copies(Parts)) u_tagged1 (.clk_i, .bit_i(tags8 == 2'd1), .copies_o(tagged1));
  synward_fanout #(.Copies(Parts)) u_untagged (.clk_i, .bit_i(tags8 == 2'd0), .copies_o(untagged));
  function automatic logic [671:0] of_packet(input logic [Parts-1:0] x);
    for (int i = 0; i < Parts; i++) of_packet[42*i +: 42] = {42{x[i]}};
  endfunction
  function automatic logic [847:0] of_frame(input logic [Parts-1:0] x);
    for (int i = 0; i < Parts; i++) of_frame[53*i +: 53] = {53{x[i]}};
  endfunction
  wire [31:0] seq, ack;
  wire [15:0] window;
  wire [7:0] ttl, tos;
  wire [19:0] flow;
  wire df;
  synward_delay #(.Width(NumW), .Depth(6)) u_numbers (
      .clk_i, .rst_ni, .data_i({seq3_q, ack3_q, window3_q, ttl3_q, tos3_q, flow3_q, df3_q}),
      .data_o({seq, ack, window, ttl, tos, flow, df}));
  wire [15:0] ip_len, flags;
  wire [191:0] opt;
  synward_delay #(.Width(224), .Depth(5)) u_lengths (.clk_i, .rst_ni, .data_i({ip_len4_q, flags4_q, opt4_q}),
      .data_o({ip_len, flags, opt}));

  wire [351:0] tcp = {swap32(opt[31:0]), swap32(opt[63:32]), swap32(opt[95:64]), swap32(opt[127:96]),
      swap32(opt[159:128]), swap32(opt[191:160]),
                      16'd0, swap16(tcp_csum9_q), swap16(window), swap16(flags), swap32(ack), swap32(seq),
                          swap16(dport), swap16(sport)};
  wire [159:0] ip4 = {swap32(daddr[31:0]), swap32(saddr[31:0]), swap16(ip_csum9_q), 8'd6, ttl, {9'd0, df, 6'd0},
      16'd0, swap16(ip_len), tos, 8'h45};
  wire [319:0] ip6 = {swap128(daddr), swap128(saddr), ttl, 8'd6, swap16(ip_len), swap32({4'd6, tos, flow})};
  wire [671:0] packet = ({tcp, ip6} & of_packet(v6)) | ({160'd0, tcp, ip4} & ~of_packet(v6));
  wire [15:0] ethertype = v6[0] ? 16'hdd86 : 16'h0008;
  wire [95:0] macs = {swap48(src), swap48(dst)};
  wire [6:0] len = (v6[0] ? 7'd54 : 7'd14) + {3'd0, tagged2[0], tagged1[0], 2'b00} + ip_len[6:0];
  always_ff @(posedge clk_i) begin
    len_o <= len < 7'd60 ? 7'd60 : len;
    frame_o <= ({packet, ethertype, swap32(tag2), swap32(tag1), macs} & of_frame(tagged2))
        | ({32'd0, packet, ethertype, swap32(tag1), macs} & of_frame(tagged1))
        | ({64'd0, packet, ethertype, macs} & of_frame(untagged));
  end
endmodule

`default_nettype wire
