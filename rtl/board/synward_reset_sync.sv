// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// A reset for one clock: it begins at once, also where the clock stands, and ends with the fourth edge.
module synward_reset_sync (
    input  wire  clk_i,
    input  wire  rst_ni,  ///< asynchronous
    output logic rst_no
);
  (* async_reg = "true" *) logic [3:0] release_q;
  initial release_q = 4'd0;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) release_q <= 4'd0;
    else release_q <= {release_q[2:0], 1'b1};
  end
  assign rst_no = release_q[3];
endmodule

`default_nettype wire
