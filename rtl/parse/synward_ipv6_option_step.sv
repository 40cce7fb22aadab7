// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// One step of synward_ipv6_options' walk: the options that begin at two bytes, one behind the other. Latency: 1 clock.
module synward_ipv6_option_step #(
    parameter int Place = 0,    ///< of the first of the two bytes, from First on
    parameter int First = 42,   ///< byte of the packet that place 0 is
    parameter int Places = 22
) (
    input  wire              clk_i,
    // one clock ahead of the rest
    input  wire [13:0]       two_i,           ///< of both bytes: bad, Pad1, length of the data (5)
    input  wire [1:0]        bounds_early_i,  ///< a header begins at byte 48, 56: no option does
    input  wire [Places-1:0] at_i,            ///< places at which an option begins, as far as is known
    input  wire              bad_i,
    output logic [Places-1:0] at_o,
    output logic             bad_o
);
  // Where the option behind one that begins at each of the two begins, one-hot; nowhere at a header's end.
  logic [Places-1:0] next_a_q, next_b_q;
  logic bad_a_q, bad_b_q;
  always_ff @(posedge clk_i) begin
    for (int p = 0; p < Places; p++) begin
      next_a_q[p] <= p > Place && !bound(p) && (two_i[5] ? p == Place + 1
                                                         : two_i[4:0] == 5'(p - Place - 2) && p >= Place + 2);
      next_b_q[p] <= p > Place + 1 && !bound(p) && (two_i[12] ? p == Place + 2
                                                              : two_i[11:7] == 5'(p - Place - 3) && p >= Place + 3);
    end
    bad_a_q <= two_i[6];
    bad_b_q <= two_i[13];
  end
  function automatic logic bound(input int p);
    bound = (bounds_early_i[0] && p + First == 48) || (bounds_early_i[1] && p + First == 56);
  endfunction

  wire at_a = at_i[Place];
  wire at_b = at_i[Place+1] || (at_a && next_a_q[Place+1]);
  always_ff @(posedge clk_i) begin
    for (int p = 0; p < Places; p++) at_o[p] <= at_i[p] || (at_a && next_a_q[p]) || (at_b && next_b_q[p]);
    bad_o <= bad_i || (at_a && bad_a_q) || (at_b && bad_b_q);
  end
endmodule

`default_nettype wire
