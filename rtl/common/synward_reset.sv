// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Makes the core's reset from the board's, which may come at any time, from any clock, for any time. A pulse is
/// caught by two registers that it clears itself, brought to this clock by two more, and stretched: the core is in
/// reset for at least Hold clocks behind it, so that whatever has no reset of its own, and moves on by itself, is
/// empty. Then the core is released, and Settle clocks later accept_o lets frames in: no block sees one before all of
/// them run, whatever the skew of the tree up to that. Both leave by one rank of registers; synward_reset_branch is
/// the next, one copy for each part of the core.
module synward_reset #(
    parameter int Hold = 64,    ///< clocks, 1 to 64
    parameter int Settle = 32,  ///< clocks, 1 to 32
    parameter int Leaves = 2    ///< copies of rst_no
) (
    input  wire              clk_i,
    input  wire              rst_ni,    ///< asynchronous; the only one in the core
    output logic [Leaves-1:0] rst_no,
    output logic             accept_o   ///< frames may enter; 0 whenever rst_no is
);
  if (Hold < 1 || Hold > 64) begin : gen_refused_hold
    $error("synward_reset: Hold must be 1 to 64");
  end
  if (Settle < 1 || Settle > 32) begin : gen_refused_settle
    $error("synward_reset: Settle must be 1 to 32");
  end
  if (Leaves < 1) begin : gen_refused_leaves
    $error("synward_reset: Leaves must be 1 or more");
  end
  // Two, so that the shortest pulse stands for a whole clock whatever it does to the setup time of the first.
  logic [1:0] caught_q;
  initial caught_q = 2'b00;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) caught_q <= 2'b00;
    else caught_q <= {caught_q[0], 1'b1};
  end
  (* async_reg = "true" *) logic [1:0] sync_q;
  always_ff @(posedge clk_i) sync_q <= {sync_q[0], caught_q[1]};

  localparam logic [6:0] Released = 7'(Hold);
  localparam logic [6:0] Accepting = 7'(Hold + Settle);
  logic [6:0] count_q;
  logic run_q, accept_q;
  always_ff @(posedge clk_i) begin
    if (!sync_q[1]) count_q <= 7'd0;
    else if (!accept_q) count_q <= count_q + 7'd1;
    run_q <= sync_q[1] && (run_q || count_q == Released);
    accept_q <= sync_q[1] && (accept_q || count_q == Accepting);
  end

  // The copies are the point: nobody may merge them (synward_fanout says how).
  (* keep = "true", dont_touch = "true" *) logic [Leaves-1:0] leaf_q;
  assign rst_no = leaf_q;
  initial begin
    sync_q = 2'b00;
    count_q = 7'd0;
    {run_q, accept_q, accept_o} = 3'b000;
    leaf_q = '0;
  end
  for (genvar i = 0; i < Leaves; i++) begin : gen_leaf
    (* keep = "true" *) always_ff @(posedge clk_i) leaf_q[i] <= run_q && sync_q[1];
  end
  always_ff @(posedge clk_i) accept_o <= accept_q && sync_q[1];
endmodule

`default_nettype wire
