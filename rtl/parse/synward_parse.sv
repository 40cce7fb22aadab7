// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// From beats to decisions: one result for each frame, in order. Latency: 23 clocks from the last beat, and 2 or 1 more
/// for frames of one or two beats; so 25 from the first beat for every frame of up to three beats without gaps.
module synward_parse #(
    parameter int LogServices = 5  ///< log2 of the service table's entries
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // synward_rx_beat's
    input  wire          valid_i,
    input  wire          first_i,
    input  wire          last_i,
    input  wire          error_i,            ///< with the last beat: the frame is damaged
    input  wire  [5:0]   top_i,
    input  wire  [511:0] data_i,
    input  wire  [31:0]  time_ms_i,
    input  wire  [5:0]   tag_i,              ///< number of the frame, with all its beats
    // sysctls
    input  wire          secrets_loaded_i,
    input  wire          unclassified_drop_i,
    input  wire          fragments_drop_i,
    input  wire          drop_synfin_i,
    input  wire          signed_drop_i,
    input  wire  [(1<<LogServices)-1:0] agents_i,  ///< services whose hand-overs are confirmed
    input  wire          sack_enable_i,
    input  wire          ws_enable_i,        ///< rfc1323 is 1 or 2
    input  wire          ts_enable_i,        ///< rfc1323 is 1 or 3
    input  wire          ecn_enable_i,       ///< ecn.enable is not 0
    // service table
    input  synward_service_write_t service_i,
    // result
    output logic         valid_o,
    output logic [3:0]   valid_copies_o,    ///< valid_o, for a part of the request each
    output logic [5:0]   tag_o,              ///< number of the frame
    output logic [1:0]   kind_o,             ///< 0 pass, 1 drop, 2 the engine decides
    output logic [5:0]   reason_o,           ///< of a drop
    output logic         signed_o,           ///< passed by row 18a
    /// op 0 where the engine is not asked; of the rest only what its op needs means something
    output synward_request_t request_o,
    output synward_context_t context_o       ///< of a SYN, ACK or RST
);
  // Clocks are counted from the network header's alignment ("h0").
  wire w_valid;
  wire [1263:0] w_window;
  wire [14:0] w_len;
  wire w_error, bad_fcs17;
  wire [31:0] w_time;
  wire [5:0] w_tag;
  synward_frame_window u_window (
      .clk_i, .rst_ni, .valid_i, .first_i, .last_i, .error_i, .top_i, .data_i, .time_ms_i, .tag_i,
      .valid_o(w_valid), .window_o(w_window), .error_o(w_error), .len_o(w_len), .time_ms_o(w_time), .tag_o(w_tag));

  wire [47:0] mac_dst, mac_src;
  wire [1:0] tags;
  wire more_tags;
  wire [31:0] tag1, tag2;
  wire is4, control;
  wire [1:0] is6;
  wire [1087:0] l3;
  synward_l3_align u_align (
      .clk_i, .window_i(w_window), .mac_dst_o(mac_dst), .mac_src_o(mac_src), .tags_o(tags), .more_tags_o(more_tags),
      .tag1_o(tag1), .tag2_o(tag2), .is4_o(is4), .is6_o(is6), .control_o(control), .l3_o(l3));
  logic [14:0] len_x, len0;
  always_ff @(posedge clk_i) begin
    len_x <= w_len;
    len0  <= len_x;
  end

  wire [607:0] l4;
  wire [15:0] l4_len;
  wire icmp4c;
  wire [1:0] v6_4c;
  wire [5:0] options_len;
  wire ip, v6, bad_ip, truncated, fragment4, tcp4, chain_fragment, chain_inner, chain_unwalked, tcp, bad_tcp;
  wire [127:0] faddr, laddr, laddr1;
  wire [7:0] ttl, tos, flags;
  wire [19:0] flowlabel;
  wire [15:0] fport, lport, window, tcp_len;
  wire [31:0] seq, ack;
  wire v6_1, l4_is6, l4_icmp, options_discard17;
  wire [3:0] l4_v6;
  synward_headers u_headers (
      .clk_i, .rst_ni, .len_i(len0), .tags_i(tags), .is4_i(is4), .is6_i(is6), .l3_i(l3),
      .l4_o(l4), .options_len_o(options_len), .icmp_o(icmp4c), .v6_l4_o(v6_4c), .l4_len_o(l4_len),
      .ip_o(ip), .v6_o(v6), .bad_ip_o(bad_ip), .truncated_o(truncated), .fragment4_o(fragment4), .tcp4_o(tcp4),
      .chain_fragment_o(chain_fragment), .chain_inner_o(chain_inner), .chain_unwalked_o(chain_unwalked), .tcp_o(tcp),
      .bad_tcp_o(bad_tcp),
      .faddr_o(faddr), .laddr_o(laddr), .ttl_o(ttl), .tos_o(tos), .flowlabel_o(flowlabel), .fport_o(fport),
      .lport_o(lport),
      .seq_o(seq), .ack_o(ack), .flags_o(flags), .window_o(window),
      .v6_early_o(v6_1), .laddr_early_o(laddr1), .l4_v6_o(l4_v6), .l4_is6_o(l4_is6), .l4_icmp_o(l4_icmp),
      .tcp_len_o(tcp_len), .options_discard_o(options_discard17));

  synward_options_t opt;  // h17
  synward_tcp_options u_options (.clk_i, .rst_ni, .bytes_i(l4[479:160]), .len_i(options_len), .options_o(opt));

  // Checksums: the packet's sum waits under the frame's number for its headers. Without its sum nothing is known of
  // the frame: it is dropped.
  wire sum_valid, sum_lost10, sum_lost17;
  wire [16:0] sum, sum10;
  wire [5:0] sum_tag, tag8;
  wire valid8, ip_ok14, l4_ok14;
  synward_payload_sum u_sum (.clk_i, .rst_ni, .valid_i, .first_i, .data_i, .last_i, .tag_i, .valid_o(sum_valid),
      .sum_o(sum), .tag_o(sum_tag));
  synward_delay_bit #(.Depth(10)) u_valid8 (.clk_i, .rst_ni, .bit_i(w_valid), .bit_o(valid8));
  synward_delay #(.Width(6), .Depth(10)) u_tag8 (.clk_i, .rst_ni, .data_i(w_tag), .data_o(tag8));
  synward_pairing #(.Width(17)) u_sums (
      .clk_i, .rst_ni, .put_i(sum_valid), .put_tag_i(sum_tag), .data_i(sum), .take_i(valid8), .take_tag_i(tag8),
      .data_o(sum10), .lost_o(sum_lost10));
  synward_delay #(.Width(1), .Depth(7)) u_sum_lost (.clk_i, .rst_ni, .data_i(sum_lost10), .data_o(sum_lost17));
  synward_checksum u_checksum (
      .clk_i, .rst_ni, .l3_i(l3[511:0]), .is6_i(l4_is6), .icmp_i(l4_icmp), .l4_v6_i(l4_v6), .tcp_len_i(tcp_len),
      .sum_i(sum10),
      .ip_ok_o(ip_ok14), .l4_ok_o(l4_ok14));

  wire svc_addr_hit, svc_hit;  // h9
  wire [LogServices-1:0] number9;
  synward_service_t svc9;
  synward_service_table #(.LogEntries(LogServices)) u_services (
      .clk_i, .rst_ni, .write_i(service_i),
      .v6_i(v6_1), .laddr_i(laddr1), .lport_i(lport), .addr_hit_o(svc_addr_hit), .hit_o(svc_hit), .number_o(number9),
      .service_o(svc9));

  wire no_source8, self8, multicast8, same8;
  synward_address_checks u_addresses (
      .clk_i, .v6_i(v6), .faddr_i(faddr), .laddr_i(laddr), .fport_i(fport), .lport_i(lport),
      .no_source_o(no_source8), .self_o(self8), .same_o(same8), .multicast_o(multicast8));

  // Everything to h17, where the options are.
  wire oversize17, short17, more_tags17, control17;
  wire ip17, v6_17, bad_ip17, truncated17, fragment4_17, tcp4_17, chain_fragment17, chain_inner17, chain_unwalked17,
      tcp17, bad_tcp17;
  wire no_source17, self17, multicast17, same17, addr_hit17, hit17, ip_ok17, l4_ok17, quote17;
  wire link_multicast17;
  wire [1:0] quote6;  // below
  wire [7:0] flags17;
  wire [LogServices-1:0] number17;
  wire [`SYNWARD_SERVICE_W-1:0] svc17_bits;
  synward_service_t svc17;
  assign svc17 = svc17_bits;
  synward_delay #(.Width(5), .Depth(17)) u_d0 (
      .clk_i, .rst_ni, .data_i({len0[14], len0 < 15'd14, more_tags, mac_dst[40] || mac_src[40], control}),
      .data_o({oversize17, short17, more_tags17, link_multicast17, control17}));
  synward_delay #(.Width(19), .Depth(12)) u_d5 (
      .clk_i, .rst_ni,
      .data_i({ip, v6, bad_ip, truncated, fragment4, tcp4, chain_fragment, chain_inner, chain_unwalked, tcp, bad_tcp,
      flags}),
      .data_o({ip17, v6_17, bad_ip17, truncated17, fragment4_17, tcp4_17, chain_fragment17, chain_inner17,
      chain_unwalked17, tcp17, bad_tcp17, flags17}));
  synward_delay #(.Width(4), .Depth(9)) u_d8 (
      .clk_i, .rst_ni, .data_i({no_source8, self8, multicast8, same8}),
      .data_o({no_source17, self17, multicast17, same17}));
  synward_delay #(.Width(1), .Depth(11)) u_d6 (.clk_i, .rst_ni, .data_i(quote6[0]), .data_o(quote17));
  synward_delay #(.Width(2 + LogServices + `SYNWARD_SERVICE_W), .Depth(8)) u_d9 (
      .clk_i, .rst_ni, .data_i({svc_addr_hit, svc_hit, number9, svc9}),
      .data_o({addr_hit17, hit17, number17, svc17_bits}));
  synward_delay #(.Width(2), .Depth(3)) u_d14 (.clk_i, .rst_ni, .data_i({ip_ok14, l4_ok14}),
      .data_o({ip_ok17, l4_ok17}));

  synward_delay_bit #(.Depth(19)) u_bad_fcs (.clk_i, .rst_ni, .bit_i(w_error), .bit_o(bad_fcs17));
  wire [3:0] op;
  wire [4:0] note;
  synward_classify u_classify (
      .clk_i, .bad_fcs_i(bad_fcs17), .pairing_lost_i(sum_lost17), .unclassified_drop_i, .fragments_drop_i,
      .drop_synfin_i,
      .oversize_i(oversize17), .short_i(short17), .more_tags_i(more_tags17), .control_i(control17), .signed_drop_i,
      .signed_i(opt.is_signed),
      .options_discard_i(options_discard17), .ip_i(ip17), .v6_i(v6_17),
      .bad_ip_i(bad_ip17), .truncated_i(truncated17),
      .ip_ok_i(ip_ok17), .fragment4_i(fragment4_17), .tcp4_i(tcp4_17), .chain_fragment_i(chain_fragment17),
      .chain_inner_i(chain_inner17),
      .chain_unwalked_i(chain_unwalked17), .tcp_i(tcp17), .bad_tcp_i(bad_tcp17), .mark_i(opt.mark),
      .service_addr_i(addr_hit17),
      .service_i(hit17 && secrets_loaded_i), .mode_i(svc17.mode), .quote_i(quote17), .l4_ok_i(l4_ok17),
      .no_source_i(no_source17), .flags_i(flags17),
      .link_multicast_i(link_multicast17), .self_i(self17), .same_address_i(same17), .multicast_i(multicast17),
      .kind_o, .reason_o, .op_o(op), .note_o(note), .signed_o);
  wire valid19;
  synward_delay_bit #(.Depth(21)) u_valid (.clk_i, .rst_ni, .bit_i(w_valid), .bit_o(valid19));
  synward_fanout #(.Copies(5)) u_valid_copies (.clk_i, .bit_i(rst_ni && valid19), .copies_o({valid_o, valid_copies_o}));
  synward_delay #(.Width(6), .Depth(12)) u_tag (.clk_i, .rst_ni, .data_i(tag8), .data_o(tag_o));

  // Which options are accepted, and the service's part (h18), then level with the classification (h20).
  logic has_mss18_q, ws_ok18_q, sack_ok18_q, ts_ok18_q, ecn_ok18_q;
  logic [LogServices-1:0] number18_q;
  logic [7:0] flags18_q;
  logic [15:0] mss18_q, svc_mss18_q, svc_path18_q, svc_window18_q;
  logic agent18_q;
  logic [3:0] ws18_q, svc_wscale18_q;
  logic [31:0] tsval18_q, tsecr18_q;
  logic [7:0] svc_ttl18_q, svc_tos18_q;
  wire is_syn17 = flags17[1];
  always_ff @(posedge clk_i) begin
    has_mss18_q    <= opt.has_mss;
    mss18_q        <= opt.mss;
    ws_ok18_q      <= opt.has_ws && svc17.en_ws && ws_enable_i;
    ws18_q         <= opt.ws > 8'd14 ? 4'd14 : opt.ws[3:0];
    sack_ok18_q    <= opt.has_sack && svc17.en_sack && sack_enable_i;
    ts_ok18_q      <= opt.has_ts && (!is_syn17 || (svc17.en_ts && ts_enable_i));
    ecn_ok18_q     <= flags17[7] && flags17[6] && ecn_enable_i && svc17.en_ecn;
    number18_q     <= number17;
    flags18_q      <= flags17;
    tsval18_q      <= opt.tsval;
    tsecr18_q      <= opt.tsecr;
    svc_mss18_q    <= v6_17 ? svc17.mss6 : svc17.mss4;
    svc_path18_q   <= v6_17 ? svc17.path_mss6 : svc17.path_mss4;
    agent18_q      <= agents_i[number17];
    svc_window18_q <= svc17.window;
    svc_wscale18_q <= svc17.wscale;
    svc_ttl18_q    <= svc17.ttl;
    svc_tos18_q    <= svc17.tos;
  end
  localparam int LateW = 1 + 16 + 1 + 4 + 1 + 1 + 1 + LogServices + 8 + 64 + 16 + 16 + 1 + 16 + 4 + 8 + 8;
  logic [LateW-1:0] late19_q, late20_q;
  always_ff @(posedge clk_i) begin
    late19_q <= {has_mss18_q, mss18_q, ws_ok18_q, ws18_q, sack_ok18_q, ts_ok18_q, ecn_ok18_q, number18_q, flags18_q,
        tsval18_q, tsecr18_q,
                 svc_mss18_q, svc_path18_q, agent18_q, svc_window18_q, svc_wscale18_q, svc_ttl18_q, svc_tos18_q};
    late20_q <= late19_q;
  end
  wire has_mss, ws_ok, sack_ok, ts_ok, ecn_ok;
  wire [LogServices-1:0] number;
  wire [15:0] mss, svc_mss, svc_path, svc_window;
  wire agent;
  wire [3:0] ws, svc_wscale;
  wire [31:0] tsval, tsecr;
  wire [7:0] flags20, svc_ttl, svc_tos;
  assign {has_mss, mss, ws_ok, ws, sack_ok, ts_ok, ecn_ok, number, flags20, tsval, tsecr, svc_mss, svc_path, agent,
      svc_window, svc_wscale, svc_ttl, svc_tos} = late20_q;

  // An ICMP error asks for the segment that it quotes: of it, the tuple and SEQ count (h6).
  wire [127:0] quote_faddr, quote_laddr;
  wire [15:0] quote_fport, quote_lport;
  wire [31:0] quote_seq;
  synward_icmp_quote u_quote (
      .clk_i, .icmp_i(icmp4c), .v6_i(v6_4c), .l4_i(l4), .len_i(l4_len), .quote_o(quote6), .faddr_o(quote_faddr),
      .laddr_o(quote_laddr),
      .fport_o(quote_fport), .lport_o(quote_lport), .seq_o(quote_seq));
  localparam int TupleW = 128 + 128 + 16 + 16 + 32;
  logic [TupleW-1:0] tuple6_q;
  always_ff @(posedge clk_i) tuple6_q <= {faddr, laddr, fport, lport, seq};
  wire [TupleW-1:0] tuple20;
  synward_delay #(.Width(TupleW), .Depth(14)) u_tuple (
      .clk_i, .rst_ni, .data_i({quote6[0] ? quote_faddr : tuple6_q[TupleW-1 -: 128],
      quote6[1] ? {quote_laddr, quote_fport, quote_lport, quote_seq} : tuple6_q[TupleW-129:0]}), .data_o(tuple20));

  localparam int EthW = 48 + 48 + 2 + 32 + 32 + 14 + 7;
  localparam int NetW = 1 + 32 + 16 + 8 + 8 + 20;
  wire [EthW-1:0] eth20;
  wire [NetW-1:0] net20;
  wire [31:0] time20;
  synward_delay #(.Width(EthW), .Depth(20)) u_eth (
      .clk_i, .rst_ni, .data_i({mac_dst, mac_src, tags, tag1, tag2, len0[13:0], len0[14:7] != 8'd0 ? 7'd127
      : len0[6:0]}), .data_o(eth20));
  synward_delay #(.Width(NetW), .Depth(15)) u_net (.clk_i, .rst_ni, .data_i({v6, ack, window, ttl, tos, flowlabel}),
      .data_o(net20));
  synward_delay #(.Width(32), .Depth(22)) u_time (.clk_i, .rst_ni, .data_i(w_time), .data_o(time20));
  always_comb begin
    {context_o.mac_dst, context_o.mac_src, context_o.tags, context_o.tag1, context_o.tag2, context_o.len,
        request_o.len} = eth20;
    {context_o.faddr, context_o.laddr, context_o.fport, context_o.lport, context_o.seq} = tuple20;
    {context_o.v6, context_o.ack, context_o.window, context_o.ttl, context_o.tos, context_o.flowlabel} = net20;
    context_o.has_mss    = has_mss;
    context_o.ws_ok      = ws_ok;
    context_o.sack_ok    = sack_ok;
    context_o.ts_ok      = ts_ok;
    context_o.tsval      = tsval;
    context_o.tsecr      = tsecr;
    context_o.time_ms    = time20;
    context_o.svc_mss    = svc_mss;
    context_o.svc_window = svc_window;
    context_o.svc_wscale = svc_wscale;
    context_o.svc_ttl    = svc_ttl;
    context_o.svc_tos    = svc_tos;

    request_o.op      = op;
    request_o.time_ms = time20;
    request_o.v6      = context_o.v6;
    request_o.faddr   = context_o.faddr;
    request_o.laddr   = context_o.laddr;
    request_o.fport   = context_o.fport;
    request_o.lport   = context_o.lport;
    request_o.seq     = context_o.seq;
    request_o.ack     = context_o.ack;
    request_o.flags   = flags20;
    request_o.has_mss = has_mss;
    request_o.mss     = mss;
    request_o.ws_ok   = ws_ok;
    request_o.ws      = ws;
    request_o.sack_ok = sack_ok;
    request_o.ts_ok   = ts_ok;
    request_o.ecn_ok  = ecn_ok;
    request_o.tsval   = tsval;
    request_o.service = 5'(number);
    request_o.window  = svc_window;
    request_o.wscale  = svc_wscale;
    request_o.path_mss = svc_path;
    request_o.agent   = agent;
    request_o.protect = 1'b0;
    request_o.mac_dst = context_o.mac_dst;
    request_o.mac_src = context_o.mac_src;
    request_o.tags    = context_o.tags;
    request_o.tag1    = context_o.tag1;
    request_o.tag2    = context_o.tag2;
    request_o.note    = note;
  end
endmodule

`default_nettype wire
