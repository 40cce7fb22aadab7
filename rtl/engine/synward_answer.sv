// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// From a request's outcome (t11, synward_decide) to the verdict and the counts (t13) and the event (t14): nothing here
/// changes the tables, but for the RST limiter's count.
module synward_answer (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  synward_settings_t settings_i,
    // t10, t11
    input  wire  [31:0] time10_i,
    input  wire         frame_i,            ///< t11: the request is a frame's
    input  synward_outcome_t outcome_i,
    input  wire         visited_i,
    input  wire  [4:0]  aged_i,
    // t12
    input  wire  [31:0] tsoff12_i,
    // t13
    input  wire  [9:0]  pause_seconds13_i,
    output logic        valid_o,            ///< verdict of a frame
    output synward_verdict_t verdict_o,
    output synward_counts_t counts_o,
    output logic [31:0] mark_ports_o,       ///< client port, server port, for the mark's MAC
    output logic        limiter_open_o,     ///< synward_limiter's window
    output logic [31:0] limiter_until_o,
    // t14
    output logic        event_valid_o,
    output synward_event_t event_o
);
  // ---- t11: what the request comes to
  synward_outcome_t r;
  synward_request_t q;
  synward_entry_effect_t effect;
  synward_flow_effect_t flow;
  synward_checks_t checks;
  synward_entry_view_t after;
  synward_entry_t e;
  assign r = outcome_i;
  assign q = r.request;
  assign effect = r.entry_effect;
  assign flow = r.flow_effect;
  assign checks = r.checks;
  assign after = effect.after;
  assign e = after.entry;
  wire remark = effect.remark || flow.remark;
  wire refused = effect.refused || flow.refused;
  wire syn = q.op == OpSyn && !r.flow_hit;
  wire ack = q.op == OpAck && !r.flow_hit;
  wire rst = q.op == OpRst && !r.flow_hit;
  wire known = (q.op == OpSyn || q.op == OpAck || q.op == OpRst || q.op == OpStray) && r.flow_hit;
  wire stray_dropped = q.op == OpStray && !r.flow_hit && r.ready && !r.fails_open;
  wire timeout = q.op == OpTimeout;
  wire answered = syn && r.room_line && (effect.insert || effect.free_answer || effect.duplicate);
  wire entry = r.hit && !r.stateless;
  wire gate_open = r.gate || settings_i.cookie_gate_always || r.fails_open;
  // An ACK of another number is not of the entry's handshake; and one that was handed over judges nothing.
  wire handed = r.hit && r.handed;
  wire of_entry = entry && (r.handed || checks.acked);
  wire spurious = ack && !of_entry && !r.stateless && (!settings_i.syncookies || !gate_open);
  wire failed = ack && !of_entry && !spurious && !r.cookie_ok;
  wire good_cookie = ack && !of_entry && !spurious && r.cookie_ok;
  wire ack_judged = ack && of_entry && !r.handed;
  wire ack_stamps = ack_judged && !effect.paws && !effect.ts_missing;
  wire ack_seq = ack_stamps && !checks.seq;
  wire ack_right = ack && entry && effect.good;
  wire unknown = spurious || failed;
  wire forward_unknown = !r.ready || r.fails_open || handed || settings_i.unknown_ack == 2'd0;
  wire rst_taken = rst && entry && (checks.exact || (settings_i.insecure_rst && checks.seq));
  wire given_up = effect.due && effect.removed && !effect.flush && checks.over;
  wire aborted = refused || (given_up && r.handed);
  wire rst_window = rst && entry && checks.seq && !checks.exact && !settings_i.insecure_rst;

  wire want_rst = rst_ni && !settings_i.no_rst && ((unknown && !forward_unknown && settings_i.unknown_ack == 2'd2)
      || (aborted && settings_i.rst_on_sock_fail));
  wire challenge = rst_ni && effect.challenge && r.room_line;
  wire syn_ack = answered || effect.retransmit;
  wire stamps = effect.free_answer ? q.ts_ok : e.ts_ok;

  // ---- t12. What many bits of the verdict follow is chosen here, but for the limiter's answer.
  wire [3:0] own;       // no frame is answered; a copy for each few fields
  wire [1:0] rst_room;  // a RST is wanted, and there is room for it: for SEQ and ACK
  synward_fanout #(.Copies(4)) u_own (.clk_i, .bit_i(effect.retransmit || (want_rst && aborted && r.room_line)),
      .copies_o(own));
  wire [1:0] mark;      // a mark is sent: for SEQ and ACK, for its fields
  synward_fanout #(.Copies(2)) u_mark (.clk_i, .bit_i(frame_i && (flow.handover || remark || effect.mark)),
      .copies_o(mark));
  synward_fanout #(.Copies(2)) u_rst_room (.clk_i, .bit_i(want_rst && r.room_line), .copies_o(rst_room));
  logic s_of_entry_q, s_stamped_q, s_send_challenge_q;
  logic s_frame_q, s_drop_q, s_consumed_q, s_want_rst_q, s_challenge_q, s_own_q, s_syn_ack_q,
      s_tick_q;
  logic [5:0] s_reason_q;
  logic s_cookie_mark_q, s_abort_q, s_timeout_q, s_ecn_q;
  logic [4:0] s_code_q;
  logic [1:0] s_note_q;
  logic s_event_q, s_pause_q;
  logic [3:0] s_rxmits_q;
  logic s_repeats_q, s_bad_rst_q, s_unknown_q, s_paws_q, s_bad_seq_q, s_bad_ack_q;  // what its arguments are
  logic [31:0] s_seq_q, s_irs_q, s_tsecr_q;
  logic s_ws_q, s_sack_q, s_ts_q, s_ece_q, s_df_q;
  logic [7:0] s_byte_q;
  logic [15:0] s_mss_q;
  synward_counts_t s_counts_q;
  synward_request_t q12_q;
  synward_entry_t e12_q;
  always_ff @(posedge clk_i) begin
    q12_q <= q;
    e12_q <= e;
    s_frame_q <= rst_ni && frame_i;
    s_tick_q <= q.op == OpTick;

    s_consumed_q <= answered;
    s_drop_q <= (syn && !answered)
                || (ack_judged && !effect.good) || ((ack_right || good_cookie) && !r.room_host)
                || (unknown && !forward_unknown) || stray_dropped
                || (rst && (entry && (checks.seq || checks.exact) ? !r.handed : !forward_unknown));
    s_reason_q <= stray_dropped ? (q.note == synward_regs_pkg::EVENT_SYN_MISSING ? synward_regs_pkg::DROP_SYN_MISSING
        : synward_regs_pkg::DROP_SYN_ACK_INVALID)
                  : syn ? (r.room_line ? synward_regs_pkg::DROP_SYNCACHE_FULL : synward_regs_pkg::DROP_LINE_TX_FULL)
                  : rst ? (!entry ? synward_regs_pkg::DROP_UNKNOWN_RST : rst_taken
                      ? synward_regs_pkg::DROP_RST_HALF_OPEN : synward_regs_pkg::DROP_RST_INVALID)
                  : ack_right || good_cookie ? synward_regs_pkg::DROP_HOST_TX_FULL
                  : !entry ? synward_regs_pkg::DROP_UNKNOWN_ACK
                  : !checks.acked ? synward_regs_pkg::DROP_ACK_INVALID
                  : effect.paws ? synward_regs_pkg::DROP_PAWS : effect.ts_missing ? synward_regs_pkg::DROP_TS_MISSING
                      : synward_regs_pkg::DROP_SEQ_INVALID;
    s_want_rst_q <= want_rst;
    s_of_entry_q <= effect.retransmit || timeout;
    s_stamped_q <= (syn_ack || challenge) && stamps;
    s_send_challenge_q <= challenge;
    s_abort_q <= aborted;
    s_timeout_q <= timeout;
    s_challenge_q <= rst_ni && effect.challenge;
    s_ecn_q <= flow.mark_ecn;
    s_cookie_mark_q <= !of_entry || r.flow_hit;
    s_syn_ack_q <= syn_ack;
    s_own_q <= effect.retransmit;

    // The SYN-ACK's material: the entry's, or without one the SYN's.
    s_seq_q   <= effect.free_answer ? r.iss : e.iss;
    s_irs_q   <= effect.free_answer ? q.seq : e.irs;
    s_tsecr_q <= effect.free_answer ? q.tsval : e.tsreflect;
    s_ws_q    <= effect.free_answer ? q.ws_ok : e.ws_ok;
    s_sack_q  <= effect.free_answer ? q.sack_ok : e.sack_ok;
    s_ts_q    <= stamps;
    s_ece_q   <= !effect.free_answer && e.ecn_ok;
    s_df_q    <= effect.free_answer || !e.unreach;
    s_byte_q  <= r.iss[7:0] ^ r.iss[31:24];
    s_mss_q   <= e.mss;

    // The event.
    s_pause_q <= r.pause;
    s_note_q <= 2'd0;
    if (ack_stamps && e.ts_ok != q.ts_ok) s_note_q <= e.ts_ok ? 2'd2 : 2'd1;
    s_event_q <= rst_ni && ((syn && (r.pause || effect.duplicate)) || unknown
        || (ack_judged && !effect.good) || (ack_stamps && e.ts_ok != q.ts_ok)
        || (rst && !r.stateless && (rst_taken || !handed)) || effect.retransmit || given_up
        || refused || stray_dropped || q.op == OpNote);
    s_code_q <= (q.op == OpNote || q.op == OpStray) ? q.note
                : aborted ? (settings_i.rst_on_sock_fail ? synward_regs_pkg::EVENT_SOCK_FAIL_RST
                    : synward_regs_pkg::EVENT_SOCK_FAIL)
                : timeout ? (effect.retransmit ? synward_regs_pkg::EVENT_REXMT
                    : synward_regs_pkg::EVENT_REXMT_EXHAUSTED)
                : syn ? (r.pause ? synward_regs_pkg::EVENT_OVERFLOW : synward_regs_pkg::EVENT_DUP_SYN)
                : rst ? (!entry ? synward_regs_pkg::EVENT_RST_SPURIOUS : rst_taken
                    ? synward_regs_pkg::EVENT_RST_REJECTED
                         : rst_window ? synward_regs_pkg::EVENT_RST_CHALLENGE : synward_regs_pkg::EVENT_RST_INVALID)
                : !entry ? (!spurious ? synward_regs_pkg::EVENT_COOKIE_FAILED
                            : settings_i.syncookies ? synward_regs_pkg::EVENT_ACK_SPURIOUS
                                : synward_regs_pkg::EVENT_ACK_DISABLED)
                : !checks.acked ? synward_regs_pkg::EVENT_ACK_INVALID
                : effect.paws ? synward_regs_pkg::EVENT_PAWS : effect.ts_missing ? synward_regs_pkg::EVENT_TS_MISSING
                : !checks.seq ? synward_regs_pkg::EVENT_SEQ_CHALLENGE : 5'd0;
    s_rxmits_q <= r.rxmits;
    s_repeats_q <= effect.retransmit;
    s_bad_rst_q <= rst && entry && !rst_taken;
    s_unknown_q <= unknown && !entry;
    s_paws_q    <= ack_judged && effect.paws;
    s_bad_seq_q <= ack_seq;
    s_bad_ack_q <= unknown && entry;

    s_counts_q <= '0;
    s_counts_q.added          <= effect.insert;
    s_counts_q.retransmitted  <= effect.retransmit;
    s_counts_q.dupsyn         <= syn && entry;
    s_counts_q.sc_dropped     <= (syn && !r.room_line)
        || (effect.due && effect.removed && !effect.flush && !checks.over);
    s_counts_q.completed      <= (ack_right && r.room_host && !q.agent) || effect.taken;
    s_counts_q.handed         <= effect.hand;
    s_counts_q.aborted        <= aborted && effect.removed;
    s_counts_q.bucketoverflow <= r.overflow;
    s_counts_q.reset          <= rst_taken;
    s_counts_q.stale          <= given_up && !r.handed;
    s_counts_q.unreach        <= q.op == OpUnreach && effect.removed;
    s_counts_q.zonefail       <= syn && r.room_line && r.ready && !r.stateless && !r.hit && r.cachefull;
    s_counts_q.sendcookie     <= syn && !entry && (settings_i.syncookies || settings_i.syncookies_only);
    s_counts_q.recvcookie     <= good_cookie && r.room_host;
    s_counts_q.spurcookie     <= spurious;
    s_counts_q.failcookie     <= failed;
    s_counts_q.badrst         <= rst && !r.stateless && !rst_taken && !handed;
    s_counts_q.evicted        <= effect.evict;
    s_counts_q.stateless      <= effect.free_answer;
    s_counts_q.flows_added    <= flow.added;
    s_counts_q.flows_full     <= flow.full;
    s_counts_q.established    <= known;
    s_counts_q.remarked       <= remark;
    s_counts_q.flushed        <= r.flushed;
    s_counts_q.flows_aged     <= visited_i ? aged_i : 5'd0;
    if (!rst_ni) s_counts_q <= '0;
  end

  // ---- t12 to t13: limiter, verdict
  wire in_limit;
  wire [31:0] wanted13;
  wire limiting13;
  synward_limiter u_limiter (
      .clk_i, .rst_ni, .limit_i(settings_i.icmplim), .take_i((s_want_rst_q && !s_abort_q) || s_challenge_q),
      .tick_i(s_tick_q), .time_early_i(time10_i), .time_i(q12_q.time_ms),
      .within_o(in_limit), .wanted_o(wanted13), .open_o(limiter_open_o), .until_o(limiter_until_o),
      .over_o(limiting13));
  wire send_rst = rst_room[0] && (in_limit || s_abort_q);
  wire send_rst_ack = rst_room[1] && (in_limit || s_abort_q);

  wire [7:0] cookie_flags, cookie_wscale;
  wire [15:0] cookie_mss;
  synward_mark_fields u_cookie_mark (
      .byte_i(s_byte_q), .ts_i(q12_q.ts_ok), .wscale_i(q12_q.wscale), .flags_o(cookie_flags), .wscale_o(cookie_wscale),
      .mss_o(cookie_mss));
  wire path = q12_q.path_mss != 16'd0;
  wire [15:0] cookie_mss_bound = path && cookie_mss > q12_q.path_mss ? q12_q.path_mss : cookie_mss;
  wire [15:0] entry_mss_bound = path && s_mss_q > q12_q.path_mss ? q12_q.path_mss : s_mss_q;

  // Whatever segment came first: of an entry its irs + 1; a cookie is good with that SEQ alone.
  wire [31:0] seq_of_mark = s_cookie_mark_q ? q12_q.seq : s_irs_q + 32'd1;
  wire [31:0] seq_of_rst = mark[0] ? seq_of_mark
      : s_send_challenge_q || s_timeout_q ? s_seq_q + 32'd1 : q12_q.ack;
  wire [31:0] seq_without = mark[0] ? seq_of_mark
      : s_send_challenge_q ? s_seq_q + 32'd1 : s_syn_ack_q ? s_seq_q : 32'd0;

  synward_verdict_t verdict_q;
  logic [4:0] code13_q;
  logic [1:0] note13_q;
  logic event13_q, pause13_q;
  logic [31:0] arg0_13_q, arg1_13_q, arg2_13_q;
  synward_request_t q13_q;
  synward_counts_t counts_q;
  always_ff @(posedge clk_i) begin
    valid_o <= rst_ni && s_frame_q;
    verdict_q <= '0;
    verdict_q.op <= q12_q.op;
    verdict_q.fate <= s_drop_q ? FateDrop : s_consumed_q ? FateConsumed : FateForward;
    verdict_q.reason <= s_drop_q ? s_reason_q : 6'd0;
    verdict_q.send <= s_syn_ack_q ? SendSynAck : s_send_challenge_q ? SendChallenge : send_rst ? SendRst
                    : mark[1] ? SendMark : SendNothing;
    // Whatever the limiter says is prepared, so that it chooses last.
    verdict_q.seq <= send_rst ? seq_of_rst : seq_without;
    verdict_q.ack <= mark[0] ? q12_q.ack
        : (s_syn_ack_q || s_send_challenge_q) && !send_rst_ack ? s_irs_q + 32'd1 : 32'd0;
    verdict_q.df <= send_rst || ((s_syn_ack_q || s_send_challenge_q) && s_df_q);
    if (s_syn_ack_q) begin
      verdict_q.ws_ok <= s_ws_q;
      verdict_q.sack_ok <= s_sack_q;
      verdict_q.ece <= s_ece_q;
    end
    if (s_stamped_q) begin
      verdict_q.ts_ok <= 1'b1;
      verdict_q.tsoff <= tsoff12_i;
      verdict_q.tsecr <= s_tsecr_q;
    end
    if (mark[1]) begin
      verdict_q.mark_flags  <= s_cookie_mark_q ? {4'd0, s_ecn_q, cookie_flags[2:0]}
          : {4'd0, s_ecn_q, s_ws_q, s_ts_q && q12_q.ts_ok, s_sack_q};
      verdict_q.mark_wscale <= s_cookie_mark_q ? cookie_wscale : s_ws_q ? {e12_q.ws, q12_q.wscale} : 8'd0;
      verdict_q.mark_mss    <= s_cookie_mark_q ? cookie_mss_bound : entry_mss_bound;
    end
    if (own[0]) begin
      verdict_q.own     <= 1'b1;
      verdict_q.v6      <= q12_q.v6;
      verdict_q.faddr   <= q12_q.faddr;
    end
    if (own[1]) begin
      verdict_q.laddr   <= q12_q.laddr;
      verdict_q.fport   <= q12_q.fport;
      verdict_q.lport   <= q12_q.lport;
    end
    if (own[2]) begin
      verdict_q.time_ms <= q12_q.time_ms;
      // A status brings an Ethernet header of its own.
      verdict_q.service <= s_of_entry_q ? e12_q.service : q12_q.service;
      verdict_q.has_mss <= s_own_q && e12_q.has_mss;
      verdict_q.len     <= s_own_q ? e12_q.len : 7'd0;
      verdict_q.mac_dst <= s_of_entry_q ? e12_q.mac_dst : q12_q.mac_dst;
      verdict_q.mac_src <= s_of_entry_q ? e12_q.mac_src : q12_q.mac_src;
    end
    if (own[3]) begin
      verdict_q.tags    <= q12_q.tags;
      verdict_q.tag1    <= q12_q.tag1;
      verdict_q.tag2    <= q12_q.tag2;
    end
    counts_q <= s_counts_q;
    counts_q.challenge_acks <= s_send_challenge_q;
    counts_q.resets_sent    <= send_rst;
    counts_q.resets_limited <= s_want_rst_q && !s_abort_q && !in_limit;
    if (!rst_ni) begin
      counts_q <= '0;
      verdict_q.send <= SendNothing;
    end
    mark_ports_o <= {q12_q.fport, q12_q.lport};

    event13_q <= rst_ni && s_event_q;
    code13_q  <= s_code_q;
    note13_q  <= s_note_q;
    pause13_q <= s_pause_q;
    arg0_13_q <= 32'd0;
    arg1_13_q <= 32'd0;
    arg2_13_q <= 32'd0;
    if (s_repeats_q) arg0_13_q <= {28'd0, s_rxmits_q};
    if (s_bad_rst_q) begin
      arg0_13_q <= q12_q.seq;
      arg1_13_q <= e12_q.irs + 32'd1;
      arg2_13_q <= {16'd0, q12_q.window};
    end
    if (s_unknown_q) begin
      arg0_13_q <= q12_q.seq;
      arg1_13_q <= q12_q.ack;
    end
    if (s_paws_q) begin
      arg0_13_q <= q12_q.tsval;
      arg1_13_q <= e12_q.tsreflect;
    end
    if (s_bad_seq_q) begin
      arg0_13_q <= q12_q.seq;
      arg1_13_q <= e12_q.irs + 32'd1;
    end
    if (s_bad_ack_q) begin
      arg0_13_q <= q12_q.ack;
      arg1_13_q <= e12_q.iss + 32'd1;
    end
    q13_q       <= q12_q;
  end
  assign verdict_o = verdict_q;
  assign counts_o = counts_q;

  // ---- t14: the event
  synward_event_t event_q;
  always_ff @(posedge clk_i) begin
    event_valid_o <= rst_ni && (event13_q || limiting13);
    event_q.code <= limiting13 ? synward_regs_pkg::EVENT_LIMITING : code13_q;
    event_q.note <= note13_q;
    event_q.v6 <= q13_q.v6;
    event_q.faddr <= q13_q.faddr;
    event_q.laddr <= q13_q.laddr;
    event_q.fport <= q13_q.fport;
    event_q.lport <= q13_q.lport;
    event_q.flags <= q13_q.flags;
    event_q.time_ms <= q13_q.time_ms;
    event_q.arg0 <= limiting13 ? wanted13 : pause13_q ? {22'd0, pause_seconds13_i} : arg0_13_q;
    event_q.arg1 <= limiting13 ? {12'd0, settings_i.icmplim} : arg1_13_q;
    event_q.arg2 <= arg2_13_q;
  end
  assign event_o = event_q;

  wire unused = &{1'b0, q, e, q12_q, e12_q, q13_q};
endmodule

`default_nettype wire
