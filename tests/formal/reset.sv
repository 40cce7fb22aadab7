// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_reset, for a reset of any length at any clock: frames are let in only while the core runs, and not
// before Settle clocks of that; a reset seen keeps the core in reset for Hold clocks at least; and it ends.
`default_nettype none
module formal_reset #(
    parameter int Hold = 4,
    parameter int Settle = 3
) (
    input wire clk_i,
    input wire rst_ni
);
  wire [1:0] rst_n;
  wire accept;
  synward_reset #(.Hold(Hold), .Settle(Settle), .Leaves(2)) dut (
      .clk_i, .rst_ni, .rst_no(rst_n), .accept_o(accept));
  reg [5:0] running = 0, held = 0, quiet = 0;
  always @(posedge clk_i) begin
    running <= !rst_n[0] ? 0 : running == 63 ? 63 : running + 1'b1;
    held <= rst_n[0] ? 0 : held == 63 ? 63 : held + 1'b1;
    quiet <= !rst_ni ? 0 : quiet == 63 ? 63 : quiet + 1'b1;
    assert (rst_n[0] == rst_n[1]);
    if (accept) assert (rst_n == 2'b11 && running >= Settle);
    if (rst_n[0] && running == 0) assert (held >= Hold);
    if (quiet > Hold + Settle + 8) assert (accept);
  end
endmodule
`default_nettype wire
