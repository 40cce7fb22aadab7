// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The engine: one request a clock in, its verdict out, in order. Cookies only. Two hashes run side by side: the cookie's, and either
/// the timestamp offset's (SYN) or the mark's (ACK). Latency: 43 clocks.
module synward_engine (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [127:0] cookie_key0_i,  ///< first key byte in bits 7:0
    input  wire  [127:0] cookie_key1_i,
    input  wire          parity_i,       ///< key for new cookies
    input  wire  [127:0] ts_key_i,
    input  wire  [127:0] mark_key_i,
    input  wire          ts_offset_per_conn_i,
    input  wire          valid_i,
    input  synward_request_t request_i,
    output logic         valid_o,
    output synward_verdict_t verdict_o
);
  function automatic logic [15:0] swap16(input logic [15:0] x);
    swap16 = {x[7:0], x[15:8]};
  endfunction
  function automatic logic [31:0] swap32(input logic [31:0] x);
    swap32 = {x[7:0], x[15:8], x[23:16], x[31:24]};
  endfunction
  function automatic logic [63:0] swap64(input logic [63:0] x);
    swap64 = {x[7:0], x[15:8], x[23:16], x[31:24], x[39:32], x[47:40], x[55:48], x[63:56]};
  endfunction

  // e1: everything but the words of slot 5
  wire is_syn = request_i.op == 2'd1;
  wire [31:0] irs = is_syn ? request_i.seq : request_i.seq - 32'd1;
  wire [31:0] ports = {swap16(request_i.lport), swap16(request_i.fport)};
  wire [31:0] ts_ports = ts_offset_per_conn_i ? ports : 32'd0;
  wire [63:0] addr4 = {swap32(request_i.laddr[31:0]), swap32(request_i.faddr[31:0])};

  logic e1_v6_q, e1_syn_q, e1_parity_q, e1_key_q;
  logic [447:0] e1_cookie_q, e1_other_q;
  logic [6:0] e1_cookie_start_q, e1_other_start_q;
  logic [1:0] e1_op_q;
  logic [31:0] e1_iss_q;  // of an ACK: SEG.ACK - 1
  logic [31:0] e1_ack_q;
  logic [63:0] e1_ts5_q;
  logic e1_ts_q;
  logic [3:0] e1_wscale_q;
  always_ff @(posedge clk_i) begin
    e1_op_q     <= request_i.op;
    e1_v6_q     <= request_i.v6;
    e1_syn_q    <= is_syn;
    e1_parity_q <= parity_i;
    e1_iss_q    <= request_i.ack - 32'd1;
    e1_ack_q    <= request_i.ack;
    e1_ts_q     <= request_i.ts_ok;
    e1_wscale_q <= request_i.wscale;
    e1_key_q    <= !is_syn;

    e1_cookie_start_q <= request_i.v6 ? 7'b0000001 : 7'b0001000;
    e1_cookie_q <= {{2'b00, request_i.v6 ? 6'd49 : 6'd25}, 56'd0, 64'd0, irs, ports,
                    request_i.v6 ? {swap64(request_i.laddr[63:0]), swap64(request_i.laddr[127:64])} : {addr4, 64'd0},
                    swap64(request_i.faddr[63:0]), swap64(request_i.faddr[127:64])};

    if (is_syn) begin
      e1_other_start_q <= request_i.v6 ? 7'b0000100 : 7'b0100000;
      e1_other_q[447:384] <= request_i.v6 ? {8'd36, 24'd0, swap32(request_i.laddr[31:0])} : {8'd12, 24'd0, swap32(request_i.laddr[31:0])};
      e1_other_q[383:128] <= {64'd0, swap32(request_i.laddr[127:96]), swap32(request_i.faddr[31:0]),
                              swap32(request_i.faddr[63:32]), swap32(request_i.faddr[95:64]), swap32(request_i.faddr[127:96]), ts_ports};
      e1_other_q[127:0] <= 128'd0;
    end else begin
      e1_other_start_q <= request_i.v6 ? 7'b0000001 : 7'b0001000;
      e1_other_q <= {{2'b00, request_i.v6 ? 6'd48 : 6'd24}, 56'd0, 64'd0, swap32(request_i.seq), ports,
                     request_i.v6 ? {swap64(request_i.laddr[63:0]), swap64(request_i.laddr[127:64])} : {addr4, 64'd0},
                     swap64(request_i.faddr[63:0]), swap64(request_i.faddr[127:64])};
    end
    e1_ts5_q <= request_i.v6 ? {swap32(request_i.laddr[63:32]), swap32(request_i.laddr[95:64])} : {swap32(request_i.faddr[31:0]), ts_ports};
  end

  // e2, e3: the cookie byte and what it says: the words of slot 5
  wire [7:0] syn_byte2;
  synward_cookie_byte u_byte (
      .clk_i, .mss_i(request_i.mss), .ws_ok_i(request_i.ws_ok), .ws_i(request_i.ws), .sack_ok_i(request_i.sack_ok), .parity_i, .byte_o(syn_byte2));
  logic [7:0] e2_ack_byte_q;
  logic e2_syn_q, e2_v6_q, e2_ts_q;
  logic [3:0] e2_wscale_q;
  logic [31:0] e2_ack_q;
  logic [63:0] e2_ts5_q;
  logic [7:0] e3_byte_q;
  logic e3_syn_q, e3_v6_q, e3_ts_q;
  logic [3:0] e3_wscale_q;
  logic [31:0] e3_ack_q;
  logic [63:0] e3_ts5_q;
  always_ff @(posedge clk_i) begin
    e2_ack_byte_q <= e1_iss_q[7:0] ^ e1_iss_q[31:24];
    e2_syn_q    <= e1_syn_q;
    e2_v6_q     <= e1_v6_q;
    e2_ts_q     <= e1_ts_q;
    e2_wscale_q <= e1_wscale_q;
    e2_ack_q    <= e1_ack_q;
    e2_ts5_q    <= e1_ts5_q;
    e3_byte_q   <= e2_syn_q ? syn_byte2 : e2_ack_byte_q;
    e3_syn_q    <= e2_syn_q;
    e3_v6_q     <= e2_v6_q;
    e3_ts_q     <= e2_ts_q;
    e3_wscale_q <= e2_wscale_q;
    e3_ack_q    <= e2_ack_q;
    e3_ts5_q    <= e2_ts5_q;
  end
  wire [7:0] mark_flags, mark_wscale;
  wire [15:0] mark_mss;
  synward_mark_fields u_mark (
      .v6_i(e3_v6_q), .byte_i(e3_byte_q), .ts_i(e3_ts_q), .wscale_i(e3_wscale_q), .flags_o(mark_flags), .wscale_o(mark_wscale), .mss_o(mark_mss));
  logic [63:0] e4_cookie5_q, e4_other5_q;
  logic [7:0] e4_byte_q, e4_flags_q, e4_wscale_q;
  logic [15:0] e4_mss_q;
  always_ff @(posedge clk_i) begin
    e4_byte_q    <= e3_byte_q;
    e4_flags_q   <= mark_flags;
    e4_wscale_q  <= mark_wscale;
    e4_mss_q     <= mark_mss;
    e4_cookie5_q <= {56'd0, e3_byte_q};
    e4_other5_q  <= e3_syn_q ? e3_ts5_q : {swap16(mark_mss), mark_wscale, mark_flags, swap32(e3_ack_q)};
  end

  // The parity of a cookie to be checked is in the cookie itself; it selects the key three clocks before the byte is registered.
  wire cookie_key = e1_syn_q ? e1_parity_q : e1_iss_q[0] ^ e1_iss_q[24];
  wire [31:0] cookie_mac40, cookie_mac, other_mac;
  synward_siphash #(.Starts(7'b0001001), .Late5(3)) u_cookie_hash (
      .clk_i, .rst_ni, .key0_i(cookie_key0_i), .key1_i(cookie_key1_i), .key_i(cookie_key), .start_i(e1_cookie_start_q), .words_i(e1_cookie_q),
      .word5_i(e4_cookie5_q), .hash_o(cookie_mac40));
  synward_siphash #(.Starts(7'b0101101), .Late5(3)) u_other_hash (
      .clk_i, .rst_ni, .key0_i(ts_key_i), .key1_i(mark_key_i), .key_i(e1_key_q), .start_i(e1_other_start_q), .words_i(e1_other_q),
      .word5_i(e4_other5_q), .hash_o(other_mac));
  synward_delay #(.Width(32), .Depth(2)) u_level (.clk_i, .rst_ni, .data_i(cookie_mac40), .data_o(cookie_mac));

  // e42: both hashes; e43: the verdict
  wire [1:0] op42;
  wire [31:0] iss42;
  wire [7:0] byte42, flags42, wscale42;
  wire [15:0] mss42;
  synward_delay #(.Width(34), .Depth(41)) u_side1 (.clk_i, .rst_ni, .data_i({e1_op_q, e1_iss_q}), .data_o({op42, iss42}));
  synward_delay #(.Width(40), .Depth(38)) u_side4 (.clk_i, .rst_ni, .data_i({e4_byte_q, e4_flags_q, e4_wscale_q, e4_mss_q}), .data_o({byte42, flags42, wscale42, mss42}));
  synward_delay_bit #(.Depth(43)) u_valid (.clk_i, .rst_ni, .bit_i(valid_i), .bit_o(valid_o));
  always_ff @(posedge clk_i) begin
    verdict_o.op          <= op42;
    verdict_o.cookie_ok   <= iss42[31:8] == cookie_mac[31:8];
    verdict_o.iss         <= {cookie_mac[31:8], byte42 ^ cookie_mac[31:24]};
    verdict_o.tsoff       <= other_mac;
    verdict_o.mark_flags  <= flags42;
    verdict_o.mark_wscale <= wscale42;
    verdict_o.mark_mss    <= mss42;
    verdict_o.mark_mac    <= other_mac;
  end
endmodule

`default_nettype wire
