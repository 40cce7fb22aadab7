// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// 64-bit counters, and a copy of all of them taken in one clock. Reading is by word of the copy. Latency of a read: 3
/// clocks. A reset lasts 4 clocks or more; behind it all counters and the copy are 0.
module synward_counters (
    input  wire         clk_i,
    input  wire         rst_ni,
    /// counter n gains 1; for those of counts_i and bytes it means nothing
    input  wire  [synward_regs_pkg::Counters-1:0] count_i,
    input  wire         counts_valid_i,
    input  synward_counts_t counts_i,                        ///< what an engine's answer counts
    input  wire  [6:0]  line_rx_bytes_i,                     ///< what the byte counters gain
    input  wire  [6:0]  line_tx_bytes_i,
    input  wire  [6:0]  host_rx_bytes_i,
    input  wire  [6:0]  host_tx_bytes_i,
    input  wire         snapshot_i,
    input  wire  [7:0]  word_i,                              ///< 2n: low word of counter n, 2n+1: high word
    output logic [31:0] word_o
);
  localparam int N = synward_regs_pkg::Counters;

  // What each counter gains.
  logic [7*N-1:0] gain, gain_q;
  always_comb begin
    for (int i = 0; i < N; i++) gain[7*i +: 7] = {6'd0, count_i[i]};
    gain[7*synward_regs_pkg::CNT_LINE_RX_BYTES +: 7] = line_rx_bytes_i;
    gain[7*synward_regs_pkg::CNT_LINE_TX_BYTES +: 7] = line_tx_bytes_i;
    gain[7*synward_regs_pkg::CNT_HOST_RX_BYTES +: 7] = host_rx_bytes_i;
    gain[7*synward_regs_pkg::CNT_HOST_TX_BYTES +: 7] = host_tx_bytes_i;
    gain[7*synward_regs_pkg::CNT_ADDED +: 7] = {6'd0, counts_valid_i && counts_i.added};
    gain[7*synward_regs_pkg::CNT_RETRANSMITTED +: 7] = {6'd0, counts_valid_i && counts_i.retransmitted};
    gain[7*synward_regs_pkg::CNT_DUPSYN +: 7] = {6'd0, counts_valid_i && counts_i.dupsyn};
    gain[7*synward_regs_pkg::CNT_SC_DROPPED +: 7] = {6'd0, counts_valid_i && counts_i.sc_dropped};
    gain[7*synward_regs_pkg::CNT_COMPLETED +: 7] = {6'd0, counts_valid_i && counts_i.completed};
    gain[7*synward_regs_pkg::CNT_BUCKETOVERFLOW +: 7] = {6'd0, counts_valid_i && counts_i.bucketoverflow};
    gain[7*synward_regs_pkg::CNT_RESET +: 7] = {6'd0, counts_valid_i && counts_i.reset};
    gain[7*synward_regs_pkg::CNT_STALE +: 7] = {6'd0, counts_valid_i && counts_i.stale};
    gain[7*synward_regs_pkg::CNT_UNREACH +: 7] = {6'd0, counts_valid_i && counts_i.unreach};
    gain[7*synward_regs_pkg::CNT_ZONEFAIL +: 7] = {6'd0, counts_valid_i && counts_i.zonefail};
    gain[7*synward_regs_pkg::CNT_SENDCOOKIE +: 7] = {6'd0, counts_valid_i && counts_i.sendcookie};
    gain[7*synward_regs_pkg::CNT_RECVCOOKIE +: 7] = {6'd0, counts_valid_i && counts_i.recvcookie};
    gain[7*synward_regs_pkg::CNT_SPURCOOKIE +: 7] = {6'd0, counts_valid_i && counts_i.spurcookie};
    gain[7*synward_regs_pkg::CNT_FAILCOOKIE +: 7] = {6'd0, counts_valid_i && counts_i.failcookie};
    gain[7*synward_regs_pkg::CNT_BADRST +: 7] = {6'd0, counts_valid_i && counts_i.badrst};
    gain[7*synward_regs_pkg::CNT_EVICTED +: 7] = {6'd0, counts_valid_i && counts_i.evicted};
    gain[7*synward_regs_pkg::CNT_STATELESS +: 7] = {6'd0, counts_valid_i && counts_i.stateless};
    gain[7*synward_regs_pkg::CNT_CHALLENGE_ACKS +: 7] = {6'd0, counts_valid_i && counts_i.challenge_acks};
    gain[7*synward_regs_pkg::CNT_RESETS_SENT +: 7] = {6'd0, counts_valid_i && counts_i.resets_sent};
    gain[7*synward_regs_pkg::CNT_RESETS_LIMITED +: 7] = {6'd0, counts_valid_i && counts_i.resets_limited};
    gain[7*synward_regs_pkg::CNT_FLOWS_ADDED +: 7] = {6'd0, counts_valid_i && counts_i.flows_added};
    gain[7*synward_regs_pkg::CNT_FLOWS_FULL +: 7] = {6'd0, counts_valid_i && counts_i.flows_full};
    gain[7*synward_regs_pkg::CNT_ESTABLISHED +: 7] = {6'd0, counts_valid_i && counts_i.established};
    gain[7*synward_regs_pkg::CNT_REMARKED +: 7] = {6'd0, counts_valid_i && counts_i.remarked};
    gain[7*synward_regs_pkg::CNT_HANDED +: 7] = {6'd0, counts_valid_i && counts_i.handed};
    gain[7*synward_regs_pkg::CNT_ABORTED +: 7] = {6'd0, counts_valid_i && counts_i.aborted};
    gain[7*synward_regs_pkg::CNT_FLUSHED +: 7] = {3'd0, {4{counts_valid_i}} & counts_i.flushed};
    gain[7*synward_regs_pkg::CNT_FLOWS_AGED +: 7] = {2'd0, {5{counts_valid_i}} & counts_i.flows_aged};
  end
  always_ff @(posedge clk_i) gain_q <= gain;

  // Every four counters, 256 bits, have a reset and a snapshot of their own, all of one clock. What a snapshot takes
  // has no reset: in one it is taken of the counters, which are 0.
  localparam int Quads = (N + 3) / 4;
  wire [Quads-1:0] quad_rst_n, quad_copy;
  synward_reset_branch #(.Leaves(Quads)) u_reset (.clk_i, .rst_ni, .rst_no(quad_rst_n));
  synward_fanout #(.Copies(Quads)) u_snapshot (.clk_i, .bit_i(snapshot_i || !rst_ni), .copies_o(quad_copy));

  wire [64*N-1:0] copy;
  for (genvar i = 0; i < N; i++) begin : gen_counter
    logic [63:0] live_q, copy_q;
    always_ff @(posedge clk_i) begin
      live_q <= live_q + {57'd0, gain_q[7*i +: 7]};
      if (quad_copy[i/4]) copy_q <= live_q;
      if (!quad_rst_n[i/4]) live_q <= 64'd0;
    end
    assign copy[64*i +: 64] = copy_q;
  end

  // Eight counters a group, each half of its words with the number of its own, then the groups.
  localparam int Groups = (N + 7) / 8;
  wire [8*Groups-1:0] at;  // by half and group
  logic [3:0] group_at_q;
  for (genvar b = 0; b < 4; b++) begin : gen_at
    wire [2*Groups-1:0] bits;
    synward_fanout #(.Copies(2 * Groups)) u_at (.clk_i, .bit_i(word_i[b]), .copies_o(bits));
    for (genvar g = 0; g < 2 * Groups; g++) begin : gen_group
      assign at[4*g+b] = bits[g];
    end
  end
  logic [32*Groups-1:0] group, group_q;
  logic [3:0] group_sel_q;
  logic [31:0] chosen;
  always_comb begin
    group = '0;
    for (int i = 0; i < N; i++) begin
      for (int h = 0; h < 2; h++)
        group[32*(i/8) + 16*h +: 16] = group[32*(i/8) + 16*h +: 16]
            | ((at[4*(2*(i/8)+h)] ? copy[64*i + 32 + 16*h +: 16] : copy[64*i + 16*h +: 16])
            & {16{at[4*(2*(i/8)+h) + 1 +: 3] == 3'(i % 8)}});
    end
    chosen = 32'd0;
    for (int g = 0; g < Groups; g++) chosen = chosen | (group_q[32*g +: 32] & {32{group_sel_q == 4'(g)}});
  end
  always_ff @(posedge clk_i) begin
    group_at_q <= word_i[7:4];
    group_sel_q <= group_at_q;
    group_q <= group;
    word_o <= chosen;
  end
endmodule

`default_nettype wire
