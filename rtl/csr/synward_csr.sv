// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The register block (docs/registers.md): AXI4-Lite, one transaction at a time each way. Byte strobes are ignored:
/// words only.
module synward_csr #(
    parameter int LogServices = 5,       ///< log2 of the service table's entries
    parameter int LogBuckets = 14,       ///< log2 of the most buckets of the syncache, 1..14
    parameter int LogFlows = 16,         ///< log2 of the flow table's buckets
    parameter int LogEvents = 9,         ///< log2 of the event ring's records
    parameter int ClockHz = 322265625    ///< what CLOCK_HZ holds at reset
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [31:0] time_ms_i,
    output logic [31:0] clock_hz_o,          ///< 2^20 to 2^31 - 1
    // AXI4-Lite
    input  wire  [synward_regs_pkg::AddressBits-1:0] awaddr_i,
    input  wire         awvalid_i,
    output logic        awready_o,
    input  wire  [31:0] wdata_i,
    input  wire         wvalid_i,
    output logic        wready_o,
    output logic [1:0]  bresp_o,
    output logic        bvalid_o,
    input  wire         bready_i,
    input  wire  [synward_regs_pkg::AddressBits-1:0] araddr_i,
    input  wire         arvalid_i,
    output logic        arready_o,
    output logic [31:0] rdata_o,
    output logic [1:0]  rresp_o,
    output logic        rvalid_o,
    input  wire         rready_i,
    // sysctls
    output logic         syncookies_only_o,
    output logic [1:0]   rfc1323_o,
    output logic         sack_enable_o,
    output logic         drop_synfin_o,
    output logic         ts_offset_per_conn_o,
    output logic [1:0]   unknown_ack_o,  ///< 0 pass, 1 drop, 2 rst
    output logic         fragments_drop_o,
    output logic         unclassified_drop_o,
    output logic         syncookies_o,
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
    output logic [15:0]  event_limit_o,  ///< events of a code in 1.024 s
    output logic         rst_on_sock_fail_o,
    output logic         cookie_gate_always_o,
    output logic         signed_drop_o,
    // secrets
    output logic [127:0] cookie_key0_o,
    output logic [127:0] cookie_key1_o,
    output logic [127:0] ts_key_o,
    output logic [127:0] mark_key_o,
    output logic [127:0] table_key_o,
    output logic [127:0] control_key0_o,     ///< current
    output logic [127:0] control_key1_o,     ///< former
    output logic [1:0]   control_keys_o,     ///< which of the two there are
    output logic        parity_o,
    output logic        secrets_loaded_o,
    // tables
    /// both tables are to be cleared, for one clock: a new table_key or new sizes count from here on
    output logic        table_clear_o,
    output logic        end_pause_o,         ///< a pause ends at the next tick, for one clock
    output logic [3:0]  log_hashsize_o,      ///< log2 of the buckets in use, 0..LogBuckets
    output logic [LogBuckets-1:0] hash_mask_o,  ///< buckets in use - 1
    output logic [3:0]  bucketlimit_o,       ///< 1..8
    output logic [17:0] cachelimit_o,
    input  wire         tables_ready_i,
    input  wire         paused_i,
    input  wire  [2:0]  pause_backoff_i,
    input  wire  [31:0] pause_until_i,       ///< ms
    input  wire  [17:0] syncache_count_i,
    input  wire  [LogFlows+4:0] flow_count_i,
    // half-open connections, one by one
    output logic        list_first_o,
    output logic        list_next_o,
    input  wire         list_busy_i,
    input  wire         list_shown_i,
    input  wire  [`SYNWARD_LISTING_W-1:0] listing_i,
    // agents that confirm hand-overs, by service
    input  wire         learn_agent_i,
    input  wire  [LogServices-1:0] learn_service_i,
    output logic [(1<<LogServices)-1:0] agents_o,
    // service table
    output logic        svc_write_o,
    output logic [LogServices-1:0] svc_index_o,
    output logic        svc_valid_o,
    output logic [127:0] svc_addr_o,
    output logic        svc_any_o,
    output logic        svc_match4_o,
    output logic        svc_match6_o,
    output logic [15:0] svc_port_o,
    output logic [`SYNWARD_SERVICE_W-1:0] svc_service_o,
    // events
    output logic        event_pop_o,
    output logic [3:0]  event_word_o,        ///< word of the oldest event
    input  wire  [31:0] event_word_i,        ///< 2 clocks after event_word_o
    output logic [4:0]  event_code_o,        ///< code whose losses are asked for
    input  wire  [31:0] event_lost_i,        ///< 2 clocks after event_code_o
    input  wire  [LogEvents:0] event_count_i,
    // mailbox
    output logic        mail_pop_o,
    output logic [5:0]  mail_word_o,         ///< word of the oldest frame
    input  wire  [31:0] mail_word_i,         ///< 3 clocks after mail_word_o
    input  wire  [6:0]  mail_waiting_i,
    input  wire  [8:0]  mail_length_i,
    output logic        mail_write_o,
    output logic [5:0]  mail_at_o,
    output logic [31:0] mail_data_o,
    output logic        mail_send_o,         ///< 3 clocks behind mail_write_o or later
    output logic [8:0]  mail_length_o,
    input  wire         mail_busy_i,
    input  wire         mail_refused_i,
    // counters
    output logic        snapshot_o,
    output logic [7:0]  counter_word_o,
    input  wire  [31:0] counter_word_i       ///< 3 clocks after counter_word_o
);
  if (LogBuckets < 1 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_csr: LogBuckets must be 1 to 14");
  end
  localparam int AddressBits = synward_regs_pkg::AddressBits;

  // A copy of the reset for each part of what it clears.
  wire sysctls_rst_n, words_rst_n, address_rst_n;
  synward_reset_branch #(.Leaves(3)) u_reset (.clk_i, .rst_ni, .rst_no({sysctls_rst_n, words_rst_n, address_rst_n}));

  // Writes: address and data are taken together, a clock behind the later of them: no path leads from valid to ready.
  logic write_q;
  logic [AddressBits-1:2] waddr_q;
  logic [31:0] wdata_q;
  assign wready_o = awready_o;
  assign bresp_o = 2'b00;
  always_ff @(posedge clk_i) begin
    awready_o <= rst_ni && awvalid_i && wvalid_i && !awready_o && !bvalid_o && !write_q;
    write_q <= rst_ni && awready_o;
    if (awready_o) waddr_q <= awaddr_i[AddressBits-1:2];
    if (awready_o) wdata_q <= wdata_i;
    if (!rst_ni) bvalid_o <= 1'b0;
    else if (write_q) bvalid_o <= 1'b1;
    else if (bready_i) bvalid_o <= 1'b0;
  end
  // The decode is registered, so that a write is an enable and a word: which of the first 128 words, or SNAPSHOT.
  logic write2_q, at_snapshot_q, at_mail_out_q;
  logic [5:0] mail_at_q;
  logic [31:0] w_q;
  logic [127:0] at_q;
  always_ff @(posedge clk_i) begin
    write2_q <= rst_ni && write_q;
    w_q <= wdata_q;
    for (int i = 0; i < 128; i++) at_q[i] <= waddr_q == (AddressBits-2)'(i);
    at_snapshot_q <= waddr_q == synward_regs_pkg::REG_SNAPSHOT[AddressBits-1:2];
    at_mail_out_q <= waddr_q[AddressBits-1:8] == synward_regs_pkg::REG_MAIL_OUT[AddressBits-1:8];
    mail_at_q <= waddr_q[7:2];
  end

  wire [14:0] hashsize;
  wire [3:0] bucketlimit;
  wire [17:0] cachelimit;
  synward_sysctls #(.LogBuckets(LogBuckets)) u_sysctls (
      .clk_i, .rst_ni(sysctls_rst_n), .write_i(write2_q), .at_i(at_q), .data_i(w_q[19:0]),
      .syncookies_only_o, .rfc1323_o, .sack_enable_o, .drop_synfin_o, .ts_offset_per_conn_o, .unknown_ack_o,
      .fragments_drop_o, .unclassified_drop_o,
      .syncookies_o, .hashsize_o(hashsize), .bucketlimit_o(bucketlimit), .cachelimit_o(cachelimit), .rexmtlimit_o,
      .rexmit_initial_o, .rexmit_min_o,
      .rexmit_slop_o, .rexmit_max_o, .ecn_enable_o, .ecn_maxretries_o, .tolerate_missing_ts_o, .insecure_rst_o,
      .ack_war_cnt_o,
      .ack_war_timewindow_o, .blackhole_o, .icmplim_o, .flow_idle_o, .flow_learn_o, .event_limit_o,
      .rst_on_sock_fail_o, .cookie_gate_always_o, .signed_drop_o);

  wire table_key_loaded;
  wire [31:0] secret_status;
  synward_secrets u_secrets (
      .clk_i, .rst_ni, .write_i(write2_q), .at_data_i(at_q[synward_regs_pkg::REG_SECRET_DATA[8:2] +: 4]),
      .at_commit_i(at_q[synward_regs_pkg::REG_SECRET_COMMIT[8:2]]), .data_i(w_q), .cookie_key0_o, .cookie_key1_o,
      .parity_o, .ts_key_o, .mark_key_o,
      .table_key_o, .control_key0_o, .control_key1_o, .control_keys_o, .table_key_loaded_o(table_key_loaded),
      .loaded_o(secrets_loaded_o), .status_o(secret_status));

  // Commands.
  wire table_control = write2_q && at_q[synward_regs_pkg::REG_TABLE_CONTROL[8:2]];
  wire list_control = write2_q && at_q[synward_regs_pkg::REG_LIST_CONTROL[8:2]];
  wire mail_control = write2_q && at_q[synward_regs_pkg::REG_MAIL_CONTROL[8:2]];
  logic load_q, loaded_q;
  assign table_clear_o = loaded_q || table_key_loaded;
  always_ff @(posedge clk_i) begin
    load_q      <= rst_ni && table_control && w_q == 32'd1;
    loaded_q    <= load_q;
    end_pause_o <= rst_ni && table_control && w_q == 32'd2;
    snapshot_o  <= rst_ni && write2_q && at_snapshot_q;
    list_first_o <= rst_ni && list_control && w_q == 32'd1;
    list_next_o  <= rst_ni && list_control && w_q == 32'd2;
    event_pop_o <= rst_ni && write2_q && at_q[synward_regs_pkg::REG_EVENT_POP[8:2]];
    mail_pop_o   <= rst_ni && mail_control && w_q[7:0] == 8'd1;
    mail_send_o  <= rst_ni && mail_control && w_q[7:0] == 8'd2;
    mail_length_o <= w_q[24:16];
    mail_write_o <= rst_ni && write2_q && at_mail_out_q;
    mail_at_o    <= mail_at_q;
    mail_data_o  <= w_q;
    svc_write_o <= rst_ni && write2_q && at_q[synward_regs_pkg::REG_SERVICE_COMMIT[8:2]] && w_q[7:LogServices] == '0;
    svc_index_o <= w_q[LogServices-1:0];
    svc_valid_o <= w_q[8];
  end
  synward_table_sizes #(.LogBuckets(LogBuckets)) u_sizes (
      .clk_i, .rst_ni, .load_i(load_q), .hashsize_i(hashsize), .bucketlimit_i(bucketlimit), .cachelimit_i(cachelimit),
      .log_hashsize_o, .hash_mask_o, .bucketlimit_o, .cachelimit_o);

  // Words that are staged, and SCRATCH.
  logic [31:0] scratch_q, match_q, mss_q, path_mss_q, window_q, ip_q, options_q;
  logic [127:0] addr_q;
  always_ff @(posedge clk_i) begin
    if (write2_q) begin
      if (at_q[synward_regs_pkg::REG_CLOCK_HZ[8:2]] && !w_q[31] && w_q[30:20] != 11'd0) clock_hz_o <= w_q;
      if (at_q[synward_regs_pkg::REG_SCRATCH[8:2]]) scratch_q <= w_q;
      if (at_q[synward_regs_pkg::REG_SERVICE_MATCH[8:2]]) match_q <= w_q;
      if (at_q[synward_regs_pkg::REG_SERVICE_MSS[8:2]]) mss_q <= w_q;
      if (at_q[synward_regs_pkg::REG_SERVICE_PATH_MSS[8:2]]) path_mss_q <= w_q;
      if (at_q[synward_regs_pkg::REG_SERVICE_WINDOW[8:2]]) window_q <= w_q;
      if (at_q[synward_regs_pkg::REG_SERVICE_IP[8:2]]) ip_q <= w_q;
      if (at_q[synward_regs_pkg::REG_SERVICE_OPTIONS[8:2]]) options_q <= w_q;
      for (int i = 0; i < 4; i++)
        if (at_q[synward_regs_pkg::REG_SERVICE_ADDR[8:2] + 7'(i)]) addr_q[32*(3-i) +: 32] <= w_q;
    end
    if (!words_rst_n) begin
      clock_hz_o <= ClockHz;
      scratch_q <= 32'd0;
      match_q <= 32'd0;
      mss_q <= 32'd0;
      path_mss_q <= 32'd0;
      window_q <= 32'd0;
      ip_q <= 32'd0;
      options_q <= 32'd0;
    end
    if (!address_rst_n) addr_q <= 128'd0;
  end
  assign svc_addr_o = addr_q;
  assign svc_port_o = match_q[15:0];
  assign svc_match4_o = match_q[16];
  assign svc_match6_o = match_q[17];
  assign svc_any_o = match_q[18];
  // In the order of the service record.
  assign svc_service_o = {options_q[5:4], options_q[0], options_q[1], options_q[2], options_q[3], mss_q[15:0],
      mss_q[31:16], path_mss_q[15:0], path_mss_q[31:16],
                          window_q[15:0], window_q[19:16], ip_q[7:0], ip_q[15:10], 2'b00};

  // Who confirms: learnt, or written; a service that is written anew has nobody yet.
  always_ff @(posedge clk_i) begin
    if (write2_q && at_q[synward_regs_pkg::REG_HANDOFF_AGENTS[8:2]]) agents_o <= w_q[(1<<LogServices)-1:0];
    for (int i = 0; i < (1 << LogServices); i++) begin
      if (learn_agent_i && learn_service_i == LogServices'(i)) agents_o[i] <= 1'b1;
      if (svc_write_o && svc_index_o == LogServices'(i)) agents_o[i] <= 1'b0;
    end
    if (!rst_ni) agents_o <= '0;
  end

  // What the first 128 words read. What may not be read is not among them.
  logic [31:0] pause_left_q;
  wire [31:0] pause_left = pause_until_i - time_ms_i;
  always_ff @(posedge clk_i) pause_left_q <= paused_i && !pause_left[31] ? pause_left : 32'd0;
  wire [351:0] listing = 352'(listing_i);
  logic [31:0] value [0:127];
  always_comb begin
    for (int i = 0; i < 128; i++) value[i] = 32'd0;
    value[synward_regs_pkg::REG_ID[8:2]] = synward_regs_pkg::DeviceId;
    value[synward_regs_pkg::REG_VERSION[8:2]] = synward_regs_pkg::MapVersion;
    value[synward_regs_pkg::REG_SIZES[8:2]] = {8'(synward_regs_pkg::Events), 8'(synward_regs_pkg::Drops),
        8'(synward_regs_pkg::Counters), 8'(1 << LogServices)};
    value[synward_regs_pkg::REG_CLOCK_HZ[8:2]] = clock_hz_o;
    value[synward_regs_pkg::REG_TIME_MS[8:2]] = time_ms_i;
    value[synward_regs_pkg::REG_SCRATCH[8:2]] = scratch_q;
    value[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES_ONLY[8:2]] = 32'(syncookies_only_o);
    value[synward_regs_pkg::REG_SYSCTL_RFC1323[8:2]] = 32'(rfc1323_o);
    value[synward_regs_pkg::REG_SYSCTL_SACK_ENABLE[8:2]] = 32'(sack_enable_o);
    value[synward_regs_pkg::REG_SYSCTL_DROP_SYNFIN[8:2]] = 32'(drop_synfin_o);
    value[synward_regs_pkg::REG_SYSCTL_TS_OFFSET_PER_CONN[8:2]] = 32'(ts_offset_per_conn_o);
    value[synward_regs_pkg::REG_SYSCTL_UNKNOWN_ACK[8:2]] = 32'(unknown_ack_o);
    value[synward_regs_pkg::REG_SYSCTL_FRAGMENTS[8:2]] = 32'(fragments_drop_o);
    value[synward_regs_pkg::REG_SYSCTL_UNCLASSIFIED[8:2]] = 32'(unclassified_drop_o);
    value[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES[8:2]] = 32'(syncookies_o);
    value[synward_regs_pkg::REG_SYSCTL_HASHSIZE[8:2]] = 32'(hashsize);
    value[synward_regs_pkg::REG_SYSCTL_BUCKETLIMIT[8:2]] = 32'(bucketlimit);
    value[synward_regs_pkg::REG_SYSCTL_CACHELIMIT[8:2]] = 32'(cachelimit);
    value[synward_regs_pkg::REG_SYSCTL_REXMTLIMIT[8:2]] = 32'(rexmtlimit_o);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_INITIAL[8:2]] = 32'(rexmit_initial_o);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_MIN[8:2]] = 32'(rexmit_min_o);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_SLOP[8:2]] = 32'(rexmit_slop_o);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_MAX[8:2]] = 32'(rexmit_max_o);
    value[synward_regs_pkg::REG_SYSCTL_ECN_ENABLE[8:2]] = 32'(ecn_enable_o);
    value[synward_regs_pkg::REG_SYSCTL_ECN_MAXRETRIES[8:2]] = 32'(ecn_maxretries_o);
    value[synward_regs_pkg::REG_SYSCTL_TOLERATE_MISSING_TS[8:2]] = 32'(tolerate_missing_ts_o);
    value[synward_regs_pkg::REG_SYSCTL_INSECURE_RST[8:2]] = 32'(insecure_rst_o);
    value[synward_regs_pkg::REG_SYSCTL_ACK_WAR_CNT[8:2]] = 32'(ack_war_cnt_o);
    value[synward_regs_pkg::REG_SYSCTL_ACK_WAR_TIMEWINDOW[8:2]] = 32'(ack_war_timewindow_o);
    value[synward_regs_pkg::REG_SYSCTL_BLACKHOLE[8:2]] = 32'(blackhole_o);
    value[synward_regs_pkg::REG_SYSCTL_ICMPLIM[8:2]] = 32'(icmplim_o);
    value[synward_regs_pkg::REG_SYSCTL_FLOW_IDLE[8:2]] = 32'(flow_idle_o);
    value[synward_regs_pkg::REG_SYSCTL_FLOW_LEARN[8:2]] = 32'(flow_learn_o);
    value[synward_regs_pkg::REG_SYSCTL_EVENT_LIMIT[8:2]] = 32'(event_limit_o);
    value[synward_regs_pkg::REG_SECRET_STATUS[8:2]] = secret_status;
    value[synward_regs_pkg::REG_TABLE_STATUS[8:2]] = {4'd0, 4'(LogEvents), 3'd0, 5'(LogFlows), 4'd8, 4'(LogBuckets),
        3'd0,
                                                      pause_backoff_i, paused_i, tables_ready_i};
    value[synward_regs_pkg::REG_SYNCACHE_COUNT[8:2]] = 32'(syncache_count_i);
    value[synward_regs_pkg::REG_PAUSE_LEFT[8:2]] = pause_left_q;
    value[synward_regs_pkg::REG_FLOW_COUNT[8:2]] = 32'(flow_count_i);
    value[synward_regs_pkg::REG_EVENT_COUNT[8:2]] = 32'(event_count_i);
    value[synward_regs_pkg::REG_LIST_STATUS[8:2]] = {30'd0, list_shown_i, list_busy_i || list_control || list_first_o
        || list_next_o};
    for (int i = 0; i < 11; i++) value[synward_regs_pkg::REG_LIST_DATA[8:2] + 7'(i)] = listing[32*i +: 32];
    for (int i = 0; i < 4; i++) value[synward_regs_pkg::REG_SERVICE_ADDR[8:2] + 7'(i)] = addr_q[32*(3-i) +: 32];
    value[synward_regs_pkg::REG_SERVICE_MATCH[8:2]] = match_q;
    value[synward_regs_pkg::REG_SERVICE_MSS[8:2]] = mss_q;
    value[synward_regs_pkg::REG_SERVICE_PATH_MSS[8:2]] = path_mss_q;
    value[synward_regs_pkg::REG_HANDOFF_AGENTS[8:2]] = 32'(agents_o);
    value[synward_regs_pkg::REG_SYSCTL_RST_ON_SOCK_FAIL[8:2]] = 32'(rst_on_sock_fail_o);
    value[synward_regs_pkg::REG_SYSCTL_COOKIE_GATE[8:2]] = 32'(cookie_gate_always_o);
    value[synward_regs_pkg::REG_SYSCTL_SIGNED[8:2]] = 32'(signed_drop_o);
    value[synward_regs_pkg::REG_SERVICE_WINDOW[8:2]] = window_q;
    value[synward_regs_pkg::REG_SERVICE_IP[8:2]] = ip_q;
    value[synward_regs_pkg::REG_SERVICE_OPTIONS[8:2]] = options_q;
  end

  // Reads: eight words a group, the groups, then what other blocks hold.
  logic [3:0] read_q;  // stages of one read under way
  logic [AddressBits-1:2] raddr_q;
  // Which word of a group, for each half of the groups.
  wire [1:0] at0, at1, at2;
  synward_fanout #(.Copies(2)) u_at0 (.clk_i, .bit_i(arready_o ? araddr_i[2] : raddr_q[2]), .copies_o(at0));
  synward_fanout #(.Copies(2)) u_at1 (.clk_i, .bit_i(arready_o ? araddr_i[3] : raddr_q[3]), .copies_o(at1));
  synward_fanout #(.Copies(2)) u_at2 (.clk_i, .bit_i(arready_o ? araddr_i[4] : raddr_q[4]), .copies_o(at2));
  assign rresp_o = 2'b00;
  assign counter_word_o = raddr_q[9:2];
  assign event_word_o = raddr_q[5:2];
  assign event_code_o = raddr_q[6:2];
  assign mail_word_o = raddr_q[7:2];
  logic is_page_q, is_counter_q, is_event_q, is_lost_q, is_mail_q, is_mail_status_q;
  wire [31:0] mail_status = {6'd0, mail_refused_i, mail_busy_i, 7'd0, mail_length_i, 1'b0, mail_waiting_i};
  logic [31:0] group_q [0:15];
  logic [31:0] group_value [0:15];
  logic [31:0] page, page_q;
  always_comb begin
    for (int g = 0; g < 16; g++) begin
      group_value[g] = 32'd0;
      for (int i = 0; i < 8; i++)
        group_value[g] = group_value[g] | (value[8 * g + i] & {32{{at2[g/8], at1[g/8], at0[g/8]} == 3'(i)}});
    end
    page = 32'd0;
    for (int g = 0; g < 16; g++) page = page | (group_q[g] & {32{raddr_q[8:5] == 4'(g)}});
  end
  always_ff @(posedge clk_i) begin
    arready_o <= rst_ni && arvalid_i && !arready_o && !rvalid_o && read_q == 4'd0;
    read_q <= rst_ni ? {read_q[2:0], arready_o} : 4'd0;
    if (arready_o) raddr_q <= araddr_i[AddressBits-1:2];
    is_page_q    <= raddr_q[AddressBits-1:9] == 3'd0;
    is_counter_q <= raddr_q[AddressBits-1:10] == 2'd1;
    is_event_q   <= raddr_q[AddressBits-1:6] == synward_regs_pkg::REG_EVENT_DATA[AddressBits-1:6]
        && raddr_q[5:3] != 3'd7;
    is_lost_q    <= raddr_q[AddressBits-1:7] == synward_regs_pkg::REG_EVENT_LOST[AddressBits-1:7];
    is_mail_q    <= raddr_q[AddressBits-1:8] == synward_regs_pkg::REG_MAIL_DATA[AddressBits-1:8];
    is_mail_status_q <= raddr_q == synward_regs_pkg::REG_MAIL_STATUS[AddressBits-1:2];
    for (int g = 0; g < 16; g++) group_q[g] <= group_value[g];
    page_q <= page;
    if (read_q[3])
      rdata_o <= (page_q & {32{is_page_q}}) | (counter_word_i & {32{is_counter_q}}) | (event_word_i & {32{is_event_q}})
                 | (event_lost_i & {32{is_lost_q}})
                 | (mail_word_i & {32{is_mail_q}}) | (mail_status & {32{is_mail_status_q}});
    if (!rst_ni) rvalid_o <= 1'b0;
    else if (read_q[3]) rvalid_o <= 1'b1;
    else if (rready_i) rvalid_o <= 1'b0;
  end

  wire unused = &{1'b0, awaddr_i[1:0], araddr_i[1:0]};
endmodule

`default_nettype wire
