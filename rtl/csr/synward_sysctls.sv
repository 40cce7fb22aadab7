// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The sysctls: each a register as wide as its greatest value. Values out of range are the software's to refuse.
module synward_sysctls #(
    parameter int LogBuckets = 14  ///< log2 of the most buckets of the syncache: the default of its size
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          write_i,
    input  wire  [127:0] at_i,     ///< one-hot: word of the register page that is written
    input  wire  [19:0]  data_i,
    output synward_sysctls_t sysctls_o
);
  if (LogBuckets < 1 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_sysctls: LogBuckets must be 1 to 14");
  end
  always_ff @(posedge clk_i) begin
    if (write_i) begin
      if (at_i[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES_ONLY[8:2]]) sysctls_o.syncookies_only <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_RFC1323[8:2]]) sysctls_o.rfc1323 <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_SACK_ENABLE[8:2]]) sysctls_o.sack_enable <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_DROP_SYNFIN[8:2]]) sysctls_o.drop_synfin <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_TS_OFFSET_PER_CONN[8:2]]) sysctls_o.ts_offset_per_conn <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_UNKNOWN_ACK[8:2]]) sysctls_o.unknown_ack <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_FRAGMENTS[8:2]]) sysctls_o.fragments_drop <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_UNCLASSIFIED[8:2]]) sysctls_o.unclassified_drop <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES[8:2]]) sysctls_o.syncookies <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_HASHSIZE[8:2]]) sysctls_o.hashsize <= data_i[14:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_BUCKETLIMIT[8:2]]) sysctls_o.bucketlimit <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_CACHELIMIT[8:2]]) sysctls_o.cachelimit <= data_i[17:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMTLIMIT[8:2]]) sysctls_o.rexmtlimit <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_INITIAL[8:2]]) sysctls_o.rexmit_initial <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_MIN[8:2]]) sysctls_o.rexmit_min <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_SLOP[8:2]]) sysctls_o.rexmit_slop <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_REXMIT_MAX[8:2]]) sysctls_o.rexmit_max <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ECN_ENABLE[8:2]]) sysctls_o.ecn_enable <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ECN_MAXRETRIES[8:2]]) sysctls_o.ecn_maxretries <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_TOLERATE_MISSING_TS[8:2]]) sysctls_o.tolerate_missing_ts <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_INSECURE_RST[8:2]]) sysctls_o.insecure_rst <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ACK_WAR_CNT[8:2]]) sysctls_o.ack_war_cnt <= data_i[3:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ACK_WAR_TIMEWINDOW[8:2]]) sysctls_o.ack_war_timewindow <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_BLACKHOLE[8:2]]) sysctls_o.blackhole <= data_i[1:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_ICMPLIM[8:2]]) sysctls_o.icmplim <= data_i[19:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_FLOW_IDLE[8:2]]) sysctls_o.flow_idle <= data_i[5:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_FLOW_LEARN[8:2]]) sysctls_o.flow_learn <= data_i[5:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_EVENT_LIMIT[8:2]]) sysctls_o.event_limit <= data_i[15:0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_RST_ON_SOCK_FAIL[8:2]]) sysctls_o.rst_on_sock_fail <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_COOKIE_GATE[8:2]]) sysctls_o.cookie_gate_always <= data_i[0];
      if (at_i[synward_regs_pkg::REG_SYSCTL_SIGNED[8:2]]) sysctls_o.signed_drop <= data_i[0];
    end
    if (!rst_ni) begin
      sysctls_o.syncookies_only <= synward_regs_pkg::DEFAULT_SYNCOOKIES_ONLY[0];
      sysctls_o.rfc1323 <= synward_regs_pkg::DEFAULT_RFC1323[1:0];
      sysctls_o.sack_enable <= synward_regs_pkg::DEFAULT_SACK_ENABLE[0];
      sysctls_o.drop_synfin <= synward_regs_pkg::DEFAULT_DROP_SYNFIN[0];
      sysctls_o.ts_offset_per_conn <= synward_regs_pkg::DEFAULT_TS_OFFSET_PER_CONN[0];
      sysctls_o.unknown_ack <= synward_regs_pkg::DEFAULT_UNKNOWN_ACK[1:0];
      sysctls_o.fragments_drop <= synward_regs_pkg::DEFAULT_FRAGMENTS[0];
      sysctls_o.unclassified_drop <= synward_regs_pkg::DEFAULT_UNCLASSIFIED[0];
      sysctls_o.syncookies <= synward_regs_pkg::DEFAULT_SYNCOOKIES[0];
      sysctls_o.hashsize <= 15'(1 << LogBuckets);
      sysctls_o.bucketlimit <= synward_regs_pkg::DEFAULT_BUCKETLIMIT[3:0];
      sysctls_o.cachelimit <= 18'(8 << LogBuckets);
      sysctls_o.rexmtlimit <= synward_regs_pkg::DEFAULT_REXMTLIMIT[3:0];
      sysctls_o.rexmit_initial <= synward_regs_pkg::DEFAULT_REXMIT_INITIAL[15:0];
      sysctls_o.rexmit_min <= synward_regs_pkg::DEFAULT_REXMIT_MIN[15:0];
      sysctls_o.rexmit_slop <= synward_regs_pkg::DEFAULT_REXMIT_SLOP[15:0];
      sysctls_o.rexmit_max <= synward_regs_pkg::DEFAULT_REXMIT_MAX[15:0];
      sysctls_o.ecn_enable <= synward_regs_pkg::DEFAULT_ECN_ENABLE[1:0];
      sysctls_o.ecn_maxretries <= synward_regs_pkg::DEFAULT_ECN_MAXRETRIES[3:0];
      sysctls_o.tolerate_missing_ts <= synward_regs_pkg::DEFAULT_TOLERATE_MISSING_TS[0];
      sysctls_o.insecure_rst <= synward_regs_pkg::DEFAULT_INSECURE_RST[0];
      sysctls_o.ack_war_cnt <= synward_regs_pkg::DEFAULT_ACK_WAR_CNT[3:0];
      sysctls_o.ack_war_timewindow <= synward_regs_pkg::DEFAULT_ACK_WAR_TIMEWINDOW[15:0];
      sysctls_o.blackhole <= synward_regs_pkg::DEFAULT_BLACKHOLE[1:0];
      sysctls_o.icmplim <= synward_regs_pkg::DEFAULT_ICMPLIM[19:0];
      sysctls_o.flow_idle <= synward_regs_pkg::DEFAULT_FLOW_IDLE[5:0];
      sysctls_o.flow_learn <= synward_regs_pkg::DEFAULT_FLOW_LEARN[5:0];
      sysctls_o.event_limit <= synward_regs_pkg::DEFAULT_EVENT_LIMIT[15:0];
      sysctls_o.rst_on_sock_fail <= synward_regs_pkg::DEFAULT_RST_ON_SOCK_FAIL[0];
      sysctls_o.cookie_gate_always <= synward_regs_pkg::DEFAULT_COOKIE_GATE[0];
      sysctls_o.signed_drop <= synward_regs_pkg::DEFAULT_SIGNED[0];
    end
  end
endmodule

`default_nettype wire
