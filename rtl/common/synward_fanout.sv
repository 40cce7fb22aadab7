// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// One register in several copies, for what many places follow: each copy drives a part of them. The copies are the
/// point: nobody may merge them.
module synward_fanout #(
    parameter int Copies = 2
) (
    input  wire               clk_i,
    input  wire               bit_i,
    output logic [Copies-1:0] copies_o  ///< bit_i a clock ago, each from a register of its own; 0 at power-up
);
  if (Copies < 1) begin : gen_refused_copies
    $error("synward_fanout: Copies must be 1 or more");
  end
  // Vivado reads dont_touch of the signal; Yosys reads keep of the process, and merges equal registers without it.
  (* keep = "true", dont_touch = "true" *) logic [Copies-1:0] copy_q;
  initial copy_q = '0;
  for (genvar i = 0; i < Copies; i++) begin : gen_copy
    (* keep = "true" *) always_ff @(posedge clk_i) copy_q[i] <= bit_i;
  end
  assign copies_o = copy_q;
endmodule

`default_nettype wire
