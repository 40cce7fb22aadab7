// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Decides the fate of a frame, or what the engine is asked, by the table in docs/theory-of-operation.md, section 1:
/// the first row that applies. Latency: 3 clocks.
module synward_classify (
    input  wire         clk_i,
    // sysctls
    input  wire         unclassified_drop_i,
    input  wire         fragments_drop_i,
    input  wire         drop_synfin_i,
    // the frame
    input  wire         bad_fcs_i,          ///< the port found it damaged
    input  wire         pairing_lost_i,     ///< its sum is not known
    input  wire         oversize_i,
    input  wire         short_i,            ///< shorter than an Ethernet header
    input  wire         more_tags_i,
    input  wire         control_i,          ///< EtherType of control frames
    input  wire         signed_drop_i,      ///< sysctl
    input  wire         signed_i,           ///< TCP-MD5 or TCP-AO
    input  wire         options_discard_i,  ///< of an IPv6 packet: it holds options to discard it for
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
    input  wire         quote_i,            ///< an ICMP error that quotes a TCP segment
    input  wire         l4_ok_i,            ///< TCP or ICMP checksum
    input  wire         no_source_i,
    input  wire  [7:0]  flags_i,
    input  wire         link_multicast_i,
    input  wire         self_i,
    input  wire         same_address_i,     ///< source and destination
    input  wire         multicast_i,
    output logic [1:0]  kind_o,             ///< 0 pass, 1 drop, 2 the engine decides
    output logic [5:0]  reason_o,           ///< of a drop
    output logic [3:0]  op_o,               ///< of the request to the engine
    output logic [4:0]  note_o,             ///< event code of a NOTE or STRAY
    output logic        signed_o            ///< passed by row 18a
);
  // Rows 1 to 27 of the table; those that it has between two of them follow here.
  localparam int Rows = 33;
  localparam int Row3a = 28, Row18a = 29, Row26a = 30, Row18b = 31, Row0a = 32, Row18c = 33;

  wire fin = flags_i[0];
  wire syn = flags_i[1];
  wire rst = flags_i[2];
  wire ack = flags_i[4];

  // What a row decides once it is the first: {kind, reason, op, note}. Rows whose fate depends on more pick it
  // beforehand.
  function automatic logic [16:0] fate(input int row);
    case (row)
      0: fate = {KindDrop, synward_regs_pkg::DROP_BAD_FCS, OpNone, 5'd0};
      1: fate = {KindDrop, synward_regs_pkg::DROP_OVERSIZE, OpNone, 5'd0};
      2: fate = {KindDrop, synward_regs_pkg::DROP_SHORT_FRAME, OpNone, 5'd0};
      3: fate = {KindDrop, synward_regs_pkg::DROP_UNCLASSIFIED, OpNone, 5'd0};
      5: fate = {KindDrop, synward_regs_pkg::DROP_BAD_IP_HEADER, OpNone, 5'd0};
      6: fate = {KindDrop, synward_regs_pkg::DROP_TRUNCATED, OpNone, 5'd0};
      7: fate = {KindDrop, synward_regs_pkg::DROP_BAD_IP_CHECKSUM, OpNone, 5'd0};
      8, 9: fate = {KindDrop, synward_regs_pkg::DROP_FRAGMENT, OpNone, 5'd0};
      10: fate = {KindDrop, synward_regs_pkg::DROP_UNCLASSIFIED, OpNone, 5'd0};
      11: fate = {KindPass, 6'd0, OpUnreach, 5'd0};
      12: fate = {KindDrop, synward_regs_pkg::DROP_BAD_TCP_HEADER, OpNone, 5'd0};
      13: fate = {KindDrop, synward_regs_pkg::DROP_FORGED_MARK, OpNone, 5'd0};
      16: fate = {KindDrop, synward_regs_pkg::DROP_SERVICE_DROP, OpNone, 5'd0};
      17: fate = {KindDrop, synward_regs_pkg::DROP_BAD_TCP_CHECKSUM, OpNone, 5'd0};
      18: fate = {KindDrop, synward_regs_pkg::DROP_BAD_SOURCE, OpNone, 5'd0};
      19: fate = {KindAsk, 6'd0, OpAck, 5'd0};
      20: fate = {KindAsk, 6'd0, OpRst, 5'd0};
      21: fate = {KindAsk, 6'd0, OpStray, synward_regs_pkg::EVENT_SYN_MISSING};
      22: fate = {KindAsk, 6'd0, OpStray, synward_regs_pkg::EVENT_SYN_ACK_INVALID};
      23: fate = {KindDrop, synward_regs_pkg::DROP_SYN_FIN, OpNote, synward_regs_pkg::EVENT_SYN_FIN};
      24: fate = {KindDrop, synward_regs_pkg::DROP_LINK_MULTICAST, OpNote, synward_regs_pkg::EVENT_LINK_MULTICAST};
      25: fate = {KindDrop, synward_regs_pkg::DROP_SELF_CONNECT, OpNote, synward_regs_pkg::EVENT_SELF_CONNECT};
      26: fate = {KindDrop, synward_regs_pkg::DROP_BAD_ADDRESS, OpNote, synward_regs_pkg::EVENT_BAD_ADDRESS};
      27: fate = {KindAsk, 6'd0, OpSyn, 5'd0};
      Row0a: fate = {KindDrop, synward_regs_pkg::DROP_PAIRING_LOST, OpNone, 5'd0};
      Row3a: fate = {KindDrop, synward_regs_pkg::DROP_CONTROL_FRAME, OpNone, 5'd0};
      Row18a: fate = {KindDrop, synward_regs_pkg::DROP_SIGNED_SEGMENT, OpNone, 5'd0};
      Row18c: fate = {KindDrop, synward_regs_pkg::DROP_BAD_ADDRESS, OpNone, 5'd0};
      Row18b: fate = {KindDrop, synward_regs_pkg::DROP_IPV6_OPTION, OpNone, 5'd0};
      Row26a: fate = {KindDrop, synward_regs_pkg::DROP_BAD_SOURCE, OpNone, 5'd0};
      default: fate = {KindPass, 6'd0, OpNone, 5'd0};
    endcase
  endfunction

  // 1: which rows apply, and which of them only pass although the row can do more
  logic [Rows:0] row_q, soft_q;
  always_ff @(posedge clk_i) begin
    row_q[0]  <= bad_fcs_i;
    row_q[Row0a] <= pairing_lost_i;
    row_q[1]  <= oversize_i;
    row_q[2]  <= short_i;
    row_q[3]  <= more_tags_i;
    row_q[Row3a] <= control_i;
    row_q[Row18a] <= signed_i;
    row_q[Row18b] <= v6_i && options_discard_i;
    row_q[Row18c] <= (!syn || ack || rst) && (link_multicast_i || multicast_i || same_address_i);
    row_q[Row26a] <= same_address_i;
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
    row_q[17] <= !l4_ok_i;
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
    soft_q[11] <= !(quote_i && l4_ok_i);
    soft_q[12] <= !service_addr_i;
    soft_q[Row18a] <= !signed_drop_i;
  end

  // 2: the first row
  logic [Rows:0] first_q, soft2_q;
  // In the order of the table.
  wire [Rows:0] ordered = {row_q[27], row_q[Row26a], row_q[26:19], row_q[Row18c], row_q[Row18b],
                         row_q[Row18a], row_q[18:4], row_q[Row3a],
                         row_q[3:1], row_q[Row0a], row_q[0]};
  wire [Rows:0] first = ordered & ~(ordered - 1'b1);
  always_ff @(posedge clk_i) begin
    soft2_q <= soft_q;
    {first_q[27], first_q[Row26a], first_q[26:19], first_q[Row18c], first_q[Row18b], first_q[Row18a],
     first_q[18:4], first_q[Row3a], first_q[3:1], first_q[Row0a], first_q[0]} <= first;
  end

  // 3: its fate
  logic [16:0] chosen;
  always_comb begin
    chosen = 17'd0;
    for (int r = 0; r <= Rows; r++) chosen = chosen | (fate(r) & {17{first_q[r] && !soft2_q[r]}});
  end
  always_ff @(posedge clk_i) begin
    {kind_o, reason_o, op_o, note_o} <= chosen;
    signed_o <= first_q[Row18a] && soft2_q[Row18a];
  end
endmodule

`default_nettype wire
