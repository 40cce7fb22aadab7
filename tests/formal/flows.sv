// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_flows' forwarding: what a request sees at t9 is what the outcomes of all requests up to three
// clocks before it left, as a table without latency would show it, whether they are in the memory or on their way.
// Two buckets, two fingerprints, two ways and one bit of state in use: the network is the same for more. Without VISIT.
`default_nettype none
module formal_flows #(
    parameter bit Apart = 0   ///< the table is on another die: stages are counted from two clocks before t0
) (
    input wire clk_i,
    input wire flow_i,
    input wire bucket_i,
    input wire print_i,
    input wire [1:0] way_i,
    input wire state_i
);
  localparam int Distances = Apart ? 13 : 11;
  localparam int At9 = Distances - 2, At10 = Distances - 1, At11 = Distances;
  reg started = 0;
  reg [4:0] reset = 0;
  always @(posedge clk_i) begin
    if (reset != 17) reset <= reset + 1'b1;
    else started <= 1;
  end
  // The requests that are on their way.
  reg [At11:1] flows = 0, buckets = 0, prints = 0;
  wire flow = flow_i && started;
  always @(posedge clk_i) begin
    flows <= {flows[At10:1], flow};
    buckets <= {buckets[At10:1], bucket_i};
    prints <= {prints[At10:1], print_i};
  end
  wire [At11:1] same = ~(buckets ^ {At11{bucket_i}});
  wire [At11:1] equal = same & ~(prints ^ {At11{print_i}});

  // The model: the flow (bucket, print), and its bucket's ways in use.
  (* anyconst *) reg bucket;
  (* anyconst *) reg print;
  reg [1:0] way = 0, used = 0;
  reg state = 0;
  wire here = flows[At11] && buckets[At11] == bucket;
  wire mine = here && prints[At11] == print;
  wire [1:0] r_used = used | way_i;

  wire [15:0] way9, used9;
  wire hit9;
  wire [7:0] flow9;
  synward_flows #(.LogFlows(1), .Apart(Apart)) dut (
      .clk_i, .rst_ni(started), .flow_i(flow), .visit_i(1'b0), .bucket_i, .print_i({27'd0, print_i}), .same_i(same),
      .equal_i(equal), .idle_i(6'd1), .same8_o(), .equal8_o(), .way9_o(way9),
      .hit9_o(hit9), .flow9_o(flow9), .used9_o(used9), .open9_o(), .flow10_i(flows[At10]), .r_way_i({14'd0, way_i}),
      .r_state_i({1'b1, 6'd0, state_i}), .r_used_i(here ? {14'd0, r_used} : {14'd0, way_i}), .r_open_i(6'd0),
      .r_write_i(1'b1), .visited_o(), .aged_o(), .clear_i(!started), .clear_bucket_i(reset[0]), .clear_open_i(6'd0));

  always @(posedge clk_i) begin
    // What synward_decide keeps: a flow has one way, keeps it, and takes only a free one.
    if (flows[At11]) begin
      assume (way_i != 2'd3);
      if (mine) assume (way != 0 ? way_i == way : (way_i & used) == 0);
      else if (here) assume ((way_i & way) == 0);
    end
    if (here) used <= r_used;
    if (mine) begin
      way <= way_i;
      state <= state_i;
    end
    if (started && flows[At9] && buckets[At9] == bucket) begin
      assert (used9[1:0] == used);
      if (prints[At9] == print) begin
        assert (way9[1:0] == way && hit9 == (way != 0));
        if (way != 0) assert (flow9[0] == state);
      end
    end
  end
endmodule
`default_nettype wire
