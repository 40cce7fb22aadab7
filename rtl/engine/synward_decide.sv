// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The one place where a request's effect on the tables is decided, from what both lookups say (t9, of
/// synward_syncache's clocks) in the clock of t10, so that the next request, a clock behind, sees it. The outcome is
/// registered at t11. What is decided stands by subject: synward_decide_entry, synward_decide_flow, synward_order,
/// synward_decide_global; here is what they are asked of, and how the outcomes of the last two requests come in.
module synward_decide (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  synward_settings_t settings_i,
    input  wire  [7:0]  first_place_i,      ///< synward_order's
    input  wire  [7:0]  places_i,
    input  wire  [7:0]  ways_i,
    input  wire  [13*16-1:0] interval_i,    ///< synward_rexmit_intervals'
    input  wire         room_line_i,
    input  wire         room_host_i,
    input  wire         pause_over_i,       ///< t9: pause_until has come
    input  wire         gate_over_i,        ///< t9: the gate's 15 s are over
    // t7
    input  synward_request_t request7_i,
    // t8
    input  synward_entry_t entry8_i,
    input  wire         equal3_i,
    input  wire  [2:1]  same8_i,
    input  wire  [2:1]  equal8_i,
    input  wire  [2:1]  flow_same8_i,
    input  wire  [2:1]  flow_equal8_i,
    // t9
    input  wire         ready9_i,
    input  wire  [31:0] iss9_i,
    input  wire         cookie_ok9_i,
    input  synward_entry_view_t view9_i,
    input  synward_flow_view_t flow9_i,
    // t10
    output logic        tuple10_o,          ///< outcome_o.tuple of the next clock
    output logic        flow10_o,
    // t11
    output synward_outcome_t outcome_o,
    output logic        paused_o,
    output logic        gate_stamped_o,     ///< t11: the gate is stamped
    output logic [17:0] count_o             ///< entries in the syncache
);
  localparam int HalfW = `SYNWARD_ENTRY_W / 2;
  function automatic logic [`SYNWARD_ENTRY_W-1:0] by_half(input logic [1:0] which);
    by_half = {{`SYNWARD_ENTRY_W-HalfW{which[1]}}, {HalfW{which[0]}}};
  endfunction

  // ---- what is decided (t10), and what was decided before (t11)
  logic [`SYNWARD_REQUEST_W-1:0] request8_q, request9_q;
  // Registers, not the end of a shift register, whose output is late.
  (* keep = "true", shreg_extract = "no" *) logic [`SYNWARD_REQUEST_W-1:0] request_q;
  (* keep = "true" *) always_ff @(posedge clk_i) request_q <= request9_q;
  synward_request_t request8, request9, request;
  assign request8 = request8_q;
  assign request9 = request9_q;
  assign request = request_q;
  synward_ask_t ask_q;
  synward_entry_view_t view_q;
  synward_flow_view_t flow_q;
  synward_checks_t checks_q;
  wire hit_q;
  wire [7:0] hits_q;   // copies of it
  wire [7:0] fresh_q;  // a SYN without an entry
  wire [4:0] timeouts_q;  // copies of ask_q.timeout
  logic ready_q, cookie_ok_q, mark_due_q, pause_over_q, gate_over_q;
  logic [4:0] slot9_q, slot10_q;  // mark_slot of the time
  logic fails_open_q;  // the flow's bucket
  logic [31:0] iss_q;
  logic [19:0] challenge_end_q;
  synward_entry_t entry;
  assign entry = view_q.entry;

  synward_outcome_t r_q;
  synward_entry_effect_t effect, r_effect;
  synward_flow_effect_t flow_effect, r_flow_effect;
  synward_entry_view_t after, r_after;
  synward_flow_view_t flow_after, r_flow_after;
  assign outcome_o = r_q;
  assign r_effect = r_q.entry_effect;
  assign r_flow_effect = r_q.flow_effect;
  assign after = effect.after;
  assign r_after = r_effect.after;
  assign flow_after = flow_effect.after;
  assign r_flow_after = r_flow_effect.after;

  // ---- t10: decided, by subject
  wire paused, gate, cachefull, pause, gate_stamped;
  wire stateless = settings_i.syncookies_only || (settings_i.syncookies && (paused || !ready_q));
  wire keep = !stateless && ready_q;
  wire [7:0] insert_way;
  synward_decide_entry u_entry (
      .settings_i, .first_place_i, .places_i, .ways_i, .ask_i(ask_q), .request_i(request), .view_i(view_q),
      .hit_i(hit_q), .hits_i(hits_q), .timeouts_i(timeouts_q), .fresh_i(fresh_q),
      .checks_i(checks_q), .iss_i(iss_q), .mark_slot_i(slot10_q),
      .challenge_end_i(challenge_end_q), .known_i(flow_q.hit),
      .stateless_i(stateless), .keep_i(keep), .paused_i(paused), .cachefull_i(cachefull), .room_line_i, .room_host_i,
      .effect_o(effect), .insert_way_o(insert_way));
  synward_decide_flow u_flow (
      .settings_i, .ask_i(ask_q), .request_i(request), .view_i(flow_q), .fails_open_i(fails_open_q),
      .ready_i(ready_q), .of_entry_i(keep && hit_q && (entry.handed || checks_q.acked)),
      .handed_i(hit_q && entry.handed), .entry_good_i(effect.good), .entry_ecn_i(entry.ecn_ok),
      .confirmed_i(effect.status_taken || effect.gave_up), .cookie_ok_i(cookie_ok_q),
      .stateless_i(stateless), .gate_i(gate), .mark_slot_i(slot10_q[3:0]),
      .mark_due_i(mark_due_q), .room_host_i, .effect_o(flow_effect));
  synward_decide_global u_global (
      .clk_i, .rst_ni, .settings_i, .ready_i(ready_q), .effect_i(effect), .entries_i(view_q.dir[84:81]),
      .tick_i(ask_q.tick), .pause_over_i(pause_over_q), .gate_over_i(gate_over_q), .paused_o(paused), .gate_o(gate),
      .gate_stamped_o(gate_stamped), .pause_o(pause), .cachefull_o(cachefull), .count_o);
  assign paused_o = paused;

  // ---- t11: the outcome
  always_ff @(posedge clk_i) begin
    r_q.request      <= request_q;
    r_q.tuple        <= tuple10_o;
    r_q.flow         <= flow10_o;
    r_q.entry_effect <= effect;
    r_q.flow_effect  <= flow_effect;
    r_q.checks       <= checks_q;
    r_q.ready        <= rst_ni && ready_q;
    r_q.iss          <= iss_q;
    r_q.cookie_ok    <= cookie_ok_q;
    r_q.hit          <= hit_q;
    r_q.rxmits       <= entry.rxmits;
    r_q.handed       <= entry.handed;
    r_q.flow_hit     <= flow_q.hit;
    r_q.fails_open   <= fails_open_q;
    r_q.stateless    <= stateless;
    r_q.cachefull    <= cachefull;
    r_q.gate         <= gate;
    r_q.pause        <= rst_ni && pause;
    r_q.overflow     <= effect.evict && !paused;
    r_q.flushed      <= effect.flush ? view_q.dir[84:81] : 4'd0;
    r_q.room_line    <= room_line_i;
    r_q.room_host    <= room_host_i;
    gate_stamped_o   <= rst_ni && gate_stamped;
  end

  // ---- t7 to t9: the request on its way, and what it says to its entry
  always_ff @(posedge clk_i) begin
    request8_q <= request7_i;
    request9_q <= request8_q;
    challenge_end_q <= request9.time_ms[19:0] + {4'd0, settings_i.ack_war_timewindow};
  end
  wire [3:1] seq_d, exact_d, ack_d, paws_d;
  wire seq_high, seq_low, exact9, acked9, paws9, due9, over9, challenge9;
  synward_syncache_checks u_checks (
      .clk_i, .interval_i, .rexmtlimit_i(settings_i.rexmtlimit), .unreach7_i(request7_i.op == OpUnreach),
      .seq7_i(request7_i.seq), .ack7_i(request7_i.ack), .tsval7_i(request7_i.tsval), .window7_i(request7_i.window),
      .now7_i(request7_i.time_ms), .seq8_i(request8.seq), .seq9_i(request9.seq), .seq10_i(request.seq),
      .tsval8_i(request8.tsval), .tsval9_i(request9.tsval), .tsval10_i(request.tsval), .entry8_i,
      .iss9_i, .iss10_i(iss_q), .iss11_i(r_q.iss), .seq_d_o(seq_d), .exact_d_o(exact_d), .ack_d_o(ack_d),
      .paws_d_o(paws_d), .seq_high_o(seq_high), .seq_low_o(seq_low),
      .exact_o(exact9), .ack_o(acked9), .paws_o(paws9), .due_o(due9), .over_o(over9), .challenge_o(challenge9));

  // What requests three clocks before did to the entry, after it was read for the checks.
  logic stored3_q, stamped3_q, armed3_q, challenged3_q;
  always_ff @(posedge clk_i) begin
    stored3_q     <= equal3_i && r_effect.insert;
    stamped3_q    <= equal3_i && r_effect.stamps;
    armed3_q      <= equal3_i && (r_effect.stamps || r_effect.retransmit);
    challenged3_q <= equal3_i && r_effect.challenge;
  end

  // ---- t8: which of the two before it count, in copies for half of what they change each. Who found the tables not
  // ready hands nothing on: what it read may be from before they were cleared.
  wire tuple9 = rst_ni && ready9_i && (request9.op == OpSyn || request9.op == OpAck || request9.op == OpRst
      || request9.op == OpUnreach || request9.op == OpServer || request9.op == OpTimeout || request9.op == OpStatus);
  wire flow9 = rst_ni && ready9_i && (request9.op == OpSyn || request9.op == OpAck || request9.op == OpRst
      || request9.op == OpServer || request9.op == OpStatus || request9.op == OpStray || request9.op == OpTimeout);
  assign tuple10_o = rst_ni && ask_q.tuple;
  assign flow10_o = rst_ni && ask_q.flow;
  wire same1, same2, equal1, equal2, flow_same1, flow_same2, flow_equal1, flow_equal2;
  wire [1:0] equal1_half, equal2_half;
  synward_fanout #(.Copies(1)) u_same1 (.clk_i, .bit_i(same8_i[1] && tuple9), .copies_o(same1));
  synward_fanout #(.Copies(1)) u_same2 (.clk_i, .bit_i(same8_i[2] && tuple10_o), .copies_o(same2));
  synward_fanout #(.Copies(3)) u_equal1 (.clk_i, .bit_i(equal8_i[1] && tuple9), .copies_o({equal1, equal1_half}));
  synward_fanout #(.Copies(3)) u_equal2 (.clk_i, .bit_i(equal8_i[2] && tuple10_o), .copies_o({equal2, equal2_half}));
  synward_fanout #(.Copies(1)) u_flow_same1 (.clk_i, .bit_i(flow_same8_i[1] && flow9), .copies_o(flow_same1));
  synward_fanout #(.Copies(1)) u_flow_same2 (.clk_i, .bit_i(flow_same8_i[2] && flow10_o), .copies_o(flow_same2));
  synward_fanout #(.Copies(1)) u_flow_equal1 (.clk_i, .bit_i(flow_equal8_i[1] && flow9), .copies_o(flow_equal1));
  synward_fanout #(.Copies(1)) u_flow_equal2 (.clk_i, .bit_i(flow_equal8_i[2] && flow10_o), .copies_o(flow_equal2));

  // ---- t9: the next request, with the outcomes of the two before it
  wire flushing = ask_q.timeout && paused;
  wire [7:0] way2 = equal2 ? r_after.way : view9_i.way & ~(r_effect.gone & {8{same2}});
  // Apart for insertion, removal and neither, so that the late ones choose last.
  wire [7:0] way_if_insert = equal1 ? insert_way : way2 & ~(insert_way & {8{same1}});
  wire [7:0] way_if_remove = equal1 ? 8'd0 : way2 & ~{8{same1 && flushing}};
  wire [7:0] way_if_none = equal1 ? view_q.way : way2;
  wire hit_if_insert = equal1 || |(way2 & ~(insert_way & {8{same1}}));
  wire hit_if_remove = !equal1 && !(same1 && flushing) && |way2;
  wire hit_if_none = equal1 ? hit_q : |way2;
  wire hit9 = (effect.insert ? hit_if_insert : effect.removed ? hit_if_remove : hit_if_none) && ready9_i;
  wire syn9 = rst_ni && request9.op == OpSyn;
  wire fresh9 = effect.insert ? syn9 && !(hit_if_insert && ready9_i)
      : effect.removed ? syn9 && !(hit_if_remove && ready9_i) : syn9 && !(hit_if_none && ready9_i);
  synward_fanout #(.Copies(9)) u_hit (.clk_i, .bit_i(hit9), .copies_o({hit_q, hits_q}));
  synward_fanout #(.Copies(8)) u_fresh (.clk_i, .bit_i(fresh9), .copies_o(fresh_q));
  synward_fanout #(.Copies(5)) u_timeout (.clk_i, .bit_i(rst_ni && request9.op == OpTimeout), .copies_o(timeouts_q));
  wire stored1 = equal1 && effect.insert;
  wire stored2 = equal2 && r_effect.insert;
  wire stamped1 = equal1 && effect.stamps;
  wire stamped2 = equal2 && r_effect.stamps;
  wire armed1 = equal1 && (effect.stamps || effect.retransmit);
  wire armed2 = equal2 && (r_effect.stamps || r_effect.retransmit);
  always_ff @(posedge clk_i) begin
    view_q.way <= (effect.insert ? way_if_insert : effect.removed ? way_if_remove : way_if_none) & {8{ready9_i}};
    view_q.entry <= (after.entry & by_half(equal1_half)) | (r_after.entry & by_half(equal2_half & ~equal1_half))
        | (view9_i.entry & by_half(~equal1_half & ~equal2_half));
    view_q.dir <= same1 ? after.dir : same2 ? r_after.dir : view9_i.dir;

    checks_q.seq   <= stored1 ? seq_d[1] : stored2 ? seq_d[2] : stored3_q ? seq_d[3] : seq_high && seq_low;
    checks_q.exact <= stored1 ? exact_d[1] : stored2 ? exact_d[2] : stored3_q ? exact_d[3] : exact9;
    checks_q.acked <= stored1 ? ack_d[1] : stored2 ? ack_d[2] : stored3_q ? ack_d[3] : acked9;
    checks_q.paws  <= stamped1 ? paws_d[1] : stamped2 ? paws_d[2] : stamped3_q ? paws_d[3] : paws9;
    checks_q.due   <= due9 && !armed3_q && !armed2 && !armed1;
    checks_q.over  <= over9;
    checks_q.challenge <= challenge9 || challenged3_q || (equal2 && r_effect.challenge)
        || (equal1 && effect.challenge);
  end

  // Marked within the same 16 ms: as it was read, or by one of the two before it.
  wire [4:0] slot8 = synward_logic_pkg::mark_slot(request8.time_ms[23:0]);
  logic same1_q, same2_q;  // theirs are this request's
  // A flow that found no room is not marked either: nothing asks of it then.
  wire marked1 = flow_equal1 && (flow_effect.handover || flow_effect.remark);
  wire marked2 = flow_equal2 && (r_flow_effect.handover || r_flow_effect.remark);
  always_ff @(posedge clk_i) begin
    slot9_q  <= slot8;
    slot10_q <= slot9_q;
    same1_q  <= slot8[3:0] == slot9_q[3:0];
    same2_q  <= slot8[3:0] == slot10_q[3:0];
    mark_due_q <= marked1 ? !same1_q : marked2 ? !same2_q : flow9_i.aux[4:1] != slot9_q[3:0];
    flow_q.hit   <= (flow_equal1 ? flow_after.hit : flow_equal2 ? |r_flow_after.way : flow9_i.hit) && ready9_i;
    flow_q.way   <= flow_equal1 ? flow_after.way : flow_equal2 ? r_flow_after.way : flow9_i.way;
    flow_q.state <= flow_equal1 ? flow_after.state : flow_equal2 ? r_flow_after.state : flow9_i.state;
    flow_q.aux   <= flow_equal1 ? flow_after.aux : flow_equal2 ? r_flow_after.aux : flow9_i.aux;
    flow_q.used  <= flow_same1 ? flow_after.used : flow_same2 ? r_flow_after.used : flow9_i.used;
    flow_q.open  <= flow_same1 ? flow_after.open : flow_same2 ? r_flow_after.open : flow9_i.open;
    fails_open_q <= flow_same1 ? flow_effect.full || fails_open_q
        : flow_same2 ? r_flow_after.open != 6'd0 : flow9_i.open != 6'd0;
  end

  always_ff @(posedge clk_i) begin
    ask_q.syn     <= request9.op == OpSyn;
    ask_q.ack     <= request9.op == OpAck;
    ask_q.rst     <= request9.op == OpRst;
    ask_q.unreach <= request9.op == OpUnreach;
    ask_q.server  <= request9.op == OpServer;
    ask_q.timeout <= request9.op == OpTimeout;
    ask_q.tick    <= request9.op == OpTick;
    ask_q.taken   <= request9.op == OpStatus && request9.note == StatusTaken;
    ask_q.refused <= request9.op == OpStatus
        && (request9.note == StatusNoListener || request9.note == StatusRefused);
    ask_q.teaches <= !request9.flags[2] && !(request9.flags[1] && request9.flags[4]);
    ask_q.ends    <= request9.op == OpServer && (request9.flags[2] || request9.flags[0]);
    ask_q.opens   <= request9.flags[1];
    ask_q.tuple   <= tuple9;
    ask_q.flow    <= flow9;
    ready_q       <= ready9_i;
    iss_q         <= iss9_i;
    cookie_ok_q   <= cookie_ok9_i;
    pause_over_q  <= pause_over_i;
    gate_over_q   <= gate_over_i;
    if (!rst_ni) ask_q <= '0;
  end

  wire unused = &{1'b0, settings_i, request7_i, request8, effect, r_effect, r_flow_effect, entry};
endmodule

`default_nettype wire
