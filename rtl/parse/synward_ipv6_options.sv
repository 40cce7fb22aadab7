// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Whether a walked hop-by-hop or destination options header holds what RFC 8200 section 4.2 says to discard: an
/// option of an unknown type whose two highest bits are not 00 (those that a server knows have 00, or mean nothing
/// before TCP), or one that does not end within its header. All headers of a frame are read in one walk over bytes 42
/// to 63 of the packet, two bytes a clock. Latency: 14 clocks.
module synward_ipv6_options (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [191:0] bytes_i,    ///< bytes 40 to 63 of the packet
    input  wire  [2:0]   options_i,  ///< a walked header of options begins at byte 40, 48, 56
    input  wire  [1:0]   bounds_i,   ///< a header, or what follows the last, begins at byte 48, 56
    output logic         discard_o
);
  localparam int First = 42;
  localparam int Places = 22;  // 42 to 63
  localparam int Pairs = Places / 2;

  // 1: what each byte would be as an option's type, and the next as its length
  logic [Places-1:0] pad_q, high_q, long_q;
  logic [5*Places-1:0] len_q;
  logic [2:0] options1_q;
  logic [1:0] bounds1_q;
  wire [199:0] bytes = {8'd0, bytes_i};
  always_ff @(posedge clk_i) begin
    for (int p = 0; p < Places; p++) begin
      pad_q[p]  <= bytes[8*(p+2) +: 8] == 8'd0;
      high_q[p] <= bytes[8*(p+2)+6 +: 2] != 2'd0;
      long_q[p] <= bytes[8*(p+3)+5 +: 3] != 3'd0 || p == Places - 1;
      len_q[5*p +: 5] <= bytes[8*(p+3) +: 5];
    end
    options1_q <= options_i;
    bounds1_q <= bounds_i;
  end

  // 2: what is wrong with it, there
  logic [7*Places-1:0] place_q;  // of each: bad, Pad1, length
  logic [2:0] options2_q;
  logic [1:0] bounds2_q;
  always_ff @(posedge clk_i) begin
    for (int p = 0; p < Places; p++) begin
      // The header that holds byte p ends at the next bound.
      place_q[7*p +: 7] <= {
          high_q[p] || (!pad_q[p] && (long_q[p] || ends_behind(p, 64, len_q[5*p +: 5])
                                      || (bounds1_q[1] && p + First < 56 && ends_behind(p, 56, len_q[5*p +: 5]))
                                      || (bounds1_q[0] && p + First < 48 && ends_behind(p, 48, len_q[5*p +: 5])))),
          pad_q[p], len_q[5*p +: 5]};
    end
    options2_q <= options1_q;
    bounds2_q <= bounds1_q;
  end
  function automatic logic ends_behind(input int p, input int bound, input logic [4:0] length);
    logic [31:0] behind;  // by length; a constant where p and bound are
    behind = bound - p - First - 2 < 0 ? 32'hffffffff : bound - p - First - 2 >= 31 ? 32'd0
        : 32'hfffffffe << (bound - p - First - 2);
    ends_behind = behind[length];
  endfunction

  // 3 to 14: the walk. `at`: an option begins there.
  wire [Pairs:0] bad;
  wire [Places*(Pairs+1)-1:0] at;
  wire [2*(Pairs+1)-1:0] bounds;
  logic [Places-1:0] at3_q;
  logic [1:0] bounds3_q;
  always_ff @(posedge clk_i) begin
    at3_q <= '0;
    at3_q[0] <= options2_q[0];
    at3_q[50-First] <= options2_q[1];
    at3_q[58-First] <= options2_q[2];
    bounds3_q <= bounds2_q;
  end
  assign bad[0] = 1'b0;
  assign at[0 +: Places] = at3_q;
  assign bounds[1:0] = bounds3_q;
  for (genvar s = 0; s < Pairs; s++) begin : gen_pair
    wire [13:0] two;
    if (s == 0) assign two = place_q[13:0];
    else synward_delay #(.Width(14), .Depth(s)) u_two (.clk_i, .rst_ni, .data_i(place_q[14*s +: 14]), .data_o(two));
    wire [1:0] bounds_here;
    if (s == 0) assign bounds_here = bounds2_q;
    else assign bounds_here = bounds[2*(s-1) +: 2];
    synward_ipv6_option_step #(.Place(2 * s), .First(First), .Places(Places)) u_step (
        .clk_i, .two_i(two), .bounds_early_i(bounds_here), .at_i(at[Places*s +: Places]), .bad_i(bad[s]),
        .at_o(at[Places*(s+1) +: Places]), .bad_o(bad[s+1]));
    logic [1:0] bounds_q;
    always_ff @(posedge clk_i) bounds_q <= bounds[2*s +: 2];
    assign bounds[2*(s+1) +: 2] = bounds_q;
  end
  assign discard_o = bad[Pairs];

  wire unused = &{1'b0, at, bounds};
endmodule

`default_nettype wire
