// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Delays a word by a fixed number of clocks. A ring of memory, not a chain of registers: small in LUTs and fast to
/// simulate. The first Depth words out after power-up are undefined: a valid bit needs synward_delay_bit.
module synward_delay #(
    parameter int Width = 8,          ///< bits
    parameter int Depth = 8,          ///< clocks, 1 or more
    parameter bit BlockRam = 0        ///< in block RAM rather than LUTs
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire  [Width-1:0] data_i,
    output logic [Width-1:0] data_o
);
  if (Depth < 1) begin : gen_refused_depth
    $error("synward_delay: Depth must be 1 or more");
  end
  if (Depth == 1) begin : gen_one
    always_ff @(posedge clk_i) data_o <= data_i;
    wire unused = rst_ni;
  end else if (Depth == 2) begin : gen_two
    logic [Width-1:0] data_q;
    always_ff @(posedge clk_i) begin
      data_q <= data_i;
      data_o <= data_q;
    end
    wire unused = rst_ni;
  end else if (BlockRam && Depth > 3) begin : gen_block
    // Behind the memory its output register: a read alone takes a good part of a clock.
    localparam int Words = Depth - 2;
    localparam int PosW = $clog2(Words);
    localparam logic [PosW-1:0] Last = PosW'(Words - 1);
    logic [PosW-1:0] pos_q;
    always_ff @(posedge clk_i) pos_q <= (!rst_ni || pos_q == Last) ? '0 : pos_q + 1'b1;
    (* ram_style = "block" *) logic [Width-1:0] mem [0:Words-1];
    logic [Width-1:0] read_q;
    always_ff @(posedge clk_i) begin
      mem[pos_q] <= data_i;
      read_q <= mem[pos_q];
      data_o <= read_q;
    end
  end else begin : gen_ring
    localparam int Words = Depth - 1;
    localparam int PosW = $clog2(Words);
    localparam logic [PosW-1:0] Last = PosW'(Words - 1);
    // Each 256 bits go round by themselves: a place is the address of that many LUTs and no more.
    localparam int PartW = 256;
    for (genvar p = 0; p < (Width + PartW - 1) / PartW; p++) begin : gen_part
      localparam int Low = PartW * p;
      localparam int W = Width - Low < PartW ? Width - Low : PartW;
      (* keep = "true", dont_touch = "true" *) logic [PosW-1:0] pos_q;
      (* keep = "true" *) always_ff @(posedge clk_i) pos_q <= (!rst_ni || pos_q == Last) ? '0 : pos_q + 1'b1;
      (* ram_style = "distributed" *) logic [W-1:0] mem [0:Words-1];
      always_ff @(posedge clk_i) begin
        mem[pos_q] <= data_i[Low +: W];
        data_o[Low +: W] <= mem[pos_q];
      end
    end
  end
endmodule

`default_nettype wire
