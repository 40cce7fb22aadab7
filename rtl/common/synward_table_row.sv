// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Words of a table memory as deep as one memory block, with that block's output register. A row that is not asked
/// does not read, and keeps what it shows. No initial content and no reset. A read of the address that is written in
/// the same clock gives the old word. Latency of a read: 2 clocks.
module synward_table_row #(
    parameter int Width = 72,          ///< bits, a multiple of Parts
    parameter int Parts = 1,           ///< write enables
    parameter int LogDepth = 12,       ///< log2 of the words
    parameter bit BlockRam = 0         ///< in block RAM rather than UltraRAM
) (
    input  wire                 clk_i,
    input  wire                 read_i,
    input  wire  [LogDepth-1:0] read_addr_i,
    output logic [Width-1:0]    data_o,
    input  wire  [Parts-1:0]    write_i,
    input  wire  [LogDepth-1:0] write_addr_i,
    input  wire  [Width-1:0]    write_data_i
);
  localparam int Part = Width / Parts;
  logic asked_q;
  logic [Width-1:0] read_q;
  if (BlockRam) begin : gen_block
    (* ram_style = "block", cascade_height = 1 *) logic [Width-1:0] mem [0:(1<<LogDepth)-1];
    always_ff @(posedge clk_i) begin
      for (int p = 0; p < Parts; p++) if (write_i[p]) mem[write_addr_i][Part*p +: Part] <= write_data_i[Part*p +: Part];
      if (read_i) read_q <= mem[read_addr_i];
    end
  end else begin : gen_ultra
    (* ram_style = "ultra", cascade_height = 1 *) logic [Width-1:0] mem [0:(1<<LogDepth)-1];
    always_ff @(posedge clk_i) begin
      for (int p = 0; p < Parts; p++) if (write_i[p]) mem[write_addr_i][Part*p +: Part] <= write_data_i[Part*p +: Part];
      if (read_i) read_q <= mem[read_addr_i];
    end
  end
  always_ff @(posedge clk_i) begin
    asked_q <= read_i;
    if (asked_q) data_o <= read_q;
  end
endmodule

`default_nettype wire
