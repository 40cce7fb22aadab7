// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The flow table as a request meets it: what synward_flow_table shows, and what the requests before made of it that
/// is not written yet. One lookup a clock. A request of VISIT ages a whole bucket; it gives way if any request of the
/// last or next Distances clocks goes to the same bucket, and is asked again.
///
/// Clocks t0 to t11 are synward_syncache's, and so is the way in which a request learns of the outcomes before it. The
/// table may stand on another die (Apart): the way there and the way back take two clocks each. A request therefore
/// comes in two clocks before t0, the answer is here at t8 rather than t6, and an outcome is written two clocks later:
/// no latency, but two distances more. Stages are counted from where a request comes in: t9 is stage Last.
module synward_flows #(
    parameter int LogFlows = 16,  ///< log2 of the buckets
    parameter bit Apart = 1,      ///< the table is on another die
    /// Not to be set: requests before that are not written yet.
    parameter int Distances = 11 + (Apart ? synward_logic_pkg::SlrClocks : 0)
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    // t0, or two clocks before it
    input  wire                 flow_i,      ///< a request that may touch a flow
    input  wire                 visit_i,
    input  wire  [LogFlows-1:0] bucket_i,
    input  wire  [27:0]         print_i,     ///< fingerprint
    input  wire  [Distances:1]  same_i,      ///< distance d: that request went to the same bucket
    input  wire  [Distances:1]  equal_i,     ///< with the same fingerprint
    // a setting
    input  wire  [5:0]          idle_i,      ///< net.synward.flow_idle, laps
    // t8
    output logic [2:1]          same8_o,
    output logic [2:1]          equal8_o,
    // t9
    output logic [15:0]         way9_o,      ///< one-hot: way of the flow; 0 if it has none
    output logic                hit9_o,
    output logic [7:0]          flow9_o,     ///< state, aux
    output logic [15:0]         used9_o,     ///< ways that are not free
    output logic [5:0]          open9_o,     ///< laps for which the bucket fails open
    // t10
    input  wire                 flow10_i,    ///< a request that may touch a flow
    // t11: the outcome
    input  wire  [15:0]         r_way_i,     ///< way of the flow now; 0 if it has none
    input  wire  [7:0]          r_state_i,
    input  wire  [15:0]         r_used_i,
    input  wire  [5:0]          r_open_i,
    input  wire                 r_write_i,   ///< tables are ready: write
    output logic                visited_o,   ///< t11: VISIT takes place
    output logic [4:0]          aged_o,      ///< t11: flows that become free by it
    // clearing
    input  wire                 clear_i,
    input  wire  [LogFlows-1:0] clear_bucket_i,
    input  wire  [5:0]          clear_open_i   ///< laps for which a cleared bucket fails open
);
  localparam int Way = Apart ? synward_logic_pkg::SlrClocks : 0;  // clocks there, and back
  localparam int Answer = 6 + 2 * Way;  // the stage that has the table's answer
  localparam int Last = 9 + Way;        // t9
  if (Distances != 11 + Way) begin : gen_refused_distances
    $error("synward_flows: Distances must be 13 with Apart, or 11");
  end

  // ---- the table: there and back
  logic flow11_q;
  always_ff @(posedge clk_i) flow11_q <= flow10_i;
  wire writes = r_write_i && flow11_q;
  localparam int ThereW = 2 * LogFlows + 74;
  localparam int BackW = 52;
  wire [ThereW-1:0] leaves, there;
  wire [BackW-1:0] found, back;
  if (Apart) begin : gen_apart
    synward_slr_pipe #(.Width(ThereW)) u_there (.clk_i, .data_i(leaves), .data_o(there));
    synward_slr_pipe #(.Width(BackW)) u_back (.clk_i, .data_i(found), .data_o(back));
  end else begin : gen_beside
    assign there = leaves;
    assign back = found;
  end
  wire there_rst_n, there_visit, there_write, there_clear;
  wire [LogFlows-1:0] there_bucket, there_clear_bucket;
  wire [27:0] there_print;
  wire [5:0] there_idle, there_open, there_clear_open;
  wire [15:0] there_ways;
  wire [7:0] there_flow;
  assign leaves = {rst_ni, visit_i, bucket_i, print_i, idle_i, visited_o || writes,
                   {16{visited_o}} | (r_way_i & {16{writes}}), r_state_i, r_open_i, clear_i, clear_bucket_i,
                   clear_open_i};
  assign {there_rst_n, there_visit, there_bucket, there_print, there_idle, there_write, there_ways, there_flow,
          there_open, there_clear, there_clear_bucket, there_clear_open} = there;
  wire [15:0] found_way, found_used, table_way, table_used;
  wire found_hit, table_hit;
  wire [7:0] found_flow, table_flow;
  wire [5:0] found_open, table_open;
  wire [4:0] found_freed, table_freed;
  synward_flow_table #(.LogFlows(LogFlows), .WriteAt(11 + Way)) u_table (
      .clk_i, .rst_ni(there_rst_n), .visit_i(there_visit), .bucket_i(there_bucket), .print_i(there_print),
      .idle_i(there_idle), .way_o(found_way), .hit_o(found_hit), .flow_o(found_flow), .used_o(found_used),
      .open_o(found_open), .freed_o(found_freed), .write_i(there_write), .ways_i(there_ways),
      .flow_i(there_flow), .open_i(there_open), .clear_i(there_clear), .clear_bucket_i(there_clear_bucket),
      .clear_open_i(there_clear_open));
  assign found = {found_way, found_hit, found_flow, found_used, found_open, found_freed};
  assign {table_way, table_hit, table_flow, table_used, table_open, table_freed} = back;
  synward_delay #(.Width(5), .Depth(5 - Way)) u_freed (.clk_i, .rst_ni, .data_i(table_freed), .data_o(aged_o));

  // ---- what goes with a request
  logic [Distances:1] same_q [1:Last-1];
  logic [Distances:1] equal_q [1:Last-1];
  logic known_q [1:Answer];             // used_q and open_q are newer than the table
  logic [15:0] used_q [1:Last];
  logic [5:0] open_q [1:Last];
  logic slot_q [1:Answer];              // way and state of the flow are known from an outcome
  logic [15:0] slot_way_q [1:Answer];
  logic slot_hit_q [1:Answer];
  logic [7:0] slot_state_q [1:Answer];
  logic [15:0] way_q [Answer+1:Last];
  logic hit_q [Answer+1:Last];
  logic [7:0] state_q [Answer+1:Last];
  // Whether the outcome that is out now is of the same bucket, or flow, as the request at stage k: chosen a clock
  // before.
  wire same [0:Last-1];
  wire equal [0:Last-1];
  assign same[0] = same_i[Distances] && flow11_q;
  assign equal[0] = equal_i[Distances] && flow11_q;
  for (genvar k = 1; k < Last; k++) begin : gen_now
    wire same_before, equal_before;
    if (k == 1) begin : gen_first
      assign same_before = same_i[Distances-1];
      assign equal_before = equal_i[Distances-1];
    end else begin : gen_later
      assign same_before = same_q[k-1][Distances-k];
      assign equal_before = equal_q[k-1][Distances-k];
    end
    synward_fanout #(.Copies(1)) u_same (.clk_i, .bit_i(same_before && flow10_i), .copies_o(same[k]));
    synward_fanout #(.Copies(1)) u_equal (.clk_i, .bit_i(equal_before && flow10_i), .copies_o(equal[k]));
  end

  always_ff @(posedge clk_i) begin
    same_q[1] <= same_i;
    equal_q[1] <= equal_i;
    for (int k = 1; k < Last - 1; k++) begin
      same_q[k+1] <= same_q[k];
      equal_q[k+1] <= equal_q[k];
    end

    known_q[1] <= same[0];
    used_q[1] <= r_used_i;
    open_q[1] <= r_open_i;
    for (int k = 1; k < Answer; k++) known_q[k+1] <= known_q[k] || same[k];
    for (int k = 1; k < Last; k++) begin
      used_q[k+1] <= same[k] ? r_used_i : k != Answer || known_q[Answer] ? used_q[k] : table_used;
      open_q[k+1] <= same[k] ? r_open_i : k != Answer || known_q[Answer] ? open_q[k] : table_open;
    end

    slot_q[1] <= equal[0];
    slot_way_q[1] <= r_way_i;
    slot_hit_q[1] <= |r_way_i;
    slot_state_q[1] <= r_state_i;
    for (int k = 1; k < Answer; k++) begin
      slot_q[k+1] <= slot_q[k] || equal[k];
      slot_way_q[k+1] <= equal[k] ? r_way_i : slot_way_q[k];
      slot_hit_q[k+1] <= equal[k] ? |r_way_i : slot_hit_q[k];
      slot_state_q[k+1] <= equal[k] ? r_state_i : slot_state_q[k];
    end

    way_q[Answer+1] <= equal[Answer] ? r_way_i : slot_q[Answer] ? slot_way_q[Answer] : table_way;
    hit_q[Answer+1] <= equal[Answer] ? |r_way_i : slot_q[Answer] ? slot_hit_q[Answer] : table_hit;
    state_q[Answer+1] <= equal[Answer] ? r_state_i : slot_q[Answer] ? slot_state_q[Answer] : table_flow;
    for (int k = Answer + 1; k < Last; k++) begin
      way_q[k+1] <= equal[k] ? r_way_i : way_q[k];
      hit_q[k+1] <= equal[k] ? |r_way_i : hit_q[k];
      state_q[k+1] <= equal[k] ? r_state_i : state_q[k];
    end
  end
  assign same8_o = same_q[Last-1][2:1];
  assign equal8_o = equal_q[Last-1][2:1];
  assign way9_o = way_q[Last];
  assign hit9_o = hit_q[Last];
  assign flow9_o = state_q[Last];
  assign used9_o = used_q[Last];
  assign open9_o = open_q[Last];

  // ---- VISIT gives way to requests before it, known as it comes in, and to those behind it as they come in.
  // flow_q[k]: at stage k now is a request that may touch a flow.
  logic [Distances:1] flow_q, visit_q, refused_q;
  wire [Distances:1] meets = same_i & {Distances{flow_i}};
  always_ff @(posedge clk_i) begin
    flow_q  <= rst_ni ? {flow_q[Distances-1:1], flow_i} : '0;
    visit_q <= rst_ni ? {visit_q[Distances-1:1], visit_i} : '0;
    refused_q <= {refused_q[Distances-1:1] | meets[Distances-1:1], |(same_i & (flow_q | visit_q))};
  end
  assign visited_o = visit_q[Distances] && r_write_i && !refused_q[Distances] && !meets[Distances];
endmodule

`default_nettype wire
