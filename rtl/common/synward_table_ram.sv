// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Table memory: one read and one write a clock, written by parts. No initial content and no reset, as UltraRAM has
/// neither. A read of the address that is written in the same clock gives the old word. Latency of a read: 3 clocks.
module synward_table_ram #(
    parameter int Width = 72,          ///< bits, a multiple of Parts
    parameter int Parts = 1,           ///< write enables
    parameter int LogDepth = 12,       ///< log2 of the words
    parameter bit BlockRam = 0         ///< in block RAM rather than UltraRAM
) (
    input  wire                 clk_i,
    input  wire  [LogDepth-1:0] read_addr_i,
    output logic [Width-1:0]    data_o,
    input  wire  [Parts-1:0]    write_i,
    input  wire  [LogDepth-1:0] write_addr_i,
    input  wire  [Width-1:0]    write_data_i
);
  if (Parts < 1 || Width % Parts != 0) begin : gen_refused_parts
    $error("synward_table_ram: Parts must be a divisor of Width");
  end
  localparam int Part = Width / Parts;
  logic [Width-1:0] read_q, pipe_q;
  if (BlockRam) begin : gen_block
    (* ram_style = "block" *) logic [Width-1:0] mem [0:(1<<LogDepth)-1];
    always_ff @(posedge clk_i) begin
      for (int p = 0; p < Parts; p++) if (write_i[p]) mem[write_addr_i][Part*p +: Part] <= write_data_i[Part*p +: Part];
      read_q <= mem[read_addr_i];
    end
  end else begin : gen_ultra
    (* ram_style = "ultra" *) logic [Width-1:0] mem [0:(1<<LogDepth)-1];
    always_ff @(posedge clk_i) begin
      for (int p = 0; p < Parts; p++) if (write_i[p]) mem[write_addr_i][Part*p +: Part] <= write_data_i[Part*p +: Part];
      read_q <= mem[read_addr_i];
    end
  end
  always_ff @(posedge clk_i) begin
    pipe_q <= read_q;
    data_o <= pipe_q;
  end
endmodule

`default_nettype wire
