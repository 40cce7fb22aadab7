// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// net.inet.icmp.icmplim: how many RSTs were wanted in the present window of a second, which begins with the first. One
/// request a clock.
module synward_limiter (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [19:0] limit_i,     ///< a second; 0: no limit; counts from the second clock on
    input  wire         take_i,
    input  wire         tick_i,      ///< a request of TICK: end the window if it is over
    input  wire  [31:0] time_early_i, ///< ms, of the request that take_i or tick_i speaks of two clocks later
    input  wire  [31:0] time_i,      ///< ms, with take_i
    output logic        within_o,    ///< with take_i: it is within the limit
    output logic [31:0] wanted_o,    ///< next clock: wanted in the window that ended, if more than the limit
    output logic        open_o,      ///< RSTs are counted in a window
    output logic [31:0] until_o,     ///< in which it ends, ms
    output logic        over_o       ///< next clock: wanted_o is to be told
);
  logic [31:0] count_q, start_q, age_q;
  logic [1:0] fresh_q;  // clocks since the window began, up to 3: what a tick compares is older
  logic old_q, empty_q;
  wire over = count_q > {12'd0, limit_i} && limit_i != 20'd0;
  wire ends = tick_i && old_q && fresh_q == 2'd3;
  // Both outcomes of a clock are compared in it; which of them it was, is known in the next.
  logic [19:0] last_q;  // the number of the last that is within
  logic unlimited_q, took_q, ended_q, within_kept_q, within_taken_q;
  assign within_o = unlimited_q || ended_q || (took_q ? within_taken_q : within_kept_q);
  always_ff @(posedge clk_i) begin
    unlimited_q <= limit_i == 20'd0;
    last_q <= limit_i - 20'd1;
    took_q <= take_i;
    ended_q <= ends && !take_i;
    within_kept_q <= count_q <= {12'd0, last_q};
    within_taken_q <= count_q < {12'd0, last_q};
    age_q <= time_early_i - start_q;
    old_q <= age_q >= 32'd1000;
    if (fresh_q != 2'd3) fresh_q <= fresh_q + 2'd1;
    over_o <= rst_ni && ends && over;
    open_o <= !empty_q;
    until_o <= start_q + 32'd1000;
    wanted_o <= count_q;
    if (take_i) begin
      count_q <= count_q + 32'd1;
      empty_q <= 1'b0;
      if (empty_q) begin
        start_q <= time_i;
        fresh_q <= 2'd0;
      end
    end else if (ends) begin
      count_q <= 32'd0;
      empty_q <= 1'b1;
    end
    if (!rst_ni) begin
      count_q <= 32'd0;
      empty_q <= 1'b1;
      fresh_q <= 2'd3;
      start_q <= 32'd0;
    end
  end
endmodule

`default_nettype wire
