// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// A FIFO of whole frames in block RAM. The writer is never stalled: a frame that does not fit is dropped whole. A
/// frame becomes readable when its last beat is written with keep_frame_i set; otherwise its room is taken back at
/// once. stored_o says, in the clock after a last beat, whether that frame was stored.
module synward_frame_fifo #(
    parameter int Width = 520,    ///< bits of a beat
    parameter int LogDepth = 9,  ///< log2 of the beats held
    parameter bit Ungated = 0    ///< writes at every clock: valid_i comes too late to enable a wide memory
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    // write side
    input  wire              valid_i,
    input  wire  [Width-1:0] beat_i,
    input  wire              last_i,
    input  wire              keep_frame_i,
    output logic             stored_o,
    output logic             refused_o,  ///< it was to be kept, and did not fit
    output logic [LogDepth:0] used_o,    ///< beats held, a clock ago; while fewer than 2^LogDepth - 4 every beat fits
    // read side
    output logic             valid_o,
    output logic [Width-1:0] beat_o,
    input  wire              ready_i
);
  if (LogDepth < 3) begin : gen_refused_log_depth
    $error("synward_frame_fifo: LogDepth must be 3 or more");
  end
  (* ram_style = "block" *) logic [Width-1:0] mem [0:(1<<LogDepth)-1];
  logic [LogDepth:0] head_q, start_q, commit_q, tail_q;
  logic spill_q;

  // Room, exactly: beats that are free behind the last one written, and that will be if the frame under way is taken
  // back.
  localparam int Reserve = 4;
  logic [LogDepth:0] free_q, free_start_q;
  logic fetched_q;  // a beat has been read: it is free one clock later
  wire fits = free_q > (LogDepth + 1)'(Reserve) && !spill_q;
  wire [LogDepth:0] free_now = free_q + (LogDepth + 1)'(fetched_q);
  wire [LogDepth:0] free_less = free_q - (LogDepth + 1)'(!fetched_q);
  wire [LogDepth:0] free_start = free_start_q + (LogDepth + 1)'(fetched_q);

  // Two read stages: RAM output, then output register.
  logic ram_valid_q;
  logic [Width-1:0] ram_q;
  wire out_ready = !valid_o || ready_i;
  wire ram_ready = !ram_valid_q || out_ready;
  logic some_q;  // something is committed beyond tail_q
  logic [LogDepth:0] tail1_q;  // tail_q + 1
  wire fetch = some_q && ram_ready;

  always_ff @(posedge clk_i) begin
    // What does not fit goes to a free place of the reserve: the memory's enable is the port, not what follows of it.
    if (valid_i || Ungated) mem[head_q[LogDepth-1:0]] <= beat_i;
    stored_o  <= rst_ni && valid_i && last_i && keep_frame_i && fits;
    refused_o <= rst_ni && valid_i && last_i && keep_frame_i && !fits;
    used_o    <= head_q - tail_q;
    if (!rst_ni) begin
      head_q   <= '0;
      start_q  <= '0;
      commit_q <= '0;
      spill_q  <= 1'b0;
      free_q   <= (LogDepth + 1)'(1 << LogDepth);
      free_start_q <= (LogDepth + 1)'(1 << LogDepth);
      fetched_q <= 1'b0;
    end else begin
      fetched_q <= fetch;
      free_q <= !valid_i ? free_now : last_i && !(keep_frame_i && fits) ? free_start : fits ? free_less : free_now;
      free_start_q <= valid_i && last_i && keep_frame_i && fits ? free_less : free_start;
    end
    if (rst_ni && valid_i) begin
      if (last_i) begin
        spill_q <= 1'b0;
        if (keep_frame_i && fits) begin
          head_q   <= head_q + 1'b1;
          start_q  <= head_q + 1'b1;
          commit_q <= head_q + 1'b1;
        end else begin
          head_q <= start_q;
        end
      end else begin
        if (fits) head_q <= head_q + 1'b1;
        spill_q <= !fits;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (fetch) ram_q <= mem[tail_q[LogDepth-1:0]];
    if (out_ready) beat_o <= ram_q;
    if (!rst_ni) begin
      tail_q <= '0;
      tail1_q <= {{LogDepth{1'b0}}, 1'b1};
      some_q <= 1'b0;
      ram_valid_q <= 1'b0;
      valid_o <= 1'b0;
    end else begin
      if (fetch) begin
        tail_q <= tail1_q;
        tail1_q <= tail1_q + 1'b1;
      end
      some_q <= fetch ? tail1_q != commit_q : tail_q != commit_q;
      if (ram_ready) ram_valid_q <= fetch;
      if (out_ready) valid_o <= ram_valid_q;
    end
  end
endmodule

`default_nettype wire
