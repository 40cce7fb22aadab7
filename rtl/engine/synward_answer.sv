// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// From a request's outcome (t11, synward_decide) to the verdict and the counts (t13) and the event (t14): nothing here
/// changes the tables, but for the RST limiter's count.
module synward_answer #(
    parameter int EntryW = `SYNWARD_ENTRY_W - 66
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    // settings
    input  wire         syncookies_i,
    input  wire         syncookies_only_i,
    input  wire         insecure_rst_i,
    input  wire         no_rst_i,           ///< net.inet.tcp.blackhole is 3
    input  wire         rst_on_sock_fail_i,
    input  wire         cookie_gate_always_i,
    input  wire  [19:0] icmplim_i,
    input  wire  [1:0]  unknown_ack_i,      ///< 0 pass, 1 drop, 2 rst
    // t10, t11
    input  wire  [31:0] time10_i,
    input  wire         frame_i,            ///< t11: the request is a frame's
    input  wire  [`SYNWARD_REQUEST_W-1:0] request_i,
    input  wire  [EntryW-1:0] entry_i,
    input  wire         ready_i,
    input  wire  [31:0] iss_i,              ///< of an ACK: SEG.ACK - 1
    input  wire         cookie_ok_i,
    input  wire         hit_i,
    input  wire  [3:0]  rxmits_i,
    input  wire         stateless_i,
    input  wire         insert_i,
    input  wire         free_answer_i,
    input  wire         duplicate_i,
    input  wire         cachefull_i,
    input  wire         evict_i,
    input  wire         pause_i,
    input  wire         overflow_i,
    input  wire         removed_i,
    input  wire         flush_i,
    input  wire  [3:0]  flushed_i,
    input  wire         retransmit_i,
    input  wire         due_i,
    input  wire         over_i,             ///< retransmitted rexmtlimit times
    input  wire         seq_i,
    input  wire         exact_i,
    input  wire         ack_i,
    input  wire         paws_i,
    input  wire         ts_missing_i,
    input  wire         gate_i,
    input  wire         challenge_i,
    input  wire         flow_hit_i,
    input  wire         handover_i,
    input  wire         hand_i,             ///< an entry is handed over for the first time
    input  wire         remark_i,
    input  wire         mark_entry_i,       ///< an entry that waits for its confirmation is marked
    input  wire         mark_ecn_i,         ///< the mark says ECN
    input  wire         taken_i,            ///< the server has what was handed over
    input  wire         refused_i,          ///< the server will not have it
    input  wire         entry_handed_i,     ///< the entry had been handed over before
    input  wire         flow_added_i,
    input  wire         flow_full_i,
    input  wire         fails_open_i,       ///< the flow bucket fails open
    input  wire         visited_i,
    input  wire  [4:0]  aged_i,
    input  wire         room_line_i,
    input  wire         room_host_i,
    // t12
    input  wire  [31:0] tsoff12_i,
    // t13
    input  wire  [9:0]  pause_seconds13_i,
    output logic        valid_o,            ///< verdict of a frame
    output logic [`SYNWARD_VERDICT_W-1:0] verdict_o,
    output logic [`SYNWARD_COUNTS_W-1:0] counts_o,
    output logic [31:0] mark_ports_o,       ///< client port, server port, for the mark's MAC
    output logic        limiter_open_o,     ///< synward_limiter's window
    output logic [31:0] limiter_until_o,
    // t14
    output logic        event_valid_o,
    output logic [`SYNWARD_EVENT_W-1:0] event_o
);
  // ---- t11: what the request comes to
  synward_request_t q;
  synward_entry_t e;
  assign q = request_i;
  assign e = {entry_i, 66'd0};
  wire syn = q.op == OpSyn && !flow_hit_i;
  wire ack = q.op == OpAck && !flow_hit_i;
  wire rst = q.op == OpRst && !flow_hit_i;
  wire known = (q.op == OpSyn || q.op == OpAck || q.op == OpRst || q.op == OpStray) && flow_hit_i;
  wire stray_dropped = q.op == OpStray && !flow_hit_i && ready_i && !fails_open_i;
  wire timeout = q.op == OpTimeout;
  wire entry = hit_i && !stateless_i;
  wire spurious = ack && !entry && !stateless_i && (!syncookies_i || !(gate_i || cookie_gate_always_i || fails_open_i));
  wire failed = ack && !entry && !spurious && !cookie_ok_i;
  wire good_cookie = ack && !entry && !spurious && cookie_ok_i;
  wire ack_stamps = ack && entry && !paws_i && !ts_missing_i;
  wire ack_seq = ack_stamps && !seq_i;
  wire ack_wrong = ack_stamps && seq_i && !ack_i;
  wire ack_right = ack_stamps && seq_i && ack_i;
  wire forward_unknown = !ready_i || fails_open_i || unknown_ack_i == 2'd0;
  wire rst_taken = rst && entry && (exact_i || (insecure_rst_i && seq_i));
  wire given_up = due_i && removed_i && !flush_i && over_i;
  wire aborted = refused_i || (given_up && entry_handed_i);
  wire rst_window = rst && entry && seq_i && !exact_i && !insecure_rst_i;

  // ---- t12
  logic s_frame_q, s_drop_q, s_consumed_q, s_want_rst_q, s_challenge_q, s_mark_q, s_own_q, s_syn_ack_q, s_room_line_q,
      s_tick_q;
  logic [5:0] s_reason_q;
  logic s_cookie_mark_q, s_abort_q, s_timeout_q, s_ecn_q;
  logic [4:0] s_code_q;
  logic [1:0] s_note_q;
  logic s_event_q, s_pause_q;
  logic [31:0] s_arg0_q, s_arg1_q, s_arg2_q;
  logic [31:0] s_seq_q, s_irs_q, s_tsecr_q;
  logic s_ws_q, s_sack_q, s_ts_q, s_ece_q, s_df_q;
  logic [7:0] s_byte_q;
  logic [15:0] s_mss_q;
  synward_counts_t s_counts_q;
  logic [`SYNWARD_REQUEST_W-1:0] q12_q;
  logic [EntryW-1:0] e12_q;
  always_ff @(posedge clk_i) begin
    q12_q <= request_i;
    e12_q <= entry_i;
    s_frame_q <= rst_ni && frame_i;
    s_room_line_q <= room_line_i;
    s_tick_q <= q.op == OpTick;

    s_consumed_q <= syn && room_line_i && (insert_i || free_answer_i || duplicate_i);
    s_drop_q <= (syn && !(room_line_i && (insert_i || free_answer_i || duplicate_i)))
                || (ack && ((entry && !(ack_right && room_host_i)) || ((spurious || failed) && !forward_unknown)
                    || (good_cookie && !room_host_i)))
                || (rst && (entry || !forward_unknown)) || stray_dropped;
    s_reason_q <= stray_dropped ? (q.note == synward_regs_pkg::EVENT_SYN_MISSING ? synward_regs_pkg::DROP_SYN_MISSING
        : synward_regs_pkg::DROP_SYN_ACK_INVALID)
                  : syn ? (room_line_i ? synward_regs_pkg::DROP_SYNCACHE_FULL : synward_regs_pkg::DROP_LINE_TX_FULL)
                  : rst ? (!entry ? synward_regs_pkg::DROP_UNKNOWN_RST : rst_taken
                      ? synward_regs_pkg::DROP_RST_HALF_OPEN : synward_regs_pkg::DROP_RST_INVALID)
                  : !entry ? (good_cookie ? synward_regs_pkg::DROP_HOST_TX_FULL : synward_regs_pkg::DROP_UNKNOWN_ACK)
                  : paws_i ? synward_regs_pkg::DROP_PAWS : ts_missing_i ? synward_regs_pkg::DROP_TS_MISSING
                  : !seq_i ? synward_regs_pkg::DROP_SEQ_INVALID : !ack_i ? synward_regs_pkg::DROP_ACK_INVALID
                      : synward_regs_pkg::DROP_HOST_TX_FULL;
    s_want_rst_q <= rst_ni && !no_rst_i && (ack_wrong || ((spurious || failed) && !forward_unknown
        && unknown_ack_i == 2'd2)
                              || (aborted && rst_on_sock_fail_i));
    s_abort_q <= aborted;
    s_timeout_q <= timeout;
    s_challenge_q <= rst_ni && challenge_i;
    s_mark_q <= frame_i && (handover_i || remark_i || mark_entry_i);
    s_ecn_q <= mark_ecn_i;
    s_cookie_mark_q <= !entry || flow_hit_i;
    s_syn_ack_q <= (syn && room_line_i && (insert_i || free_answer_i || duplicate_i)) || retransmit_i;
    s_own_q <= retransmit_i;

    // The SYN-ACK's material: the entry's, or without one the SYN's.
    s_seq_q   <= free_answer_i ? iss_i : e.iss;
    s_irs_q   <= free_answer_i ? q.seq : e.irs;
    s_tsecr_q <= free_answer_i ? q.tsval : e.tsreflect;
    s_ws_q    <= free_answer_i ? q.ws_ok : e.ws_ok;
    s_sack_q  <= free_answer_i ? q.sack_ok : e.sack_ok;
    s_ts_q    <= free_answer_i ? q.ts_ok : e.ts_ok;
    s_ece_q   <= !free_answer_i && e.ecn_ok;
    s_df_q    <= free_answer_i || !e.unreach;
    s_byte_q  <= iss_i[7:0] ^ iss_i[31:24];
    s_mss_q   <= e.mss;

    // The event.
    s_pause_q <= pause_i;
    s_note_q <= 2'd0;
    if (ack_stamps && e.ts_ok != q.ts_ok) s_note_q <= e.ts_ok ? 2'd2 : 2'd1;
    s_event_q <= rst_ni && ((syn && (pause_i || duplicate_i)) || spurious || failed
        || (ack && entry && (paws_i || ts_missing_i)) || ack_seq || ack_wrong
                 || (ack_stamps && e.ts_ok != q.ts_ok) || (rst && !stateless_i) || retransmit_i || given_up
                     || refused_i || stray_dropped || q.op == OpNote);
    s_code_q <= (q.op == OpNote || q.op == OpStray) ? q.note
                : aborted ? (rst_on_sock_fail_i ? synward_regs_pkg::EVENT_SOCK_FAIL_RST
                    : synward_regs_pkg::EVENT_SOCK_FAIL)
                : timeout ? (retransmit_i ? synward_regs_pkg::EVENT_REXMT : synward_regs_pkg::EVENT_REXMT_EXHAUSTED)
                : syn ? (pause_i ? synward_regs_pkg::EVENT_OVERFLOW : synward_regs_pkg::EVENT_DUP_SYN)
                : rst ? (!entry ? synward_regs_pkg::EVENT_RST_SPURIOUS : rst_taken
                    ? synward_regs_pkg::EVENT_RST_REJECTED
                         : rst_window ? synward_regs_pkg::EVENT_RST_CHALLENGE : synward_regs_pkg::EVENT_RST_INVALID)
                : !entry ? (!spurious ? synward_regs_pkg::EVENT_COOKIE_FAILED
                            : syncookies_i ? synward_regs_pkg::EVENT_ACK_SPURIOUS
                                : synward_regs_pkg::EVENT_ACK_DISABLED)
                : paws_i ? synward_regs_pkg::EVENT_PAWS : ts_missing_i ? synward_regs_pkg::EVENT_TS_MISSING
                : !seq_i ? synward_regs_pkg::EVENT_SEQ_CHALLENGE : !ack_i ? synward_regs_pkg::EVENT_ACK_INVALID : 5'd0;
    s_arg0_q <= 32'd0;
    s_arg1_q <= 32'd0;
    s_arg2_q <= 32'd0;
    if (retransmit_i) s_arg0_q <= {28'd0, rxmits_i};
    if (rst && entry && !rst_taken) begin
      s_arg0_q <= q.seq;
      s_arg1_q <= e.irs + 32'd1;
      s_arg2_q <= {16'd0, q.window};
    end
    if (spurious || failed) begin
      s_arg0_q <= q.seq;
      s_arg1_q <= q.ack;
    end
    if (ack && entry && paws_i) begin
      s_arg0_q <= q.tsval;
      s_arg1_q <= e.tsreflect;
    end
    if (ack_seq) begin
      s_arg0_q <= q.seq;
      s_arg1_q <= e.irs + 32'd1;
    end
    if (ack_wrong) begin
      s_arg0_q <= q.ack;
      s_arg1_q <= e.iss + 32'd1;
    end

    s_counts_q <= '0;
    s_counts_q.added          <= insert_i;
    s_counts_q.retransmitted  <= retransmit_i;
    s_counts_q.dupsyn         <= syn && entry;
    s_counts_q.sc_dropped     <= (syn && !room_line_i) || (due_i && removed_i && !flush_i && !over_i);
    s_counts_q.completed      <= (ack_right && room_host_i && !q.agent) || taken_i;
    s_counts_q.handed         <= hand_i;
    s_counts_q.aborted        <= aborted && removed_i;
    s_counts_q.bucketoverflow <= overflow_i;
    s_counts_q.reset          <= rst_taken;
    s_counts_q.stale          <= given_up && !entry_handed_i;
    s_counts_q.unreach        <= q.op == OpUnreach && removed_i;
    s_counts_q.zonefail       <= syn && room_line_i && ready_i && !stateless_i && !hit_i && cachefull_i;
    s_counts_q.sendcookie     <= syn && !entry && (syncookies_i || syncookies_only_i);
    s_counts_q.recvcookie     <= good_cookie && room_host_i;
    s_counts_q.spurcookie     <= spurious;
    s_counts_q.failcookie     <= failed;
    s_counts_q.badrst         <= rst && !stateless_i && !rst_taken;
    s_counts_q.evicted        <= evict_i;
    s_counts_q.stateless      <= free_answer_i;
    s_counts_q.flows_added    <= flow_added_i;
    s_counts_q.flows_full     <= flow_full_i;
    s_counts_q.established    <= known;
    s_counts_q.remarked       <= remark_i;
    s_counts_q.flushed        <= flushed_i;
    s_counts_q.flows_aged     <= visited_i ? aged_i : 5'd0;
    if (!rst_ni) s_counts_q <= '0;
  end

  // ---- t12 to t13: limiter, verdict
  synward_request_t q12;
  synward_entry_t e12;
  assign q12 = q12_q;
  assign e12 = {e12_q, 66'd0};
  wire in_limit;
  wire [31:0] wanted13;
  wire limiting13;
  synward_limiter u_limiter (
      .clk_i, .rst_ni, .limit_i(icmplim_i), .take_i((s_want_rst_q && !s_abort_q) || s_challenge_q), .tick_i(s_tick_q),
      .time_early_i(time10_i), .time_i(q12.time_ms),
      .within_o(in_limit), .wanted_o(wanted13), .open_o(limiter_open_o), .until_o(limiter_until_o),
      .over_o(limiting13));
  wire send_rst = s_want_rst_q && (in_limit || s_abort_q) && s_room_line_q;
  wire send_challenge = s_challenge_q && s_room_line_q;
  wire to_line = s_syn_ack_q || send_challenge || send_rst;
  wire stamped = (s_syn_ack_q || send_challenge) && s_ts_q;

  wire [7:0] cookie_flags, cookie_wscale;
  wire [15:0] cookie_mss;
  synward_mark_fields u_cookie_mark (
      .byte_i(s_byte_q), .ts_i(q12.ts_ok), .wscale_i(q12.wscale), .flags_o(cookie_flags), .wscale_o(cookie_wscale),
      .mss_o(cookie_mss));
  wire path = q12.path_mss != 16'd0;
  wire [15:0] cookie_mss_bound = path && cookie_mss > q12.path_mss ? q12.path_mss : cookie_mss;
  wire [15:0] entry_mss_bound = path && s_mss_q > q12.path_mss ? q12.path_mss : s_mss_q;
  wire own_rst = send_rst && s_abort_q;

  synward_verdict_t verdict_q;
  logic [4:0] code13_q;
  logic [1:0] note13_q;
  logic event13_q, pause13_q;
  logic [31:0] arg0_13_q, arg1_13_q, arg2_13_q;
  logic [`SYNWARD_REQUEST_W-1:0] q13_q;
  synward_counts_t counts_q;
  always_ff @(posedge clk_i) begin
    valid_o <= rst_ni && s_frame_q;
    verdict_q <= '0;
    verdict_q.op <= q12.op;
    verdict_q.fate <= s_drop_q ? FateDrop : s_consumed_q ? FateConsumed : FateForward;
    verdict_q.reason <= s_drop_q ? s_reason_q : 6'd0;
    verdict_q.send <= s_syn_ack_q ? SendSynAck : send_challenge ? SendChallenge : send_rst ? SendRst
                    : s_mark_q ? SendMark : SendNothing;
    if (to_line) begin
      verdict_q.seq <= (send_challenge || (send_rst && s_timeout_q)) ? s_seq_q + 32'd1 : send_rst ? q12.ack : s_seq_q;
      verdict_q.ack <= send_rst ? 32'd0 : s_irs_q + 32'd1;
      verdict_q.df <= send_rst || s_df_q;
    end
    if (s_syn_ack_q) begin
      verdict_q.ws_ok <= s_ws_q;
      verdict_q.sack_ok <= s_sack_q;
      verdict_q.ece <= s_ece_q;
    end
    if (stamped) begin
      verdict_q.ts_ok <= 1'b1;
      verdict_q.tsoff <= tsoff12_i;
      verdict_q.tsecr <= s_tsecr_q;
    end
    if (s_mark_q) begin
      // Whatever segment came first: of an entry its irs + 1; a cookie is good with that SEQ alone.
      verdict_q.seq <= s_cookie_mark_q ? q12.seq : s_irs_q + 32'd1;
      verdict_q.ack <= q12.ack;
      verdict_q.mark_flags  <= s_cookie_mark_q ? {4'd0, s_ecn_q, cookie_flags[2:0]}
          : {4'd0, s_ecn_q, s_ws_q, s_ts_q && q12.ts_ok, s_sack_q};
      verdict_q.mark_wscale <= s_cookie_mark_q ? cookie_wscale : s_ws_q ? {e12.ws, q12.wscale} : 8'd0;
      verdict_q.mark_mss    <= s_cookie_mark_q ? cookie_mss_bound : entry_mss_bound;
    end
    if (s_own_q || own_rst) begin
      verdict_q.own     <= 1'b1;
      verdict_q.v6      <= q12.v6;
      verdict_q.faddr   <= q12.faddr;
      verdict_q.laddr   <= q12.laddr;
      verdict_q.fport   <= q12.fport;
      verdict_q.lport   <= q12.lport;
      verdict_q.time_ms <= q12.time_ms;
      // A status brings an Ethernet header of its own.
      verdict_q.service <= (s_own_q || s_timeout_q) ? e12.service : q12.service;
      verdict_q.has_mss <= s_own_q && e12.has_mss;
      verdict_q.len     <= s_own_q ? e12.len : 7'd0;
      verdict_q.mac_dst <= (s_own_q || s_timeout_q) ? e12.mac_dst : q12.mac_dst;
      verdict_q.mac_src <= (s_own_q || s_timeout_q) ? e12.mac_src : q12.mac_src;
      verdict_q.tags    <= q12.tags;
      verdict_q.tag1    <= q12.tag1;
      verdict_q.tag2    <= q12.tag2;
    end
    counts_q <= s_counts_q;
    counts_q.challenge_acks <= send_challenge;
    counts_q.resets_sent    <= send_rst;
    counts_q.resets_limited <= s_want_rst_q && !s_abort_q && !in_limit;
    if (!rst_ni) begin
      counts_q <= '0;
      verdict_q.send <= SendNothing;
    end
    mark_ports_o <= {q12.fport, q12.lport};

    event13_q <= rst_ni && s_event_q;
    code13_q  <= s_code_q;
    note13_q  <= s_note_q;
    pause13_q <= s_pause_q;
    arg0_13_q <= s_arg0_q;
    arg1_13_q <= s_arg1_q;
    arg2_13_q <= s_arg2_q;
    q13_q     <= q12_q;
  end
  assign verdict_o = verdict_q;
  assign counts_o = counts_q;

  // ---- t14: the event
  synward_request_t q13;
  assign q13 = q13_q;
  synward_event_t event_q;
  always_ff @(posedge clk_i) begin
    event_valid_o <= rst_ni && (event13_q || limiting13);
    event_q.code <= limiting13 ? synward_regs_pkg::EVENT_LIMITING : code13_q;
    event_q.note <= note13_q;
    event_q.v6 <= q13.v6;
    event_q.faddr <= q13.faddr;
    event_q.laddr <= q13.laddr;
    event_q.fport <= q13.fport;
    event_q.lport <= q13.lport;
    event_q.flags <= q13.flags;
    event_q.time_ms <= q13.time_ms;
    event_q.arg0 <= limiting13 ? wanted13 : pause13_q ? {22'd0, pause_seconds13_i} : arg0_13_q;
    event_q.arg1 <= limiting13 ? {12'd0, icmplim_i} : arg1_13_q;
    event_q.arg2 <= arg2_13_q;
  end
  assign event_o = event_q;

  wire unused = &{1'b0, q, e, q12, e12, q13};
endmodule

`default_nettype wire
