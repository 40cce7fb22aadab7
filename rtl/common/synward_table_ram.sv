// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Table memory: one read and one write a clock, written by parts. No initial content and no reset, as UltraRAM has
/// neither. A read of the address that is written in the same clock gives the old word. Latency of a read: 3 clocks:
/// a memory block's read, its output register, and the choice among the blocks that stand behind one another.
module synward_table_ram #(
    parameter int Width = 72,          ///< bits, a multiple of Parts
    parameter int Parts = 1,           ///< write enables
    parameter int LogDepth = 12,       ///< log2 of the words
    parameter int LogRow = 12,         ///< log2 of the words of one memory block
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
  if (LogRow < 1) begin : gen_refused_log_row
    $error("synward_table_ram: LogRow must be 1 or more");
  end
  localparam int LogWords = LogRow < 1 || LogDepth < LogRow ? LogDepth : LogRow;
  localparam int Rows = 1 << (LogDepth - LogWords);
  localparam int RowW = Rows > 1 ? LogDepth - LogWords : 1;
  wire [RowW-1:0] read_row, write_row;
  wire [Width-1:0] row [0:Rows-1];
  for (genvar r = 0; r < Rows; r++) begin : gen_row
    wire [Width-1:0] shown;  // an element of an array at the port would have Yosys derive this module twice
    assign row[r] = shown;
    wire read = read_row == RowW'(r);
    wire [Parts-1:0] write = write_i & {Parts{write_row == RowW'(r)}};
    synward_table_row #(.Width(Width), .Parts(Parts), .LogDepth(LogWords), .BlockRam(BlockRam)) u_row (
        .clk_i, .read_i(read), .read_addr_i(read_addr_i[LogWords-1:0]), .data_o(shown), .write_i(write),
        .write_addr_i(write_addr_i[LogWords-1:0]), .write_data_i);
  end
  if (Rows == 1) begin : gen_one
    assign read_row = 1'b0;
    assign write_row = 1'b0;
    always_ff @(posedge clk_i) data_o <= row[0];
  end else begin : gen_several
    assign read_row = read_addr_i[LogDepth-1:LogWords];
    assign write_row = write_addr_i[LogDepth-1:LogWords];
    // Which row was asked, in a copy for each few bits.
    localparam int SliceW = 36;
    localparam int Slices = (Width + SliceW - 1) / SliceW;
    logic [RowW-1:0] row1_q;
    always_ff @(posedge clk_i) row1_q <= read_row;
    wire [RowW*Slices-1:0] row2;
    for (genvar b = 0; b < RowW; b++) begin : gen_sel
      synward_fanout #(.Copies(Slices)) u_row2 (.clk_i, .bit_i(row1_q[b]), .copies_o(row2[Slices*b +: Slices]));
    end
    for (genvar s = 0; s < Slices; s++) begin : gen_slice
      localparam int Low = SliceW * s;
      localparam int W = Width - Low < SliceW ? Width - Low : SliceW;
      wire [RowW-1:0] sel;
      for (genvar b = 0; b < RowW; b++) begin : gen_bit
        assign sel[b] = row2[Slices*b + s];
      end
      wire [W-1:0] part [0:Rows-1];
      for (genvar r = 0; r < Rows; r++) begin : gen_part
        assign part[r] = row[r][Low +: W];
      end
      always_ff @(posedge clk_i) data_o[Low +: W] <= part[sel];
    end
  end
endmodule

`default_nettype wire
