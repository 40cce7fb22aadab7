// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// The sysctls: each a register as wide as its greatest value. Values out of range are the software's to refuse.
module synward_sysctls #(
    parameter int LogBuckets = 14  ///< log2 of the most buckets of the syncache: the default of its size
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          write_i,
    input  wire  [127:0] at_i,     ///< one-hot: word of the register page that is written
    input  wire  [19:0]  data_i,
    output logic         syncookies_only_o,
    output logic [1:0]   rfc1323_o,
    output logic         sack_enable_o,
    output logic         drop_synfin_o,
    output logic         ts_offset_per_conn_o,
    output logic [1:0]   unknown_ack_o,  ///< 0 pass, 1 drop, 2 rst
    output logic         fragments_drop_o,
    output logic         unclassified_drop_o,
    output logic         syncookies_o,
    output logic [14:0]  hashsize_o,  ///< as written; synward_table_sizes makes something of these three
    output logic [3:0]   bucketlimit_o,
    output logic [17:0]  cachelimit_o,
    output logic [3:0]   rexmtlimit_o,
    output logic [15:0]  rexmit_initial_o,  ///< ms, as the next three
    output logic [15:0]  rexmit_min_o,
    output logic [15:0]  rexmit_slop_o,
    output logic [15:0]  rexmit_max_o,
    output logic [1:0]   ecn_enable_o,
    output logic [3:0]   ecn_maxretries_o,
    output logic         tolerate_missing_ts_o,
    output logic         insecure_rst_o,
    output logic [3:0]   ack_war_cnt_o,
    output logic [15:0]  ack_war_timewindow_o,  ///< ms
    output logic [1:0]   blackhole_o,
    output logic [19:0]  icmplim_o,  ///< RSTs in a second
    output logic [5:0]   flow_idle_o,  ///< laps of 131 s
    output logic [5:0]   flow_learn_o, ///< laps of 131 s
    output logic         rst_on_sock_fail_o,
    output logic         cookie_gate_always_o,
    output logic         signed_drop_o,
    output logic [15:0]  event_limit_o  ///< events of a code in 1.024 s
);
  always_ff @(posedge clk_i) begin
    if (write_i) begin
      if (at_i[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES_ONLY[8:2]]) syncookies_only_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_RFC1323[8:2]]) rfc1323_o <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_SACK_ENABLE[8:2]]) sack_enable_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_DROP_SYNFIN[8:2]]) drop_synfin_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_TS_OFFSET_PER_CONN[8:2]]) ts_offset_per_conn_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_UNKNOWN_ACK[8:2]]) unknown_ack_o <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_FRAGMENTS[8:2]]) fragments_drop_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_UNCLASSIFIED[8:2]]) unclassified_drop_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES[8:2]]) syncookies_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_HASHSIZE[8:2]]) hashsize_o <= data_i[14:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_BUCKETLIMIT[8:2]]) bucketlimit_o <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_CACHELIMIT[8:2]]) cachelimit_o <= data_i[17:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMTLIMIT[8:2]]) rexmtlimit_o <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_INITIAL[8:2]]) rexmit_initial_o <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_MIN[8:2]]) rexmit_min_o <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_SLOP[8:2]]) rexmit_slop_o <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_MAX[8:2]]) rexmit_max_o <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ECN_ENABLE[8:2]]) ecn_enable_o <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ECN_MAXRETRIES[8:2]]) ecn_maxretries_o <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_TOLERATE_MISSING_TS[8:2]]) tolerate_missing_ts_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_INSECURE_RST[8:2]]) insecure_rst_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ACK_WAR_CNT[8:2]]) ack_war_cnt_o <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ACK_WAR_TIMEWINDOW[8:2]]) ack_war_timewindow_o <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_BLACKHOLE[8:2]]) blackhole_o <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ICMPLIM[8:2]]) icmplim_o <= data_i[19:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_FLOW_IDLE[8:2]]) flow_idle_o <= data_i[5:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_FLOW_LEARN[8:2]]) flow_learn_o <= data_i[5:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_EVENT_LIMIT[8:2]]) event_limit_o <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_RST_ON_SOCK_FAIL[8:2]]) rst_on_sock_fail_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_COOKIE_GATE[8:2]]) cookie_gate_always_o <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_SIGNED[8:2]]) signed_drop_o <= data_i[0];
    end
    if (!rst_ni) begin
      syncookies_only_o <= synward_regs_pkg::DEFAULT_SYNCOOKIES_ONLY[0];
      rfc1323_o <= synward_regs_pkg::DEFAULT_RFC1323[1:0];
      sack_enable_o <= synward_regs_pkg::DEFAULT_SACK_ENABLE[0];
      drop_synfin_o <= synward_regs_pkg::DEFAULT_DROP_SYNFIN[0];
      ts_offset_per_conn_o <= synward_regs_pkg::DEFAULT_TS_OFFSET_PER_CONN[0];
      unknown_ack_o <= synward_regs_pkg::DEFAULT_UNKNOWN_ACK[1:0];
      fragments_drop_o <= synward_regs_pkg::DEFAULT_FRAGMENTS[0];
      unclassified_drop_o <= synward_regs_pkg::DEFAULT_UNCLASSIFIED[0];
      syncookies_o <= synward_regs_pkg::DEFAULT_SYNCOOKIES[0];
      hashsize_o <= 15'(1 << LogBuckets);
      bucketlimit_o <= synward_regs_pkg::DEFAULT_BUCKETLIMIT[3:0];
      cachelimit_o <= 18'(8 << LogBuckets);
      rexmtlimit_o <= synward_regs_pkg::DEFAULT_REXMTLIMIT[3:0];
      rexmit_initial_o <= synward_regs_pkg::DEFAULT_REXMIT_INITIAL[15:0];
      rexmit_min_o <= synward_regs_pkg::DEFAULT_REXMIT_MIN[15:0];
      rexmit_slop_o <= synward_regs_pkg::DEFAULT_REXMIT_SLOP[15:0];
      rexmit_max_o <= synward_regs_pkg::DEFAULT_REXMIT_MAX[15:0];
      ecn_enable_o <= synward_regs_pkg::DEFAULT_ECN_ENABLE[1:0];
      ecn_maxretries_o <= synward_regs_pkg::DEFAULT_ECN_MAXRETRIES[3:0];
      tolerate_missing_ts_o <= synward_regs_pkg::DEFAULT_TOLERATE_MISSING_TS[0];
      insecure_rst_o <= synward_regs_pkg::DEFAULT_INSECURE_RST[0];
      ack_war_cnt_o <= synward_regs_pkg::DEFAULT_ACK_WAR_CNT[3:0];
      ack_war_timewindow_o <= synward_regs_pkg::DEFAULT_ACK_WAR_TIMEWINDOW[15:0];
      blackhole_o <= synward_regs_pkg::DEFAULT_BLACKHOLE[1:0];
      icmplim_o <= synward_regs_pkg::DEFAULT_ICMPLIM[19:0];
      flow_idle_o <= synward_regs_pkg::DEFAULT_FLOW_IDLE[5:0];
      flow_learn_o <= synward_regs_pkg::DEFAULT_FLOW_LEARN[5:0];
      event_limit_o <= synward_regs_pkg::DEFAULT_EVENT_LIMIT[15:0];
      rst_on_sock_fail_o <= synward_regs_pkg::DEFAULT_RST_ON_SOCK_FAIL[0];
      cookie_gate_always_o <= synward_regs_pkg::DEFAULT_COOKIE_GATE[0];
      signed_drop_o <= synward_regs_pkg::DEFAULT_SIGNED[0];
    end
  end
endmodule

`default_nettype wire
