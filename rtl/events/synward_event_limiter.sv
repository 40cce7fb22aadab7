// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Decides which events may be recorded: of one code no more than a limit within a window of 1.024 s. A code's count
/// begins anew with an event of another window than the code's last. One event a clock, also of the same code. Latency:
/// 4 clocks.
module synward_event_limiter (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [15:0] limit_i,    ///< 0: none
    input  wire         valid_i,
    input  wire  [4:0]  code_i,
    input  wire  [21:0] window_i,   ///< number of the window
    output logic        valid_o,
    output logic        record_o
);
  // Of each code: the window and the count of its last event. A count of 65536 stands for all that are greater.
  (* ram_style = "distributed" *) logic [38:0] last_mem [0:31];
  logic [31:0] seen_q;

  logic [15:0] limit_q, less_q;  // less_q: one less than the limit
  logic no_limit_q, allows_one_q, allows_two_q;
  always_ff @(posedge clk_i) begin
    limit_q      <= limit_i;
    less_q       <= limit_i - 16'd1;
    no_limit_q   <= limit_i == 16'd0;
    allows_one_q <= limit_i != 16'd0;
    allows_two_q <= limit_i[15:1] != 15'd0;
  end

  // 1: what its code's last event left, unless that is one of the two before it
  logic valid1_q, valid2_q, valid3_q;
  logic [4:0] code1_q, code2_q, code3_q;
  logic [21:0] window1_q, window2_q, window3_q;
  logic after1_2q, after2_2q, same1_2q, same2_2q, seen2_q;
  logic [21:0] last_window2_q;
  logic [16:0] last_count2_q;
  always_ff @(posedge clk_i) begin
    valid1_q <= rst_ni && valid_i;
    valid2_q <= rst_ni && valid1_q;
    valid3_q <= rst_ni && valid2_q;
    {code1_q, window1_q} <= {code_i, window_i};
    {code2_q, window2_q} <= {code1_q, window1_q};
    {code3_q, window3_q} <= {code2_q, window2_q};
    after1_2q <= valid2_q && code1_q == code2_q;
    after2_2q <= valid3_q && code1_q == code3_q;
    same1_2q  <= window1_q == window2_q;
    same2_2q  <= window1_q == window3_q;
    seen2_q   <= seen_q[code1_q];
    {last_window2_q, last_count2_q} <= last_mem[code1_q];
  end

  // 2: the count before this event, the count with it, and whether each is below the limit
  logic restart3_q, after3_q, always3_q, below3_q, below_with3_q;
  logic [16:0] count3_q, with3_q;
  logic [16:0] count4_q, with4_q;  // after the event before this one
  logic below4_q, below_with4_q;
  wire [16:0] count2 = after2_2q ? count4_q : last_count2_q;
  always_ff @(posedge clk_i) begin
    restart3_q    <= after1_2q ? !same1_2q : after2_2q ? !same2_2q : !seen2_q || last_window2_q != window2_q;
    after3_q      <= after1_2q;
    always3_q     <= no_limit_q || code2_q == synward_regs_pkg::EVENT_OVERFLOW;
    count3_q      <= count2;
    with3_q       <= count2 + {16'd0, !count2[16]};
    below3_q      <= !count2[16] && count2[15:0] < limit_q;
    below_with3_q <= !count2[16] && count2[15:0] < less_q;
  end

  // 3: recorded or not; the same of the next event of this code
  wire [16:0] count = restart3_q ? 17'd0 : after3_q ? count4_q : count3_q;
  wire [16:0] with_it = restart3_q ? 17'd1 : after3_q ? with4_q : with3_q;
  wire below = restart3_q ? allows_one_q : after3_q ? below4_q : below3_q;
  wire below_with = restart3_q ? allows_two_q : after3_q ? below_with4_q : below_with3_q;
  wire record = below || always3_q;
  wire [16:0] next_count = record ? with_it : count;
  always_ff @(posedge clk_i) begin
    count4_q      <= next_count;
    with4_q       <= record ? with_it + {16'd0, !with_it[16]} : with_it;
    // Where nothing is recorded, nothing more is below the limit either.
    below4_q      <= below_with;
    below_with4_q <= !with_it[16] && with_it[15:0] < less_q;
    if (valid3_q) last_mem[code3_q] <= {window3_q, next_count};
    for (int i = 0; i < 32; i++) if (valid3_q && code3_q == 5'(i)) seen_q[i] <= 1'b1;
    if (!rst_ni) seen_q <= '0;
    valid_o  <= rst_ni && valid3_q;
    record_o <= record;
  end
endmodule

`default_nettype wire
