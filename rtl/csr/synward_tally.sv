// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What each clock adds to the counters.
module synward_tally #(
    parameter bit Elastic = 0  ///< frames may be dropped before the engine
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  synward_line_tell_t line_i,
    input  synward_host_tell_t host_i,
    input  synward_socket_tell_t socket_i,
    input  wire         dropped_i,    ///< Elastic: one was
    input  wire         snapshot_i,
    input  wire  [7:0]  word_i,       ///< see synward_counters
    output logic [31:0] word_o
);
  synward_fate_t fate;
  assign fate = line_i.fate;
  wire decided = fate.last && !fate.missing;
  wire dropped = decided && fate.drop;
  // A frame that is lost for want of room is counted at its end, whoever found no room: never two in a clock.
  logic lost_q;
  always_ff @(posedge clk_i) lost_q <= rst_ni && dropped && fate.reason == synward_regs_pkg::DROP_HOST_TX_FULL;
  logic [synward_regs_pkg::Counters-1:0] count;
  always_comb begin
    count = '0;
    count[synward_regs_pkg::CNT_LINE_RX_FRAMES] = line_i.rx.moved && line_i.rx.last;
    count[synward_regs_pkg::CNT_LINE_TX_FRAMES] = host_i.tx.moved && host_i.tx.last;
    count[synward_regs_pkg::CNT_HOST_RX_FRAMES] = host_i.rx.moved && host_i.rx.last;
    count[synward_regs_pkg::CNT_HOST_TX_FRAMES] = line_i.tx.moved && line_i.tx.last;
    count[synward_regs_pkg::CNT_PASSED]     = line_i.stored;
    count[synward_regs_pkg::CNT_ANSWERED]   = decided && fate.answered;
    count[synward_regs_pkg::CNT_MARKS]      = line_i.mark_stored;
    count[synward_regs_pkg::CNT_TO_LINE]    = host_i.stored;
    count[synward_regs_pkg::CNT_HOST_BAD_FCS] = host_i.rx.moved && host_i.rx.last && host_i.damaged;
    count[synward_regs_pkg::CNT_BADSYN]     = dropped && (fate.reason == synward_regs_pkg::DROP_SYN_MISSING
                                              || fate.reason == synward_regs_pkg::DROP_SYN_ACK_INVALID
                                              || fate.reason == synward_regs_pkg::DROP_SYN_FIN);
    count[synward_regs_pkg::CNT_WATCH_LOST] = socket_i.watch_lost;
    count[synward_regs_pkg::CNT_SIGNED_PASSED] = decided && fate.passed_signed;
    count[synward_regs_pkg::CNT_MAIL_RECEIVED] = host_i.mail_stored;
    count[synward_regs_pkg::CNT_MAIL_SENT] = line_i.mail_sent;
    count[synward_regs_pkg::CNT_CONTROL_FRAMES] = host_i.status;
    count[synward_regs_pkg::CNT_STATUS_TAKEN] = host_i.status && host_i.note == StatusTaken;
    count[synward_regs_pkg::CNT_STATUS_FULL] = host_i.status && host_i.note == StatusFull;
    count[synward_regs_pkg::CNT_STATUS_NO_LISTENER] = host_i.status && host_i.note == StatusNoListener;
    count[synward_regs_pkg::CNT_STATUS_REFUSED] = host_i.status && host_i.note == StatusRefused;
    count[synward_regs_pkg::CNT_STATUS_BUSY] = host_i.status && host_i.note == StatusBusy;
    for (int r = 0; r < synward_regs_pkg::Drops; r++)
      count[synward_regs_pkg::FirstDrop + r] = dropped && fate.reason == 6'(r);
    count[synward_regs_pkg::CNT_DROP_PAIRING_LOST] =
        fate.last && (fate.missing || (fate.drop && fate.reason == synward_regs_pkg::DROP_PAIRING_LOST));
    count[synward_regs_pkg::CNT_DROP_HOST_CONTROL_FRAME] = host_i.control_refused;
    if (Elastic) count[synward_regs_pkg::CNT_DROP_ENGINE_FULL] = dropped_i;
    count[synward_regs_pkg::CNT_DROP_HOST_TX_FULL] = line_i.refused || lost_q;
    count[synward_regs_pkg::CNT_DROP_TO_LINE_FULL] = host_i.refused;
  end
  synward_counters u_counters (
      .clk_i, .rst_ni, .count_i(count), .counts_valid_i(1'b1), .counts_i(socket_i.counts),
      .line_rx_bytes_i(line_i.rx.moved ? line_i.rx.bytes : 7'd0),
      .line_tx_bytes_i(host_i.tx.moved ? host_i.tx.bytes : 7'd0),
      .host_rx_bytes_i(host_i.rx.moved ? host_i.rx.bytes : 7'd0),
      .host_tx_bytes_i(line_i.tx.moved ? line_i.tx.bytes : 7'd0),
      .snapshot_i, .word_i, .word_o);
  wire unused = &{1'b0, line_i, host_i, socket_i, dropped_i};
endmodule

`default_nettype wire
