// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The flow table: 16 fingerprints a bucket, each with a state, and for each bucket how long it fails open. One lookup
/// a clock; clocks are synward_syncache's, t0 to t11, and so is the way in which a request learns of the outcomes
/// before it. A request of VISIT ages a whole bucket; it gives way if any request of the last or next eleven clocks
/// goes to the same bucket, and is asked again.
module synward_flows #(
    parameter int LogFlows = 16   ///< log2 of the buckets
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    // t0
    input  wire                 flow_i,      ///< a request that may touch a flow
    input  wire                 visit_i,
    input  wire  [LogFlows-1:0] bucket_i,
    input  wire  [27:0]         print_i,     ///< fingerprint
    input  wire  [11:1]         same_i,      ///< distance d: that request went to the same bucket
    input  wire  [11:1]         equal_i,     ///< with the same fingerprint
    // t3
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
  localparam int WayW = 36;  // state 2, aux 6, fingerprint 28

  // ---- memories. Where is written, and whether an outcome, what a visit makes or nothing at all, is chosen a clock
  // before; whether it is written, as it is.
  wire [LogFlows-1:0] bucket10, ways_bucket, open_bucket;
  wire [27:0] print10;
  logic [27:0] print11_q;
  synward_delay #(.Width(LogFlows + 28), .Depth(10)) u_where (.clk_i, .rst_ni, .data_i({bucket_i, print_i}),
      .data_o({bucket10, print10}));
  for (genvar b = 0; b < LogFlows; b++) begin : gen_bucket
    synward_fanout #(.Copies(2)) u_write (.clk_i, .bit_i(clear_i ? clear_bucket_i[b] : bucket10[b]),
        .copies_o({ways_bucket[b], open_bucket[b]}));
  end
  logic flow11_q, clear_q;
  logic [5:0] clear_open_q;
  logic [11:1] flow_q, visit_q, refused_q;  // below
  always_ff @(posedge clk_i) begin
    print11_q <= print10;
    flow11_q <= flow10_i;
    clear_q <= clear_i;
    clear_open_q <= clear_open_i;
  end
  wire [16*WayW-1:0] ram, aged11;
  logic [16*WayW-1:0] written;
  wire [15:0] of_visit, of_request;  // for each way
  synward_fanout #(.Copies(16)) u_of_visit (.clk_i, .bit_i(visit_q[10] && !clear_i), .copies_o(of_visit));
  synward_fanout #(.Copies(16)) u_of_request (.clk_i, .bit_i(!visit_q[10] && !clear_i), .copies_o(of_request));
  always_comb begin
    for (int w = 0; w < 16; w++)
      written[WayW*w +: WayW] = (aged11[WayW*w +: WayW] & {WayW{of_visit[w]}})
          | ({r_state_i, print11_q} & {WayW{of_request[w]}});
  end
  wire writes_all = clear_q || visited_o;
  wire answers = r_write_i && flow11_q;
  synward_table_ram #(.Width(16 * WayW), .Parts(16), .LogDepth(LogFlows)) u_ways (
      .clk_i, .read_addr_i(bucket_i), .data_o(ram), .write_i({16{writes_all}} | (r_way_i & {16{answers}})),
      .write_addr_i(ways_bucket), .write_data_i(written));
  wire [5:0] open_ram, open11;
  // Rows of 16,384 words of two bits: fewer blocks than of wider ones.
  synward_table_ram #(.Width(6), .LogDepth(LogFlows), .LogRow(14), .BlockRam(1)) u_open (
      .clk_i, .read_addr_i(bucket_i), .data_o(open_ram), .write_i(writes_all || answers), .write_addr_i(open_bucket),
      .write_data_i(clear_q ? clear_open_q : of_visit[0] ? open11 : r_open_i));

  // ---- what goes with a request
  logic [11:1] same_q [1:8];
  logic [11:1] equal_q [1:8];
  logic known_q [1:5];              // used_q and open_q are newer than the memory
  logic [15:0] used_q [1:9];
  logic [5:0] open_q [1:9];
  logic slot_q [1:6];
  logic [15:0] slot_way_q [1:6];
  logic [7:0] slot_state_q [1:6];
  wire same [0:8];
  wire equal [0:8];
  assign same[0] = same_i[11] && flow11_q;
  assign equal[0] = equal_i[11] && flow11_q;
  for (genvar k = 1; k <= 8; k++) begin : gen_now
    wire same_before, equal_before;
    if (k == 1) begin : gen_first
      assign same_before = same_i[10];
      assign equal_before = equal_i[10];
    end else begin : gen_later
      assign same_before = same_q[k-1][11-k];
      assign equal_before = equal_q[k-1][11-k];
    end
    synward_fanout #(.Copies(1)) u_same (.clk_i, .bit_i(same_before && flow10_i), .copies_o(same[k]));
    synward_fanout #(.Copies(1)) u_equal (.clk_i, .bit_i(equal_before && flow10_i), .copies_o(equal[k]));
  end

  // t3 to t6: the memory's answer
  wire [27:0] print3;
  synward_delay #(.Width(28), .Depth(3)) u_print (.clk_i, .rst_ni, .data_i(print_i), .data_o(print3));
  logic [15:0] low4_q, high4_q, busy4_q, match5_q, busy5_q;
  logic [7:0] state4_q [0:15];
  logic [7:0] state5_q [0:15];
  logic [5:0] open4_q, open5_q;
  logic [15:0] way6_q;
  logic [7:0] state6_q, state;
  always_comb begin
    state = 8'd0;
    for (int w = 0; w < 16; w++) state = state | (state5_q[w] & {8{match5_q[w]}});
  end
  logic [15:0] way7_q;
  logic [7:0] state7_q, state8_q;
  logic [15:0] way8_q;
  logic hit8_q, hit7_q;

  always_ff @(posedge clk_i) begin
    same_q[1] <= same_i;
    equal_q[1] <= equal_i;
    for (int k = 1; k < 8; k++) begin
      same_q[k+1] <= same_q[k];
      equal_q[k+1] <= equal_q[k];
    end

    known_q[1] <= same[0];
    used_q[1] <= r_used_i;
    open_q[1] <= r_open_i;
    for (int k = 1; k < 5; k++) known_q[k+1] <= known_q[k] || same[k];
    for (int k = 1; k < 9; k++) begin
      if (k != 5) begin
        used_q[k+1] <= same[k] ? r_used_i : used_q[k];
        open_q[k+1] <= same[k] ? r_open_i : open_q[k];
      end
    end
    used_q[6] <= same[5] ? r_used_i : known_q[5] ? used_q[5] : busy5_q;
    open_q[6] <= same[5] ? r_open_i : known_q[5] ? open_q[5] : open5_q;

    slot_q[1] <= equal[0];
    slot_way_q[1] <= r_way_i;
    slot_state_q[1] <= r_state_i;
    for (int k = 1; k < 6; k++) begin
      slot_q[k+1] <= slot_q[k] || equal[k];
      slot_way_q[k+1] <= equal[k] ? r_way_i : slot_way_q[k];
      slot_state_q[k+1] <= equal[k] ? r_state_i : slot_state_q[k];
    end

    for (int w = 0; w < 16; w++) begin
      low4_q[w]  <= ram[WayW*w +: 14] == print3[13:0];
      high4_q[w] <= ram[WayW*w+14 +: 14] == print3[27:14];
      busy4_q[w] <= ram[WayW*w+34 +: 2] != FlowFree;
      state4_q[w] <= ram[WayW*w+28 +: 8];
      state5_q[w] <= state4_q[w];
    end
    match5_q <= low4_q & high4_q & busy4_q;
    busy5_q <= busy4_q;
    open4_q <= open_ram;
    open5_q <= open4_q;
    way6_q <= match5_q;
    state6_q <= state;

    way7_q   <= equal[6] ? r_way_i : slot_q[6] ? slot_way_q[6] : way6_q;
    state7_q <= equal[6] ? r_state_i : slot_q[6] ? slot_state_q[6] : state6_q;
    way8_q   <= equal[7] ? r_way_i : way7_q;
    state8_q <= equal[7] ? r_state_i : state7_q;
    way9_o   <= equal[8] ? r_way_i : way8_q;
    flow9_o  <= equal[8] ? r_state_i : state8_q;
    hit7_q   <= equal[6] ? |r_way_i : slot_q[6] ? |slot_way_q[6] : |way6_q;
    hit8_q   <= equal[7] ? |r_way_i : hit7_q;
    hit9_o   <= equal[8] ? |r_way_i : hit8_q;
  end
  assign used9_o = used_q[9];
  assign open9_o = open_q[9];
  assign same8_o = same_q[8][2:1];
  assign equal8_o = equal_q[8][2:1];

  // ---- VISIT
  logic [16*WayW-1:0] aged4;
  wire [15:0] freed4_q;
  logic [5:0] laps4_q;
  for (genvar w = 0; w < 16; w++) begin : gen_age
    logic [27:0] print_q;
    wire [7:0] aged;
    synward_flow_age u_age (.clk_i, .state_i(ram[WayW*w+28 +: 8]), .idle_i,
        .state_o(aged), .freed_o(freed4_q[w]));
    always_ff @(posedge clk_i) print_q <= ram[WayW*w +: 28];
    always_comb aged4[WayW*w +: WayW] = {aged, print_q};
  end
  always_ff @(posedge clk_i) laps4_q <= open_ram == 6'd0 ? 6'd0 : open_ram - 6'd1;
  logic [4:0] freed5_q [0:1];
  logic [4:0] freed6_q;
  always_ff @(posedge clk_i) begin
    for (int h = 0; h < 2; h++)
      freed5_q[h] <= 5'(freed4_q[8*h]) + 5'(freed4_q[8*h+1]) + 5'(freed4_q[8*h+2]) + 5'(freed4_q[8*h+3])
                   + 5'(freed4_q[8*h+4]) + 5'(freed4_q[8*h+5]) + 5'(freed4_q[8*h+6]) + 5'(freed4_q[8*h+7]);
    freed6_q <= freed5_q[0] + freed5_q[1];
  end
  synward_delay #(.Width(16 * WayW + 6), .Depth(7)) u_aged (.clk_i, .rst_ni, .data_i({aged4, laps4_q}),
      .data_o({aged11, open11}));
  synward_delay #(.Width(5), .Depth(5)) u_freed (.clk_i, .rst_ni, .data_i(freed6_q), .data_o(aged_o));

  // flow_q[k]: at tk now is a request that may touch a flow. A visit gives way to those before it, known at t0, and to
  // those behind it as they come to t0.
  wire [11:1] meets = same_i & {11{flow_i}};
  always_ff @(posedge clk_i) begin
    flow_q  <= rst_ni ? {flow_q[10:1], flow_i} : 11'd0;
    visit_q <= rst_ni ? {visit_q[10:1], visit_i} : 11'd0;
    refused_q <= {refused_q[10:1] | meets[10:1], |(same_i & (flow_q | visit_q))};
  end
  assign visited_o = visit_q[11] && r_write_i && !refused_q[11] && !meets[11];
endmodule

`default_nettype wire
