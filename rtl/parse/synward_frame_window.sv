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
  // The first two beats and the head of the third are held until the last has come. Each holder takes whatever is there
  // until its own beat has come: so nothing wide follows a beat's number in its own clock, only registers do, of which
  // every 256 bits have their own.
  wire at0, at1, at2;  // the next beat is the frame's first, second, third
  wire [1:0] take0, take1;
  wire take2, show2;
  wire ends = valid_i && last_i;
  synward_fanout #(.Copies(3)) u_at0 (
      .clk_i, .bit_i(!rst_ni || ends || (at0 && !valid_i)), .copies_o({take0, at0}));
  synward_fanout #(.Copies(3)) u_at1 (
      .clk_i, .bit_i(rst_ni && !ends && (valid_i ? at0 : at1)), .copies_o({take1, at1}));
  synward_fanout #(.Copies(3)) u_at2 (
      .clk_i, .bit_i(rst_ni && !ends && (valid_i ? at1 : at2)), .copies_o({show2, take2, at2}));

  // The number of the last byte; the length is one more.
  logic [8:0] index_q;  // of the next beat of this frame, stays at 256
  always_ff @(posedge clk_i) begin
    if (!rst_ni || ends) index_q <= 9'd0;
    else if (valid_i && !index_q[8]) index_q <= index_q + 9'd1;
  end
  wire [13:0] b_end = index_q[8] ? 14'h3fff : {index_q[7:0], top_i};
  logic [13:0] w0_end_q, w1_end_q, end_q;
  assign len_o = {1'b0, end_q} + 15'd1;

  logic [511:0] h0_q, h1_q;
  logic [239:0] h2_q;
  always_ff @(posedge clk_i) begin
    for (int i = 0; i < 2; i++) begin
      if (take0[i]) h0_q[256*i +: 256] <= data_i[256*i +: 256];
      if (take1[i]) h1_q[256*i +: 256] <= data_i[256*i +: 256];
    end
    if (take2) h2_q <= data_i[239:0];
  end

  // Short frames wait one or two clocks more. What waits goes before what comes, whose window then has no use yet.
  wire to0 = ends && at0;
  wire to1 = ends && at1;
  wire to2 = ends && !at0 && !at1;
  logic w0_valid_q, w1_valid_q;
  wire [4:0] w0_goes;  // as w0_valid_q
  wire [5:0] w1_goes;  // as w1_valid_q
  synward_fanout #(.Copies(5)) u_w0_goes (.clk_i, .bit_i(rst_ni && to0), .copies_o(w0_goes));
  synward_fanout #(.Copies(6)) u_w1_goes (.clk_i, .bit_i(rst_ni && (to1 || w0_valid_q)), .copies_o(w1_goes));
  logic [511:0] w0_window_q;
  logic [1023:0] w1_window_q;
  logic [31:0] w0_time_q, w1_time_q;
  logic w0_error_q, w1_error_q;
  logic [5:0] w0_tag_q, w1_tag_q;
  always_ff @(posedge clk_i) begin
    w0_valid_q  <= rst_ni && to0;
    w0_window_q <= data_i;
    w0_end_q    <= b_end;
    w0_time_q   <= time_ms_i;
    w0_error_q  <= error_i;
    w0_tag_q    <= tag_i;

    w1_valid_q  <= rst_ni && (to1 || w0_valid_q);
    for (int i = 0; i < 2; i++) begin
      w1_window_q[256*i +: 256]       <= w0_goes[i] ? w0_window_q[256*i +: 256] : h0_q[256*i +: 256];
      w1_window_q[512 + 256*i +: 256] <= w0_goes[2+i] ? 256'd0 : data_i[256*i +: 256];
    end
    w1_end_q    <= w0_goes[4] ? w0_end_q : b_end;
    w1_time_q   <= w0_goes[4] ? w0_time_q : time_ms_i;
    w1_error_q  <= w0_goes[4] ? w0_error_q : error_i;
    w1_tag_q    <= w0_goes[4] ? w0_tag_q : tag_i;

    valid_o   <= rst_ni && (to2 || w1_valid_q);
    for (int i = 0; i < 2; i++) begin
      window_o[256*i +: 256]       <= w1_goes[i] ? w1_window_q[256*i +: 256] : h0_q[256*i +: 256];
      window_o[512 + 256*i +: 256] <= w1_goes[2+i] ? w1_window_q[512 + 256*i +: 256] : h1_q[256*i +: 256];
    end
    window_o[1263:1024] <= w1_goes[4] ? '0 : show2 ? data_i[239:0] : h2_q;
    error_o   <= w1_goes[5] ? w1_error_q : error_i;
    end_q     <= w1_goes[5] ? w1_end_q : b_end;
    time_ms_o <= w1_goes[5] ? w1_time_q : time_ms_i;
    tag_o     <= w1_goes[5] ? w1_tag_q : tag_i;
`ifndef SYNTHESIS
    if (rst_ni) assert (!(to1 && w0_valid_q) && !(to2 && w1_valid_q));
    if (rst_ni && valid_i) assert (first_i == at0);
`endif
  end
endmodule

`default_nettype wire
