// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// One step of synward_tcp_options' walk: groups Group and Group + 1 of four option bytes. Latency: 1 clock.
module synward_tcp_option_walk #(
    parameter int Group = 0  ///< first of the two groups, 0..8
) (
    input  wire          clk_i,
    input  wire  [439:0] table_i,   ///< entry n in bits 11n+10:11n: stop, next start (6), starts in the group (4)
    input  wire  [6:0]   at_i,      ///< reading has stopped; byte at which the next option starts (6)
    input  wire  [39:0]  starts_i,  ///< bytes that start an option, up to this group
    output logic [439:0] table_o,
    output logic [6:0]   at_o,
    output logic [39:0]  starts_o
);
  if (Group < 0 || Group > 8) begin : gen_refused_group
    $error("synward_tcp_option_walk: Group must be 0 to 8");
  end
  wire in_a = !at_i[6] && at_i[5:2] == 4'(Group);
  wire [10:0] f_a = at_i[1] ? (at_i[0] ? table_i[44*Group+33 +: 11] : table_i[44*Group+22 +: 11])
                            : (at_i[0] ? table_i[44*Group+11 +: 11] : table_i[44*Group +: 11]);
  wire [6:0] at_a = in_a ? f_a[10:4] : at_i;
  wire in_b = !at_a[6] && at_a[5:2] == 4'(Group + 1);
  wire [10:0] f_b = at_a[1] ? (at_a[0] ? table_i[44*Group+77 +: 11] : table_i[44*Group+66 +: 11])
                            : (at_a[0] ? table_i[44*Group+55 +: 11] : table_i[44*Group+44 +: 11]);
  logic [439:0] table_q;
  logic [39:0] starts;
  always_comb begin
    starts = starts_i;
    starts[4*Group +: 4] = in_a ? f_a[3:0] : 4'd0;
    starts[4*Group+4 +: 4] = in_b ? f_b[3:0] : 4'd0;
  end
  // What is read next comes from registers, not from the end of a shift register, whose output is late.
  if (Group < 8) begin : gen_next
    (* keep = "true", shreg_extract = "no" *) logic [87:0] next_q;
    (* keep = "true" *) always_ff @(posedge clk_i) next_q <= table_i[44*(Group+2) +: 88];
    always_comb begin
      table_o = table_q;
      table_o[44*(Group+2) +: 88] = next_q;
    end
    always_ff @(posedge clk_i) starts_o <= starts;
  end else begin : gen_last
    assign table_o = table_q;
    (* keep = "true", shreg_extract = "no" *) logic [39:0] starts_q;
    (* keep = "true" *) always_ff @(posedge clk_i) starts_q <= starts;
    assign starts_o = starts_q;
  end
  always_ff @(posedge clk_i) begin
    table_q <= table_i;
    at_o <= in_b ? f_b[10:4] : at_a;
  end
endmodule

`default_nettype wire
