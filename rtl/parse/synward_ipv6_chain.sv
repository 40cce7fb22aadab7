// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Walks IPv6 extension headers (docs/theory-of-operation.md): hop-by-hop first, destination options, routing with no
/// segments left, authentication, together at most 24 bytes. TCP behind authentication counts as a header that is not
/// walked: nobody but the server can answer it. All seven ways are tried at once. Latency: 3 clocks.
module synward_ipv6_chain (
    input  wire          clk_i,
    input  wire  [519:0] l3_i,        ///< the IPv6 header and 25 bytes behind it
    output logic [3:0]   ends_o,      ///< end_o, a clock ahead
    output logic [3:0]   end_o,       ///< one-hot: the chain ends at byte 40, 48, 56, 64
    output logic         tcp_o,       ///< it ends in TCP
    output logic         fragment_o,  ///< it ends in a fragment header ...
    output logic         inner_o,     ///< ... that carries TCP or a further extension header
    output logic         unwalked_o,  ///< it ends in an extension header that is not walked
    output logic [2:0]   options_o,   ///< a walked header of options begins at byte 40, 48, 56
    output logic [1:0]   bounds_o     ///< a header, or what follows the last, begins at byte 48, 56
);
  // What a Next Header value says: {authentication, fragment, routing, destination options, hop-by-hop, TCP}
  function automatic logic [5:0] kind(input logic [7:0] nh);
    kind = {nh == 8'd51, nh == 8'd44, nh == 8'd43, nh == 8'd60, nh == 8'd0, nh == 8'd6};
  endfunction

  // 1: Next Header values, lengths in units of 8 bytes, Segments Left
  logic [5:0] k6_q, k40_q, k48_q, k56_q, k64_q;
  logic [2:0] u40_q;  // the header at 40 is 3, 2, 1 units long
  logic [1:0] u48_q;
  logic u56_q, s40_q, s48_q, s56_q;
  logic [2:0] h40_q;  // likewise of an authentication header, which counts words of four bytes (RFC 4302)
  logic [1:0] h48_q;
  logic h56_q;
  always_ff @(posedge clk_i) begin
    k6_q  <= kind(l3_i[48 +: 8]);
    k40_q <= kind(l3_i[320 +: 8]);
    k48_q <= kind(l3_i[384 +: 8]);
    k56_q <= kind(l3_i[448 +: 8]);
    k64_q <= kind(l3_i[512 +: 8]);
    u40_q <= {l3_i[328 +: 8] == 8'd2, l3_i[328 +: 8] == 8'd1, l3_i[328 +: 8] == 8'd0};
    u48_q <= {l3_i[392 +: 8] == 8'd1, l3_i[392 +: 8] == 8'd0};
    u56_q <= l3_i[456 +: 8] == 8'd0;
    h40_q <= {l3_i[328 +: 8] == 8'd4, l3_i[328 +: 8] == 8'd2, l3_i[328 +: 8] == 8'd0};
    h48_q <= {l3_i[392 +: 8] == 8'd2, l3_i[392 +: 8] == 8'd0};
    h56_q <= l3_i[456 +: 8] == 8'd0;
    s40_q <= l3_i[344 +: 8] == 8'd0;
    s48_q <= l3_i[408 +: 8] == 8'd0;
    s56_q <= l3_i[472 +: 8] == 8'd0;
  end

  // 2: steps that can be made. "a" is the header named by byte 40, "b" by byte 48, "c" by byte 56.
  logic [2:0] go40_q;
  logic [1:0] go48_q;
  logic go56a_q, go56b_q;
  logic [5:0] a6_q, a40_q, a48_q, a56_q;
  logic [3:0] inner_q;
  wire walk40 = k6_q[1] || k6_q[2] || (k6_q[3] && s40_q);
  wire walk48 = k40_q[2] || (k40_q[3] && s48_q);
  wire walk56a = k40_q[2] || (k40_q[3] && s56_q);
  wire walk56b = k48_q[2] || (k48_q[3] && s56_q);
  always_ff @(posedge clk_i) begin
    go40_q  <= ({3{walk40}} & u40_q) | ({3{k6_q[5]}} & h40_q);
    go48_q  <= ({2{walk48}} & u48_q) | ({2{k40_q[5]}} & h48_q);
    go56a_q <= (walk56a && u56_q) || (k40_q[5] && h56_q);
    go56b_q <= (walk56b && u56_q) || (k48_q[5] && h56_q);
    a6_q    <= k6_q;
    a40_q   <= k40_q;
    a48_q   <= k48_q;
    a56_q   <= k56_q;
    inner_q <= {|k64_q, |k56_q, |k48_q, |k40_q};
  end

  // 3: the way taken
  wire at48 = go40_q[0];
  wire at56a = go40_q[1];
  wire at56b = at48 && go48_q[0];
  wire at64a = go40_q[2];
  wire at64b = at48 && go48_q[1];
  wire at64c = (at56a && go56a_q) || (at56b && go56b_q);
  wire end40 = go40_q == 3'd0;
  wire end48 = at48 && go48_q == 2'd0;
  wire end56a = at56a && !go56a_q;
  wire end56b = at56b && !go56b_q;
  wire [5:0] last = ({6{end40}} & a6_q) | ({6{end48 || end56a || at64a}} & a40_q) | ({6{end56b || at64b}} & a48_q)
      | ({6{at64c}} & a56_q);
  assign ends_o = {at64a || at64b || at64c, end56a || end56b, end48, end40};
  // An authentication header was stepped over.
  wire past_ah = (!end40 && a6_q[5]) || ((end56b || at64b || at64c) && at48 && a40_q[5])
      || (at64c && at56a && a40_q[5]) || (at64c && at56b && a48_q[5]);
  always_ff @(posedge clk_i) begin
    end_o      <= ends_o;
    tcp_o      <= last[0] && !past_ah;
    fragment_o <= last[4];
    inner_o    <= |(ends_o & inner_q);
    options_o  <= {(at56a && go56a_q && a40_q[2]) || (at56b && go56b_q && a48_q[2]), at48 && !end48 && a40_q[2],
                   !end40 && (a6_q[1] || a6_q[2])};
    bounds_o   <= {at56a || at56b, at48};
    unwalked_o <= last[1] || last[2] || last[3] || last[5] || (last[0] && past_ah);
  end
endmodule

`default_nettype wire
