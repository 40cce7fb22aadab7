// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Collects the first 158 bytes of each frame: what two VLAN tags, an IPv4 header with options, and an ICMP message
/// that quotes another one and 8 bytes behind it can take; IPv6 with the extension headers walked and a full TCP header
/// is shorter. Bytes beyond the frame are zero. The window leaves a fixed time after the frame's first beat if the
/// frame has at most three beats without gaps (so that latency does not depend on the size of a SYN), and otherwise as
/// soon as it can: clock of the last beat + max(0, 3 - beats) + 1. Windows can therefore never collide, and keep their
/// order.
module synward_frame_window (
    input  wire           clk_i,
    input  wire           rst_ni,
    // synward_rx_beat's
    input  wire           valid_i,
    input  wire           first_i,
    input  wire           last_i,
    input  wire           error_i,   ///< with the last beat: the frame is damaged
    input  wire  [5:0]    top_i,
    input  wire  [511:0]  data_i,
    input  wire  [31:0]   time_ms_i,
    input  wire  [5:0]    tag_i,     ///< number of the frame
    output logic          valid_o,
    output logic [1263:0] window_o,  ///< byte n of the frame in bits 8n+7:8n
    output logic          error_o,   ///< it is damaged
    output logic [14:0]   len_o,     ///< bytes, up to 16,384: that and more is oversize
    output logic [31:0]   time_ms_o, ///< millisecond clock at the first beat
    output logic [5:0]    tag_o
);
  // b: the beat, numbered
  logic [8:0] index_q;  // of the next beat of this frame, stays at 256
  wire [8:0] b_index = first_i ? 9'd0 : index_q;
  always_ff @(posedge clk_i) if (valid_i) index_q <= b_index[8] ? 9'd256 : b_index + 9'd1;

  // The first two beats and the head of the third are held until the last has come.
  logic [511:0] h0_q, h1_q;
  logic [239:0] h2_q;
  wire b_is0 = b_index == 9'd0;
  wire b_is1 = b_index == 9'd1;
  wire b_is2 = b_index == 9'd2;
  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      if (b_is0) h0_q <= data_i;
      if (b_is1) h1_q <= data_i;
      if (b_is2) h2_q <= data_i[239:0];
    end
  end

  logic [1263:0] b_window;
  always_comb begin
    b_window[511:0]     = b_is0 ? data_i : h0_q;
    b_window[1023:512]  = b_is0 ? '0 : b_is1 ? data_i : h1_q;
    b_window[1263:1024] = (b_is0 || b_is1) ? '0 : b_is2 ? data_i[239:0] : h2_q;
  end
  wire [14:0] b_len = b_index[8] ? 15'd16384 : {1'b0, b_index[7:0], 6'd0} + {9'd0, top_i} + 15'd1;
  wire b_done = valid_i && last_i;

  // Short frames wait one or two clocks more.
  logic w0_valid_q, w1_valid_q;
  logic [1263:0] w0_window_q, w1_window_q;
  logic [14:0] w0_len_q, w1_len_q;
  logic [31:0] w0_time_q, w1_time_q;
  logic w0_error_q, w1_error_q;
  logic [5:0] w0_tag_q, w1_tag_q;
  wire to0 = b_done && b_is0;
  wire to1 = b_done && b_is1;
  wire to2 = b_done && !b_is0 && !b_is1;
  always_ff @(posedge clk_i) begin
    w0_valid_q  <= rst_ni && to0;
    w0_window_q <= {752'd0, data_i};
    w0_len_q    <= b_len;
    w0_time_q   <= time_ms_i;
    w0_error_q  <= error_i;
    w0_tag_q    <= tag_i;

    w1_valid_q  <= rst_ni && (to1 || w0_valid_q);
    w1_window_q <= to1 ? b_window : w0_window_q;
    w1_len_q    <= to1 ? b_len : w0_len_q;
    w1_time_q   <= to1 ? time_ms_i : w0_time_q;
    w1_error_q  <= to1 ? error_i : w0_error_q;
    w1_tag_q    <= to1 ? tag_i : w0_tag_q;

    valid_o   <= rst_ni && (to2 || w1_valid_q);
    window_o  <= to2 ? b_window : w1_window_q;
    error_o   <= to2 ? error_i : w1_error_q;
    len_o     <= to2 ? b_len : w1_len_q;
    time_ms_o <= to2 ? time_ms_i : w1_time_q;
    tag_o     <= to2 ? tag_i : w1_tag_q;
`ifndef SYNTHESIS
    if (rst_ni) assert (!(to1 && w0_valid_q) && !(to2 && w1_valid_q));
`endif
  end
endmodule

`default_nettype wire
