// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The event ring: keeps up to 2^LogDepth events until they are read. What came too often (synward_event_limiter) or
/// finds the ring full is lost, and counted by code. One event a clock; it is in the ring 5 clocks later.
module synward_events #(
    parameter int LogDepth = 9  ///< log2 of the events held
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [15:0] limit_i,      ///< net.synward.event_limit
    input  wire         valid_i,
    input  synward_event_t event_i,
    // the oldest event; 0 if there is none
    input  wire  [3:0]  word_i,       ///< 0: its least significant 32 bits .. 13: its most significant 16
    output logic [31:0] word_o,       ///< 2 clocks after word_i
    input  wire         pop_i,        ///< takes it away; the next one shows 3 clocks later
    // events lost since reset
    input  wire  [4:0]  lost_code_i,
    output logic [31:0] lost_o,       ///< 2 clocks after lost_code_i
    output logic [LogDepth:0] count_o ///< events held
);
  if (LogDepth < 1 || LogDepth > 9) begin : gen_refused_log_depth
    $error("synward_events: LogDepth must be 1 to 9");
  end
  wire decided, wanted;
  synward_event_limiter u_limiter (
      .clk_i, .rst_ni, .limit_i, .valid_i, .code_i(event_i.code), .window_i(event_i.time_ms[31:10]),
      .valid_o(decided), .record_o(wanted));
  wire [`SYNWARD_EVENT_W-1:0] event_bits;
  synward_delay #(.Width(`SYNWARD_EVENT_W), .Depth(4)) u_event (.clk_i, .rst_ni, .data_i(event_i), .data_o(event_bits));

  // The ring.
  (* ram_style = "block" *) logic [`SYNWARD_EVENT_W-1:0] mem [0:(1<<LogDepth)-1];
  logic [LogDepth-1:0] head_q, tail_q;
  wire store = decided && wanted && !count_o[LogDepth];
  logic held_q;  // count_o is not 0
  wire take = pop_i && held_q;
  logic [`SYNWARD_EVENT_W-1:0] oldest_q;
  always_ff @(posedge clk_i) begin
    if (store) mem[head_q] <= event_bits;
    oldest_q <= mem[tail_q];
    if (!rst_ni) begin
      head_q <= '0;
      tail_q <= '0;
      count_o <= '0;
      held_q <= 1'b0;
    end else begin
      held_q <= count_o == '0 ? store : store || !take || count_o != (LogDepth+1)'(1);
      head_q <= head_q + {{LogDepth-1{1'b0}}, store};
      tail_q <= tail_q + {{LogDepth-1{1'b0}}, take};
      if (store && !take) count_o <= count_o + 1'b1;
      if (take && !store) count_o <= count_o - 1'b1;
    end
  end

  wire [4:0] decided_code = event_bits[`SYNWARD_EVENT_W-1 -: 5];
  synward_event_losses u_losses (
      .clk_i, .rst_ni, .lost_i(decided && !store), .code_i(decided_code), .read_code_i(lost_code_i), .count_o(lost_o));

  // Words: four of each group, then the groups.
  wire [511:0] words = {{512-`SYNWARD_EVENT_W{1'b0}}, oldest_q};
  logic [127:0] group_q;
  logic [1:0] select_q;
  logic some_q;
  always_ff @(posedge clk_i) begin
    for (int g = 0; g < 4; g++) group_q[32*g +: 32] <= words[128*g + 32*word_i[1:0] +: 32];
    select_q <= word_i[3:2];
    some_q <= held_q;
    word_o <= group_q[32*select_q +: 32] & {32{some_q}};
  end
endmodule

`default_nettype wire
