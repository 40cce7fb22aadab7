// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Watches the host's frames for the flow table: a SERVER request for each that can be read as far as TCP (docs/theory-of-operation.md, section 1, rows 1
/// to 12; no checksum is looked at). Latency: 9 clocks from the last beat, and 2 or 1 more for frames of one or two beats.
module synward_watch (
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
    output logic         valid_o,
    output synward_request_t request_o  ///< op, time_ms, v6, addresses, ports and flags; the rest is 0
);
  localparam logic [3:0] Server = 4'd5;

  wire w_valid;
  wire [1263:0] w_window;
  wire [14:0] w_len;
  wire w_error, damaged;
  wire [31:0] w_time;
  synward_frame_window u_window (
      .clk_i, .rst_ni, .valid_i, .first_i, .last_i, .error_i, .top_i, .data_i, .time_ms_i,
      .valid_o(w_valid), .window_o(w_window), .error_o(w_error), .len_o(w_len), .time_ms_o(w_time));

  wire [1:0] tags;
  wire [15:0] ethertype;
  wire [1087:0] l3;
  synward_l3_align u_align (
      .clk_i, .window_i(w_window), .mac_dst_o(), .mac_src_o(), .tags_o(tags), .more_tags_o(), .tag1_o(), .tag2_o(),
      .ethertype_o(ethertype), .l3_o(l3));
  wire [14:0] len;
  synward_delay #(.Width(15), .Depth(2)) u_len (.clk_i, .rst_ni, .data_i(w_len), .data_o(len));

  // What the client's frames have as their source is the server's here.
  wire ip, v6, bad_ip, truncated, tcp, bad_tcp;
  wire [127:0] src, dst;
  wire [15:0] sport, dport;
  wire [7:0] flags;
  synward_headers u_headers (
      .clk_i, .rst_ni, .len_i(len), .tags_i(tags), .ethertype_i(ethertype), .l3_i(l3),
      .l4_o(), .options_len_o(), .icmp_o(), .v6_l4_o(), .l4_len_o(),
      .ip_o(ip), .v6_o(v6), .bad_ip_o(bad_ip), .truncated_o(truncated), .fragment4_o(), .tcp4_o(),
      .chain_fragment_o(), .chain_inner_o(), .chain_unwalked_o(), .tcp_o(tcp), .bad_tcp_o(bad_tcp),
      .faddr_o(src), .laddr_o(dst), .ttl_o(), .tos_o(), .flowlabel_o(), .fport_o(sport), .lport_o(dport),
      .seq_o(), .ack_o(), .flags_o(flags), .window_o(), .v6_early_o(), .laddr_early_o(), .l4_v6_o(), .l4_is6_o(), .l4_icmp_o(), .tcp_len_o());

  wire valid, oversize;
  wire [31:0] frame_time;
  synward_delay_bit #(.Depth(7)) u_valid (.clk_i, .rst_ni, .bit_i(w_valid), .bit_o(valid));
  synward_delay_bit #(.Depth(7)) u_damaged (.clk_i, .rst_ni, .bit_i(w_error), .bit_o(damaged));
  synward_delay #(.Width(32), .Depth(7)) u_time (.clk_i, .rst_ni, .data_i(w_time), .data_o(frame_time));
  synward_delay #(.Width(1), .Depth(5)) u_oversize (.clk_i, .rst_ni, .data_i(len[14]), .data_o(oversize));
  always_ff @(posedge clk_i) begin
    // Short frames and those with a third tag have no IP header.
    valid_o <= rst_ni && valid && !damaged && !oversize && ip && !bad_ip && !truncated && tcp && !bad_tcp;
    request_o         <= '0;
    request_o.op      <= Server;
    request_o.time_ms <= frame_time;
    request_o.v6      <= v6;
    request_o.faddr   <= dst;
    request_o.laddr   <= src;
    request_o.fport   <= dport;
    request_o.lport   <= sport;
    request_o.flags   <= flags;
  end
endmodule

`default_nettype wire
