// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_engine_guard, whatever an engine says and for however long, the card's reset at any clock:
// Mode 0: it knows the oldest question without an answer, and its operation, as long as it is not asked more than it
//         may be; the host port hears of each question of its own that gets no answer.
// Mode 1: after a wrong answer, or one from forgotten tables, nobody asks two clocks later. A reset of the engine lasts
//         64 clocks. All ask again only after it has said nothing for the quiet and then answered a probe rightly.
`default_nettype none
`include "synward_records.svh"
module formal_engine_guard #(
    parameter int Mode = 0
) (
    input wire clk_i,
    input wire rst_ni,
    input wire put_i,
    input wire [3:0] put_op_i,
    input wire setting_waits_i,
    input wire listens_i,
    input wire answer_valid_i,
    input wire right_i,
    input wire forgot_i,
    input wire unready_i,
    input wire empty_i,
    input wire pick_i
);
  localparam int LogInside = 2, LogQuiet = 6;
  reg started = 0;
  always @(posedge clk_i) started <= 1;
  wire rst_n = rst_ni && started;
  wire answers, up, probe, flush, lost, engine_rst_n;
  wire [3:0] op;
  synward_engine_guard #(.LogInside(LogInside), .LogPatience(LogQuiet + 1), .LogQuiet(LogQuiet)) dut (
      .clk_i, .rst_ni(rst_n), .put_i, .put_op_i, .setting_waits_i, .listens_i, .answer_valid_i, .answers_o(answers),
      .op_o(op), .right_i, .forgot_i, .unready_i, .empty_i, .up_o(up), .probe_o(probe), .flush_o(flush),
      .lost_o(lost), .engine_rst_no(engine_rst_n), .faults_o());
  // An answer is right only if something was asked; nobody asks while answers count for nothing, but one who began
  // before.
  reg was_flush = 0;
  always @(posedge clk_i) begin
    was_flush <= flush;
    if (!answers) assume (!right_i);
    if (was_flush) assume (!put_i);
  end

  generate
    if (Mode == 0) begin : gen_asked
      reg [LogInside:0] count = 0, ahead = 0;
      reg follows = 0, was_lost = 0;
      reg [3:0] mine = 0;
      wire leaves = answers && (answer_valid_i || flush);
      wire host = op == OpServer || op == OpStatus;
      always @(posedge clk_i) begin
        assume (!put_i || count < (1 << LogInside));
        count <= rst_n ? count + {2'd0, put_i} - {2'd0, leaves} : 0;
        was_lost <= rst_n && leaves && host && (flush || !right_i);
        if (put_i && pick_i && !follows) begin
          follows <= rst_n;
          ahead <= count - {2'd0, leaves};
          mine <= put_op_i;
        end else if (follows) begin
          follows <= rst_n && !(leaves && ahead == 0);
          ahead <= ahead - {2'd0, leaves};
        end
        if (started) begin
          assert (answers == (count != 0));
          assert (lost == was_lost);
          if (follows && ahead == 0) assert (op == mine);
        end
      end
    end else begin : gen_recovers
      localparam int Quiet = 1 << LogQuiet;
      reg [1:0] bad = 0;
      reg [6:0] held = 0, quiet = 0;
      reg heard_out = 0, proved = 0, was_up = 0, in_reset = 0, held_before = 0;
      always @(posedge clk_i) begin
        bad <= rst_n ? {bad[0], !flush && answer_valid_i && (!right_i || forgot_i)} : 0;
        in_reset <= !rst_n;
        held_before <= rst_n && !engine_rst_n;
        // The card's own reset may be as short as it likes.
        held <= !rst_n ? 127 : engine_rst_n ? 0 : held == 127 ? 127 : held + 1'b1;
        quiet <= !engine_rst_n || !flush || answer_valid_i || !empty_i ? 0 : quiet == 127 ? 127 : quiet + 1'b1;
        heard_out <= engine_rst_n && (heard_out || quiet >= Quiet - 1);
        proved <= engine_rst_n && (proved || (heard_out && !flush && answer_valid_i && right_i));
        was_up <= up;
        if (started && !in_reset) begin
          assert (!(flush && probe) && !(up && !probe));
          if (bad[1] && rst_n) assert (!up);
          if (held_before && engine_rst_n) assert (held >= 64);
          if (up && !was_up) assert (proved);
        end
      end
    end
  endgenerate
endmodule
`default_nettype wire
