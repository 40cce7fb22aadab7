// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Delays a word by a fixed number of clocks. A ring of memory, not a chain of registers: small in LUTs and fast to simulate.
/// The first Depth words out after power-up are undefined: a valid bit needs synward_delay_bit.
module synward_delay #(
    parameter int Width = 8,          ///< bits
    parameter int Depth = 8,          ///< clocks, 3 or more
    parameter bit BlockRam = 0        ///< in block RAM rather than LUTs
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire  [Width-1:0] data_i,
    output logic [Width-1:0] data_o
);
  localparam int Words = Depth - 1;
  localparam int PosW = $clog2(Words);
  localparam logic [PosW-1:0] Last = PosW'(Words - 1);

  logic [PosW-1:0] pos_q;

  always_ff @(posedge clk_i) pos_q <= (!rst_ni || pos_q == Last) ? '0 : pos_q + 1'b1;

  if (BlockRam) begin : gen_block
    (* ram_style = "block" *) logic [Width-1:0] mem [0:Words-1];
    always_ff @(posedge clk_i) begin
      mem[pos_q] <= data_i;
      data_o <= mem[pos_q];
    end
  end else begin : gen_distributed
    (* ram_style = "distributed" *) logic [Width-1:0] mem [0:Words-1];
    always_ff @(posedge clk_i) begin
      mem[pos_q] <= data_i;
      data_o <= mem[pos_q];
    end
  end
endmodule

`default_nettype wire
