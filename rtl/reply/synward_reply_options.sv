// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// The TCP option words of the card's own frames, in FreeBSD's order and padding. Latency: 3 clocks.
module synward_reply_options (
    input  wire          clk_i,
    input  wire          mark_i,       ///< a marked ACK: its timestamps are the frame's, and its mark follows
    input  wire          ws_i,
    input  wire          sack_i,
    input  wire          ts_i,
    input  wire  [15:0]  mss_i,
    input  wire  [3:0]   wscale_i,
    input  wire  [31:0]  tsval_i,      ///< of the client: our TSecr, or a marked ACK's TSval
    input  wire  [31:0]  tsecr_i,      ///< a marked ACK's
    input  wire  [31:0]  tsnow_i,      ///< our TSval; 1 clock later than the rest
    input  wire          with_mss_i,   ///< the MSS option is sent; 2 clocks later than the rest
    input  wire  [7:0]   mark_flags_i,
    input  wire  [7:0]   mark_wscale_i,
    input  wire  [15:0]  mark_mss_i,
    input  wire  [31:0]  mark_mac_i,
    output logic [191:0] words_o,      ///< first word in bits 191:160; unused ones are 0
    output logic [2:0]   count_o       ///< words used, 0..6
);
  // 1: what each word would be
  logic mark1_q, ws1_q, ts1_q, any1_q;
  logic [31:0] mss1_q, scale1_q, head1_q, theirs_val1_q, theirs_ecr1_q, mark1a_q, mark1b_q;
  always_ff @(posedge clk_i) begin
    mark1_q <= mark_i;
    ws1_q <= ws_i && !mark_i;
    ts1_q <= ts_i;
    any1_q <= ts_i || (sack_i && !mark_i);
    mss1_q <= {16'h0204, mss_i};
    scale1_q <= {24'h010303, 4'd0, wscale_i};
    head1_q <= ts_i ? (sack_i && !mark_i ? 32'h0402_080a : 32'h0101_080a) : 32'h0402_0000;
    theirs_val1_q <= tsval_i;
    theirs_ecr1_q <= tsecr_i;
    mark1a_q <= {mark_flags_i, mark_wscale_i, mark_mss_i};
    mark1b_q <= mark_mac_i;
  end

  // 2: in a row, but for the MSS
  logic mark2_q;
  logic [31:0] mss2_q;
  logic [159:0] row2_q;
  logic [2:0] count2_q;
  wire [95:0] stamps = ts1_q ? (mark1_q ? {head1_q, theirs_val1_q, theirs_ecr1_q} : {head1_q, tsnow_i, theirs_val1_q})
      : {any1_q ? head1_q : 32'd0, 64'd0};
  wire [2:0] stamps_count = ts1_q ? 3'd3 : {2'd0, any1_q};
  wire [2:0] some2;  // there is something in the row; a copy for each two words
  synward_fanout #(.Copies(3)) u_some2 (.clk_i, .bit_i(ts1_q || any1_q || (ws1_q && !mark1_q)), .copies_o(some2));
  always_ff @(posedge clk_i) begin
    mark2_q  <= mark1_q;
    mss2_q   <= mark1_q ? 32'hfd0c_5ac1 : mss1_q;
    // A marked ACK: its timestamps, if any, stand in the row; the mark goes behind them in the next step.
    row2_q   <= mark1_q ? {mark1a_q, mark1b_q, stamps} : ws1_q ? {scale1_q, stamps, 32'd0} : {stamps, 64'd0};
    count2_q <= (mark1_q ? 3'd0 : {2'd0, ws1_q}) + stamps_count;
  end

  // 3: with the MSS or the mark
  wire [191:0] some = {{64{some2[2]}}, {64{some2[1]}}, {64{some2[0]}}};
  always_ff @(posedge clk_i) begin
    if (mark2_q) begin
      words_o <= ({row2_q[95:0], mss2_q, row2_q[159:96]} & some) | ({mss2_q, row2_q[159:96], 96'd0} & ~some);
      count_o <= count2_q + 3'd3;
    end else begin
      words_o <= with_mss_i ? {mss2_q, row2_q} : {row2_q, 32'd0};
      count_o <= count2_q + {2'd0, with_mss_i};
    end
  end
endmodule

`default_nettype wire
