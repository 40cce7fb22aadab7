// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Watches the host's frames for the engine: a SERVER request for each that can be read as far as TCP
/// (docs/theory-of-operation.md, section 1, rows 1 to 12; no checksum is looked at), with what the service table says
/// of its own end; and a STATUS request for each control frame whose tag is right. Control frames that are no statuses
/// (version 1, another type than 1) are synward_mailbox's. Latency of a SERVER request: 19 clocks from the last beat,
/// and 2 or 1 more for frames of one or two beats.
module synward_watch #(
    parameter int LogServices = 5  ///< log2 of the service table's entries
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // synward_rx_beat's
    input  wire          valid_i,
    input  wire          first_i,
    input  wire          last_i,
    input  wire          error_i,    ///< with the last beat: the frame is damaged, and teaches nothing
    input  wire  [5:0]   top_i,
    input  wire  [511:0] data_i,
    input  wire  [31:0]  time_ms_i,
    // settings
    input  wire          secrets_loaded_i,
    input  wire  [127:0] control_key0_i,  ///< current, first byte in bits 7:0
    input  wire  [127:0] control_key1_i,  ///< former
    input  wire  [1:0]   control_keys_i,  ///< which of them there are
    // service table
    input  synward_service_write_t service_i,
    // result
    output logic         valid_o,
    output synward_request_t request_o,
    output logic         status_o,          ///< it is a STATUS
    output logic         learn_agent_o,     ///< the status's service has an agent
    output logic         busy_o,            ///< a status is being checked, or may still be on its way in the engine
    output logic         control_refused_o  ///< a control frame that is broken or wrong, or came too fast
);

  wire w_valid;
  wire [1263:0] w_window;
  wire [14:0] w_len;
  wire w_error, damaged;
  wire [31:0] w_time;
  synward_frame_window u_window (
      .clk_i, .rst_ni, .valid_i, .first_i, .last_i, .error_i, .top_i, .data_i, .time_ms_i, .tag_i(6'd0),
      .valid_o(w_valid), .window_o(w_window), .error_o(w_error), .len_o(w_len), .time_ms_o(w_time), .tag_o());

  wire [1:0] tags;
  wire is4;
  wire [5:0] control;  // the last one for all but the shift
  wire [1:0] is6, is6_1;
  wire [1087:0] l3;
  wire [47:0] mac_dst, mac_src;
  wire [31:0] tag1, tag2;
  synward_l3_align #(.ControlCopies(6)) u_align (
      .clk_i, .window_i(w_window), .mac_dst_o(mac_dst), .mac_src_o(mac_src), .tags_o(tags), .more_tags_o(),
      .tag1_o(tag1), .tag2_o(tag2),
      .is4_o(is4), .is6_o(is6), .control_o(control), .l3_o(l3));
  wire [14:0] len;
  synward_delay #(.Width(15), .Depth(2)) u_len (.clk_i, .rst_ni, .data_i(w_len), .data_o(len));

  // 1: a control frame is four bytes, and the mark's own packet
  logic control1_q, mail1_q, head_ok1_q, oversize1_q;
  logic [2:0] status1_q;
  logic [1:0] tags1_q;
  logic is4_1_q;
  wire [1151:0] l3_x = {64'd0, l3};
  logic [1119:0] l3_1_q;
  logic [14:0] len1_q;
  wire quoted6 = l3[39:36] == 4'd6;
  synward_fanout #(.Copies(2)) u_is6 (.clk_i, .bit_i(control[5] ? quoted6 : is6[0]), .copies_o(is6_1));
  always_ff @(posedge clk_i) begin
    control1_q   <= control[5];
    mail1_q      <= control[5] && l3[7:0] == 8'd1 && l3[15:8] != 8'd1;
    head_ok1_q   <= l3[7:0] == 8'd1 && l3[15:8] == 8'd1 && l3[23:19] == 5'd0 && l3[18:16] != 3'd0
        && !(l3[18] && l3[17]) && l3[31:24] == 8'd0;
    status1_q    <= l3[18:16];
    oversize1_q  <= len[14];
    tags1_q      <= tags;
    is4_1_q      <= control[5] ? !quoted6 : is4;
    for (int p = 0; p < 5; p++)
      l3_1_q[224*p +: 224] <= control[p] ? l3_x[32 + 224*p +: 224] : l3_x[224*p +: 224];
    len1_q       <= control[5] ? len - 15'd4 : len;
  end

  // 6: the headers. What the client's frames have as their source is the server's here, but not in a mark that is
  // turned round.
  wire ip, v6, bad_ip, truncated, tcp, bad_tcp;
  wire [127:0] src, dst;
  wire [15:0] sport, dport;
  wire [31:0] seq, ack;
  wire [7:0] flags;
  wire [607:0] l4;  // 5
  synward_headers u_headers (
      .clk_i, .rst_ni, .len_i(len1_q), .tags_i(tags1_q), .is4_i(is4_1_q), .is6_i(is6_1), .l3_i(l3_1_q[1087:0]),
      .l4_o(l4), .options_len_o(), .icmp_o(), .v6_l4_o(), .l4_len_o(),
      .ip_o(ip), .v6_o(v6), .bad_ip_o(bad_ip), .truncated_o(truncated), .fragment4_o(), .tcp4_o(),
      .chain_fragment_o(), .chain_inner_o(), .chain_unwalked_o(), .tcp_o(tcp), .bad_tcp_o(bad_tcp),
      .faddr_o(src), .laddr_o(dst), .ttl_o(), .tos_o(), .flowlabel_o(), .fport_o(sport), .lport_o(dport),
      .seq_o(seq), .ack_o(ack), .flags_o(flags), .window_o(), .v6_early_o(), .laddr_early_o(), .l4_v6_o(),
      .l4_is6_o(), .l4_icmp_o(), .tcp_len_o(), .options_discard_o());

  // 6: the mark among the options: first, or right behind timestamps
  logic mark6_q, later6_q;
  logic [63:0] content6_q;  // flags, window scales, MSS, tag, in the order of the wire
  wire first_mark = l4[103:100] == 4'd8 && l4[160 +: 32] == 32'hc15a_0cfd;
  wire later_mark = l4[103:100] == 4'd11 && l4[160 +: 32] == 32'h0a08_0101 && l4[256 +: 32] == 32'hc15a_0cfd;
  logic [63:0] first6_q, second6_q;
  always_ff @(posedge clk_i) begin
    mark6_q   <= first_mark || later_mark;
    later6_q  <= l4[103:100] == 4'd11;
    first6_q  <= l4[192 +: 64];
    second6_q <= l4[288 +: 64];
  end
  assign content6_q = later6_q ? second6_q : first6_q;

  wire valid6, control6, mail6, head_ok6, oversize6;
  wire [2:0] status6;
  wire [31:0] time6;
  synward_delay_bit #(.Depth(8)) u_damaged (.clk_i, .rst_ni, .bit_i(w_error), .bit_o(damaged));
  synward_delay_bit #(.Depth(8)) u_valid (.clk_i, .rst_ni, .bit_i(w_valid), .bit_o(valid6));
  synward_delay #(.Width(32), .Depth(8)) u_time (.clk_i, .rst_ni, .data_i(w_time), .data_o(time6));
  synward_delay #(.Width(7), .Depth(5)) u_control (
      .clk_i, .rst_ni, .data_i({control1_q, mail1_q, head_ok1_q, oversize1_q, status1_q}),
      .data_o({control6, mail6, head_ok6, oversize6, status6}));
  // For either end's address and port.
  wire control5;
  wire [1:0] turned6;
  synward_delay #(.Width(1), .Depth(4)) u_control5 (.clk_i, .rst_ni, .data_i(control1_q), .data_o(control5));
  synward_fanout #(.Copies(2)) u_turned6 (.clk_i, .bit_i(control5), .copies_o(turned6));
  localparam int EthW = 96 + 66;
  wire [EthW-1:0] eth6;
  synward_delay #(.Width(EthW), .Depth(6)) u_eth (.clk_i, .rst_ni, .data_i({mac_src, mac_dst, tags, tag1, tag2}),
      .data_o(eth6));

  // 7: who it is about. Short frames and those with a third tag have no IP header.
  wire readable = !oversize6 && ip && !bad_ip && !truncated && tcp && !bad_tcp;
  logic server7_q, status7_q, broken7_q;
  synward_request_t q7_q;
  logic [63:0] content7_q;
  always_ff @(posedge clk_i) begin
    server7_q <= rst_ni && valid6 && !damaged && !control6 && readable;
    status7_q <= rst_ni && valid6 && !damaged && control6 && readable && head_ok6 && mark6_q;
    broken7_q <= rst_ni && valid6 && !damaged && control6 && !mail6 && !(readable && head_ok6 && mark6_q);
    content7_q <= content6_q;
    q7_q         <= '0;
    q7_q.op      <= OpServer;
    q7_q.time_ms <= time6;
    q7_q.v6      <= v6;
    q7_q.faddr   <= turned6[0] ? src : dst;
    q7_q.laddr   <= turned6[1] ? dst : src;
    q7_q.fport   <= turned6[0] ? sport : dport;
    q7_q.lport   <= turned6[1] ? dport : sport;
    q7_q.seq     <= seq;
    q7_q.ack     <= ack;
    q7_q.flags   <= flags;
    q7_q.note    <= {2'd0, status6};
    {q7_q.mac_dst, q7_q.mac_src, q7_q.tags, q7_q.tag1, q7_q.tag2} <= eth6;
  end

  // 15: its service
  wire [15:0] lport11;
  wire hit15;
  wire [LogServices-1:0] number15;
  synward_service_t service15;
  synward_delay #(.Width(16), .Depth(4)) u_lport (.clk_i, .rst_ni, .data_i(q7_q.lport), .data_o(lport11));
  synward_service_table #(.LogEntries(LogServices)) u_services (
      .clk_i, .rst_ni, .write_i(service_i),
      .v6_i(q7_q.v6), .laddr_i(q7_q.laddr), .lport_i(lport11), .addr_hit_o(), .hit_o(hit15), .number_o(number15),
      .service_o(service15));
  wire server15, status15, broken15;
  wire [`SYNWARD_REQUEST_W-1:0] q15_bits;
  wire [63:0] content15;
  synward_delay_bit #(.Depth(8)) u_server15 (.clk_i, .rst_ni, .bit_i(server7_q), .bit_o(server15));
  synward_delay_bit #(.Depth(8)) u_status15 (.clk_i, .rst_ni, .bit_i(status7_q), .bit_o(status15));
  synward_delay_bit #(.Depth(8)) u_broken15 (.clk_i, .rst_ni, .bit_i(broken7_q), .bit_o(broken15));
  synward_delay #(.Width(`SYNWARD_REQUEST_W + 64), .Depth(8)) u_q15 (.clk_i, .rst_ni, .data_i({q7_q, content7_q}),
      .data_o({q15_bits, content15}));

  synward_request_t q15, checked;
  wire [3:0] right_part;
  wire full, checking, right, wrong, learn;
  logic [6:0] hold_q;  // clocks for which a request may be under way
  always_comb begin
    q15 = q15_bits;
    q15.service = 5'd0;
    if (hit15 && secrets_loaded_i) q15.service = 5'(number15);
  end
  // 16: out; a status that was checked meanwhile takes a clock in which nothing comes
  synward_status #(.LogServices(LogServices)) u_status (
      .clk_i, .rst_ni, .key0_i(control_key0_i), .key1_i(control_key1_i), .keys_i(control_keys_i), .valid_i(status15),
      .request_i(q15),
      .content_i({content15[7:0], content15[15:8], content15[23:16], content15[31:24]}),
      .tag_i({content15[39:32], content15[47:40], content15[55:48], content15[63:56]}),
      .service_i(hit15 && secrets_loaded_i), .full_o(full), .busy_o(checking),
      .ready_i(!server15 && !status15 && !broken15), .right_o(right), .right_copies_o(right_part),
      .wrong_o(wrong), .learn_o(learn),
      .request_o(checked));
  logic server16_q, refused16_q;
  synward_request_t q16_q;
  always_ff @(posedge clk_i) begin
    server16_q <= rst_ni && server15;
    hold_q <= (checking || status15 || right) ? 7'd127 : hold_q == 7'd0 ? 7'd0 : hold_q - 7'd1;
    busy_o <= rst_ni && (checking || hold_q != 7'd0);
    if (!rst_ni) hold_q <= 7'd0;
    refused16_q <= rst_ni && (broken15 || (status15 && full));
    q16_q         <= '0;
    q16_q.op      <= OpServer;
    q16_q.time_ms <= q15.time_ms;
    q16_q.v6      <= q15.v6;
    q16_q.faddr   <= q15.faddr;
    q16_q.laddr   <= q15.laddr;
    q16_q.fport   <= q15.fport;
    q16_q.lport   <= q15.lport;
    q16_q.flags   <= q15.flags;
    q16_q.protect <= hit15 && secrets_loaded_i && service15.mode == ModeProtect;
  end
  assign valid_o = server16_q || right;
  function automatic logic [`SYNWARD_REQUEST_W-1:0] parts(input logic [3:0] x);
    parts = {{`SYNWARD_REQUEST_W-504{x[3]}}, {168{x[2]}}, {168{x[1]}}, {168{x[0]}}};
  endfunction
  assign request_o = (checked & parts(right_part)) | (q16_q & parts(~right_part));
  assign status_o = right;
  assign learn_agent_o = learn;
  assign control_refused_o = refused16_q || wrong;

  wire unused = &{1'b0, service15, is6[1], l3_1_q[1119:1088]};
endmodule

`default_nettype wire
