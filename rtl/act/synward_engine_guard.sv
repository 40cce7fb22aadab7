// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Whether an engine behind streams does as it should: an answer for each question, of its operation, in time, from
/// tables that are cleared and stay so. One that is silent, answers what it was not asked, or has no tables is reset,
/// and is heard out until it says nothing any more, as it may be one that only the card's reset reaches. Then it is
/// told everything anew and asked by time alone; all may ask again when it has answered rightly and said no more. That
/// takes the longer the oftener it fails soon after: each time it holds up those who wait for it.
///
/// Operations are all that tells answers apart: one too few or too many in a row of the same is found with the next
/// other one, time's at the latest.
module synward_engine_guard #(
    parameter int LogInside = 7,    ///< log2 of the questions that it may have
    parameter int LogPatience = 20, ///< log2 of the clocks after which it is silent, up to a quarter fewer
    parameter int LogQuiet = 16     ///< log2 of the clocks in which one that is heard out must say nothing
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          put_i,           ///< a question is put before it, which it may answer from the next clock on
    input  wire  [3:0]   put_op_i,
    input  wire          setting_waits_i, ///< a setting is, and not taken yet
    // answers, as they are taken from it
    input  wire          listens_i,       ///< they are: the socket holds nothing up
    input  wire          answer_valid_i,
    output logic         answers_o,       ///< a question has no answer yet
    output logic [3:0]   op_o,            ///< of the oldest of them
    input  wire          right_i,         ///< with answer_valid_i: its answer, and from tables as they should be
    input  wire          forgot_i,        ///< with answer_valid_i: not from these
    input  wire          unready_i,       ///< its tables have not been cleared since the last load
    input  wire          empty_i,         ///< no frame waits that asked before
    // what may be asked
    output logic         up_o,            ///< by all
    output logic         probe_o,         ///< by time
    output logic         flush_o,         ///< by nobody: answers count for nothing
    output logic         lost_o,          ///< a question of the host port gets no answer
    output logic         engine_rst_no,
    output synward_engine_faults_t faults_o
);
  if (LogInside < 2) begin : gen_refused_log_inside
    $error("synward_engine_guard: LogInside must be 2 or more");
  end
  if (LogPatience < 4) begin : gen_refused_log_patience
    $error("synward_engine_guard: LogPatience must be 4 or more");
  end
  // One that says nothing is heard out before the next reset comes.
  if (LogQuiet < 6 || LogQuiet >= LogPatience) begin : gen_refused_log_quiet
    $error("synward_engine_guard: LogQuiet must be 6 or more, and less than LogPatience");
  end

  // ---- what it has been asked: the oldest two in registers, so that no FIFO waits for an answer's coming
  logic flush_q;
  logic some_q, next_q, none_behind_q;
  logic [3:0] op_q, next_op_q;
  logic [LogInside:0] behind_q;
  wire [3:0] behind;
  wire free = !some_q || flush_q || answer_valid_i;
  wire push = put_i && (next_q || !none_behind_q);
  wire pop = !next_q && !none_behind_q;
  wire comes = !next_q && (!none_behind_q || put_i);
  wire [3:0] op = none_behind_q ? put_op_i : behind;
  synward_ring_fifo #(.Width(4), .LogDepth(LogInside)) u_asked (
      .clk_i, .rst_ni, .push_i(push), .data_i(put_op_i), .pop_i(pop), .data_o(behind), .empty_o());
  always_ff @(posedge clk_i) begin
    behind_q <= behind_q + (LogInside + 1)'(push) - (LogInside + 1)'(pop);
    none_behind_q <= push ? 1'b0 : pop ? behind_q == (LogInside + 1)'(1) : none_behind_q;
    if (free) begin
      some_q <= next_q || comes;
      op_q <= next_q ? next_op_q : op;
      next_q <= 1'b0;
    end else if (!next_q) begin
      next_q <= comes;
      next_op_q <= op;
    end
    lost_o <= (flush_q || (answer_valid_i && !right_i)) && some_q && (op_q == OpServer || op_q == OpStatus);
    if (!rst_ni) begin
      {some_q, next_q, lost_o} <= '0;
      behind_q <= '0;
      none_behind_q <= 1'b1;
    end
  end
  assign answers_o = some_q;
  assign op_o = op_q;

  // ---- its faults. Who answers now and then holds others up as well: all that were asked have one time for it.
  logic [LogPatience-3:0] clocks_q;
  logic quarter_q;
  logic [LogInside+1:0] batch_q;  // questions of these that have no answer yet
  logic batch_open_q;
  logic [1:0] answer_late_q, setting_late_q;
  logic [4:0] unready_q;
  logic listened_q;  // in this quarter
  wire late = quarter_q && listened_q;
  logic silent_q, wrong_q, forgot_q, right_q;
  always_ff @(posedge clk_i) begin
    clocks_q <= rst_ni ? clocks_q + 1'b1 : '0;
    quarter_q <= rst_ni && &clocks_q;
    listened_q <= listens_i || (listened_q && !quarter_q);
    batch_open_q <= rst_ni && !flush_q && some_q
        && !(answer_valid_i && (!batch_open_q || batch_q == (LogInside + 2)'(1)));
    batch_q <= batch_open_q ? batch_q - (LogInside + 2)'(answer_valid_i)
        : (LogInside + 2)'(behind_q) + (LogInside + 2)'(next_q) + (LogInside + 2)'(1);
    answer_late_q <= batch_open_q ? answer_late_q + 2'(late) : 2'd0;
    setting_late_q <= !flush_q && setting_waits_i ? setting_late_q + 2'(late) : 2'd0;
    unready_q <= flush_q || !unready_i ? 5'd0 : unready_q + 5'(quarter_q);
    silent_q <= rst_ni && !flush_q && late && (answer_late_q == 2'd3 || setting_late_q == 2'd3);
    wrong_q <= rst_ni && !flush_q && answer_valid_i && !right_i;
    forgot_q <= rst_ni && !flush_q && ((answer_valid_i && forgot_i) || (quarter_q && &unready_q));
    right_q <= rst_ni && answer_valid_i && right_i;
  end
  wire fault = (silent_q || wrong_q || forgot_q) && !flush_q;
  synward_engine_faults_t faults_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) faults_q <= '0;
    else begin
      faults_q.down <= !up_o;
      faults_q.streams <= 1'b1;
      if (fault) begin
        faults_q.cause <= forgot_q ? FaultForgot : wrong_q ? FaultWrong : FaultSilent;
        faults_q.resets <= faults_q.resets + 16'd1;
      end
    end
  end
  assign faults_o = faults_q;

  // ---- what is done about them
  localparam int Up = 0, Reset = 1, Hear = 2, Probe = 3, Wait = 4;
  localparam int LogReset = 6;  // clocks of a reset
  logic [4:0] state_q, state;   // one bit each
  logic [LogQuiet-1:0] count_q;
  logic full_q;                 // all of the clocks have passed
  logic [2:0] heard_late_q;     // quarters
  // How long it waits before all ask again: 2^0 to 2^12 times the quiet, twice as long for each fault that follows
  // soon.
  logic [3:0] distrust_q;
  logic [7:0] well_q;           // quarters without a fault
  logic [11:0] rounds_q;
  logic again_q;
  always_comb begin
    state = state_q;
    if (fault) state = 5'(1 << Reset);
    else if (state_q[Reset] && &count_q[LogReset-1:0]) state = 5'(1 << Hear);
    // One that goes on and on may not have met the reset.
    else if (state_q[Hear] && heard_late_q[2]) state = 5'(1 << Reset);
    else if (state_q[Hear] && full_q) state = 5'(1 << Probe);
    else if (state_q[Probe] && right_q) state = 5'(1 << Wait);
    else if (state_q[Wait] && full_q && !again_q) state = 5'(1 << Up);
  end
  wire heard = (state_q[Hear] && (answer_valid_i || !empty_i)) || some_q;
  always_ff @(posedge clk_i) begin
    flush_q <= rst_ni && (state[Reset] || state[Hear]);
    state_q <= rst_ni ? state : 5'(1 << Up);
    // A reset has its clocks whatever is heard meanwhile.
    count_q <= !rst_ni || state != state_q || (heard && !state_q[Reset]) ? '0 : count_q + 1'b1;
    full_q <= rst_ni && state == state_q && !heard && &count_q;
    heard_late_q <= state_q[Hear] ? heard_late_q + 3'(quarter_q) : 3'd0;
    if (state_q[Probe]) rounds_q <= 12'((13'd1 << distrust_q) - 13'd1);
    else if (full_q) rounds_q <= rounds_q - 12'd1;
    again_q <= rounds_q != '0;
    if (state_q[Wait] && state[Up]) distrust_q <= distrust_q + 4'(distrust_q != 4'd12);
    else if (&well_q) distrust_q <= '0;
    if (!state_q[Up]) well_q <= '0;
    else if (!(&well_q)) well_q <= well_q + 8'(quarter_q);
    engine_rst_no <= rst_ni && !state[Reset];
    if (!rst_ni) {distrust_q, well_q} <= '0;
  end
  assign up_o = state_q[Up];
  assign probe_o = state_q[Up] || state_q[Probe];
  assign flush_o = flush_q;
endmodule

`default_nettype wire
