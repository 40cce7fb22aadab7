// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Decides the fate of a frame by the table in docs/theory-of-operation.md, section 1: the first row that applies. Latency: 3 clocks.
module synward_classify (
    input  wire         clk_i,
    // sysctls
    input  wire         unclassified_drop_i,
    input  wire         fragments_drop_i,
    input  wire         drop_synfin_i,
    // the frame
    input  wire         oversize_i,
    input  wire         short_i,            ///< shorter than an Ethernet header
    input  wire         more_tags_i,
    input  wire         ip_i,
    input  wire         v6_i,
    input  wire         bad_ip_i,
    input  wire         truncated_i,
    input  wire         ip_ok_i,            ///< IPv4 header checksum
    input  wire         fragment4_i,
    input  wire         tcp4_i,
    input  wire         chain_fragment_i,
    input  wire         chain_inner_i,
    input  wire         chain_unwalked_i,
    input  wire         tcp_i,
    input  wire         bad_tcp_i,
    input  wire         mark_i,
    input  wire         service_addr_i,     ///< to a service address
    input  wire         service_i,          ///< a service, and the secrets are loaded
    input  wire  [1:0]  mode_i,
    input  wire         tcp_ok_i,           ///< TCP checksum
    input  wire         no_source_i,
    input  wire  [7:0]  flags_i,
    input  wire         link_multicast_i,
    input  wire         self_i,
    input  wire         multicast_i,
    output logic [1:0]  kind_o,             ///< 0 pass, 1 drop, 2 SYN to answer, 3 ACK to check
    output logic [4:0]  reason_o            ///< of a drop
);
  localparam int Rows = 27;
  localparam logic [1:0] Pass = 2'd0, Drop = 2'd1, Syn = 2'd2, Ack = 2'd3;

  wire fin = flags_i[0];
  wire syn = flags_i[1];
  wire rst = flags_i[2];
  wire ack = flags_i[4];

  // What a row decides once it is the first: {kind, reason}. Rows whose fate depends on more pick it beforehand.
  function automatic logic [6:0] fate(input int row);
    case (row)
      1: fate = {Drop, synward_regs_pkg::DROP_OVERSIZE};
      2: fate = {Drop, synward_regs_pkg::DROP_SHORT_FRAME};
      3: fate = {Drop, synward_regs_pkg::DROP_UNCLASSIFIED};
      5: fate = {Drop, synward_regs_pkg::DROP_BAD_IP_HEADER};
      6: fate = {Drop, synward_regs_pkg::DROP_TRUNCATED};
      7: fate = {Drop, synward_regs_pkg::DROP_BAD_IP_CHECKSUM};
      8, 9: fate = {Drop, synward_regs_pkg::DROP_FRAGMENT};
      10: fate = {Drop, synward_regs_pkg::DROP_UNCLASSIFIED};
      12: fate = {Drop, synward_regs_pkg::DROP_BAD_TCP_HEADER};
      13: fate = {Drop, synward_regs_pkg::DROP_FORGED_MARK};
      16: fate = {Drop, synward_regs_pkg::DROP_SERVICE_DROP};
      17: fate = {Drop, synward_regs_pkg::DROP_BAD_TCP_CHECKSUM};
      18: fate = {Drop, synward_regs_pkg::DROP_BAD_SOURCE};
      19: fate = {Ack, 5'd0};
      21: fate = {Drop, synward_regs_pkg::DROP_SYN_MISSING};
      22: fate = {Drop, synward_regs_pkg::DROP_SYN_ACK_INVALID};
      23: fate = {Drop, synward_regs_pkg::DROP_SYN_FIN};
      24: fate = {Drop, synward_regs_pkg::DROP_LINK_MULTICAST};
      25: fate = {Drop, synward_regs_pkg::DROP_SELF_CONNECT};
      26: fate = {Drop, synward_regs_pkg::DROP_BAD_ADDRESS};
      27: fate = {Syn, 5'd0};
      default: fate = {Pass, 5'd0};
    endcase
  endfunction

  // 1: which rows apply, and which of them pass although the row can drop
  logic [Rows:1] row_q, soft_q;
  always_ff @(posedge clk_i) begin
    row_q[1]  <= oversize_i;
    row_q[2]  <= short_i;
    row_q[3]  <= more_tags_i;
    row_q[4]  <= !ip_i;
    row_q[5]  <= bad_ip_i;
    row_q[6]  <= truncated_i;
    row_q[7]  <= !v6_i && !ip_ok_i;
    row_q[8]  <= fragment4_i;
    row_q[9]  <= chain_fragment_i;
    row_q[10] <= chain_unwalked_i;
    row_q[11] <= !tcp_i;
    row_q[12] <= bad_tcp_i;
    row_q[13] <= mark_i;
    row_q[14] <= !service_i;
    row_q[15] <= mode_i == 2'd0;
    row_q[16] <= mode_i == 2'd2;
    row_q[17] <= !tcp_ok_i;
    row_q[18] <= no_source_i;
    row_q[19] <= ack && !syn && !rst;
    row_q[20] <= rst;
    row_q[21] <= !syn;
    row_q[22] <= ack;
    row_q[23] <= fin && drop_synfin_i;
    row_q[24] <= link_multicast_i;
    row_q[25] <= self_i;
    row_q[26] <= multicast_i;
    row_q[27] <= 1'b1;

    soft_q <= '0;
    soft_q[3]  <= !unclassified_drop_i;
    soft_q[8]  <= !(tcp4_i && service_addr_i && fragments_drop_i);
    soft_q[9]  <= !(chain_inner_i && service_addr_i && fragments_drop_i);
    soft_q[10] <= !(service_addr_i && unclassified_drop_i);
    soft_q[12] <= !service_addr_i;
  end

  // 2: the first row
  logic [Rows:1] first_q, soft2_q;
  always_ff @(posedge clk_i) begin
    soft2_q <= soft_q;
    first_q <= row_q & ~(row_q - 1'b1);
  end

  // 3: its fate
  logic [6:0] chosen;
  always_comb begin
    chosen = 7'd0;
    for (int r = 1; r <= Rows; r++) chosen = chosen | (fate(r) & {7{first_q[r] && !soft2_q[r]}});
  end
  always_ff @(posedge clk_i) {kind_o, reason_o} <= chosen;
endmodule

`default_nettype wire
