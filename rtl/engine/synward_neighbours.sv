// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// For each word, which of the words before it, 1 to Distances clocks earlier, are equal to it. Latency: 2 clocks.
module synward_neighbours #(
    parameter int Width = 289,    ///< bits of a word
    parameter int Distances = 11  ///< words looked back
) (
    input  wire                 clk_i,
    input  wire  [Width-1:0]    word_i,
    output logic [Distances:1]  equal_o
);
  if (Distances < 1) begin : gen_refused_distances
    $error("synward_neighbours: Distances must be 1 or more");
  end
  // 18 bits a group are two LUT levels, and so are 18 groups.
  localparam int Groups = (Width + 17) / 18;
  logic [Width-1:0] past_q [1:Distances];
  logic [Groups*18-1:0] now, then_v [1:Distances];
  logic [Groups-1:0] equal_q [1:Distances];
  always_comb begin
    now = {{(Groups * 18 - Width){1'b0}}, word_i};
    for (int d = 1; d <= Distances; d++) then_v[d] = {{(Groups * 18 - Width){1'b0}}, past_q[d]};
  end
  always_ff @(posedge clk_i) begin
    past_q[1] <= word_i;
    for (int d = 2; d <= Distances; d++) past_q[d] <= past_q[d-1];
    for (int d = 1; d <= Distances; d++) begin
      for (int g = 0; g < Groups; g++) equal_q[d][g] <= now[18*g +: 18] == then_v[d][18*g +: 18];
      equal_o[d] <= &equal_q[d];
    end
  end
endmodule

`default_nettype wire
