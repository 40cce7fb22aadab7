// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The register block (docs/registers.md): AXI4-Lite, one transaction at a time each way. Byte strobes are ignored:
/// words only.
module synward_csr #(
    parameter int LogServices = 5,       ///< log2 of the service table's entries
    parameter int LogBuckets = 14,       ///< log2 of the most buckets of the syncache, 1..14
    parameter int LogFlows = 16,         ///< log2 of the flow table's buckets
    parameter int LogEvents = 9,         ///< log2 of the event ring's records, at most 9
    parameter int ClockHz = 322265625    ///< what CLOCK_HZ holds at reset
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [31:0] time_ms_i,
    output logic [31:0] clock_hz_o,          ///< 2^20 to 2^31 - 1
    input  synward_axil_request_t axil_i,
    output synward_axil_response_t axil_o,
    output synward_sysctls_t sysctls_o,
    output synward_secrets_t secrets_o,
    // tables
    /// both tables are to be cleared, for one clock: a new table_key or new sizes count from here on
    output logic        table_clear_o,
    output logic        end_pause_o,         ///< a pause ends at the next tick, for one clock
    output synward_table_sizes_t sizes_o,
    input  synward_engine_state_t tables_i,
    input  synward_engine_faults_t faults_i,
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
    // service table, events, mailboxes
    output synward_service_write_t service_o,
    output synward_events_ask_t events_o,
    input  synward_events_tell_t events_i,
    output synward_mail_ask_t mail_o,
    input  synward_mail_tell_t mail_i,
    // counters
    output logic        snapshot_o,
    output logic [7:0]  counter_word_o,
    input  wire  [31:0] counter_word_i       ///< 3 clocks after counter_word_o
);
  if (LogServices < 1 || LogServices > 5) begin : gen_refused_log_services
    $error("synward_csr: LogServices must be 1 to 5");
  end
  if (LogFlows < 1 || LogFlows > 16) begin : gen_refused_log_flows
    $error("synward_csr: LogFlows must be 1 to 16");
  end
  if (LogEvents < 1 || LogEvents > 9) begin : gen_refused_log_events
    $error("synward_csr: LogEvents must be 1 to 9");
  end
  if (ClockHz < 1000000) begin : gen_refused_clock_hz
    $error("synward_csr: ClockHz must be 1000000 or more");
  end
  if (LogBuckets < 1 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_csr: LogBuckets must be 1 to 14");
  end
  if (`SYNWARD_AXIL_REQUEST_W != 2 * synward_regs_pkg::AddressBits + 37) begin : gen_other_address_bits
    $error("synward_csr: rtl/records.toml has another width of AXI4-Lite addresses than rtl/csr/registers.toml");
  end
  localparam int AddressBits = synward_regs_pkg::AddressBits;

  // A copy of the reset for each part of what it clears.
  wire sysctls_rst_n, words_rst_n, address_rst_n;
  synward_reset_branch #(.Leaves(3)) u_reset (.clk_i, .rst_ni, .rst_no({sysctls_rst_n, words_rst_n, address_rst_n}));

  // Writes: address and data are taken together, a clock behind the later of them: no path leads from valid to ready.
  logic awready_q, bvalid_q, write_q;
  logic [AddressBits-1:2] waddr_q;
  logic [31:0] wdata_q;
  always_ff @(posedge clk_i) begin
    awready_q <= rst_ni && axil_i.awvalid && axil_i.wvalid && !awready_q && !bvalid_q && !write_q;
    write_q <= rst_ni && awready_q;
    if (awready_q) waddr_q <= axil_i.awaddr[AddressBits-1:2];
    if (awready_q) wdata_q <= axil_i.wdata;
    if (!rst_ni) bvalid_q <= 1'b0;
    else if (write_q) bvalid_q <= 1'b1;
    else if (axil_i.bready) bvalid_q <= 1'b0;
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

  synward_sysctls #(.LogBuckets(LogBuckets)) u_sysctls (
      .clk_i, .rst_ni(sysctls_rst_n), .write_i(write2_q), .at_i(at_q), .data_i(w_q[19:0]),
      .sysctls_o);

  wire table_key_loaded;
  wire [31:0] secret_status;
  synward_secrets u_secrets (
      .clk_i, .rst_ni, .write_i(write2_q), .at_data_i(at_q[synward_regs_pkg::REG_SECRET_DATA[8:2] +: 4]),
      .at_commit_i(at_q[synward_regs_pkg::REG_SECRET_COMMIT[8:2]]), .data_i(w_q),
      .secrets_o, .table_key_loaded_o(table_key_loaded), .status_o(secret_status));

  // Commands.
  wire table_control = write2_q && at_q[synward_regs_pkg::REG_TABLE_CONTROL[8:2]];
  wire list_control = write2_q && at_q[synward_regs_pkg::REG_LIST_CONTROL[8:2]];
  wire mail_control = write2_q && at_q[synward_regs_pkg::REG_MAIL_CONTROL[8:2]];
  logic load_q, loaded_q, event_pop_q, mail_pop_q, mail_send_q, mail_write_q, service_write_q, service_valid_q;
  logic [8:0] mail_length_q;
  logic [5:0] mail_at2_q;
  logic [31:0] mail_data_q;
  logic [LogServices-1:0] service_index_q;
  assign table_clear_o = loaded_q || table_key_loaded;
  always_ff @(posedge clk_i) begin
    load_q      <= rst_ni && table_control && w_q == 32'd1;
    loaded_q    <= load_q;
    end_pause_o <= rst_ni && table_control && w_q == 32'd2;
    snapshot_o  <= rst_ni && write2_q && at_snapshot_q;
    list_first_o <= rst_ni && list_control && w_q == 32'd1;
    list_next_o  <= rst_ni && list_control && w_q == 32'd2;
    event_pop_q <= rst_ni && write2_q && at_q[synward_regs_pkg::REG_EVENT_POP[8:2]];
    mail_pop_q   <= rst_ni && mail_control && w_q[7:0] == 8'd1;
    mail_send_q  <= rst_ni && mail_control && w_q[7:0] == 8'd2;
    mail_length_q <= w_q[24:16];
    mail_write_q <= rst_ni && write2_q && at_mail_out_q;
    mail_at2_q   <= mail_at_q;
    mail_data_q  <= w_q;
    service_write_q <= rst_ni && write2_q && at_q[synward_regs_pkg::REG_SERVICE_COMMIT[8:2]]
        && w_q[7:LogServices] == '0;
    service_index_q <= w_q[LogServices-1:0];
    service_valid_q <= w_q[8];
  end
  synward_table_sizes #(.LogBuckets(LogBuckets)) u_sizes (
      .clk_i, .rst_ni, .load_i(load_q), .hashsize_i(sysctls_o.hashsize), .bucketlimit_i(sysctls_o.bucketlimit),
      .cachelimit_i(sysctls_o.cachelimit), .sizes_o);

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
  // In the order of the records.
  wire [`SYNWARD_SERVICE_W-1:0] service = {options_q[5:4], options_q[0], options_q[1], options_q[2], options_q[3],
      mss_q[15:0], mss_q[31:16], path_mss_q[15:0], path_mss_q[31:16], window_q[15:0], window_q[19:16], ip_q[7:0],
      ip_q[15:10], 2'b00};
  assign service_o = {service_write_q, 5'(service_index_q), service_valid_q, addr_q, match_q[18], match_q[16],
      match_q[17], match_q[15:0], service};

  // Who confirms: learnt, or written; a service that is written anew has nobody yet.
  always_ff @(posedge clk_i) begin
    if (write2_q && at_q[synward_regs_pkg::REG_HANDOFF_AGENTS[8:2]]) agents_o <= w_q[(1<<LogServices)-1:0];
    for (int i = 0; i < (1 << LogServices); i++) begin
      if (learn_agent_i && learn_service_i == LogServices'(i)) agents_o[i] <= 1'b1;
      if (service_write_q && service_index_q == LogServices'(i)) agents_o[i] <= 1'b0;
    end
    if (!rst_ni) agents_o <= '0;
  end

  // What the first 128 words read. What may not be read is not among them.
  logic [31:0] pause_left_q;
  wire [31:0] pause_left = tables_i.pause_until - time_ms_i;
  always_ff @(posedge clk_i) pause_left_q <= tables_i.paused && !pause_left[31] ? pause_left : 32'd0;
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
    value[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES_ONLY[8:2]] = 32'(sysctls_o.syncookies_only);
    value[synward_regs_pkg::REG_SYSCTL_RFC1323[8:2]] = 32'(sysctls_o.rfc1323);
    value[synward_regs_pkg::REG_SYSCTL_SACK_ENABLE[8:2]] = 32'(sysctls_o.sack_enable);
    value[synward_regs_pkg::REG_SYSCTL_DROP_SYNFIN[8:2]] = 32'(sysctls_o.drop_synfin);
    value[synward_regs_pkg::REG_SYSCTL_TS_OFFSET_PER_CONN[8:2]] = 32'(sysctls_o.ts_offset_per_conn);
    value[synward_regs_pkg::REG_SYSCTL_UNKNOWN_ACK[8:2]] = 32'(sysctls_o.unknown_ack);
    value[synward_regs_pkg::REG_SYSCTL_FRAGMENTS[8:2]] = 32'(sysctls_o.fragments_drop);
    value[synward_regs_pkg::REG_SYSCTL_UNCLASSIFIED[8:2]] = 32'(sysctls_o.unclassified_drop);
    value[synward_regs_pkg::REG_SYSCTL_SYNCOOKIES[8:2]] = 32'(sysctls_o.syncookies);
    value[synward_regs_pkg::REG_SYSCTL_HASHSIZE[8:2]] = 32'(sysctls_o.hashsize);
    value[synward_regs_pkg::REG_SYSCTL_BUCKETLIMIT[8:2]] = 32'(sysctls_o.bucketlimit);
    value[synward_regs_pkg::REG_SYSCTL_CACHELIMIT[8:2]] = 32'(sysctls_o.cachelimit);
    value[synward_regs_pkg::REG_SYSCTL_REXMTLIMIT[8:2]] = 32'(sysctls_o.rexmtlimit);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_INITIAL[8:2]] = 32'(sysctls_o.rexmit_initial);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_MIN[8:2]] = 32'(sysctls_o.rexmit_min);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_SLOP[8:2]] = 32'(sysctls_o.rexmit_slop);
    value[synward_regs_pkg::REG_SYSCTL_REXMIT_MAX[8:2]] = 32'(sysctls_o.rexmit_max);
    value[synward_regs_pkg::REG_SYSCTL_ECN_ENABLE[8:2]] = 32'(sysctls_o.ecn_enable);
    value[synward_regs_pkg::REG_SYSCTL_ECN_MAXRETRIES[8:2]] = 32'(sysctls_o.ecn_maxretries);
    value[synward_regs_pkg::REG_SYSCTL_TOLERATE_MISSING_TS[8:2]] = 32'(sysctls_o.tolerate_missing_ts);
    value[synward_regs_pkg::REG_SYSCTL_INSECURE_RST[8:2]] = 32'(sysctls_o.insecure_rst);
    value[synward_regs_pkg::REG_SYSCTL_ACK_WAR_CNT[8:2]] = 32'(sysctls_o.ack_war_cnt);
    value[synward_regs_pkg::REG_SYSCTL_ACK_WAR_TIMEWINDOW[8:2]] = 32'(sysctls_o.ack_war_timewindow);
    value[synward_regs_pkg::REG_SYSCTL_BLACKHOLE[8:2]] = 32'(sysctls_o.blackhole);
    value[synward_regs_pkg::REG_SYSCTL_ICMPLIM[8:2]] = 32'(sysctls_o.icmplim);
    value[synward_regs_pkg::REG_SYSCTL_FLOW_IDLE[8:2]] = 32'(sysctls_o.flow_idle);
    value[synward_regs_pkg::REG_SYSCTL_FLOW_LEARN[8:2]] = 32'(sysctls_o.flow_learn);
    value[synward_regs_pkg::REG_SYSCTL_EVENT_LIMIT[8:2]] = 32'(sysctls_o.event_limit);
    value[synward_regs_pkg::REG_SECRET_STATUS[8:2]] = secret_status;
    value[synward_regs_pkg::REG_TABLE_STATUS[8:2]] = {4'd0, 4'(LogEvents), 3'd0, 5'(LogFlows), 4'd8, 4'(LogBuckets),
        3'd0,
                                                      tables_i.backoff, tables_i.paused, tables_i.ready};
    value[synward_regs_pkg::REG_ENGINE_STATUS[8:2]] = {faults_i.resets, 12'd0, faults_i.cause, faults_i.down,
                                                       faults_i.streams};
    value[synward_regs_pkg::REG_SYNCACHE_COUNT[8:2]] = 32'(tables_i.count);
    value[synward_regs_pkg::REG_PAUSE_LEFT[8:2]] = pause_left_q;
    value[synward_regs_pkg::REG_FLOW_COUNT[8:2]] = 32'(tables_i.flows);
    value[synward_regs_pkg::REG_EVENT_COUNT[8:2]] = 32'(events_i.count);
    value[synward_regs_pkg::REG_LIST_STATUS[8:2]] = {30'd0, list_shown_i, list_busy_i || list_control || list_first_o
        || list_next_o};
    for (int i = 0; i < 11; i++) value[synward_regs_pkg::REG_LIST_DATA[8:2] + 7'(i)] = listing[32*i +: 32];
    for (int i = 0; i < 4; i++) value[synward_regs_pkg::REG_SERVICE_ADDR[8:2] + 7'(i)] = addr_q[32*(3-i) +: 32];
    value[synward_regs_pkg::REG_SERVICE_MATCH[8:2]] = match_q;
    value[synward_regs_pkg::REG_SERVICE_MSS[8:2]] = mss_q;
    value[synward_regs_pkg::REG_SERVICE_PATH_MSS[8:2]] = path_mss_q;
    value[synward_regs_pkg::REG_HANDOFF_AGENTS[8:2]] = 32'(agents_o);
    value[synward_regs_pkg::REG_SYSCTL_RST_ON_SOCK_FAIL[8:2]] = 32'(sysctls_o.rst_on_sock_fail);
    value[synward_regs_pkg::REG_SYSCTL_COOKIE_GATE[8:2]] = 32'(sysctls_o.cookie_gate_always);
    value[synward_regs_pkg::REG_SYSCTL_SIGNED[8:2]] = 32'(sysctls_o.signed_drop);
    value[synward_regs_pkg::REG_SERVICE_WINDOW[8:2]] = window_q;
    value[synward_regs_pkg::REG_SERVICE_IP[8:2]] = ip_q;
    value[synward_regs_pkg::REG_SERVICE_OPTIONS[8:2]] = options_q;
  end

  // Reads: eight words a group, the groups, then what other blocks hold.
  logic arready_q, rvalid_q;
  logic [31:0] rdata_q;
  logic [3:0] read_q;  // stages of one read under way
  logic [AddressBits-1:2] raddr_q;
  // Which word of a group, for each half of the groups.
  wire [1:0] at0, at1, at2;
  synward_fanout #(.Copies(2)) u_at0 (.clk_i, .bit_i(arready_q ? axil_i.araddr[2] : raddr_q[2]), .copies_o(at0));
  synward_fanout #(.Copies(2)) u_at1 (.clk_i, .bit_i(arready_q ? axil_i.araddr[3] : raddr_q[3]), .copies_o(at1));
  synward_fanout #(.Copies(2)) u_at2 (.clk_i, .bit_i(arready_q ? axil_i.araddr[4] : raddr_q[4]), .copies_o(at2));
  assign axil_o = {awready_q, awready_q, 2'b00, bvalid_q, arready_q, rdata_q, 2'b00, rvalid_q};
  assign counter_word_o = raddr_q[9:2];
  assign events_o = {event_pop_q, raddr_q[5:2], raddr_q[6:2]};
  assign mail_o = {mail_pop_q, raddr_q[7:2], mail_write_q, mail_at2_q, mail_data_q, mail_send_q, mail_length_q};
  logic is_page_q, is_counter_q, is_event_q, is_lost_q, is_mail_q, is_mail_status_q;
  wire [31:0] mail_status = {6'd0, mail_i.refused, mail_i.busy, 7'd0, mail_i.length, 1'b0, mail_i.waiting};
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
    arready_q <= rst_ni && axil_i.arvalid && !arready_q && !rvalid_q && read_q == 4'd0;
    read_q <= rst_ni ? {read_q[2:0], arready_q} : 4'd0;
    if (arready_q) raddr_q <= axil_i.araddr[AddressBits-1:2];
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
      rdata_q <= (page_q & {32{is_page_q}}) | (counter_word_i & {32{is_counter_q}})
                 | (events_i.word & {32{is_event_q}}) | (events_i.lost & {32{is_lost_q}})
                 | (mail_i.word & {32{is_mail_q}}) | (mail_status & {32{is_mail_status_q}});
    if (!rst_ni) rvalid_q <= 1'b0;
    else if (read_q[3]) rvalid_q <= 1'b1;
    else if (axil_i.rready) rvalid_q <= 1'b0;
  end

  wire unused = &{1'b0, axil_i.awaddr[1:0], axil_i.araddr[1:0]};
endmodule

`default_nettype wire
