// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_pairing, whatever is put, lost, taken twice or never: who takes a number gets what was put under
// it, if nothing else took or replaced it since, and is told lost_o in every other case. So a lost item costs its own
// frame alone, and the pairing is right again with the next item put.
`default_nettype none
module formal_pairing #(
    parameter int Width = 2,
    parameter int TagW = 3,
    parameter int LogDepth = 2
) (
    input wire clk_i,
    input wire rst_ni,
    input wire put_i,
    input wire [TagW-1:0] put_tag_i,
    input wire [Width-1:0] data_i,
    input wire take_i,
    input wire [TagW-1:0] take_tag_i
);
  wire [Width-1:0] data;
  wire lost;
  reg started = 0;
  always @(posedge clk_i) started <= 1;
  wire rst_n = rst_ni && started;
  synward_pairing #(.Width(Width), .TagW(TagW), .LogDepth(LogDepth)) dut (
      .clk_i, .rst_ni(rst_n), .put_i, .put_tag_i, .data_i, .take_i, .take_tag_i, .data_o(data), .lost_o(lost));

  (* anyconst *) reg [TagW-1:0] tag;  // any one number
  wire [LogDepth-1:0] place = tag[LogDepth-1:0];
  reg there = 0;
  reg [Width-1:0] word;
  reg took = 0, took_there = 0;
  reg [Width-1:0] took_word;
  reg take_q = 0;  // a clock later nothing has passed it: it counts then
  reg [TagW-1:0] take_tag_q;
  always @(posedge clk_i) begin
    take_q <= rst_n && take_i;
    take_tag_q <= take_tag_i;
    if (put_i && put_tag_i[LogDepth-1:0] == place) begin
      there <= rst_n && put_tag_i == tag;
      word <= data_i;
    end else if (!rst_n || (take_q && take_tag_q[LogDepth-1:0] == place)) there <= 0;
    took <= rst_n && take_q && take_tag_q == tag;
    took_there <= there;
    took_word <= word;
    if (took) begin
      assert (lost == !took_there);
      if (took_there) assert (data == took_word);
    end
  end
endmodule
`default_nettype wire
