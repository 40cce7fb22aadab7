// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Brings two streams together by the number that each item bears, not by counting: what comes of a frame is put
/// under the frame's number, and taken once from under it. Whoever takes where nothing was put is told so, and no
/// other item is touched: a lost item costs its own frame, and an item that nobody took is replaced when its place
/// comes round; until then its number tells that it is another's. So nothing has to be flushed, and there is nothing
/// to recover from. Fewer than 2^LogDepth items may be under way.
module synward_pairing #(
    parameter int Width = 8,    ///< bits of an item
    parameter int TagW = 6,     ///< bits of a number
    parameter int LogDepth = 3  ///< log2 of the places: the lowest bits of a number, fewer than all
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    input  wire                 put_i,
    input  wire  [TagW-1:0]     put_tag_i,
    input  wire  [Width-1:0]    data_i,
    input  wire                 take_i,      ///< with its put_i or later
    input  wire  [TagW-1:0]     take_tag_i,
    output logic [Width-1:0]    data_o,      ///< 2 clocks later
    output logic                lost_o       ///< 2 clocks later: there was none
);
  if (TagW <= LogDepth) begin : gen_refused_tag_w
    $error("synward_pairing: TagW must be more than LogDepth");
  end
  (* ram_style = "distributed" *) logic [TagW-LogDepth-1:0] laps [0:(1<<LogDepth)-1];
  logic [(1<<LogDepth)-1:0] there_q;
  wire [LogDepth-1:0] put = put_tag_i[LogDepth-1:0];
  logic take_q;
  logic [TagW-1:0] tag_q;
  wire [LogDepth-1:0] take = tag_q[LogDepth-1:0];
  always_ff @(posedge clk_i) begin
    take_q <= rst_ni && take_i;
    tag_q <= take_tag_i;
    if (put_i) laps[put] <= put_tag_i[TagW-1:LogDepth];
    lost_o <= rst_ni && take_q && !(there_q[take] && laps[take] == tag_q[TagW-1:LogDepth]);
    for (int i = 0; i < (1 << LogDepth); i++)
      there_q[i] <= rst_ni && ((put_i && put == LogDepth'(i)) || (there_q[i] && !(take_q && take == LogDepth'(i))));
  end

  // Each 256 bits of an item have the place that is taken for themselves: it is the address of that many LUTs.
  localparam int PartW = 256;
  localparam int Parts = (Width + PartW - 1) / PartW;
  wire [Parts*LogDepth-1:0] places;
  for (genvar b = 0; b < LogDepth; b++) begin : gen_bit
    wire [Parts-1:0] copies;
    synward_fanout #(.Copies(Parts)) u_place (.clk_i, .bit_i(take_tag_i[b]), .copies_o(copies));
    for (genvar p = 0; p < Parts; p++) begin : gen_place
      assign places[LogDepth*p + b] = copies[p];
    end
  end
  for (genvar p = 0; p < Parts; p++) begin : gen_part
    localparam int Low = PartW * p;
    localparam int W = Width - Low < PartW ? Width - Low : PartW;
    (* ram_style = "distributed" *) logic [W-1:0] mem [0:(1<<LogDepth)-1];
    always_ff @(posedge clk_i) begin
      if (put_i) mem[put] <= data_i[Low +: W];
      data_o[Low +: W] <= mem[places[LogDepth*p +: LogDepth]];
    end
  end
endmodule

`default_nettype wire
