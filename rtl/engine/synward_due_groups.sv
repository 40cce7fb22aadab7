// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// When the next entry of each group of 64 buckets is due, at the latest known: what the sweeper looks at instead of
/// every bucket. An arming takes the earlier of its time and the group's; clearing forgets the group. One arming or
/// clearing a clock; a look at another group beside it. Times are ms modulo 2^24.
module synward_due_groups #(
    parameter int LogGroups = 8    ///< log2 of the groups
) (
    input  wire                  clk_i,
    input  wire                  empty_i,     ///< forgets every group in turn, one a clock
    input  wire                  arm_i,
    input  wire                  clear_i,
    input  wire  [LogGroups-1:0] group_i,
    input  wire  [23:0]          due_i,
    // look: 2 clocks
    input  wire  [LogGroups-1:0] look_i,
    output logic                 armed_o,
    output logic [23:0]          due_o
);
  localparam int Groups = 1 << LogGroups;
  (* ram_style = "distributed" *) logic [24:0] mem [0:Groups-1];

  logic [LogGroups-1:0] walk_q;
  logic arm1_q, clear1_q, arm2_q, clear2_q;
  logic [LogGroups-1:0] group1_q, group2_q;
  logic [23:0] due1_q, due2_q;
  logic [24:0] old2_q;
  wire [23:0] ahead = due2_q - old2_q[23:0];
  wire [24:0] next2 = clear2_q ? 25'd0 : !old2_q[24] || ahead[23] ? {1'b1, due2_q} : old2_q;
  wire write2 = arm2_q || clear2_q;
  logic [LogGroups-1:0] look_q;
  always_ff @(posedge clk_i) begin
    arm1_q <= arm_i;
    clear1_q <= clear_i;
    group1_q <= group_i;
    due1_q <= due_i;
    arm2_q <= arm1_q;
    clear2_q <= clear1_q;
    group2_q <= group1_q;
    due2_q <= due1_q;
    old2_q <= write2 && group1_q == group2_q ? next2 : mem[group1_q];
    if (empty_i) mem[walk_q] <= 25'd0;
    else if (write2) mem[group2_q] <= next2;
    walk_q <= empty_i ? walk_q + 1'b1 : '0;

    look_q <= look_i;
    {armed_o, due_o} <= mem[look_q];
  end

  wire unused = &{1'b0, ahead[22:0]};
endmodule

`default_nettype wire
