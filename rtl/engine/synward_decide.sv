// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The one place where a request's effect on the tables is decided, from what both lookups say (t9, of
/// synward_syncache's clocks) in the clock of t10, so that the next request, a clock behind, sees it. The outcome is
/// registered at t11 (r_). docs/theory-of-operation.md, section 4.
module synward_decide #(
    parameter int EntryW = `SYNWARD_ENTRY_W - 66  ///< the entry record without tags
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    // settings
    input  wire         syncookies_i,
    input  wire         syncookies_only_i,
    input  wire         tolerate_missing_ts_i,
    input  wire         insecure_rst_i,
    input  wire  [3:0]  ack_war_cnt_i,
    input  wire  [15:0] ack_war_timewindow_i,
    input  wire  [3:0]  ecn_maxretries_i,
    input  wire  [5:0]  flow_idle_i,
    input  wire         cookie_gate_always_i,
    input  wire  [7:0]  first_place_i,      ///< synward_order's
    input  wire  [7:0]  places_i,
    input  wire  [7:0]  ways_i,
    input  wire  [17:0] cachelimit_i,
    // elsewhere
    input  wire         room_line_i,
    input  wire         room_host_i,
    input  wire         pause_over_i,       ///< t9: pause_until has come
    input  wire         gate_over_i,        ///< t9: the gate's 15 s are over
    // t7
    input  wire  [`SYNWARD_REQUEST_W-1:0] request7_i,
    // t8
    input  wire  [EntryW-1:0] entry8_i,
    input  wire         equal3_i,
    // t9
    input  wire         ready9_i,
    input  wire  [31:0] iss9_i,
    input  wire         cookie_ok9_i,
    input  wire  [7:0]  hit9_i,
    input  wire  [EntryW-1:0] entry9_i,
    input  wire  [84:0] dir9_i,
    input  wire  [2:1]  same9_i,
    input  wire  [2:1]  equal9_i,
    input  wire  [15:0] flow_way9_i,
    input  wire         flow_hit9_i,
    input  wire  [7:0]  flow9_i,
    input  wire  [15:0] flow_used9_i,
    input  wire  [5:0]  flow_open9_i,
    input  wire  [2:1]  flow_same9_i,
    input  wire  [2:1]  flow_equal9_i,
    input  wire  [13*16-1:0] interval_i,
    input  wire  [3:0]  rexmtlimit_i,
    // t11: the outcome, for the tables
    output synward_request_t r_request_o,
    output logic        r_tuple_o,
    output logic        r_insert_o,
    output logic [7:0]  r_gone_o,
    output logic [7:0]  r_way_o,
    output logic [EntryW-1:0] r_entry_o,
    output logic [84:0] r_dir_o,
    output logic        r_flow_o,
    output logic [15:0] r_flow_way_o,
    output logic [7:0]  r_flow_state_o,
    output logic [15:0] r_flow_used_o,
    output logic [5:0]  r_flow_open_o,
    output logic        r_ready_o,
    // t11: for the answer
    output logic [31:0] r_iss_o,
    output logic        r_cookie_ok_o,
    output logic        r_hit_o,            ///< the connection had an entry
    output logic [3:0]  r_rxmits_o,         ///< the entry's before
    output logic        r_stateless_o,      ///< stateless, or tables not ready
    output logic        r_free_answer_o,    ///< SYN answered without an entry
    output logic        r_duplicate_o,      ///< duplicate SYN answered
    output logic        r_cachefull_o,
    output logic        r_evict_o,
    output logic        r_pause_o,          ///< a pause begins
    output logic        r_overflow_o,       ///< counts as bucketoverflow
    output logic        r_removed_o,
    output logic        r_flush_o,
    output logic [3:0]  r_flushed_o,
    output logic        r_retransmit_o,
    output logic        r_due_o,            ///< TIMEOUT of an entry that is due
    output logic        r_over_o,           ///< retransmitted rexmtlimit times
    output logic        r_seq_o,
    output logic        r_exact_o,
    output logic        r_ack_o,
    output logic        r_paws_o,           ///< old timestamp
    output logic        r_ts_missing_o,     ///< not tolerated
    output logic        r_gate_o,
    output logic        r_fails_open_o,     ///< the flow bucket fails open
    output logic        r_challenge_o,      ///< a challenge ACK within its budget
    output logic        r_flow_hit_o,
    output logic        r_handover_o,       ///< by a mark that nobody confirms
    output logic        r_hand_o,           ///< an entry is handed over for the first time
    output logic        r_remark_o,         ///< marked again
    output logic        r_mark_entry_o,     ///< an entry that waits for its confirmation is marked
    output logic        r_mark_ecn_o,       ///< the mark says ECN
    output logic        r_taken_o,          ///< the server has an entry that was handed over
    output logic        r_refused_o,        ///< the server will not have what was handed over
    output logic        r_entry_handed_o,   ///< the entry had been handed over before
    output logic        r_flow_added_o,
    output logic        r_flow_full_o,
    output logic        r_room_line_o,
    output logic        r_room_host_o,
    output logic        paused_o,
    output logic        gate_o,
    output logic        gate_stamped_o,     ///< t11: the gate is stamped
    output logic [17:0] count_o             ///< entries in the syncache
);
  // ---- t7 to t9: the request on its way, and what it says to its entry
  synward_request_t q7, q8, q9, b;
  logic [`SYNWARD_REQUEST_W-1:0] q8_q, q9_q, b_q;
  assign q7 = request7_i;
  assign q8 = q8_q;
  assign q9 = q9_q;
  assign b = b_q;
  always_ff @(posedge clk_i) begin
    q8_q <= request7_i;
    q9_q <= q8_q;
    b_q  <= q9_q;
    r_request_o <= b_q;
  end
  logic [31:0] iss_b_q;
  wire [3:1] seq_d, exact_d, ack_d, paws_d;
  wire seq_high, seq_low, exact0, ack0, paws0, due0, over9, challenge0;
  synward_syncache_checks u_checks (
      .clk_i, .interval_i, .rexmtlimit_i, .unreach7_i(q7.op == OpUnreach), .seq7_i(q7.seq), .ack7_i(q7.ack),
      .tsval7_i(q7.tsval), .window7_i(q7.window), .now7_i(q7.time_ms),
      .seq8_i(q8.seq), .seq9_i(q9.seq), .seq10_i(b.seq), .tsval8_i(q8.tsval), .tsval9_i(q9.tsval),
      .tsval10_i(b.tsval), .entry8_i({entry8_i, 66'd0}),
      .iss9_i, .iss10_i(iss_b_q), .iss11_i(r_iss_o), .seq_d_o(seq_d), .exact_d_o(exact_d), .ack_d_o(ack_d),
      .paws_d_o(paws_d), .seq_high_o(seq_high), .seq_low_o(seq_low),
      .exact_o(exact0), .ack_o(ack0), .paws_o(paws0), .due_o(due0), .over_o(over9), .challenge_o(challenge0));

  // What requests three clocks before did to the entry, after it was read for the checks.
  logic stored3_q, stamped3_q, armed3_q, challenged3_q;
  logic r_stamped_q, r_armed_q, r_challenged_q, r_remark_flow_q;
  always_ff @(posedge clk_i) begin
    stored3_q     <= equal3_i && r_insert_o;
    stamped3_q    <= equal3_i && r_stamped_q;
    armed3_q      <= equal3_i && r_armed_q;
    challenged3_q <= equal3_i && r_challenged_q;
  end

  // ---- t10: state of the request that is decided
  logic b_syn_q, b_ack_q, b_rst_q, b_unreach_q, b_server_q, b_timeout_q, b_tick_q, b_tuple_q, b_flow_q, b_ready_q;
  logic b_stray_q, b_taken_q, b_refused_q;   // STATUS: what it says
  logic b_teaches_q, b_ends_q, b_opens_q;    // SERVER: neither RST nor SYN-ACK; RST or FIN; SYN
  logic b_hit_q;
  logic [7:0] b_way_q;
  logic [EntryW-1:0] b_entry_q;
  logic [84:0] b_dir_q;
  logic b_seq_q, b_exact_q, b_acked_q, b_paws_q, b_due_q, b_over_q, b_challenge_q;
  logic b_flow_hit_q, b_mark_due_q, b_cookie_ok_q, b_pause_over_q, b_gate_over_q;
  logic [15:0] b_flow_way_q, b_used_q;
  logic [7:0] b_state_q;
  logic [5:0] b_open_q;
  logic b_open_any_q;  // the flow bucket fails open
  logic paused_q, gate_q, cachefull_q;
  synward_entry_t e;
  assign e = {b_entry_q, 66'd0};

  wire stateless = syncookies_only_i || (syncookies_i && (paused_q || !b_ready_q));
  wire keep = !stateless && b_ready_q;
  wire syn_room = b_syn_q && !b_flow_hit_q && room_line_i;
  wire nowhere = cachefull_q && !b_dir_q[80];
  wire insert = syn_room && keep && !b_hit_q && !nowhere;
  wire duplicate = syn_room && keep && b_hit_q;
  wire free_answer = syn_room && (stateless || (keep && !b_hit_q && nowhere && syncookies_i));

  wire paws = e.ts_ok && b.ts_ok && b_paws_q;
  wire ts_missing = e.ts_ok && !b.ts_ok && !tolerate_missing_ts_i;
  wire good = !paws && !ts_missing && b_seq_q && b_acked_q;
  wire entry_ack = b_ack_q && !b_flow_hit_q && room_host_i && !stateless && b_hit_q && good;
  wire remove_ack = entry_ack && !b.agent;
  wire hand = entry_ack && b.agent;
  wire marked_now = e.handed && e.marked == b.time_ms[8:4];
  wire status_fits = b_hit_q && e.handed && b_exact_q && b_acked_q;
  wire server_takes = b_server_q && !b_flow_hit_q && b_hit_q && e.handed && b_teaches_q;
  wire status_takes = b_taken_q && status_fits;
  wire remove_host = server_takes || status_takes || (b_refused_q && status_fits);
  wire remove_rst = b_rst_q && !b_flow_hit_q && !stateless && b_hit_q && (b_exact_q || (insecure_rst_i && b_seq_q));
  wire remove_unreach = b_unreach_q && !stateless && b_hit_q && b_acked_q && e.unreach && (e.rxmits[3] || e.rxmits[2]);
  wire remove_timeout = b_timeout_q && b_hit_q && b_due_q && (paused_q || b_over_q || !room_line_i);
  wire remove_syn = b_syn_q && !b_flow_hit_q && !stateless && b_hit_q && !room_line_i;
  wire remove = remove_ack || remove_rst || remove_unreach || remove_timeout || remove_syn || remove_host;
  wire flushing = b_timeout_q && paused_q;  // then a removal is of the whole bucket
  wire retransmit = b_timeout_q && b_hit_q && b_due_q && !paused_q && !b_over_q && room_line_i;

  // The order of the bucket.
  wire [7:0] insert_way;
  wire full, some;
  wire [84:0] dir_inserted, dir_removed;
  synward_order u_order (
      .first_i(first_place_i), .used_i(places_i), .ways_i, .dir_i(b_dir_q), .oldest_i(cachefull_q),
      .remove_i(b_way_q), .way_o(insert_way), .full_o(full), .some_o(some),
      .inserted_o(dir_inserted), .removed_o(dir_removed));
  wire [84:0] dir_gone = flushing ? {29'd0, b_dir_q[55:0]} : dir_removed;
  wire [84:0] dir_after = insert ? dir_inserted : remove ? dir_gone : b_dir_q;
  wire [7:0] way_after = insert ? insert_way : remove ? 8'd0 : b_way_q;
  wire [7:0] gone = insert ? insert_way : {8{remove && flushing}};
  wire evict = insert && (cachefull_q || full);

  // The entry. What a SYN without an entry would store is computed whether it is stored or not.
  wire challenge_wanted = b_hit_q && !b_flow_hit_q && !stateless
                          && ((b_ack_q && !paws && !ts_missing && !b_seq_q)
                              || (b_rst_q && b_seq_q && !b_exact_q && !insecure_rst_i));
  wire war_limited = ack_war_cnt_i != 4'd0 && ack_war_timewindow_i != 16'd0;
  wire in_window = war_limited && b_challenge_q && e.challenges != 4'd0;
  wire challenge = challenge_wanted && !(in_window && e.challenges >= ack_war_cnt_i);
  wire dup_ts = e.ts_ok && b.ts_ok;
  synward_entry_t after;
  always_comb begin
    after = e;
    if (b_syn_q && !b_hit_q) begin
      after.irs       = b.seq;
      after.iss       = iss_b_q;
      after.tsreflect = b.ts_ok ? b.tsval : 32'd0;
      after.mss       = b.mss;
      after.ws        = b.ws_ok ? b.ws : 4'd0;
      after.ws_ok     = b.ws_ok;
      after.sack_ok   = b.sack_ok;
      after.ts_ok     = b.ts_ok;
      after.ecn_ok    = b.ecn_ok;
      after.unreach   = 1'b0;
      after.has_mss   = b.has_mss;
      after.rxmits    = 4'd1;
      after.armed     = b.time_ms[23:0];
      after.challenge_end = 20'd0;
      after.challenges = 4'd0;
      after.handed    = 1'b0;
      after.marked    = 5'd0;
      after.len       = b.len;
      after.service   = b.service;
      after.mac_dst   = b.mac_dst;
      after.mac_src   = b.mac_src;
    end else begin
      if (duplicate) begin
        after.tsreflect = dup_ts ? b.tsval : 32'd0;
        after.ts_ok     = dup_ts;
        after.ecn_ok    = e.ecn_ok && b.ecn_ok;
        after.rxmits    = 4'd1;
        after.mac_dst   = b.mac_dst;
        after.mac_src   = b.mac_src;
      end
      if (hand) begin
        after.handed    = 1'b1;
        after.marked    = b.time_ms[8:4];
      end
      if (retransmit) begin
        after.ecn_ok    = e.ecn_ok && e.rxmits <= ecn_maxretries_i;
        after.rxmits    = e.rxmits + 4'd1;
      end
      if (duplicate || retransmit) after.armed = b.time_ms[23:0];
      if (b_unreach_q && !stateless && b_acked_q) after.unreach = 1'b1;
      if (challenge) begin
        after.challenges = in_window ? e.challenges + 4'd1 : 4'd1;
        if (!in_window) after.challenge_end = b_challenge_end_q;
      end
    end
  end
  logic [19:0] b_challenge_end_q;
  wire [EntryW-1:0] entry_after = after[`SYNWARD_ENTRY_W-1:66];

  // ---- flows
  wire cookie_path = b_cookie_ok_q && (stateless || (syncookies_i && (gate_q || cookie_gate_always_i || b_open_any_q)));
  wire handover = b_ack_q && !b_flow_hit_q && room_host_i && ((keep && b_hit_q) ? good && !b.agent : cookie_path);
  wire taught = b_server_q && !b_flow_hit_q && b_teaches_q && (b.protect || (b_hit_q && e.handed));
  wire new_flow = handover || taught || (status_takes && !b_flow_hit_q);
  wire any_free = !(&b_used_q);
  wire add_flow = new_flow && any_free && b_ready_q;
  wire flow_full = new_flow && !any_free && b_ready_q;
  wire handed = b_state_q[7:6] == FlowHanded;
  wire remark = b_ack_q && b_flow_hit_q && handed && b_cookie_ok_q && (syncookies_i || syncookies_only_i)
      && b_mark_due_q && room_host_i;
  // The mark of an entry says whether ECN is on; one that is repeated says what the flow has kept of the first.
  wire mark_ecn = b_flow_hit_q ? b_state_q[0] : keep && b_hit_q && e.ecn_ok;
  wire status = b_taken_q || b_refused_q;
  wire refused_flow = b_refused_q && b_flow_hit_q && handed;
  logic [15:0] free_way;
  logic [7:0] state_after;
  always_comb begin
    free_way = 16'd0;
    for (int w = 0; w < 16; w++) begin
      free_way[w] = !b_used_q[w];
      for (int v = 0; v < w; v++) if (!b_used_q[v]) free_way[w] = 1'b0;
    end
    if (!b_flow_hit_q) state_after = b_ack_q ? {FlowHanded, b.time_ms[7:3], mark_ecn}
        : {b_ends_q ? FlowClosing : FlowOpen, 6'd0};
    else if (b_server_q) state_after = {b_ends_q ? FlowClosing : (handed || b_opens_q) ? FlowOpen : b_state_q[7:6],
        6'd0};
    else if (b_rst_q || b_stray_q || (!status && !b_syn_q && !b_ack_q)) state_after = b_state_q;
    else if (status) state_after = handed ? {b_refused_q ? FlowClosing : FlowOpen, 6'd0} : b_state_q;
    else if (handed) state_after = remark ? {FlowHanded, b.time_ms[7:3], b_state_q[0]} : b_state_q;
    else state_after = {b_syn_q ? FlowOpen : b_state_q[7:6], 6'd0};
  end
  wire [15:0] flow_way_after = b_flow_hit_q ? b_flow_way_q : add_flow ? free_way : 16'd0;
  wire flow_hit_after = b_flow_hit_q || add_flow;
  wire [15:0] used_after = add_flow ? b_used_q | free_way : b_used_q;
  wire [5:0] open_after = flow_full ? flow_idle_i : b_open_q;

  // ---- the next request, with the outcomes of the two before it
  wire same1 = same9_i[1] && b_tuple_q;
  wire same2 = same9_i[2] && r_tuple_o;
  wire equal1 = equal9_i[1] && b_tuple_q;
  wire equal2 = equal9_i[2] && r_tuple_o;
  wire [7:0] way2 = equal2 ? r_way_o : hit9_i & ~(r_gone_o & {8{same2}});
  // Apart for insertion, removal and neither, so that the late ones choose last.
  wire [7:0] way_if_insert = equal1 ? insert_way : way2 & ~(insert_way & {8{same1}});
  wire [7:0] way_if_remove = equal1 ? 8'd0 : way2 & ~{8{same1 && flushing}};
  wire [7:0] way_if_none = equal1 ? b_way_q : way2;
  wire hit_if_insert = equal1 || |(way2 & ~(insert_way & {8{same1}}));
  wire hit_if_remove = !equal1 && !(same1 && flushing) && |way2;
  wire hit_if_none = equal1 ? b_hit_q : |way2;
  wire flow_same1 = flow_same9_i[1] && b_flow_q;
  wire flow_same2 = flow_same9_i[2] && r_flow_o;
  wire flow_equal1 = flow_equal9_i[1] && b_flow_q;
  wire flow_equal2 = flow_equal9_i[2] && r_flow_o;
  wire stored1 = equal1 && insert;
  wire stored2 = equal2 && r_insert_o;
  wire stamps = syn_room && keep;  // stores a timestamp: a new entry or a duplicate's
  wire stamped1 = equal1 && stamps;
  wire stamped2 = equal2 && r_stamped_q;
  // Marked within the last 16 ms, in units of 8.
  logic [4:0] now9_q, just9_q;
  always_ff @(posedge clk_i) begin
    now9_q  <= q8.time_ms[7:3];
    just9_q <= q8.time_ms[7:3] - 5'd1;
  end
  wire marked_lately = flow9_i[5:1] == now9_q || flow9_i[5:1] == just9_q;
  wire marked1 = flow_equal1 && (add_flow || remark);
  wire marked2 = flow_equal2 && (r_flow_added_o || r_remark_flow_q);

  always_ff @(posedge clk_i) begin
    b_syn_q     <= q9.op == OpSyn;
    b_ack_q     <= q9.op == OpAck;
    b_rst_q     <= q9.op == OpRst;
    b_unreach_q <= q9.op == OpUnreach;
    b_server_q  <= q9.op == OpServer;
    b_timeout_q <= q9.op == OpTimeout;
    b_tick_q    <= q9.op == OpTick;
    b_tuple_q   <= q9.op == OpSyn || q9.op == OpAck || q9.op == OpRst || q9.op == OpUnreach || q9.op == OpServer
        || q9.op == OpTimeout || q9.op == OpStatus;
    b_flow_q    <= q9.op == OpSyn || q9.op == OpAck || q9.op == OpRst || q9.op == OpServer || q9.op == OpStatus
        || q9.op == OpStray;
    b_stray_q   <= q9.op == OpStray;
    b_taken_q   <= q9.op == OpStatus && q9.note == StatusTaken;
    b_refused_q <= q9.op == OpStatus && (q9.note == StatusNoListener || q9.note == StatusRefused);
    b_teaches_q <= !q9.flags[2] && !(q9.flags[1] && q9.flags[4]);
    b_ends_q    <= q9.op == OpServer && (q9.flags[2] || q9.flags[0]);
    b_opens_q   <= q9.flags[1];
    b_ready_q   <= ready9_i;
    iss_b_q     <= iss9_i;
    b_cookie_ok_q <= cookie_ok9_i;
    b_challenge_end_q <= q9.time_ms[19:0] + {4'd0, ack_war_timewindow_i};

    b_way_q <= (insert ? way_if_insert : remove ? way_if_remove : way_if_none) & {8{ready9_i}};
    b_hit_q <= (insert ? hit_if_insert : remove ? hit_if_remove : hit_if_none) && ready9_i;
    b_entry_q <= equal1 ? entry_after : equal2 ? r_entry_o : entry9_i;
    b_dir_q <= same1 ? dir_after : same2 ? r_dir_o : dir9_i;

    b_seq_q   <= stored1 ? seq_d[1] : stored2 ? seq_d[2] : stored3_q ? seq_d[3] : seq_high && seq_low;
    b_exact_q <= stored1 ? exact_d[1] : stored2 ? exact_d[2] : stored3_q ? exact_d[3] : exact0;
    b_acked_q <= stored1 ? ack_d[1] : stored2 ? ack_d[2] : stored3_q ? ack_d[3] : ack0;
    b_paws_q  <= stamped1 ? paws_d[1] : stamped2 ? paws_d[2] : stamped3_q ? paws_d[3] : paws0;
    b_due_q   <= due0 && !armed3_q && !(equal2 && r_armed_q) && !(equal1 && (stamps || retransmit));
    b_over_q  <= over9;
    b_challenge_q <= challenge0 || challenged3_q || (equal2 && r_challenged_q) || (equal1 && challenge);

    b_flow_hit_q <= (flow_equal1 ? flow_hit_after : flow_equal2 ? |r_flow_way_o : flow_hit9_i) && ready9_i;
    b_flow_way_q <= flow_equal1 ? flow_way_after : flow_equal2 ? r_flow_way_o : flow_way9_i;
    b_state_q    <= flow_equal1 ? state_after : flow_equal2 ? r_flow_state_o : flow9_i;
    b_used_q     <= flow_same1 ? used_after : flow_same2 ? r_flow_used_o : flow_used9_i;
    b_open_any_q <= flow_same1 ? flow_full || b_open_any_q : flow_same2 ? r_flow_open_o != 6'd0 : flow_open9_i != 6'd0;
    b_open_q     <= flow_same1 ? open_after : flow_same2 ? r_flow_open_o : flow_open9_i;
    b_mark_due_q <= !marked_lately && !marked1 && !marked2;
    b_pause_over_q <= pause_over_i;
    b_gate_over_q  <= gate_over_i;
    if (!rst_ni) begin
      b_syn_q <= 1'b0;
      b_ack_q <= 1'b0;
      b_rst_q <= 1'b0;
      b_unreach_q <= 1'b0;
      b_server_q <= 1'b0;
      b_timeout_q <= 1'b0;
      b_tick_q <= 1'b0;
      b_tuple_q <= 1'b0;
      b_flow_q <= 1'b0;
      b_stray_q <= 1'b0;
      b_taken_q <= 1'b0;
      b_refused_q <= 1'b0;
    end
  end

  // ---- t11
  always_ff @(posedge clk_i) begin
    r_tuple_o   <= rst_ni && b_tuple_q;
    r_insert_o  <= rst_ni && insert;
    r_gone_o    <= gone;
    r_way_o     <= way_after;
    r_entry_o   <= entry_after;
    r_dir_o     <= dir_after;
    r_flow_o    <= rst_ni && b_flow_q;
    r_flow_way_o   <= flow_way_after;
    r_flow_state_o <= state_after;
    r_flow_used_o  <= used_after;
    r_flow_open_o  <= open_after;
    r_ready_o   <= rst_ni && b_ready_q;
    r_stamped_q <= stamps;
    r_armed_q   <= stamps || retransmit;
    r_challenged_q <= challenge;

    r_iss_o         <= iss_b_q;
    r_cookie_ok_o   <= b_cookie_ok_q;
    r_hit_o         <= b_hit_q;
    r_rxmits_o      <= e.rxmits;
    r_stateless_o   <= stateless;
    r_free_answer_o <= free_answer;
    r_duplicate_o   <= duplicate;
    r_cachefull_o   <= cachefull_q;
    r_evict_o       <= evict;
    r_pause_o       <= rst_ni && evict && syncookies_i && !paused_q;
    r_overflow_o    <= evict && !paused_q;
    r_removed_o     <= remove;
    r_flush_o       <= remove && flushing;
    r_flushed_o     <= remove && flushing ? b_dir_q[84:81] : 4'd0;
    r_retransmit_o  <= retransmit;
    r_due_o         <= b_timeout_q && b_hit_q && b_due_q;
    r_over_o        <= b_over_q;
    r_seq_o         <= b_seq_q;
    r_exact_o       <= b_exact_q;
    r_ack_o         <= b_acked_q;
    r_paws_o        <= paws;
    r_ts_missing_o  <= ts_missing;
    r_gate_o        <= gate_q;
    r_fails_open_o  <= b_open_any_q;
    r_challenge_o   <= challenge;
    r_flow_hit_o    <= b_flow_hit_q;
    r_handover_o    <= handover;
    r_hand_o        <= entry_ack && !e.handed;
    r_remark_o      <= remark || (entry_ack && e.handed && !(b.agent && marked_now));
    r_remark_flow_q <= remark;
    r_mark_entry_o  <= hand && !marked_now;
    r_mark_ecn_o    <= mark_ecn;
    r_taken_o       <= server_takes || status_takes;
    r_refused_o     <= (b_refused_q && status_fits) || refused_flow;
    r_entry_handed_o <= e.handed;
    r_flow_added_o  <= add_flow;
    r_flow_full_o   <= flow_full;
    r_room_line_o   <= room_line_i;
    r_room_host_o   <= room_host_i;
    gate_stamped_o  <= rst_ni && (evict || free_answer);
  end
  // ---- what is global. A pause or a gate that has just begun is not ended by what a TICK knew before.
  logic [2:0] pause_age_q, gate_age_q;  // clocks, up to 7
  always_ff @(posedge clk_i) begin
    if (pause_age_q != 3'd7) pause_age_q <= pause_age_q + 3'd1;
    if (gate_age_q != 3'd7) gate_age_q <= gate_age_q + 3'd1;
    if (evict && syncookies_i && !paused_q) begin
      paused_q <= 1'b1;
      pause_age_q <= 3'd0;
    end else if (b_tick_q && b_pause_over_q && pause_age_q == 3'd7) begin
      paused_q <= 1'b0;
    end
    if (evict || free_answer) begin
      gate_q <= 1'b1;
      gate_age_q <= 3'd0;
    end else if (b_tick_q && b_gate_over_q && gate_age_q == 3'd7) begin
      gate_q <= 1'b0;
    end
    if (!rst_ni) begin
      paused_q <= 1'b0;
      gate_q <= 1'b0;
      pause_age_q <= 3'd0;
      gate_age_q <= 3'd0;
    end
  end
  assign paused_o = paused_q;
  assign gate_o = gate_q;

  // Room left under cachelimit; never negative.
  logic [17:0] left_q;
  wire fewer = insert && !cachefull_q && !full;
  wire [17:0] left_less = left_q - 18'd1;
  wire [17:0] left_more = left_q + 18'd1;
  wire [17:0] left_flushed = left_q + {14'd0, b_dir_q[84:81]};
  // Not a choice by ?:, of which Yosys would make one adder behind the choice.
  wire [17:0] left_greater = (left_flushed & {18{flushing}}) | (left_more & {18{!flushing}});
  always_ff @(posedge clk_i) begin
    left_q <= fewer ? left_less : remove ? left_greater : left_q;
    cachefull_q <= fewer ? left_q[17:1] == 17'd0 : !remove && left_q == 18'd0;
    if (!rst_ni || !b_ready_q) begin
      left_q <= cachelimit_i;
      cachefull_q <= 1'b0;
    end
  end
  assign count_o = cachelimit_i - left_q;

  wire unused = &{1'b0, some, q7, q8};
endmodule

`default_nettype wire
