// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What the engine is told of secrets, sysctls and the sizes in force. Wires alone.
module synward_settings (
    input  synward_secrets_t secrets_i,
    input  synward_sysctls_t sysctls_i,
    input  synward_table_sizes_t sizes_i,
    output synward_settings_t settings_o
);
  always_comb begin
    settings_o.cookie_key0 = secrets_i.cookie_key0;
    settings_o.cookie_key1 = secrets_i.cookie_key1;
    settings_o.ts_key = secrets_i.ts_key;
    settings_o.mark_key = secrets_i.mark_key;
    settings_o.table_key = secrets_i.table_key;
    settings_o.parity = secrets_i.parity;
    settings_o.ts_offset_per_conn = sysctls_i.ts_offset_per_conn;
    settings_o.syncookies = sysctls_i.syncookies;
    settings_o.syncookies_only = sysctls_i.syncookies_only;
    settings_o.tolerate_missing_ts = sysctls_i.tolerate_missing_ts;
    settings_o.insecure_rst = sysctls_i.insecure_rst;
    settings_o.no_rst = sysctls_i.blackhole == 2'd3;
    settings_o.rst_on_sock_fail = sysctls_i.rst_on_sock_fail;
    settings_o.cookie_gate_always = sysctls_i.cookie_gate_always;
    settings_o.unknown_ack = sysctls_i.unknown_ack;
    settings_o.rexmtlimit = sysctls_i.rexmtlimit;
    settings_o.rexmit_initial = sysctls_i.rexmit_initial;
    settings_o.rexmit_min = sysctls_i.rexmit_min;
    settings_o.rexmit_slop = sysctls_i.rexmit_slop;
    settings_o.rexmit_max = sysctls_i.rexmit_max;
    settings_o.ecn_maxretries = sysctls_i.ecn_maxretries;
    settings_o.ack_war_cnt = sysctls_i.ack_war_cnt;
    settings_o.ack_war_timewindow = sysctls_i.ack_war_timewindow;
    settings_o.icmplim = sysctls_i.icmplim;
    settings_o.flow_idle = sysctls_i.flow_idle;
    settings_o.flow_learn = sysctls_i.flow_learn;
    settings_o.hash_mask = sizes_i.hash_mask;
    settings_o.bucketlimit = sizes_i.bucketlimit;
    settings_o.cachelimit = sizes_i.cachelimit;
  end
  wire unused = &{1'b0, secrets_i, sysctls_i, sizes_i};
endmodule

`default_nettype wire
