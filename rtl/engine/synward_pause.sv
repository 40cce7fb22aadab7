// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// How long a pause lasts (docs/theory-of-operation.md, section 4: 15 s, doubled up to 960 s while it is renewed soon),
/// and when it and the cookie gate are over.
module synward_pause (
    input  wire         clk_i,
    input  wire         rst_ni,
    // t9 of synward_syncache's clocks: a request asks
    input  wire  [31:0] time7_i,         ///< t7
    input  wire         tick9_i,         ///< t9: it is a TICK
    output logic        pause_over_o,    ///< t9
    output logic        gate_over_o,     ///< t9
    // t11: outcomes
    input  wire         pause_i,         ///< a pause begins
    input  wire         gate_i,          ///< the gate is stamped
    input  wire  [31:0] time11_i,
    output logic [9:0]  seconds_o,       ///< t13: length of the pause that began, s
    // status
    output logic [2:0]  backoff_o,
    output logic [31:0] until_o          ///< end of the last pause, ms
);
  logic ever_q;              // the last pause may still be renewed
  logic [31:0] length_q;     // of the last pause, ms
  logic [31:0] renewable_q;  // until + length: a pause that begins before it is a renewal

  logic begin12_q, begin13_q, renewed13_q, gate12_q;
  logic [31:0] time8_q, time12_q, time13_q, stamp_q, gate_age_q;
  // Differences have a clock of their own: what they are compared with has not changed in the clocks before.
  logic [31:0] to_until8_q, past_renewable8_q, to_renewable12_q;
  // Ahead is what is less than 2^20 ms ahead, of which no pause is longer; twice as much for a renewal. All else is
  // past, another lap of the clock, or from before the clock stepped back.
  logic lapsed9_q;
  logic [12:10] lapse_q;     // a TICK found it so; told when a pause that begins behind it looks, and none before it
  // clocks since a pause began, up to 7: what a TICK knew of the one before does not touch it
  logic [2:0] begun_q;
  wire longest = backoff_o == 3'd6;
  logic [31:0] longer_q;     // what a renewal would last: known a clock later, and two pauses are further apart
  wire [31:0] length = renewed13_q ? longer_q : 32'd15000;
  always_ff @(posedge clk_i) begin
    time8_q <= time7_i;
    to_until8_q <= time7_i - until_o;
    past_renewable8_q <= time7_i - renewable_q;
    to_renewable12_q <= time11_i - renewable_q;
    pause_over_o <= !(&to_until8_q[31:20]);
    lapsed9_q <= !(&past_renewable8_q[31:21]);
    lapse_q <= {lapse_q[11:10], lapsed9_q && tick9_i};
    if (begun_q != 3'd7) begun_q <= begun_q + 3'd1;
    if (lapse_q[12] && begun_q == 3'd7) ever_q <= 1'b0;
    gate_age_q <= time8_q - stamp_q;

    begin12_q <= rst_ni && pause_i;
    time12_q <= time11_i;
    gate12_q <= rst_ni && gate_i;
    if (gate12_q) stamp_q <= time12_q;

    begin13_q <= rst_ni && begin12_q;
    time13_q <= time12_q;
    renewed13_q <= ever_q && &to_renewable12_q[31:21];

    if (begin13_q) begin
      ever_q <= 1'b1;
      begun_q <= 3'd0;
      length_q <= length;
      backoff_o <= !renewed13_q ? 3'd0 : longest ? backoff_o : backoff_o + 3'd1;
      until_o <= time13_q + length;
    end
    longer_q <= longest ? length_q : {length_q[30:0], 1'b0};
    renewable_q <= until_o + length_q;
    if (!rst_ni) begin
      ever_q <= 1'b0;
      begun_q <= 3'd7;
      lapse_q <= '0;
      length_q <= 32'd15000;
      backoff_o <= 3'd0;
      until_o <= 32'd0;
    end
  end
  // A stamp ahead of the clock keeps the gate open.
  assign gate_over_o = !gate_age_q[31] && gate_age_q[30:0] >= 31'd16000;
  assign seconds_o = !renewed13_q ? 10'd15 : 10'd15 << (longest ? 3'd6 : backoff_o + 3'd1);
  wire unused = &{1'b0, to_until8_q[19:0], past_renewable8_q[20:0], to_renewable12_q[20:0]};
endmodule

`default_nettype wire
