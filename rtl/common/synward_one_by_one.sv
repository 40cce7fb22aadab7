// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Events of which several may come in a clock, as a pulse each: at once, or, of those that come together, in clocks
/// without any.
module synward_one_by_one #(
    parameter int Events = 2,  ///< 1..4
    parameter int LogMost = 8  ///< log2 of one more than the most pulses that are ever owed
) (
    input  wire               clk_i,
    input  wire               rst_ni,    ///< forgets what is owed
    input  wire  [Events-1:0] events_i,
    output logic              pulse_o,   ///< 3 clocks later at the earliest
    output logic              owes_o     ///< there are pulses to come
);
  if (Events < 1 || Events > 4) begin : gen_refused_events
    $error("synward_one_by_one: Events must be 1 to 4");
  end
  if (LogMost < 4) begin : gen_refused_log_most
    $error("synward_one_by_one: LogMost must be 4 or more");
  end
  logic [Events-1:0] events_q;
  logic [1:0] more_q;  // of a clock, but the first
  wire [1:0] more;
  logic any_q;
  logic [LogMost-1:0] owed_q;
  // What is owed is paid once in 4 clocks at most: by then the last payment shows.
  logic [1:0] phase_q;
  logic pay_q, paid_q;
  wire [3:0] e = 4'(events_q);
  assign more = {(e[0] && e[1] && (e[2] || e[3])) || (e[2] && e[3] && (e[0] || e[1])), |e && !(^e)};
  always_ff @(posedge clk_i) begin
    events_q <= rst_ni ? events_i : '0;
    any_q <= rst_ni && |events_q;
    more_q <= rst_ni ? more : '0;
    phase_q <= rst_ni ? phase_q + 2'd1 : '0;
    pay_q <= rst_ni && phase_q == '0 && owed_q != '0;
    paid_q <= rst_ni && pay_q && !any_q;
    owed_q <= rst_ni ? owed_q + LogMost'(more_q) - LogMost'(paid_q) : '0;
    pulse_o <= rst_ni && (any_q || pay_q);
    owes_o <= rst_ni && (|events_q || any_q || more_q != '0 || owed_q != '0 || paid_q);
  end
`ifndef SYNTHESIS
  always_ff @(posedge clk_i) if (rst_ni) assert (!(&owed_q[LogMost-1:3]));
`endif
endmodule

`default_nettype wire
