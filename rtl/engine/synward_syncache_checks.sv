// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What a segment says to the entry of its connection: is its SEQ, ACK, timestamp right, is the entry due. The entry
/// may be one that a request up to three clocks before stores, of which the memories and synward_syncache's outcome do
/// not know in time; so the same is asked of what those requests would store (_d: by distance). Results at t9, of
/// synward_syncache's clocks; base results follow in t9 itself, two LUT levels deep.
module synward_syncache_checks (
    input  wire          clk_i,
    input  wire  [13*16-1:0] interval_i,   ///< synward_rexmit_intervals'
    input  wire  [3:0]   rexmtlimit_i,
    // t7, and what is at t8 to t10 then: the requests 1 to 3 clocks before
    input  wire          unreach7_i,
    input  wire  [31:0]  seq7_i,
    input  wire  [31:0]  ack7_i,
    input  wire  [31:0]  tsval7_i,
    input  wire  [15:0]  window7_i,
    input  wire  [31:0]  now7_i,
    input  wire  [31:0]  seq8_i,
    input  wire  [31:0]  seq9_i,
    input  wire  [31:0]  seq10_i,
    input  wire  [31:0]  tsval8_i,
    input  wire  [31:0]  tsval9_i,
    input  wire  [31:0]  tsval10_i,
    // t8
    input  wire  [`SYNWARD_ENTRY_W-1:0] entry8_i,
    input  wire  [31:0]  iss9_i,           ///< of the requests 1 to 3 clocks before
    input  wire  [31:0]  iss10_i,
    input  wire  [31:0]  iss11_i,
    // t9
    output logic [3:1]   seq_d_o,          ///< irs < SEQ <= irs + window
    output logic [3:1]   exact_d_o,        ///< SEQ = irs + 1
    output logic [3:1]   ack_d_o,          ///< ACK = ISS + 1; UNREACH: SEQ = ISS
    output logic [3:1]   paws_d_o,         ///< TSval before that of the entry
    output logic         seq_high_o,       ///< both: seq of the base
    output logic         seq_low_o,
    output logic         exact_o,
    output logic         ack_o,
    output logic         paws_o,
    output logic         due_o,
    output logic         over_o,           ///< retransmitted rexmtlimit times
    output logic         challenge_o       ///< within the entry's challenge window
);
  function automatic logic [1:0] equal32(input logic [31:0] a, input logic [31:0] b);
    equal32 = {a[31:18] == b[31:18], a[17:0] == b[17:0]};
  endfunction

  synward_entry_t entry8;
  assign entry8 = entry8_i;

  logic [31:0] seq8_q, acked8_q, tsval8_q, now8_q, x_d8_q [1:3];
  logic [15:0] window8_q, interval9_q;
  logic [16:0] first8_q, below9_q;  // SEQ less the window; how far that is from the entry's IRS
  logic [3:1] before_d8_q;
  logic [1:0] ack9_q, ack_d9_q [1:3];
  logic [31:0] x9_q;
  logic [23:0] armed_for9_q;
  logic [19:0] challenge_left9_q;
  wire [31:0] ts_diff1 = tsval7_i - tsval8_i;
  wire [31:0] ts_diff2 = tsval7_i - tsval9_i;
  wire [31:0] ts_diff3 = tsval7_i - tsval10_i;
  wire [31:0] ts_diff = tsval8_q - entry8.tsreflect;
  logic [15:0] interval;
  always_comb begin
    interval = 16'd0;
    for (int n = 0; n < 13; n++) if (entry8.rxmits == 4'(n + 1)) interval = interval | interval_i[16*n +: 16];
  end

  always_ff @(posedge clk_i) begin
    seq8_q     <= seq7_i;
    acked8_q   <= unreach7_i ? seq7_i : ack7_i - 32'd1;
    tsval8_q   <= tsval7_i;
    now8_q     <= now7_i;
    window8_q  <= window7_i;
    first8_q   <= seq7_i[16:0] - {1'b0, window7_i} - 17'd1;
    x_d8_q[1]  <= seq7_i - seq8_i - 32'd1;
    x_d8_q[2]  <= seq7_i - seq9_i - 32'd1;
    x_d8_q[3]  <= seq7_i - seq10_i - 32'd1;
    before_d8_q <= {ts_diff3[31], ts_diff2[31], ts_diff1[31]};

    for (int d = 1; d <= 3; d++) begin
      seq_d_o[d] <= x_d8_q[d] < {16'd0, window8_q};
      exact_d_o[d] <= x_d8_q[d] == 32'd0;
    end
    paws_d_o <= before_d8_q;
    ack_d9_q[1] <= equal32(acked8_q, iss9_i);
    ack_d9_q[2] <= equal32(acked8_q, iss10_i);
    ack_d9_q[3] <= equal32(acked8_q, iss11_i);

    x9_q <= seq8_q - entry8.irs - 32'd1;
    below9_q <= first8_q - entry8.irs[16:0];
    ack9_q <= equal32(acked8_q, entry8.iss);
    paws_o <= ts_diff[31];
    armed_for9_q <= now8_q[23:0] - entry8.armed;
    interval9_q <= interval;
    over_o <= entry8.rxmits > rexmtlimit_i;
    challenge_left9_q <= entry8.challenge_end - now8_q[19:0];
  end
  assign seq_high_o = x9_q[31:16] == 16'd0;
  assign seq_low_o = below9_q[16];  // x9_q < window, if x9_q has at most 16 bits
  assign exact_o = x9_q == 32'd0;
  assign ack_o = &ack9_q;
  assign due_o = armed_for9_q >= {8'd0, interval9_q};
  assign challenge_o = !challenge_left9_q[19] && challenge_left9_q != 20'd0;
  always_comb for (int d = 1; d <= 3; d++) ack_d_o[d] = &ack_d9_q[d];

  wire unused = &{1'b0, ts_diff1[30:0], ts_diff2[30:0], ts_diff3[30:0], ts_diff[30:0], entry8, now8_q, below9_q[15:0]};
endmodule

`default_nettype wire
