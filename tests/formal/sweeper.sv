// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_sweeper, whatever it finds, fetches and is refused, where each request is taken within four clocks:
//   Mode 0: what there is to ask is asked: while anything is to be done, a request is on offer within three clocks;
//   Mode 1: each new millisecond is a TICK within 16 clocks, whatever else waits.
`default_nettype none
`include "synward_records.svh"
module formal_sweeper #(
    parameter int Mode = 0
) (
    input wire clk_i,
    input wire step_i,
    input wire taken_i,
    input wire line_half_i,
    input wire look_armed_i,
    input wire [23:0] look_due_i,
    input wire changed_i,
    input wire found_i,
    input wire fetched_i,
    input wire refused_i
);
  reg started = 0;
  reg [1:0] reset = 0;
  always @(posedge clk_i) begin
    if (reset != 3) reset <= reset + 1'b1;
    else started <= 1;
  end
  // A millisecond has 32 clocks here.
  reg [31:0] time_ms = 0;
  reg [4:0] clocks = 0;
  always @(posedge clk_i) begin
    clocks <= clocks + 1'b1;
    if (clocks == 31 && step_i) time_ms <= time_ms + 1'b1;
  end
  wire valid;
  wire taken = taken_i && valid;
  synward_sweeper #(.LogBuckets(4), .LogFlows(2), .LogGroups(1)) dut (
      .clk_i, .rst_ni(started), .time_ms_i(time_ms), .valid_o(valid), .request_o(), .taken_i(taken), .line_half_i,
      .clearing_i(1'b0), .look_o(), .look_armed_i, .look_due_i, .changed_i, .found_i, .found_bucket_i(4'd0),
      .found_way_i(3'd0), .fetched_i, .fetched_key_i(355'd0), .refused_i, .refused_visit_i(17'd0), .idle_o(), .wake_o(),
      .wake_ms_o());
  wire x_tick, x_again, x_visit;  //: dut.do_tick_q dut.do_again_q dut.do_visit_q
  wire x_timeout, x_fetch, x_walk;  //: dut.do_timeout_q dut.do_fetch_q dut.do_walk_q
  wire x_due;  //: dut.tick
  reg [2:0] waits = 0, silent = 0;
  reg [4:0] late = 0;
  always @(posedge clk_i) if (started) begin
    waits <= valid && !taken ? waits + 1'b1 : 0;
    assume (waits < 4);
    silent <= (x_tick || x_again || x_visit || x_timeout || x_fetch || x_walk) && !valid ? silent + 1'b1 : 0;
    late <= x_due ? late + 1'b1 : 0;
    if (Mode == 0) assert (silent < 3);
    if (Mode == 1) assert (late < 16);
  end
endmodule
`default_nettype wire
