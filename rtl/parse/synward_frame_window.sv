// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Collects the first 146 bytes of each frame: what two VLAN tags, the longest IP header read and a full TCP header can take.
/// Bytes beyond the frame are zero. The window leaves a fixed time after the frame's first beat if the frame has at most three
/// beats without gaps (so that latency does not depend on the size of a SYN), and that time after its third-last slot otherwise:
/// clock of the last beat + max(0, 3 - beats) + 4. Windows can therefore never collide, and keep their order.
module synward_frame_window (
    input  wire           clk_i,
    input  wire           rst_ni,
    input  wire           valid_i,
    input  wire  [511:0]  data_i,    ///< byte n of the beat in bits 8n+7:8n
    input  wire  [63:0]   keep_i,    ///< contiguous from bit 0
    input  wire           last_i,
    input  wire  [31:0]   time_ms_i,
    output logic          valid_o,
    output logic [1167:0] window_o,  ///< byte n of the frame in bits 8n+7:8n
    output logic [14:0]   len_o,     ///< bytes, up to 16,384: that and more is oversize
    output logic [31:0]   time_ms_o, ///< time_ms_i at the first beat
    // for the port counters, one clock after the beat
    output logic          beat_valid_o,
    output logic [6:0]    beat_bytes_o,
    output logic          beat_last_o
);
  // a: the beat as it came
  logic a_valid_q, a_last_q, a_first_q, in_frame_q;
  logic [511:0] a_data_q;
  logic [63:0] a_keep_q;
  logic [31:0] a_time_q;

  always_ff @(posedge clk_i) begin
    a_valid_q <= rst_ni && valid_i;
    a_data_q  <= data_i;
    a_keep_q  <= keep_i;
    a_last_q  <= last_i;
    a_first_q <= !in_frame_q;
    if (!in_frame_q) a_time_q <= time_ms_i;
    if (!rst_ni) in_frame_q <= 1'b0;
    else if (valid_i) in_frame_q <= !last_i;
  end

  // Number of the last byte kept (0..63): keep is a thermometer, so each bit is an OR of edges.
  logic [5:0] a_top;
  logic [63:0] edge_low;
  assign edge_low = a_keep_q & ~{1'b0, a_keep_q[63:1]};  // one-hot of the highest kept byte
  always_comb begin
    a_top = '0;
    for (int i = 0; i < 64; i++) begin
      if (i[0]) a_top[0] = a_top[0] | edge_low[i];
      if (i[1]) a_top[1] = a_top[1] | edge_low[i];
      if (i[2]) a_top[2] = a_top[2] | edge_low[i];
      if (i[3]) a_top[3] = a_top[3] | edge_low[i];
      if (i[4]) a_top[4] = a_top[4] | edge_low[i];
      if (i[5]) a_top[5] = a_top[5] | edge_low[i];
    end
  end

  // b: masked, numbered
  logic b_valid_q, b_last_q;
  logic [8:0] b_index_q;  // beat number, stays at 256
  logic [5:0] b_top_q;
  logic [511:0] b_data_q;
  logic [31:0] b_time_q;

  assign beat_valid_o = b_valid_q;
  assign beat_bytes_o = {1'b0, b_top_q} + 7'd1;
  assign beat_last_o  = b_last_q;

  always_ff @(posedge clk_i) begin
    b_valid_q <= rst_ni && a_valid_q;
    b_last_q  <= a_last_q;
    b_top_q   <= a_top;
    b_time_q  <= a_time_q;
    for (int i = 0; i < 64; i++) b_data_q[8*i +: 8] <= a_data_q[8*i +: 8] & {8{a_keep_q[i]}};
    if (a_valid_q) b_index_q <= a_first_q ? 9'd0 : b_index_q[8] ? 9'd256 : b_index_q + 9'd1;
  end

  // The first two beats and the head of the third are held until the last has come.
  logic [511:0] h0_q, h1_q;
  logic [143:0] h2_q;
  wire b_is0 = b_index_q == 9'd0;
  wire b_is1 = b_index_q == 9'd1;
  wire b_is2 = b_index_q == 9'd2;
  always_ff @(posedge clk_i) begin
    if (b_valid_q) begin
      if (b_is0) h0_q <= b_data_q;
      if (b_is1) h1_q <= b_data_q;
      if (b_is2) h2_q <= b_data_q[143:0];
    end
  end

  logic [1167:0] b_window;
  always_comb begin
    b_window[511:0]     = b_is0 ? b_data_q : h0_q;
    b_window[1023:512]  = b_is0 ? '0 : b_is1 ? b_data_q : h1_q;
    b_window[1167:1024] = (b_is0 || b_is1) ? '0 : b_is2 ? b_data_q[143:0] : h2_q;
  end
  wire [14:0] b_len = b_index_q[8] ? 15'd16384 : {1'b0, b_index_q[7:0], 6'd0} + {9'd0, b_top_q} + 15'd1;
  wire b_done = b_valid_q && b_last_q;

  // Short frames wait one or two clocks more.
  logic w0_valid_q, w1_valid_q;
  logic [1167:0] w0_window_q, w1_window_q;
  logic [14:0] w0_len_q, w1_len_q;
  logic [31:0] w0_time_q, w1_time_q;
  wire to0 = b_done && b_is0;
  wire to1 = b_done && b_is1;
  wire to2 = b_done && !b_is0 && !b_is1;
  always_ff @(posedge clk_i) begin
    w0_valid_q  <= rst_ni && to0;
    w0_window_q <= {656'd0, b_data_q};
    w0_len_q    <= b_len;
    w0_time_q   <= b_time_q;

    w1_valid_q  <= rst_ni && (to1 || w0_valid_q);
    w1_window_q <= to1 ? b_window : w0_window_q;
    w1_len_q    <= to1 ? b_len : w0_len_q;
    w1_time_q   <= to1 ? b_time_q : w0_time_q;

    valid_o   <= rst_ni && (to2 || w1_valid_q);
    window_o  <= to2 ? b_window : w1_window_q;
    len_o     <= to2 ? b_len : w1_len_q;
    time_ms_o <= to2 ? b_time_q : w1_time_q;
`ifndef SYNTHESIS
    if (rst_ni) assert (!(to1 && w0_valid_q) && !(to2 && w1_valid_q));
`endif
  end
endmodule

`default_nettype wire
