// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Whether an engine behind streams does as it should: an answer for each question, of its operation, in time, from
/// tables that stay. One that is silent, answers what it was not asked, or has forgotten its tables is reset, and is
/// heard out until it says nothing any more, as it may be one that only the card's reset reaches. Then it is told
/// everything anew and asked by time alone; frames may ask again when it has answered rightly and said no more.
/// Operations are all that tells answers apart: one too few or too many in a row of the same is found with the next
/// other one, time's at the latest.
module synward_engine_guard #(
    parameter int LogInside = 7,    ///< log2 of the questions that it may have
    parameter int LogPatience = 20, ///< log2 of the clocks after which it is silent, up to a quarter fewer
    parameter int LogQuiet = 16     ///< log2 of the clocks in which one that is heard out must say nothing
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          put_i,           ///< a question is put before it
    input  wire  [3:0]   put_op_i,
    input  wire          setting_waits_i, ///< a setting is, and not taken yet
    // answers, as they are taken from it
    input  wire          listens_i,       ///< they are: the socket holds nothing up
    input  wire          answer_valid_i,
    output logic         answers_o,       ///< a question has no answer yet
    output logic [3:0]   op_o,            ///< of the oldest of them
    input  wire          right_i,         ///< with answer_valid_i: its answer, by the operation
    input  wire          forgot_i,        ///< an answer shows that the tables were not cleared, though they had been
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
  if (LogQuiet < 6) begin : gen_refused_log_quiet
    $error("synward_engine_guard: LogQuiet must be 6 or more");
  end

  // ---- what it has been asked
  logic flush;
  wire none;
  wire [3:0] op;
  wire pop = !none && (flush || (answer_valid_i && right_i));
  synward_ring_fifo #(.Width(4), .LogDepth(LogInside)) u_asked (
      .clk_i, .rst_ni, .push_i(put_i), .data_i(put_op_i), .pop_i(pop), .data_o(op), .empty_o(none));
  assign answers_o = !none;
  assign op_o = op;
  always_ff @(posedge clk_i) lost_o <= rst_ni && flush && !none && (op == OpServer || op == OpStatus);

  // ---- its faults
  logic [LogPatience-3:0] quarter_q;
  logic [1:0] answer_late_q, setting_late_q;
  logic silent_q, wrong_q, forgot_q;
  wire quarter = &quarter_q;
  always_ff @(posedge clk_i) begin
    quarter_q <= rst_ni ? quarter_q + 1'b1 : '0;
    answer_late_q <= !rst_ni || flush || none || answer_valid_i || !listens_i ? 2'd0 : answer_late_q + 2'(quarter);
    setting_late_q <= !rst_ni || flush || !setting_waits_i ? 2'd0 : setting_late_q + 2'(quarter);
    silent_q <= rst_ni && !flush && quarter && (answer_late_q == 2'd3 || setting_late_q == 2'd3);
    wrong_q <= rst_ni && !flush && answer_valid_i && !right_i;
    forgot_q <= rst_ni && !flush && forgot_i;
  end
  wire fault = silent_q || wrong_q || forgot_q;
  synward_engine_faults_t faults;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) faults <= '0;
    else begin
      faults.down <= !up_o;
      faults.streams <= 1'b1;
      if (fault && !flush) begin
        faults.cause <= wrong_q ? FaultWrong : forgot_q ? FaultForgot : FaultSilent;
        faults.resets <= faults.resets + 16'd1;
      end
    end
  end
  assign faults_o = faults;

  // ---- what is done about them
  localparam int Up = 0, Reset = 1, Hear = 2, Probe = 3, Wait = 4;
  logic [4:0] state_q, state;  // one bit each
  logic [LogQuiet-1:0] count_q;
  logic full_q;  // all of the clocks have passed
  localparam int LogReset = 6;  // clocks of a reset
  always_comb begin
    state = state_q;
    if (fault && !flush) state = 5'(1 << Reset);
    else if (state_q[Reset] && &count_q[LogReset-1:0]) state = 5'(1 << Hear);
    else if (state_q[Hear] && full_q) state = 5'(1 << Probe);
    else if (state_q[Probe] && answer_valid_i && right_i) state = 5'(1 << Wait);
    else if (state_q[Wait] && full_q) state = 5'(1 << Up);
  end
  wire heard = (state_q[Hear] && (answer_valid_i || !empty_i)) || !none;
  assign flush = state_q[Reset] || state_q[Hear];
  always_ff @(posedge clk_i) begin
    state_q <= rst_ni ? state : 5'(1 << Up);
    // A reset has its clocks whatever is heard meanwhile.
    count_q <= !rst_ni || state != state_q || (heard && !state_q[Reset]) ? '0 : count_q + 1'b1;
    full_q <= rst_ni && state == state_q && !heard && &count_q;
    engine_rst_no <= rst_ni && !state[Reset];
  end
  assign up_o = state_q[Up];
  assign probe_o = state_q[Up] || state_q[Probe];
  assign flush_o = flush;
endmodule

`default_nettype wire
