// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What is decided of more than one connection: the pause, the cookie gate, and the room under cachelimit
/// (docs/theory-of-operation.md, section 4). A request's effect is there for the next one, a clock later.
module synward_decide_global (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  synward_settings_t settings_i,
    input  wire         ready_i,        ///< the tables are cleared
    input  synward_entry_effect_t effect_i,
    input  wire  [3:0]  entries_i,      ///< of the bucket, before
    input  wire         tick_i,
    input  wire         pause_over_i,   ///< TICK: pause_until has come
    input  wire         gate_over_i,    ///< TICK: the gate's 15 s are over
    output logic        paused_o,
    output logic        gate_o,
    output logic        gate_stamped_o, ///< the gate is stamped by this request
    output logic        pause_o,        ///< a pause begins with it
    output logic        cachefull_o,
    output logic [17:0] count_o         ///< entries in the syncache
);
  // A pause or a gate that has just begun is not ended by what a TICK knew before.
  logic [2:0] pause_age_q, gate_age_q;  // clocks, up to 7
  assign pause_o = effect_i.evict && settings_i.syncookies && !paused_o;
  assign gate_stamped_o = effect_i.evict || effect_i.free_answer;
  always_ff @(posedge clk_i) begin
    if (pause_age_q != 3'd7) pause_age_q <= pause_age_q + 3'd1;
    if (gate_age_q != 3'd7) gate_age_q <= gate_age_q + 3'd1;
    if (pause_o) begin
      paused_o <= 1'b1;
      pause_age_q <= 3'd0;
    end else if (tick_i && pause_over_i && pause_age_q == 3'd7) begin
      paused_o <= 1'b0;
    end
    if (gate_stamped_o) begin
      gate_o <= 1'b1;
      gate_age_q <= 3'd0;
    end else if (tick_i && gate_over_i && gate_age_q == 3'd7) begin
      gate_o <= 1'b0;
    end
    if (!rst_ni) begin
      paused_o <= 1'b0;
      gate_o <= 1'b0;
      pause_age_q <= 3'd0;
      gate_age_q <= 3'd0;
    end
  end

  // Room left under cachelimit; never negative.
  logic [17:0] left_q;
  wire [17:0] left_less = left_q - 18'd1;
  wire [17:0] left_more = left_q + 18'd1;
  wire [17:0] left_flushed = left_q + {14'd0, entries_i};
  // Not a choice by ?:, of which Yosys would make one adder behind the choice.
  wire [17:0] left_greater = (left_flushed & {18{effect_i.flush}}) | (left_more & {18{!effect_i.flush}});
  always_ff @(posedge clk_i) begin
    left_q <= effect_i.fewer ? left_less : effect_i.removed ? left_greater : left_q;
    cachefull_o <= effect_i.fewer ? left_q[17:1] == 17'd0 : !effect_i.removed && left_q == 18'd0;
    if (!rst_ni || !ready_i) begin
      left_q <= settings_i.cachelimit;
      cachefull_o <= 1'b0;
    end
  end
  assign count_o = settings_i.cachelimit - left_q;

  wire unused = &{1'b0, settings_i, effect_i};
endmodule

`default_nettype wire
