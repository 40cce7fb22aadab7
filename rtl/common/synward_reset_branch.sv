// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// A rank of the reset tree: copies of a reset, one for each part of the core, a clock later. Every path of the tree
/// has the same number of ranks, but for the marks' store (synward_host_tx), which has one more.
module synward_reset_branch #(
    parameter int Leaves = 1  ///< copies
) (
    input  wire               clk_i,
    input  wire               rst_ni,
    output logic [Leaves-1:0] rst_no
);
  if (Leaves < 1) begin : gen_refused_leaves
    $error("synward_reset_branch: Leaves must be 1 or more");
  end
  // In reset from power-up on. The copies are the point: nobody may merge them (synward_fanout says how).
  (* keep = "true", dont_touch = "true" *) logic [Leaves-1:0] leaf_q;
  initial leaf_q = '0;
  for (genvar i = 0; i < Leaves; i++) begin : gen_leaf
    (* keep = "true" *) always_ff @(posedge clk_i) leaf_q[i] <= rst_ni;
  end
  assign rst_no = leaf_q;
endmodule

`default_nettype wire
