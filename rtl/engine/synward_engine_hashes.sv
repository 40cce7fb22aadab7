// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What the hashes say of a request (docs/theory-of-operation.md, section 2): its ISS or whether its cookie is valid,
/// and the timestamp offset. Latency: 41 clocks, 44 for the timestamp offset.
module synward_engine_hashes (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [127:0] cookie_key0_i,  ///< first key byte in bits 7:0
    input  wire  [127:0] cookie_key1_i,
    input  wire          parity_i,       ///< key for new cookies
    input  wire  [127:0] ts_key_i,
    input  wire          ts_offset_per_conn_i,
    input  wire          cookies_i,      ///< the ISS is a cookie
    input  wire  [`SYNWARD_REQUEST_W-1:0] request_i,
    output logic [31:0]  iss_o,          ///< SYN: ISS; ACK, STATUS: SEG.ACK - 1
    output logic         cookie_ok_o,    ///< ACK, STATUS: valid cookie
    output logic [31:0]  tsoff_o
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

  synward_request_t q;
  assign q = request_i;

  // 1: everything but the cookie byte
  wire ack = q.op == OpAck || q.op == OpStatus;
  wire [31:0] irs = ack ? q.seq - 32'd1 : q.seq;
  wire [31:0] ports = {swap16(q.lport), swap16(q.fport)};
  wire [31:0] ts_ports = ts_offset_per_conn_i ? ports : 32'd0;
  wire [63:0] addr4 = {swap32(q.laddr[31:0]), swap32(q.faddr[31:0])};
  logic ack1_q;
  logic [31:0] acked1_q;  // SEG.ACK - 1
  logic [447:0] cookie1_q, ts1_q;
  logic [6:0] cookie_start1_q, ts_start1_q;
  always_ff @(posedge clk_i) begin
    ack1_q    <= ack;
    acked1_q  <= q.ack - 32'd1;
    cookie_start1_q <= q.v6 ? 7'b0000001 : 7'b0001000;
    cookie1_q <= {{2'b00, q.v6 ? 6'd49 : 6'd25}, 56'd0, 64'd0, irs, ports,
                  q.v6 ? {swap64(q.laddr[63:0]), swap64(q.laddr[127:64])} : {addr4, 64'd0}, swap64(q.faddr[63:0]),
                      swap64(q.faddr[127:64])};
    ts_start1_q <= q.v6 ? 7'b0000100 : 7'b0100000;
    ts1_q[447:384] <= {q.v6 ? 8'd36 : 8'd12, 24'd0, swap32(q.laddr[31:0])};
    ts1_q[383:128] <= {q.v6 ? {swap32(q.laddr[63:32]), swap32(q.laddr[95:64])} : {swap32(q.faddr[31:0]), ts_ports},
                       swap32(q.laddr[127:96]), swap32(q.faddr[31:0]), swap32(q.faddr[63:32]), swap32(q.faddr[95:64]),
                           swap32(q.faddr[127:96]), ts_ports};
    ts1_q[127:0] <= 128'd0;
  end

  // 2 to 4: the cookie byte, word of slot 5
  wire [7:0] syn_byte2;
  synward_cookie_byte u_byte (.clk_i, .mss_i(q.mss), .ws_ok_i(q.ws_ok), .ws_i(q.ws), .sack_ok_i(q.sack_ok), .parity_i,
      .byte_o(syn_byte2));
  logic ack2_q;
  logic [7:0] ack_byte2_q, byte3_q, byte4_q;
  always_ff @(posedge clk_i) begin
    ack2_q <= ack1_q;
    ack_byte2_q <= acked1_q[7:0] ^ acked1_q[31:24];
    byte3_q <= ack2_q ? ack_byte2_q : syn_byte2;
    byte4_q <= byte3_q;
  end

  // The parity of a cookie to be checked is in the cookie itself, SEG.ACK - 1: bit 0 and bit 24 of it. It selects the
  // key three clocks before the byte is registered.
  wire borrows = q.ack[23:0] == 24'd0;
  wire [1:0] cookie_key1;
  synward_fanout #(.Copies(2)) u_cookie_key (
      .clk_i, .bit_i(ack ? !q.ack[0] ^ q.ack[24] ^ borrows : parity_i), .copies_o(cookie_key1));
  wire [31:0] mac40, ts_mac32;
  synward_siphash #(.Starts(7'b0001001), .Late5(3)) u_cookie_hash (
      .clk_i, .rst_ni, .key0_i(cookie_key0_i), .key1_i(cookie_key1_i), .key_i(cookie_key1), .start_i(cookie_start1_q),
      .words_i(cookie1_q),
      .word4_i(64'd0), .word5_i({56'd0, byte4_q}), .hash_o(mac40));
  synward_siphash #(.First(2), .Starts(7'b0100100)) u_ts_hash (
      .clk_i, .rst_ni, .key0_i(ts_key_i), .key1_i(ts_key_i), .key_i(2'b00), .start_i(ts_start1_q), .words_i(ts1_q),
      .word4_i(64'd0), .word5_i(ts1_q[383:320]), .hash_o(ts_mac32));
  synward_delay #(.Width(32), .Depth(12)) u_tsoff (.clk_i, .rst_ni, .data_i(ts_mac32), .data_o(tsoff_o));

  // 40: the MAC; 41: the answer
  wire ack40;
  wire [31:0] acked40;
  wire [23:0] time40;
  wire [7:0] byte40;
  synward_delay #(.Width(33), .Depth(39)) u_acked (.clk_i, .rst_ni, .data_i({ack1_q, acked1_q}),
      .data_o({ack40, acked40}));
  synward_delay #(.Width(24), .Depth(40)) u_time (.clk_i, .rst_ni, .data_i(q.time_ms[23:0]), .data_o(time40));
  synward_delay #(.Width(8), .Depth(36)) u_cookie_byte (.clk_i, .rst_ni, .data_i(byte4_q), .data_o(byte40));
  wire [23:0] clocked = mac40[31:8] + time40;
  always_ff @(posedge clk_i) begin
    cookie_ok_o <= acked40[31:8] == mac40[31:8];
    iss_o <= ack40 ? acked40 : {cookies_i ? mac40[31:8] : clocked, cookies_i ? byte40 ^ mac40[31:24] : mac40[7:0]};
  end

  wire unused = &{1'b0, q};
endmodule

`default_nettype wire
