// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Reads TCP options as FreeBSD's tcp_dooptions() does, one segment a clock: EOL and broken lengths stop the reading,
/// of a repeated option the last wins, a wrong length is skipped. The chain "where does the next option start" is made
/// short: groups of four bytes are first solved for each of their four entry points, then the groups are walked two a
/// clock. Latency: 13 clocks.
module synward_tcp_options (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [319:0] bytes_i,  ///< byte n of the options in bits 8n+7:8n
    input  wire  [5:0]   len_i,    ///< bytes of options, 0..40
    output synward_options_t options_o
);
  localparam int N = 40;
  localparam int Groups = 10;

  // 1: what each byte would be, if an option started there
  logic [N-1:0] s1_nop_q, s1_bad_q, s1_mss_q, s1_ws_q, s1_sack_q, s1_ts_q, s1_mark_q, s1_signed_q;
  logic [6:0] s1_next_q [0:N-1];
  logic [5:0] s1_len_q;
  wire [351:0] bytes_x = {32'd0, bytes_i};
  always_ff @(posedge clk_i) begin
    s1_len_q <= len_i;
    for (int i = 0; i < N; i++) begin
      s1_nop_q[i]  <= bytes_x[8*i +: 8] == 8'd1;
      s1_bad_q[i]  <= bytes_x[8*i +: 8] == 8'd0 || (bytes_x[8*i +: 8] != 8'd1
          && (bytes_x[8*i+9 +: 7] == 7'd0 || bytes_x[8*i+14 +: 2] != 2'd0));
      s1_next_q[i] <= i[6:0] + {1'b0, bytes_x[8*i+8 +: 6]};  // not of a NOP
      s1_mss_q[i]  <= bytes_x[8*i +: 16] == 16'h0402;
      s1_ws_q[i]   <= bytes_x[8*i +: 16] == 16'h0303;
      s1_sack_q[i] <= bytes_x[8*i +: 16] == 16'h0204;
      s1_ts_q[i]   <= bytes_x[8*i +: 16] == 16'h0a08;
      s1_mark_q[i] <= bytes_x[8*i +: 32] == 32'hc15a_0cfd;
      s1_signed_q[i] <= bytes_x[8*i +: 8] == 8'd19 || bytes_x[8*i +: 8] == 8'd29;
    end
  end

  // 2: does reading stop there; does the option end on a later byte of its own group
  logic [N-1:0] s2_stop_q, s2_mss_q, s2_ws_q, s2_sack_q, s2_ts_q, s2_mark_q, s2_signed_q;
  logic [5:0] s2_next_q [0:N-1];
  logic [Groups-1:0] s2_e01_q, s2_e02_q, s2_e03_q, s2_e12_q, s2_e13_q, s2_e23_q;
  always_ff @(posedge clk_i) begin
    s2_mss_q  <= s1_mss_q;
    s2_ws_q   <= s1_ws_q;
    s2_sack_q <= s1_sack_q;
    s2_ts_q   <= s1_ts_q;
    s2_mark_q <= s1_mark_q;
    s2_signed_q <= s1_signed_q;
    for (int i = 0; i < N; i++) begin
      // An option ends behind its first byte, so ending behind the header also covers starting behind it.
      s2_stop_q[i] <= s1_bad_q[i] || (s1_nop_q[i] ? s1_len_q <= 6'(i) : s1_next_q[i] > {1'b0, s1_len_q});
      s2_next_q[i] <= s1_nop_q[i] ? 6'(i + 1) : s1_next_q[i][5:0];
    end
    for (int g = 0; g < Groups; g++) begin
      // Only a NOP is one byte long.
      s2_e01_q[g] <= s1_nop_q[4*g];
      s2_e12_q[g] <= s1_nop_q[4*g+1];
      s2_e23_q[g] <= s1_nop_q[4*g+2];
      s2_e02_q[g] <= !s1_nop_q[4*g] && s1_next_q[4*g] == 7'(4*g + 2);
      s2_e03_q[g] <= !s1_nop_q[4*g] && s1_next_q[4*g] == 7'(4*g + 3);
      s2_e13_q[g] <= !s1_nop_q[4*g+1] && s1_next_q[4*g+1] == 7'(4*g + 3);
    end
  end

  // 3, 4, 5: each group solved for entry at its byte 3, 2, 1, 0: which bytes start an option, where it leaves, does it
  // stop
  logic [N-1:0] s3_stop_q;
  logic [5:0] s3_next_q [0:N-1];
  logic [Groups-1:0] s3_e01_q, s3_e02_q, s3_e03_q, s3_e12_q, s3_e13_q;
  logic [3:0] s3_m2_q [0:Groups-1];
  always_ff @(posedge clk_i) begin
    s3_e01_q <= s2_e01_q;
    s3_e02_q <= s2_e02_q;
    s3_e03_q <= s2_e03_q;
    s3_e12_q <= s2_e12_q;
    s3_e13_q <= s2_e13_q;
    for (int i = 0; i < N; i++) begin
      s3_stop_q[i] <= s2_stop_q[i];
      s3_next_q[i] <= s2_next_q[i];
    end
    for (int g = 0; g < Groups; g++) begin
      s3_m2_q[g] <= s2_stop_q[4*g+2] ? 4'b0000 : {s2_e23_q[g] && !s2_stop_q[4*g+3], 3'b100};
      if (!s2_stop_q[4*g+2] && s2_e23_q[g]) begin
        s3_next_q[4*g+2] <= s2_next_q[4*g+3];
        s3_stop_q[4*g+2] <= s2_stop_q[4*g+3];
      end
    end
  end

  logic [N-1:0] s4_stop_q;
  logic [5:0] s4_next_q [0:N-1];
  logic [Groups-1:0] s4_e01_q, s4_e02_q, s4_e03_q;
  logic [3:0] s4_m2_q [0:Groups-1];
  logic [3:0] s4_m1_q [0:Groups-1];
  always_ff @(posedge clk_i) begin
    s4_e01_q <= s3_e01_q;
    s4_e02_q <= s3_e02_q;
    s4_e03_q <= s3_e03_q;
    for (int i = 0; i < N; i++) begin
      s4_stop_q[i] <= s3_stop_q[i];
      s4_next_q[i] <= s3_next_q[i];
    end
    for (int g = 0; g < Groups; g++) begin
      s4_m2_q[g] <= s3_m2_q[g];
      s4_m1_q[g] <= s3_stop_q[4*g+1] ? 4'b0000 : 4'b0010 | (s3_e12_q[g] ? s3_m2_q[g] : 4'b0000)
          | {s3_e13_q[g] && !s3_stop_q[4*g+3], 3'b000};
      if (!s3_stop_q[4*g+1] && s3_e12_q[g]) begin
        s4_next_q[4*g+1] <= s3_next_q[4*g+2];
        s4_stop_q[4*g+1] <= s3_stop_q[4*g+2];
      end
      if (!s3_stop_q[4*g+1] && s3_e13_q[g]) begin
        s4_next_q[4*g+1] <= s3_next_q[4*g+3];
        s4_stop_q[4*g+1] <= s3_stop_q[4*g+3];
      end
    end
  end

  // 5 holds entry e of group g at index 4g + e: {stop, next, starts}
  logic [10:0] s5_f_q [0:N-1];
  always_ff @(posedge clk_i) begin
    for (int g = 0; g < Groups; g++) begin
      s5_f_q[4*g+3] <= {s4_stop_q[4*g+3], s4_next_q[4*g+3], !s4_stop_q[4*g+3], 3'b000};
      s5_f_q[4*g+2] <= {s4_stop_q[4*g+2], s4_next_q[4*g+2], s4_m2_q[g]};
      s5_f_q[4*g+1] <= {s4_stop_q[4*g+1], s4_next_q[4*g+1], s4_m1_q[g]};
      if (s4_stop_q[4*g]) s5_f_q[4*g] <= {1'b1, s4_next_q[4*g], 4'b0000};
      else if (s4_e01_q[g]) s5_f_q[4*g] <= {s4_stop_q[4*g+1], s4_next_q[4*g+1], 4'b0001 | s4_m1_q[g]};
      else if (s4_e02_q[g]) s5_f_q[4*g] <= {s4_stop_q[4*g+2], s4_next_q[4*g+2], 4'b0001 | s4_m2_q[g]};
      else if (s4_e03_q[g]) s5_f_q[4*g] <= {s4_stop_q[4*g+3], s4_next_q[4*g+3], !s4_stop_q[4*g+3], 3'b001};
      else s5_f_q[4*g] <= {1'b0, s4_next_q[4*g], 4'b0001};
    end
  end

  // 6 to 10: the walk, two groups a clock. What the groups say travels along until it is used.
  logic [439:0] f5;
  always_comb for (int i = 0; i < N; i++) f5[11*i +: 11] = s5_f_q[i];
  wire [439:0] f6, f7, f8, f9, f10;
  wire [6:0] at6, at7, at8, at9, at10;
  wire [N-1:0] starts6, starts7, starts8, starts9, starts10;
  synward_tcp_option_walk #(.Group(0)) u_walk0 (.clk_i, .table_i(f5), .at_i(7'd0), .starts_i(40'd0), .table_o(f6),
      .at_o(at6), .starts_o(starts6));
  synward_tcp_option_walk #(.Group(2)) u_walk2 (.clk_i, .table_i(f6), .at_i(at6), .starts_i(starts6), .table_o(f7),
      .at_o(at7), .starts_o(starts7));
  synward_tcp_option_walk #(.Group(4)) u_walk4 (.clk_i, .table_i(f7), .at_i(at7), .starts_i(starts7), .table_o(f8),
      .at_o(at8), .starts_o(starts8));
  synward_tcp_option_walk #(.Group(6)) u_walk6 (.clk_i, .table_i(f8), .at_i(at8), .starts_i(starts8), .table_o(f9),
      .at_o(at9), .starts_o(starts9));
  synward_tcp_option_walk #(.Group(8)) u_walk8 (.clk_i, .table_i(f9), .at_i(at9), .starts_i(starts9), .table_o(f10),
      .at_o(at10), .starts_o(starts10));

  wire unused = &{1'b0, f10, at10};

  // The candidates wait beside the walk.
  wire [6*N-1:0] kinds10;
  synward_delay #(.Width(6 * N), .Depth(8)) u_kinds (
      .clk_i, .rst_ni, .data_i({s2_signed_q, s2_mark_q, s2_ts_q, s2_sack_q, s2_ws_q, s2_mss_q}), .data_o(kinds10));

  // 11: starts of each kind; the last one of each group of eight
  logic [N-1:0] is_mss, is_ws, is_ts, last_mss, last_ws;
  assign is_mss = starts10 & kinds10[0*N +: N];
  assign is_ws  = starts10 & kinds10[1*N +: N];
  assign is_ts  = starts10 & kinds10[3*N +: N];  // ten bytes long: never two in eight
  always_comb begin
    logic later_mss, later_ws;
    for (int g = 0; g < 5; g++) begin
      later_mss = 1'b0;
      later_ws = 1'b0;
      for (int i = 7; i >= 0; i--) begin
        last_mss[8*g+i] = is_mss[8*g+i] && !later_mss;
        last_ws[8*g+i] = is_ws[8*g+i] && !later_ws;
        later_mss = later_mss || is_mss[8*g+i];
        later_ws = later_ws || is_ws[8*g+i];
      end
    end
  end
  logic [N-1:0] s11_mss_q, s11_ws_q, s11_ts_q;
  logic [4:0] s11_any_mss_q, s11_any_ws_q, s11_any_ts_q, s11_any_sack_q, s11_any_mark_q, s11_any_signed_q;
  always_ff @(posedge clk_i) begin
    s11_mss_q <= last_mss;
    s11_ws_q  <= last_ws;
    s11_ts_q  <= is_ts;
    for (int g = 0; g < 5; g++) begin
      s11_any_mss_q[g]  <= |is_mss[8*g +: 8];
      s11_any_ws_q[g]   <= |is_ws[8*g +: 8];
      s11_any_ts_q[g]   <= |is_ts[8*g +: 8];
      s11_any_sack_q[g] <= |(starts10[8*g +: 8] & kinds10[2*N+8*g +: 8]);
      s11_any_signed_q[g] <= |(starts10[8*g +: 8] & kinds10[5*N+8*g +: 8]);
      s11_any_mark_q[g] <= |(starts10[8*g +: 8] & kinds10[4*N+8*g +: 8]);
    end
  end

  // 12: the last one of all
  logic s12_has_mss_q, s12_has_ws_q, s12_has_ts_q, s12_has_sack_q, s12_mark_q, s12_signed_q;
  logic [N-1:0] s12_mss_q, s12_ws_q, s12_ts_q;
  always_ff @(posedge clk_i) begin
    s12_has_mss_q  <= |s11_any_mss_q;
    s12_has_ws_q   <= |s11_any_ws_q;
    s12_has_ts_q   <= |s11_any_ts_q;
    s12_has_sack_q <= |s11_any_sack_q;
    s12_mark_q     <= |s11_any_mark_q;
    s12_signed_q   <= |s11_any_signed_q;
    for (int i = 0; i < N; i++) begin
      s12_mss_q[i] <= s11_mss_q[i] && (s11_any_mss_q >> (i / 8 + 1)) == '0;
      s12_ws_q[i]  <= s11_ws_q[i] && (s11_any_ws_q >> (i / 8 + 1)) == '0;
      s12_ts_q[i]  <= s11_ts_q[i] && (s11_any_ts_q >> (i / 8 + 1)) == '0;
    end
  end

  // 13: their values
  wire [319:0] bytes12;
  synward_delay #(.Width(320), .Depth(12)) u_bytes (.clk_i, .rst_ni, .data_i(bytes_i), .data_o(bytes12));
  logic [15:0] mss;
  logic [7:0] ws;
  logic [63:0] ts;
  always_comb begin
    mss = '0;
    ws = '0;
    ts = '0;
    for (int i = 0; i <= 36; i++) mss = mss | ({16{s12_mss_q[i]}} & {bytes12[8*i+16 +: 8], bytes12[8*i+24 +: 8]});
    for (int i = 0; i <= 37; i++) ws = ws | ({8{s12_ws_q[i]}} & bytes12[8*i+16 +: 8]);
    for (int i = 0; i <= 30; i++)
      ts = ts | ({64{s12_ts_q[i]}} & {bytes12[8*i+16 +: 8], bytes12[8*i+24 +: 8], bytes12[8*i+32 +: 8],
          bytes12[8*i+40 +: 8],
                                      bytes12[8*i+48 +: 8], bytes12[8*i+56 +: 8], bytes12[8*i+64 +: 8],
                                          bytes12[8*i+72 +: 8]});
  end
  always_ff @(posedge clk_i) begin
    options_o.mark     <= s12_mark_q;
    options_o.is_signed <= s12_signed_q;
    options_o.has_mss  <= s12_has_mss_q;
    options_o.has_ws   <= s12_has_ws_q;
    options_o.has_sack <= s12_has_sack_q;
    options_o.has_ts   <= s12_has_ts_q;
    options_o.mss      <= mss;
    options_o.ws       <= ws;
    options_o.tsval    <= ts[63:32];
    options_o.tsecr    <= ts[31:0];
  end
endmodule

`default_nettype wire
