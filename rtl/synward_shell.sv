// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The data path between a line and a host port, and its registers, around an engine (docs/theory-of-operation.md):
/// frames become requests, verdicts become frames. Whatever engine keeps the contract and these latencies may stand
/// behind the socket; with Elastic one of any latency, behind synward_elastic. Both inputs always take a beat: there is
/// no tready.
module synward_shell #(
    parameter int LogServices = 5,        ///< log2 of the service table's entries
    parameter int LogBuckets = 14,        ///< log2 of the most buckets of the engine's syncache
    parameter int LogFlows = 16,          ///< log2 of the buckets of its flow table
    parameter int LogBufferDepth = 9,     ///< log2 of the beats of each frame buffer
    parameter int ClockHz = 322265625,    ///< what CLOCK_HZ holds at reset
    parameter bit Elastic = 0,            ///< verdicts take as long as they take: frames wait in a buffer
    parameter int LogWait = 10,           ///< log2 of its beats
    parameter int Room = 64               ///< frames that room_line_o and room_host_o speak of
) (
    input  wire          clk_i,
    input  wire          rst_ni,    ///< synchronous, synward_reset's
    input  wire          accept_i,  ///< frames may enter
    // For simulators alone, which leap over idle time: time_ms_i in the place of the core's own millisecond clock. A
    // board ties time_given_i to 0.
    input  wire          time_given_i,
    input  wire  [31:0]  time_ms_i,

    // AXI4-Stream: line in, line out, host in, host out. Byte n of a beat in bits 8n+7:8n.
    input  wire          line_rx_tvalid_i,
    input  wire  [511:0] line_rx_tdata_i,
    input  wire  [63:0]  line_rx_tkeep_i,
    input  wire          line_rx_tlast_i,
    input  wire          line_rx_terror_i,  ///< with tlast: the MAC found the frame damaged (FCS)
    output logic         line_tx_tvalid_o,
    output logic [511:0] line_tx_tdata_o,
    output logic [63:0]  line_tx_tkeep_o,
    output logic         line_tx_tlast_o,
    output logic         line_tx_terror_o,  ///< with tlast: a reset has cut the frame, the MAC sends it with a bad FCS
    input  wire          line_tx_tready_i,
    input  wire          host_rx_tvalid_i,
    input  wire  [511:0] host_rx_tdata_i,
    input  wire  [63:0]  host_rx_tkeep_i,
    input  wire          host_rx_tlast_i,
    input  wire          host_rx_terror_i,
    output logic         host_tx_tvalid_o,
    output logic [511:0] host_tx_tdata_o,
    output logic [63:0]  host_tx_tkeep_o,
    output logic         host_tx_tlast_o,
    output logic         host_tx_terror_o,  ///< with tlast: a reset has cut the frame, the MAC sends it with a bad FCS
    input  wire          host_tx_tready_i,

    // AXI4-Lite
    input  wire  [synward_regs_pkg::AddressBits-1:0] s_axil_awaddr_i,
    input  wire          s_axil_awvalid_i,
    output logic         s_axil_awready_o,
    input  wire  [31:0]  s_axil_wdata_i,
    input  wire          s_axil_wvalid_i,
    output logic         s_axil_wready_o,
    output logic [1:0]   s_axil_bresp_o,
    output logic         s_axil_bvalid_o,
    input  wire          s_axil_bready_i,
    input  wire  [synward_regs_pkg::AddressBits-1:0] s_axil_araddr_i,
    input  wire          s_axil_arvalid_i,
    output logic         s_axil_arready_o,
    output logic [31:0]  s_axil_rdata_o,
    output logic [1:0]   s_axil_rresp_o,
    output logic         s_axil_rvalid_o,
    input  wire          s_axil_rready_i,

    // the engine's socket: settings, and the millisecond clock
    output logic [31:0]  time_ms_o,
    output logic [`SYNWARD_SETTINGS_W-1:0] settings_o,
    output logic         load_o,          ///< clear both tables
    output logic         end_pause_o,     ///< end a pause at the next tick
    // every frame asks, in order; its verdict comes 46 clocks later, and the MAC of a mark 19 clocks behind it
    output logic         ask_o,
    output synward_request_t request_o,
    output logic         room_line_o,     ///< room for Room more frames of the card's own
    output logic         room_host_o,
    output logic         line_half_o,     ///< less than half of the replies' buffer is in use
    input  wire          verdict_valid_i,
    input  synward_verdict_t verdict_i,   ///< also, without verdict_valid_i, what is sent with no frame asking
    input  synward_counts_t counts_i,
    input  wire  [31:0]  mark_mac_i,
    // Elastic: what waits for the verdict elsewhere, and what of it comes back with verdict_valid_i
    output synward_waiting_t asked_o,     ///< with ask_o, but tag, asks and lost
    output synward_context_t asked_context_o,
    output logic         unstored_o,      ///< 1 clock later: its frame found no room
    output logic [6:0]   number_o,        ///< or else, its number: the tag
    input  synward_waiting_t waiting_i,
    input  synward_context_t waiting_context_i,
    input  wire          dropped_i,       ///< a frame was dropped for want of room before the engine
    output logic         done_o,          ///< a frame has left, with its decision
    output logic         watch_o,         ///< a frame of the host
    output synward_request_t watched_o,
    output logic         watch_busy_o,    ///< something of the host may still ask
    input  wire          watch_lost_i,
    input  wire          event_valid_i,
    input  synward_event_t event_i,
    input  wire          ready_i,
    input  wire          paused_i,
    input  wire  [2:0]   backoff_i,
    input  wire  [31:0]  pause_until_i,
    input  wire  [17:0]  count_i,
    input  wire  [LogFlows+4:0] flows_i,
    // half-open connections for the host, one by one
    output logic         list_first_o,
    output logic         list_next_o,
    input  wire          list_busy_i,
    input  wire          list_shown_i,
    input  wire  [`SYNWARD_LISTING_W-1:0] listing_i
);
  localparam int EngineLatency = 46;
  localparam int MarkLatency = 23;
  localparam int BuilderLatency = 10;
  // From the parser's input to the final decision of a frame of up to three beats: parse, engine, mark built, mark
  // stored, decision kept.
  localparam int DecisionLatency = 25 + EngineLatency + MarkLatency + BuilderLatency + 2;
  localparam int LogEvents = 9;

  // ---- reset: a copy for each part, and the gate of both inputs as late as they
  wire regs_rst_n, line_rst_n, host_rst_n, reply_rst_n;
  synward_reset_branch #(.Leaves(4)) u_reset (
      .clk_i, .rst_ni, .rst_no({regs_rst_n, line_rst_n, host_rst_n, reply_rst_n}));
  wire accept;
  synward_reset_branch u_accept (.clk_i, .rst_ni(accept_i), .rst_no(accept));

  // ---- time
  wire [31:0] clock_hz, own_ms;
  synward_ms_clock u_ms_clock (.clk_i, .rst_ni(regs_rst_n), .clock_hz_i(clock_hz), .time_ms_o(own_ms));
  assign time_ms_o = time_given_i ? time_ms_i : own_ms;

  // ---- registers
  synward_axil_request_t axil;
  synward_axil_response_t axil_answer;
  synward_sysctls_t sysctls;
  synward_secrets_t secrets;
  synward_table_sizes_t sizes;
  synward_engine_state_t tables;
  synward_service_write_t service;
  synward_events_ask_t events_ask;
  synward_events_tell_t events_tell;
  synward_mail_ask_t mail_ask;
  synward_mail_tell_t mail_tell;
  wire learn_agent, snapshot;
  wire [(1<<LogServices)-1:0] agents;
  wire [7:0] counter_word;
  wire [31:0] counter_value;
  assign axil = {s_axil_awaddr_i, s_axil_awvalid_i, s_axil_wdata_i, s_axil_wvalid_i, s_axil_bready_i, s_axil_araddr_i,
      s_axil_arvalid_i, s_axil_rready_i};
  assign {s_axil_awready_o, s_axil_wready_o, s_axil_bresp_o, s_axil_bvalid_o, s_axil_arready_o, s_axil_rdata_o,
      s_axil_rresp_o, s_axil_rvalid_o} = axil_answer;
  assign tables = {ready_i, paused_i, backoff_i, pause_until_i, count_i, 21'(flows_i)};
  synward_csr #(.LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogEvents(LogEvents),
      .ClockHz(ClockHz)) u_csr (
      .clk_i, .rst_ni(regs_rst_n), .time_ms_i(time_ms_o), .clock_hz_o(clock_hz), .axil_i(axil), .axil_o(axil_answer),
      .sysctls_o(sysctls), .secrets_o(secrets), .table_clear_o(load_o), .end_pause_o, .sizes_o(sizes),
      .tables_i(tables), .list_first_o, .list_next_o, .list_busy_i, .list_shown_i, .listing_i,
      .learn_agent_i(learn_agent), .learn_service_i(watched_o.service[LogServices-1:0]), .agents_o(agents),
      .service_o(service), .events_o(events_ask), .events_i(events_tell), .mail_o(mail_ask), .mail_i(mail_tell),
      .snapshot_o(snapshot), .counter_word_o(counter_word), .counter_word_i(counter_value));
  synward_settings_t settings;
  assign settings_o = settings;
  always_comb begin
    settings.cookie_key0 = secrets.cookie_key0;
    settings.cookie_key1 = secrets.cookie_key1;
    settings.ts_key = secrets.ts_key;
    settings.mark_key = secrets.mark_key;
    settings.table_key = secrets.table_key;
    settings.parity = secrets.parity;
    settings.ts_offset_per_conn = sysctls.ts_offset_per_conn;
    settings.syncookies = sysctls.syncookies;
    settings.syncookies_only = sysctls.syncookies_only;
    settings.tolerate_missing_ts = sysctls.tolerate_missing_ts;
    settings.insecure_rst = sysctls.insecure_rst;
    settings.no_rst = sysctls.blackhole == 2'd3;
    settings.rst_on_sock_fail = sysctls.rst_on_sock_fail;
    settings.cookie_gate_always = sysctls.cookie_gate_always;
    settings.unknown_ack = sysctls.unknown_ack;
    settings.rexmtlimit = sysctls.rexmtlimit;
    settings.rexmit_initial = sysctls.rexmit_initial;
    settings.rexmit_min = sysctls.rexmit_min;
    settings.rexmit_slop = sysctls.rexmit_slop;
    settings.rexmit_max = sysctls.rexmit_max;
    settings.ecn_maxretries = sysctls.ecn_maxretries;
    settings.ack_war_cnt = sysctls.ack_war_cnt;
    settings.ack_war_timewindow = sysctls.ack_war_timewindow;
    settings.icmplim = sysctls.icmplim;
    settings.flow_idle = sysctls.flow_idle;
    settings.flow_learn = sysctls.flow_learn;
    settings.hash_mask = sizes.hash_mask;
    settings.bucketlimit = sizes.bucketlimit;
    settings.cachelimit = sizes.cachelimit;
  end

  // ---- line to host: beats
  wire rx_valid, rx_first, rx_last, rx_error;
  wire [5:0] rx_top;
  wire [5:0] rx_tag;
  wire [511:0] rx_data;
  wire [31:0] rx_time;
  synward_rx_beat u_line_rx (
      .clk_i, .rst_ni(line_rst_n), .accept_i(accept), .valid_i(line_rx_tvalid_i), .data_i(line_rx_tdata_i),
      .keep_i(line_rx_tkeep_i), .last_i(line_rx_tlast_i),
      .error_i(line_rx_terror_i), .time_ms_i(time_ms_o), .valid_o(rx_valid), .first_o(rx_first), .last_o(rx_last),
      .error_o(rx_error), .top_o(rx_top), .data_o(rx_data), .tag_o(rx_tag), .time_ms_o(rx_time));

  // ---- requests
  wire [1:0] q_kind;
  wire [5:0] q_reason;
  wire q_signed;
  wire [5:0] q_tag;
  synward_context_t q_context;
  synward_parse #(.LogServices(LogServices)) u_parse (
      .clk_i, .rst_ni(line_rst_n), .valid_i(rx_valid), .first_i(rx_first), .last_i(rx_last), .error_i(rx_error),
      .top_i(rx_top), .data_i(rx_data), .time_ms_i(rx_time), .tag_i(rx_tag),
      .secrets_loaded_i(secrets.loaded), .unclassified_drop_i(sysctls.unclassified_drop),
      .fragments_drop_i(sysctls.fragments_drop),
      .drop_synfin_i(sysctls.drop_synfin),
      .signed_drop_i(sysctls.signed_drop), .agents_i(agents),
      .sack_enable_i(sysctls.sack_enable), .ws_enable_i(sysctls.rfc1323 == 2'd1 || sysctls.rfc1323 == 2'd2),
      .ts_enable_i(sysctls.rfc1323[0]),
      .ecn_enable_i(sysctls.ecn_enable != 2'd0),
      .service_i(service),
      .valid_o(ask_o), .tag_o(q_tag), .kind_o(q_kind), .reason_o(q_reason), .signed_o(q_signed), .request_o,
      .context_o(q_context));

  // ---- replies to the line: what is needed of the frame waits beside the engine
  wire [`SYNWARD_CONTEXT_W-1:0] v_context_bits;
  synward_context_t v_context;
  assign v_context = v_context_bits;
  always_comb begin
    asked_o = '0;
    asked_o.is_signed = q_signed;
    asked_o.kind = q_kind;
    asked_o.reason = q_reason;
    asked_context_o = q_context;
  end
  if (Elastic) begin : gen_context
    assign v_context_bits = waiting_context_i;
  end else begin : gen_context
    synward_delay #(.Width(`SYNWARD_CONTEXT_W), .Depth(EngineLatency), .BlockRam(1)) u_context (
        .clk_i, .rst_ni(line_rst_n), .data_i(q_context), .data_o(v_context_bits));
  end
  wire v_replies = verdict_i.send == SendSynAck || verdict_i.send == SendChallenge || verdict_i.send == SendRst;
  wire v_marks = verdict_i.send == SendMark;
  wire s_valid, r_valid;
  synward_verdict_t s_verdict;
  synward_context_t s_context;
  wire [847:0] r_frame;
  wire [6:0] r_len;
  synward_reply_source #(.LogServices(LogServices)) u_source (
      .clk_i, .rst_ni(reply_rst_n), .service_i(service),
      .valid_i(v_replies), .verdict_i, .context_i(v_context),
      .valid_o(s_valid), .verdict_o(s_verdict), .context_o(s_context));
  synward_reply_builder u_reply (
      .clk_i, .rst_ni(reply_rst_n), .valid_i(s_valid), .kind_i({1'b0, s_verdict.send[1:0]}), .context_i(s_context),
      .verdict_i(s_verdict), .mark_mac_i(32'd0),
      .valid_o(r_valid), .frame_o(r_frame), .len_o(r_len));

  // ---- marks to the host: they wait for their MAC
  wire [`SYNWARD_CONTEXT_W-1:0] m_context_bits;
  synward_context_t m_context;
  synward_verdict_t m_verdict;
  assign m_context = m_context_bits;
  wire [95:0] m_fields;
  wire m_marks, m_valid;
  wire [847:0] m_frame;
  wire [6:0] m_len;
  synward_delay #(.Width(`SYNWARD_CONTEXT_W), .Depth(MarkLatency), .BlockRam(1)) u_mark_context (
      .clk_i, .rst_ni(line_rst_n), .data_i(v_context), .data_o(m_context_bits));
  synward_delay #(.Width(96), .Depth(MarkLatency)) u_mark_fields (
      .clk_i, .rst_ni(line_rst_n),
      .data_i({verdict_i.seq, verdict_i.ack, verdict_i.mark_flags, verdict_i.mark_wscale, verdict_i.mark_mss}),
      .data_o(m_fields));
  synward_delay_bit #(.Depth(MarkLatency)) u_mark_valid (.clk_i, .rst_ni(line_rst_n), .bit_i(v_marks), .bit_o(m_marks));
  always_comb begin
    m_verdict = '0;
    {m_verdict.seq, m_verdict.ack, m_verdict.mark_flags, m_verdict.mark_wscale, m_verdict.mark_mss} = m_fields;
  end
  synward_reply_builder u_mark (
      .clk_i, .rst_ni(line_rst_n), .valid_i(m_marks), .kind_i(SendMark), .context_i(m_context), .verdict_i(m_verdict),
      .mark_mac_i, .valid_o(m_valid), .frame_o(m_frame), .len_o(m_len));

  // ---- the final decision, as the builder of marks is ready: it waits with its mark, under the frame's number
  localparam int FinalLatency = MarkLatency + BuilderLatency;
  wire [1:0] v_kind;
  wire [5:0] v_reason;
  wire v_signed;
  // Elastic: of the frames that wait, more of whose decisions may be under way.
  localparam int TagW = Elastic ? 7 : 6;
  wire [TagW-1:0] v_tag;
  wire v_lost;
  if (Elastic) begin : gen_kind
    assign v_tag = waiting_i.tag[TagW-1:0];
    assign {v_kind, v_reason, v_lost} = {waiting_i.kind, waiting_i.reason, waiting_i.lost};
    assign v_signed = waiting_i.is_signed && !waiting_i.lost;
  end else begin : gen_kind
    synward_delay #(.Width(15), .Depth(EngineLatency)) u_v_kind (
        .clk_i, .rst_ni(line_rst_n), .data_i({q_tag, q_signed, q_kind, q_reason}),
        .data_o({v_tag, v_signed, v_kind, v_reason}));
    assign v_lost = 1'b0;
  end
  // What was lost before the engine has been counted there.
  wire v_ask = v_kind == KindAsk && !v_lost;
  wire v_forward = (v_kind == KindPass && !v_lost) || (v_ask && verdict_i.fate == FateForward);
  wire v_drop = (v_kind == KindDrop && !v_lost) || (v_ask && verdict_i.fate == FateDrop);
  wire v_answered = v_ask && verdict_i.fate == FateConsumed;
  localparam int FateW = 1 + 1 + 1 + 1 + 6;
  wire f_valid;
  wire [TagW-1:0] f_tag;
  wire [FateW-1:0] f_fate;
  synward_delay_bit #(.Depth(FinalLatency)) u_f_valid (
      .clk_i, .rst_ni(line_rst_n), .bit_i(verdict_valid_i), .bit_o(f_valid));
  synward_delay #(.Width(TagW + FateW), .Depth(FinalLatency)) u_f_fate (
      .clk_i, .rst_ni(line_rst_n),
      .data_i({v_tag, v_forward, v_drop, v_answered, v_signed, v_kind == KindDrop ? v_reason : verdict_i.reason}),
      .data_o({f_tag, f_fate}));

  // ---- the frames wait, and meet their decision at the last beat; c: two clocks before that, d
  wire c_valid, c_last, missing;
  wire [TagW-1:0] c_tag;
  logic c1_valid, c1_last, d_valid, d_last;
  wire [518:0] d_beat;
  if (Elastic) begin : gen_wait
    synward_wait #(.LogDepth(LogWait)) u_wait (
        .clk_i, .rst_ni(line_rst_n), .valid_i(rx_valid), .beat_i({rx_last, rx_top, rx_data}), .tag_i(rx_tag),
        .asks_tag_i(q_tag), .unstored_o, .number_o, .decided_i(f_valid),
        .valid_o(c_valid), .last_o(c_last), .number_leaves_o(c_tag), .beat_o(d_beat));
    assign done_o = c_valid && c_last;
  end else begin : gen_wait
    synward_delay_bit #(.Depth(DecisionLatency - 2)) u_c_valid (
        .clk_i, .rst_ni(line_rst_n), .bit_i(rx_valid), .bit_o(c_valid));
    synward_delay #(.Width(7), .Depth(DecisionLatency - 2)) u_c_tag (
        .clk_i, .rst_ni(line_rst_n), .data_i({rx_last, rx_tag}), .data_o({c_last, c_tag}));
    synward_delay #(.Width(519), .Depth(DecisionLatency), .BlockRam(1)) u_d_beat (
        .clk_i, .rst_ni(line_rst_n), .data_i({rx_last, rx_top, rx_data}), .data_o(d_beat));
    assign unstored_o = 1'b0;
    assign number_o = 7'd0;
    assign done_o = 1'b0;
  end
  always_ff @(posedge clk_i) begin
    c1_valid <= line_rst_n && c_valid;
    c1_last <= line_rst_n && c_valid && c_last;
    d_valid <= line_rst_n && c1_valid;
    d_last <= line_rst_n && c1_last;
  end
  wire marked, forward, drop, answered, passed_signed;
  wire [5:0] reason;
  wire [6:0] mark_len;
  wire [847:0] mark;
  synward_pairing #(.Width(1 + FateW + 7 + 848), .TagW(TagW), .LogDepth(Elastic ? 6 : 3)) u_decisions (
      .clk_i, .rst_ni(line_rst_n), .put_i(f_valid), .put_tag_i(f_tag), .data_i({m_valid, f_fate, m_len, m_frame}),
      .take_i(c_valid && c_last), .take_tag_i(c_tag),
      .data_o({marked, forward, drop, answered, passed_signed, reason, mark_len, mark}), .lost_o(missing));
  // A frame without a decision is dropped, and counted once, whatever the engine said of it.
  wire decided = d_last && !missing;
  wire full = drop && reason == synward_regs_pkg::DROP_HOST_TX_FULL;

  wire mark_stored;
  wire frame_stored, frame_refused, host_tx_moved, host_tx_last;
  wire [6:0] host_tx_bytes;
  wire mail_valid, mail_ready, mail_sent;
  wire [518:0] mail_beat;
  synward_mail_out u_mail_out (
      .clk_i, .rst_ni(line_rst_n), .write_i(mail_ask.write), .word_i(mail_ask.at), .data_i(mail_ask.data),
      .send_i(mail_ask.send), .length_i(mail_ask.length), .busy_o(mail_tell.busy), .refused_o(mail_tell.refused),
      .valid_o(mail_valid), .beat_o(mail_beat), .ready_i(mail_ready), .sent_o(mail_sent));
  synward_host_tx #(.LogDepth(LogBufferDepth), .LogMarkDepth(LogBufferDepth), .Room(Room)) u_host_tx (
      .clk_i, .rst_ni(line_rst_n), .mark_valid_i(decided && marked), .mark_i(mark), .mark_len_i(mark_len),
      .mark_stored_o(mark_stored), .room_o(room_host_o),
      .valid_i(d_valid), .beat_i(d_beat), .forward_i(forward && !missing), .stored_o(frame_stored),
      .refused_o(frame_refused),
      .mail_valid_i(mail_valid), .mail_i(mail_beat), .mail_ready_o(mail_ready),
      .tvalid_o(host_tx_tvalid_o), .tdata_o(host_tx_tdata_o), .tkeep_o(host_tx_tkeep_o), .tlast_o(host_tx_tlast_o),
      .terror_o(host_tx_terror_o), .tready_i(host_tx_tready_i),
      .moved_o(host_tx_moved), .bytes_o(host_tx_bytes), .moved_last_o(host_tx_last));

  // ---- host to line, and what the flow table is told of it
  wire h_valid, h_first, h_last, h_error;
  wire [5:0] h_top;
  wire [511:0] h_data;
  wire [31:0] h_time;
  synward_rx_beat u_host_rx (
      .clk_i, .rst_ni(host_rst_n), .accept_i(accept), .valid_i(host_rx_tvalid_i), .data_i(host_rx_tdata_i),
      .keep_i(host_rx_tkeep_i), .last_i(host_rx_tlast_i),
      .error_i(host_rx_terror_i), .time_ms_i(time_ms_o),
      .valid_o(h_valid), .first_o(h_first), .last_o(h_last), .error_o(h_error), .top_o(h_top), .data_o(h_data),
      .tag_o(), .time_ms_o(h_time));
  wire status, control_refused;
  synward_watch #(.LogServices(LogServices)) u_watch (
      .clk_i, .rst_ni(host_rst_n), .valid_i(h_valid), .first_i(h_first), .last_i(h_last), .error_i(h_error),
      .top_i(h_top), .data_i(h_data), .time_ms_i(h_time),
      .secrets_loaded_i(secrets.loaded),
      .control_key0_i(secrets.control_key0), .control_key1_i(secrets.control_key1),
      .control_keys_i(secrets.control_keys),
      .service_i(service),
      .valid_o(watch_o), .request_o(watched_o), .status_o(status), .learn_agent_o(learn_agent), .busy_o(watch_busy_o),
      .control_refused_o(control_refused));
  wire mail_stored, mail_dropped;
  synward_mailbox u_mailbox (
      .clk_i, .rst_ni(host_rst_n), .valid_i(h_valid), .first_i(h_first), .last_i(h_last), .error_i(h_error),
      .top_i(h_top), .data_i(h_data), .time_ms_i(h_time),
      .stored_o(mail_stored), .refused_o(mail_dropped), .others_refused_i(control_refused),
      .pop_i(mail_ask.pop), .waiting_o(mail_tell.waiting), .length_o(mail_tell.length), .word_i(mail_ask.word),
      .word_o(mail_tell.word));
  wire to_line_valid, to_line_error;
  wire [518:0] to_line_beat;
  synward_control_filter u_control_filter (
      .clk_i, .rst_ni(host_rst_n), .valid_i(h_valid), .first_i(h_first), .last_i(h_last), .error_i(h_error),
      .top_i(h_top), .data_i(h_data),
      .valid_o(to_line_valid), .error_o(to_line_error), .beat_o(to_line_beat));
  wire reply_stored, to_line_stored, to_line_refused, line_tx_moved, line_tx_last;
  wire [6:0] line_tx_bytes;
  synward_line_tx #(.LogReplyDepth(LogBufferDepth), .LogHostDepth(LogBufferDepth), .Room(Room)) u_line_tx (
      .clk_i, .rst_ni(reply_rst_n), .reply_valid_i(r_valid), .reply_i(r_frame), .reply_len_i(r_len),
      .reply_stored_o(reply_stored), .room_o(room_line_o), .half_o(line_half_o),
      .host_valid_i(to_line_valid), .host_beat_i(to_line_beat), .host_keep_i(!to_line_error),
      .host_stored_o(to_line_stored), .host_refused_o(to_line_refused),
      .tvalid_o(line_tx_tvalid_o), .tdata_o(line_tx_tdata_o), .tkeep_o(line_tx_tkeep_o), .tlast_o(line_tx_tlast_o),
      .terror_o(line_tx_terror_o), .tready_i(line_tx_tready_i),
      .moved_o(line_tx_moved), .bytes_o(line_tx_bytes), .moved_last_o(line_tx_last));

  // ---- events and counters
  synward_events #(.LogDepth(LogEvents)) u_events (
      .clk_i, .rst_ni(regs_rst_n), .limit_i(sysctls.event_limit), .valid_i(event_valid_i), .event_i,
      .word_i(events_ask.word), .word_o(events_tell.word), .pop_i(events_ask.pop), .lost_code_i(events_ask.lost_code),
      .lost_o(events_tell.lost), .count_o(events_tell.count));
  // A frame that is lost for want of room is counted at its end, whoever found no room: never two in a clock.
  logic lost_q;
  always_ff @(posedge clk_i) lost_q <= regs_rst_n && d_last && !missing && full;
  logic [synward_regs_pkg::Counters-1:0] count;
  always_comb begin
    count = '0;
    count[synward_regs_pkg::CNT_LINE_RX_FRAMES] = rx_valid && rx_last;
    count[synward_regs_pkg::CNT_LINE_TX_FRAMES] = line_tx_moved && line_tx_last;
    count[synward_regs_pkg::CNT_HOST_RX_FRAMES] = h_valid && h_last;
    count[synward_regs_pkg::CNT_HOST_TX_FRAMES] = host_tx_moved && host_tx_last;
    count[synward_regs_pkg::CNT_PASSED]     = frame_stored;
    count[synward_regs_pkg::CNT_ANSWERED]   = decided && answered;
    count[synward_regs_pkg::CNT_MARKS]      = mark_stored;
    count[synward_regs_pkg::CNT_TO_LINE]    = to_line_stored;
    count[synward_regs_pkg::CNT_HOST_BAD_FCS] = h_valid && h_last && h_error;
    count[synward_regs_pkg::CNT_BADSYN]     = decided && drop && (reason == synward_regs_pkg::DROP_SYN_MISSING
                                              || reason == synward_regs_pkg::DROP_SYN_ACK_INVALID
                                              || reason == synward_regs_pkg::DROP_SYN_FIN);
    count[synward_regs_pkg::CNT_WATCH_LOST] = watch_lost_i;
    count[synward_regs_pkg::CNT_SIGNED_PASSED] = decided && passed_signed;
    count[synward_regs_pkg::CNT_MAIL_RECEIVED] = mail_stored;
    count[synward_regs_pkg::CNT_MAIL_SENT] = mail_sent;
    count[synward_regs_pkg::CNT_CONTROL_FRAMES] = status;
    count[synward_regs_pkg::CNT_STATUS_TAKEN] = status && watched_o.note == StatusTaken;
    count[synward_regs_pkg::CNT_STATUS_FULL] = status && watched_o.note == StatusFull;
    count[synward_regs_pkg::CNT_STATUS_NO_LISTENER] = status && watched_o.note == StatusNoListener;
    count[synward_regs_pkg::CNT_STATUS_REFUSED] = status && watched_o.note == StatusRefused;
    count[synward_regs_pkg::CNT_STATUS_BUSY] = status && watched_o.note == StatusBusy;
    for (int r = 0; r < synward_regs_pkg::Drops; r++)
      count[synward_regs_pkg::FirstDrop + r] = decided && drop && reason == 6'(r);
    count[synward_regs_pkg::CNT_DROP_PAIRING_LOST] =
        d_last && (missing || (drop && reason == synward_regs_pkg::DROP_PAIRING_LOST));
    count[synward_regs_pkg::CNT_DROP_HOST_CONTROL_FRAME] = control_refused || mail_dropped;
    if (Elastic) count[synward_regs_pkg::CNT_DROP_ENGINE_FULL] = dropped_i;
    count[synward_regs_pkg::CNT_DROP_HOST_TX_FULL] = frame_refused || lost_q;
    count[synward_regs_pkg::CNT_DROP_TO_LINE_FULL] = to_line_refused;
  end
  synward_counters u_counters (
      .clk_i, .rst_ni(regs_rst_n), .count_i(count), .counts_valid_i(1'b1), .counts_i,
      .line_rx_bytes_i(rx_valid ? {1'b0, rx_top} + 7'd1 : 7'd0), .line_tx_bytes_i(line_tx_moved ? line_tx_bytes : 7'd0),
      .host_rx_bytes_i(h_valid ? {1'b0, h_top} + 7'd1 : 7'd0), .host_tx_bytes_i(host_tx_moved ? host_tx_bytes : 7'd0),
      .snapshot_i(snapshot), .word_i(counter_word), .word_o(counter_value));

  wire unused = &{1'b0, reply_stored, s_verdict.send[2], waiting_i, waiting_context_i, dropped_i};
`ifndef SYNTHESIS
  // A mark goes with a frame's decision; there is room for each.
  always_ff @(posedge clk_i) if (line_rst_n) begin
    assert (!(m_valid && !f_valid));
    if ($past(decided && marked)) assert (mark_stored);
  end
`endif
endmodule

`default_nettype wire
