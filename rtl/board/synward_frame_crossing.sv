// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// A FIFO of whole frames between two clocks. A frame can be read when its last beat is written, so that the reader
/// never runs dry inside one; a frame that is cut, or does not fit, was never there.
module synward_frame_crossing #(
    parameter int LogDepth = 9,  ///< log2 of the beats held, 4 or more; no frame may have more than 2^LogDepth - 8
    parameter bit Stall = 1'b1   ///< a writer without room waits; 0: it loses whole frames, and never waits
) (
    input  wire                 rst_ni,  ///< asynchronous, of both sides: at power-up, not while frames move
    // write side
    input  wire                 wr_clk_i,
    input  wire                 wr_open_i,     ///< 0: frames are taken and thrown away, the one under way too
    input  synward_beat_t wr_beat_i,
    output logic                wr_ready_o,
    output logic                wr_dropped_o,  ///< for one clock: a frame was thrown away
    // read side
    input  wire                 rd_clk_i,
    output synward_beat_t rd_beat_o,
    input  wire                 rd_ready_i
);
  if (LogDepth < 4) begin : gen_refused_log_depth
    $error("synward_frame_crossing: LogDepth must be 4 or more");
  end
  localparam int Bits = 578;  // of a beat without valid
  localparam int Pointer = LogDepth + 1;
  wire wr_rst_n, rd_rst_n;
  synward_reset_sync u_wr_reset (.clk_i(wr_clk_i), .rst_ni, .rst_no(wr_rst_n));
  synward_reset_sync u_rd_reset (.clk_i(rd_clk_i), .rst_ni, .rst_no(rd_rst_n));

  (* ram_style = "block" *) logic [Bits-1:0] mem [0:(1<<LogDepth)-1];
  logic [Pointer-1:0] commit_gray_q, tail_gray_q;  // each is written in one clock and read in the other
  wire [Pointer-1:0] commit_gray, tail_gray;
  synward_sync #(.Width(Pointer)) u_commit_sync (.clk_i(rd_clk_i), .bits_i(commit_gray_q), .bits_o(commit_gray));
  synward_sync #(.Width(Pointer)) u_tail_sync (.clk_i(wr_clk_i), .bits_i(tail_gray_q), .bits_o(tail_gray));
  wire [Pointer-1:0] commit_binary, tail_binary;
  for (genvar i = 0; i < Pointer; i++) begin : g_binary
    assign commit_binary[i] = ^commit_gray[Pointer-1:i];
    assign tail_binary[i] = ^tail_gray[Pointer-1:i];
  end

  // Write side. Room is counted a clock late, and Reserve makes up for that.
  localparam int Reserve = 4;
  logic [Pointer-1:0] head_q, commit_q, freed_q;
  logic room_q, skip_q, hopeless_q;
  wire skip = skip_q || !wr_open_i;
  assign wr_ready_o = Stall ? room_q || hopeless_q || skip : 1'b1;
  wire moves = wr_beat_i.valid && wr_ready_o;
  wire store = moves && room_q && !skip;
  wire [Pointer-1:0] used = head_q - freed_q;
  always_ff @(posedge wr_clk_i) begin
    if (store) mem[head_q[LogDepth-1:0]] <= {wr_beat_i.error, wr_beat_i.last, wr_beat_i.keep, wr_beat_i.data};
  end
  always_ff @(posedge wr_clk_i or negedge wr_rst_n) begin
    if (!wr_rst_n) begin
      {head_q, commit_q, freed_q, commit_gray_q} <= '0;
      {room_q, skip_q, hopeless_q, wr_dropped_o} <= 4'b0000;
    end else begin
      freed_q <= tail_binary;
      room_q <= used < Pointer'((1 << LogDepth) - Reserve);
      // The frame under way fills the FIFO by itself: nobody will make room.
      hopeless_q <= !room_q && commit_q == freed_q;
      wr_dropped_o <= moves && wr_beat_i.last && !store;
      if (moves) begin
        skip_q <= !wr_beat_i.last && !store;
        if (store) head_q <= head_q + 1'b1;
        else head_q <= commit_q;
        if (store && wr_beat_i.last) commit_q <= head_q + 1'b1;
      end
      commit_gray_q <= commit_q ^ (commit_q >> 1);
    end
  end

  // Read side: RAM output, then output register.
  logic [Pointer-1:0] tail_q, stored_q;
  logic fetched_q;
  logic [Bits-1:0] ram_q;
  logic valid_q;
  logic [Bits-1:0] out_q;
  wire out_ready = !valid_q || rd_ready_i;
  wire ram_ready = !fetched_q || out_ready;
  wire fetch = tail_q != stored_q && ram_ready;
  always_ff @(posedge rd_clk_i) begin
    if (fetch) ram_q <= mem[tail_q[LogDepth-1:0]];
    if (out_ready) out_q <= ram_q;
  end
  always_ff @(posedge rd_clk_i or negedge rd_rst_n) begin
    if (!rd_rst_n) begin
      {tail_q, stored_q, tail_gray_q} <= '0;
      {fetched_q, valid_q} <= 2'b00;
    end else begin
      stored_q <= commit_binary;
      if (fetch) tail_q <= tail_q + 1'b1;
      if (ram_ready) fetched_q <= fetch;
      if (out_ready) valid_q <= fetched_q;
      tail_gray_q <= tail_q ^ (tail_q >> 1);
    end
  end
  assign rd_beat_o = {valid_q, out_q};

`ifndef SYNTHESIS
  initial assert (LogDepth >= 4);
`endif
endmodule

`default_nettype wire
