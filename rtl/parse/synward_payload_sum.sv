// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// One's complement sum over the whole IP packet of each frame, header included, whatever its length. The header's own
/// part is taken out by synward_checksum. Padding and trailers behind the packet are left out. Latency: 11 clocks from
/// the last beat to valid_o.
module synward_payload_sum (
    input  wire          clk_i,
    input  wire          rst_ni,
    // synward_rx_beat's
    input  wire          valid_i,
    input  wire          first_i,
    input  wire          last_i,
    input  wire  [511:0] data_i,
    input  wire  [5:0]   tag_i,    ///< number of the frame
    output logic         valid_o,  ///< one pulse a frame
    output logic [16:0]  sum_o,    ///< folded once
    output logic [5:0]   tag_o
);
  // 1: is there a tag
  logic v1_q, l1_q, f1_q;
  logic [223:0] h1_q;  // the bytes of the first beat that matter: 0..27
  logic tag12_q, tag16_q;
  always_ff @(posedge clk_i) begin
    v1_q <= rst_ni && valid_i;
    l1_q <= last_i;
    f1_q <= first_i;
    h1_q <= data_i[223:0];
    tag12_q <= data_i[96 +: 16] == 16'h0081 || data_i[96 +: 16] == 16'ha888;
    tag16_q <= data_i[128 +: 16] == 16'h0081 || data_i[128 +: 16] == 16'ha888;
  end

  // 2: where the packet begins, and its length words
  logic v2_q, l2_q, f2_q, is6_q;
  logic [1:0] tags2_q;
  logic [15:0] total2_q, payload2_q;
  wire two = tag12_q && tag16_q;
  wire one = tag12_q && !tag16_q;
  // EtherType and the header's first 6 bytes
  wire [63:0] h = two ? h1_q[160 +: 64] : one ? h1_q[128 +: 64] : h1_q[96 +: 64];
  always_ff @(posedge clk_i) begin
    v2_q <= rst_ni && v1_q;
    l2_q <= l1_q;
    f2_q <= f1_q;
    tags2_q <= {two, one};
    is6_q <= h[15:0] == 16'hdd86;
    total2_q <= {h[32 +: 8], h[40 +: 8]};
    payload2_q <= {h[48 +: 8], h[56 +: 8]};
  end

  // 3: where it ends, counted from the frame's first byte
  logic v3_q, l3_q;
  // A register, not the end of a shift register, whose output is late.
  (* keep = "true", shreg_extract = "no" *) logic f3_q;
  (* keep = "true" *) always_ff @(posedge clk_i) f3_q <= f2_q;
  logic [1:0] tags3_q;
  logic [16:0] end3_q;
  wire [6:0] base = is6_q ? (tags2_q[1] ? 7'd62 : tags2_q[0] ? 7'd58 : 7'd54)
      : (tags2_q[1] ? 7'd22 : tags2_q[0] ? 7'd18 : 7'd14);
  always_ff @(posedge clk_i) begin
    v3_q <= rst_ni && v2_q;
    l3_q <= l2_q;
    tags3_q <= tags2_q;
    end3_q <= {10'd0, base} + {1'b0, is6_q ? payload2_q : total2_q};
  end

  // 4: bytes of the packet left at this beat
  logic v4_q, l4_q, f4_q, full4_q;
  logic [1:0] tags4_q;
  logic [5:0] low4_q;
  logic [16:0] left_q;
  wire [16:0] left = f3_q ? end3_q : left_q;
  always_ff @(posedge clk_i) begin
    v4_q <= rst_ni && v3_q;
    l4_q <= l3_q;
    f4_q <= f3_q;
    tags4_q <= tags3_q;
    full4_q <= left[16:6] != 11'd0;
    low4_q <= left[5:0];
    if (v3_q) left_q <= left[16:6] == 11'd0 ? 17'd0 : {left[16:6] - 11'd1, left[5:0]};
  end

  // 5: which bytes count
  logic v5_q, l5_q, f5_q;
  logic [63:0] mask5_q;
  always_ff @(posedge clk_i) begin
    v5_q <= rst_ni && v4_q;
    l5_q <= l4_q;
    f5_q <= f4_q;
    for (int i = 0; i < 64; i++)
      mask5_q[i] <= (full4_q || low4_q > 6'(i))
                    && !(f4_q && (i < 14 || (i < 18 && tags4_q != 2'd0) || (i < 22 && tags4_q[1])));
  end

  // 6: the bytes, as 16-bit words
  wire [511:0] d5;
  synward_delay #(.Width(512), .Depth(5)) u_data (.clk_i, .rst_ni, .data_i(data_i), .data_o(d5));
  logic [511:0] words_q;
  always_ff @(posedge clk_i)
    for (int i = 0; i < 32; i++) words_q[16*i +: 16] <= {d5[16*i +: 8] & {8{mask5_q[2*i]}}, d5[16*i+8 +: 8]
        & {8{mask5_q[2*i+1]}}};

  // 7 to 9: sum of the beat; 10: sum of the frame; 11: folded
  wire [20:0] beat_sum;
  synward_sum32 u_sum (.clk_i, .words_i(words_q), .sum_o(beat_sum));
  logic [3:0] v6_9_q, l6_9_q, f6_9_q;
  logic v10_q;
  logic [31:0] acc_q;
  always_ff @(posedge clk_i) begin
    v6_9_q <= rst_ni ? {v6_9_q[2:0], v5_q} : 4'd0;
    l6_9_q <= {l6_9_q[2:0], l5_q};
    f6_9_q <= {f6_9_q[2:0], f5_q};
    if (v6_9_q[3]) acc_q <= (f6_9_q[3] ? 32'd0 : acc_q) + {11'd0, beat_sum};
    v10_q <= rst_ni && v6_9_q[3] && l6_9_q[3];
    valid_o <= rst_ni && v10_q;
    sum_o <= {1'b0, acc_q[31:16]} + {1'b0, acc_q[15:0]};
  end
  synward_delay #(.Width(6), .Depth(11)) u_tag (.clk_i, .rst_ni, .data_i(tag_i), .data_o(tag_o));
endmodule

`default_nettype wire
