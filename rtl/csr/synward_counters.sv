// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// 64-bit counters, and a copy of all of them taken in one clock. Reading is by word of the copy. Latency of a read: 2 clocks.
module synward_counters (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [synward_regs_pkg::Counters-1:0] count_i,   ///< counter n gains 1
    input  wire  [6:0]  line_rx_bytes_i,                     ///< what the byte counters gain
    input  wire  [6:0]  line_tx_bytes_i,
    input  wire  [6:0]  host_rx_bytes_i,
    input  wire  [6:0]  host_tx_bytes_i,
    input  wire         snapshot_i,
    input  wire  [7:0]  word_i,                              ///< 2n: low word of counter n, 2n+1: high word
    output logic [31:0] word_o
);
  localparam int N = synward_regs_pkg::Counters;
  logic [63:0] live_q [0:N-1];
  logic [63:0] copy_q [0:N-1];
  logic snapshot_q;
  logic [N-1:0] count_q;
  logic [6:0] bytes_q [0:3];

  always_ff @(posedge clk_i) begin
    snapshot_q <= snapshot_i;
    count_q <= count_i;
    bytes_q[0] <= line_rx_bytes_i;
    bytes_q[1] <= line_tx_bytes_i;
    bytes_q[2] <= host_rx_bytes_i;
    bytes_q[3] <= host_tx_bytes_i;
    for (int i = 0; i < N; i++) if (count_q[i]) live_q[i] <= live_q[i] + 64'd1;
    live_q[synward_regs_pkg::CNT_LINE_RX_BYTES] <= live_q[synward_regs_pkg::CNT_LINE_RX_BYTES] + {57'd0, bytes_q[0]};
    live_q[synward_regs_pkg::CNT_LINE_TX_BYTES] <= live_q[synward_regs_pkg::CNT_LINE_TX_BYTES] + {57'd0, bytes_q[1]};
    live_q[synward_regs_pkg::CNT_HOST_RX_BYTES] <= live_q[synward_regs_pkg::CNT_HOST_RX_BYTES] + {57'd0, bytes_q[2]};
    live_q[synward_regs_pkg::CNT_HOST_TX_BYTES] <= live_q[synward_regs_pkg::CNT_HOST_TX_BYTES] + {57'd0, bytes_q[3]};
    if (snapshot_q) for (int i = 0; i < N; i++) copy_q[i] <= live_q[i];
    if (!rst_ni)
      for (int i = 0; i < N; i++) begin
        live_q[i] <= 64'd0;
        copy_q[i] <= 64'd0;
      end
  end

  // Eight counters a group, then the groups.
  localparam int Groups = (N + 7) / 8;
  logic [31:0] group_q [0:Groups-1];
  logic [4:0] group_sel_q;
  logic [63:0] picked [0:Groups-1];
  always_comb begin
    for (int g = 0; g < Groups; g++) begin
      picked[g] = 64'd0;
      for (int i = 0; i < 8; i++) if (8 * g + i < N) picked[g] = picked[g] | (copy_q[(8 * g + i) % N] & {64{word_i[3:1] == 3'(i)}});
    end
  end
  always_ff @(posedge clk_i) begin
    group_sel_q <= {1'b0, word_i[7:4]};
    for (int g = 0; g < Groups; g++) group_q[g] <= word_i[0] ? picked[g][63:32] : picked[g][31:0];
  end
  logic [31:0] chosen;
  always_comb begin
    chosen = 32'd0;
    for (int g = 0; g < Groups; g++) chosen = chosen | (group_q[g] & {32{group_sel_q == 5'(g)}});
  end
  always_ff @(posedge clk_i) word_o <= chosen;
endmodule

`default_nettype wire
