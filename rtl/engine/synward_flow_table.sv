// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The flow table's memory and the lookup in it: 16 fingerprints a bucket, each with a state, and for each bucket how
/// long it fails open. It may stand on a die of its own: it knows of no other request, and synward_flows follows what
/// was not written yet. One lookup a clock. Clocks are named t0, t1, ... from the read; what a request changes is
/// written WriteAt clocks behind its read ("w").
module synward_flow_table #(
    parameter int LogFlows = 16,  ///< log2 of the buckets
    parameter int WriteAt = 11    ///< 7 or more
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    // t0
    input  wire                 visit_i,     ///< what is written is the bucket, a lap older
    input  wire  [LogFlows-1:0] bucket_i,
    input  wire  [27:0]         print_i,     ///< fingerprint
    // t3
    input  wire  [5:0]          idle_i,      ///< net.synward.flow_idle, laps
    // t6
    output logic [15:0]         way_o,       ///< one-hot: way of the flow; 0 if it has none
    output logic                hit_o,
    output logic [7:0]          flow_o,      ///< state, aux
    output logic [15:0]         used_o,      ///< ways that are not free
    output logic [5:0]          open_o,      ///< laps for which the bucket fails open
    output logic [4:0]          freed_o,     ///< flows that a lap of this bucket frees
    // w
    input  wire                 write_i,     ///< the bucket is written: open_i, and
    input  wire  [15:0]         ways_i,      ///< these ways: all of a visited bucket, a request's own
    input  wire  [7:0]          flow_i,      ///< of a request
    input  wire  [5:0]          open_i,
    // clearing: a clock before w
    input  wire                 clear_i,
    input  wire  [LogFlows-1:0] clear_bucket_i,
    input  wire  [5:0]          clear_open_i   ///< laps for which a cleared bucket fails open
);
  if (WriteAt < 7) begin : gen_refused_write_at
    $error("synward_flow_table: WriteAt must be 7 or more");
  end
  localparam int WayW = 36;  // state 2, aux 6, fingerprint 28

  // ---- memories. Where is written, and whether an outcome, what a visit makes or nothing at all, is chosen a clock
  // before; whether it is written, as it is.
  wire visit_before_w;
  wire [LogFlows-1:0] bucket_before_w, ways_bucket, open_bucket;
  wire [27:0] print_before_w;
  synward_delay #(.Width(LogFlows + 29), .Depth(WriteAt - 1)) u_where (
      .clk_i, .rst_ni, .data_i({visit_i, bucket_i, print_i}),
      .data_o({visit_before_w, bucket_before_w, print_before_w}));
  for (genvar b = 0; b < LogFlows; b++) begin : gen_bucket
    synward_fanout #(.Copies(2)) u_write (.clk_i, .bit_i(clear_i ? clear_bucket_i[b] : bucket_before_w[b]),
        .copies_o({ways_bucket[b], open_bucket[b]}));
  end
  logic [27:0] print_w_q;
  logic [5:0] clear_open_q;
  always_ff @(posedge clk_i) begin
    print_w_q <= print_before_w;
    clear_open_q <= clear_open_i;
  end
  wire clear;
  wire [15:0] clears;  // for each way
  synward_fanout #(.Copies(17)) u_clear (.clk_i, .bit_i(clear_i), .copies_o({clear, clears}));
  wire [16*WayW-1:0] ram, aged_w;
  logic [16*WayW-1:0] written;
  wire [15:0] of_visit, of_request;  // for each way
  synward_fanout #(.Copies(16)) u_of_visit (.clk_i, .bit_i(visit_before_w && !clear_i), .copies_o(of_visit));
  synward_fanout #(.Copies(16)) u_of_request (.clk_i, .bit_i(!visit_before_w && !clear_i), .copies_o(of_request));
  always_comb begin
    for (int w = 0; w < 16; w++)
      written[WayW*w +: WayW] = (aged_w[WayW*w +: WayW] & {WayW{of_visit[w]}})
          | ({flow_i, print_w_q} & {WayW{of_request[w]}});
  end
  synward_table_ram #(.Width(16 * WayW), .Parts(16), .LogDepth(LogFlows)) u_ways (
      .clk_i, .read_addr_i(bucket_i), .data_o(ram), .write_i(ways_i | clears),
      .write_addr_i(ways_bucket), .write_data_i(written));
  wire [5:0] open_ram, laps_w;
  // Rows of 16,384 words of two bits: fewer blocks than of wider ones.
  synward_table_ram #(.Width(6), .LogDepth(LogFlows), .LogRow(14), .BlockRam(1)) u_open (
      .clk_i, .read_addr_i(bucket_i), .data_o(open_ram), .write_i(write_i || clear), .write_addr_i(open_bucket),
      .write_data_i(clear ? clear_open_q : of_visit[0] ? laps_w : open_i));

  // ---- t3 to t6: the memory's answer
  wire [27:0] print3;
  synward_delay #(.Width(28), .Depth(3)) u_print (.clk_i, .rst_ni, .data_i(print_i), .data_o(print3));
  logic [15:0] low4_q, high4_q, busy4_q, match5_q, busy5_q;
  logic [7:0] state4_q [0:15];
  logic [7:0] state5_q [0:15];
  logic [7:0] state;
  logic [5:0] open4_q, open5_q;
  always_comb begin
    state = 8'd0;
    for (int w = 0; w < 16; w++) state = state | (state5_q[w] & {8{match5_q[w]}});
  end
  always_ff @(posedge clk_i) begin
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
    way_o <= match5_q;
    hit_o <= |match5_q;
    flow_o <= state;
    used_o <= busy5_q;
    open_o <= open5_q;
  end

  // ---- VISIT: a lap older
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
  always_ff @(posedge clk_i) begin
    for (int h = 0; h < 2; h++)
      freed5_q[h] <= 5'(freed4_q[8*h]) + 5'(freed4_q[8*h+1]) + 5'(freed4_q[8*h+2]) + 5'(freed4_q[8*h+3])
                   + 5'(freed4_q[8*h+4]) + 5'(freed4_q[8*h+5]) + 5'(freed4_q[8*h+6]) + 5'(freed4_q[8*h+7]);
    freed_o <= freed5_q[0] + freed5_q[1];
  end
  synward_delay #(.Width(16 * WayW + 6), .Depth(WriteAt - 4)) u_aged (.clk_i, .rst_ni, .data_i({aged4, laps4_q}),
      .data_o({aged_w, laps_w}));
endmodule

`default_nettype wire
