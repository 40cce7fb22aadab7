// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What a request does to its connection's entry and to the entry's bucket (docs/theory-of-operation.md, section 4).
/// Combinational.
module synward_decide_entry (
    input  synward_settings_t settings_i,
    input  wire         [7:0] first_place_i,    ///< synward_order's
    input  wire         [7:0] places_i,
    input  wire         [7:0] ways_i,
    input  synward_ask_t      ask_i,
    input  synward_request_t  request_i,
    input  synward_entry_view_t view_i,         ///< with every outcome before this request
    input  wire               hit_i,            ///< the connection has an entry
    input  wire         [7:0] hits_i,           ///< the same, in copies: five for the bucket, three for a duplicate
    input  wire         [4:0] timeouts_i,       ///< ask_i.timeout, in copies for the bucket
    input  wire         [7:0] fresh_i,          ///< a SYN without an entry, in copies: five for the bucket, three for
                                                ///< the entry
    input  synward_checks_t   checks_i,
    input  wire        [31:0] iss_i,
    input  wire         [4:0] mark_slot_i,      ///< of now
    input  wire        [19:0] challenge_end_i,  ///< of a challenge window that begins now, ms modulo 2^20
    input  wire               known_i,          ///< the connection has a flow
    input  wire               stateless_i,
    input  wire               keep_i,           ///< not stateless, and the tables are cleared
    input  wire               paused_i,
    input  wire               cachefull_i,
    input  wire               room_line_i,
    input  wire               room_host_i,
    output synward_entry_effect_t effect_o,
    output logic        [7:0] insert_way_o      ///< where a SYN would be stored
);
  synward_entry_t e;
  assign e = view_i.entry;
  function automatic logic [`SYNWARD_ENTRY_W-1:0] of_entry(input logic [2:0] x);
    of_entry = {{`SYNWARD_ENTRY_W-260{x[2]}}, {97{x[1]}}, {163{x[0]}}};
  endfunction
  function automatic logic [84:0] of_bucket(input logic [4:0] x);
    of_bucket = {{17{x[4]}}, {17{x[3]}}, {17{x[2]}}, {17{x[1]}}, {17{x[0]}}};
  endfunction
  wire [84:0] dir = view_i.dir;

  // ---- a SYN
  wire syn_room = ask_i.syn && !known_i && room_line_i;
  wire nowhere = cachefull_i && !dir[80];
  wire may_insert = !known_i && room_line_i && keep_i && !nowhere;
  wire insert = ask_i.syn && may_insert && !hit_i;
  wire [4:0] inserts = {5{may_insert}} & fresh_i[4:0];
  wire may_repeat = syn_room && keep_i;
  wire duplicate = may_repeat && hit_i;
  wire [2:0] repeats = {3{may_repeat}} & hits_i[7:5];
  wire free_answer = syn_room && (stateless_i || (keep_i && !hit_i && nowhere && settings_i.syncookies));

  // ---- an ACK, and what the server says of it
  wire paws = e.ts_ok && request_i.ts_ok && checks_i.paws;
  wire ts_missing = e.ts_ok && !request_i.ts_ok && !settings_i.tolerate_missing_ts;
  // What was handed over is the server's to judge: there ISS + 1 is all that a mark needs.
  wire good = checks_i.acked && (e.handed || (!paws && !ts_missing && checks_i.seq));
  wire completes = ask_i.ack && !known_i && room_host_i && !stateless_i && hit_i && good;
  wire waits = completes && request_i.agent;  // for the agent's confirmation
  wire marked_now = e.handed && e.marked == mark_slot_i;
  wire status_fits = hit_i && e.handed && checks_i.exact && checks_i.acked;
  wire server_takes = ask_i.server && hit_i && e.handed && ask_i.teaches;
  wire status_takes = ask_i.taken && status_fits;
  wire refused = ask_i.refused && status_fits;

  // ---- time, and the ends of an entry
  wire timed_out = ask_i.timeout && hit_i && checks_i.due;
  wire flushing = ask_i.timeout && paused_i;  // then a removal is of the whole bucket
  wire retransmit = timed_out && !paused_i && !checks_i.over && room_line_i;
  wire removed_by_rst = ask_i.rst && !known_i && !stateless_i && hit_i
      && (checks_i.exact || (settings_i.insecure_rst && checks_i.seq));
  wire removed_by_icmp = ask_i.unreach && !stateless_i && hit_i && checks_i.acked && e.unreach
      && (e.rxmits[3] || e.rxmits[2]);
  wire removed_by_time = timed_out && (paused_i || checks_i.over || !room_line_i);
  wire removed_by_syn = ask_i.syn && !known_i && !stateless_i && hit_i && !room_line_i;
  wire remove = (completes && !request_i.agent) || removed_by_rst || removed_by_icmp || removed_by_time
      || removed_by_syn || server_takes || status_takes || refused;

  wire [4:0] removes = {5{remove}} & hits_i[4:0];

  // ---- the order of the bucket
  wire full, some;
  wire [84:0] dir_inserted, dir_removed;
  synward_order u_order (
      .first_i(first_place_i), .used_i(places_i), .ways_i, .dir_i(dir), .oldest_i(cachefull_i),
      .remove_i(view_i.way), .way_o(insert_way_o), .full_o(full), .some_o(some),
      .inserted_o(dir_inserted), .removed_o(dir_removed));
  wire [4:0] flushes = timeouts_i & {5{paused_i}};
  wire [84:0] dir_gone = ({29'd0, dir[55:0]} & of_bucket(flushes)) | (dir_removed & of_bucket(~flushes));

  // ---- challenge ACKs
  wire challenge_wanted = hit_i && !known_i && !stateless_i && !e.handed
                          && ((ask_i.ack && checks_i.acked && !paws && !ts_missing && !checks_i.seq)
                              || (ask_i.rst && checks_i.seq && !checks_i.exact && !settings_i.insecure_rst));
  wire war_limited = settings_i.ack_war_cnt != 4'd0 && settings_i.ack_war_timewindow != 16'd0;
  wire in_window = war_limited && checks_i.challenge && e.challenges != 4'd0;
  wire challenge = challenge_wanted && !(in_window && e.challenges >= settings_i.ack_war_cnt);

  // ---- the entry. What a SYN without an entry would store is computed whether it is stored or not.
  wire both_ts = e.ts_ok && request_i.ts_ok;
  synward_entry_t fresh, kept, after;
  always_comb begin
    fresh = '0;
    fresh.irs       = request_i.seq;
    fresh.iss       = iss_i;
    fresh.tsreflect = request_i.ts_ok ? request_i.tsval : 32'd0;
    fresh.mss       = request_i.mss;
    fresh.ws        = request_i.ws_ok ? request_i.ws : 4'd0;
    fresh.ws_ok     = request_i.ws_ok;
    fresh.sack_ok   = request_i.sack_ok;
    fresh.ts_ok     = request_i.ts_ok;
    fresh.ecn_ok    = request_i.ecn_ok;
    fresh.has_mss   = request_i.has_mss;
    fresh.rxmits    = 4'd1;
    fresh.armed     = request_i.time_ms[23:0];
    fresh.len       = request_i.len;
    fresh.service   = request_i.service;
    fresh.mac_dst   = request_i.mac_dst;
    fresh.mac_src   = request_i.mac_src;

    kept = e;
    if (repeats[0]) begin
      kept.tsreflect = both_ts ? request_i.tsval : 32'd0;
      kept.ts_ok     = both_ts;
      kept.ecn_ok    = e.ecn_ok && request_i.ecn_ok;
      kept.rxmits    = 4'd1;
    end
    if (repeats[1]) kept.mac_dst = request_i.mac_dst;
    if (repeats[2]) kept.mac_src = request_i.mac_src;
    if (waits) begin
      kept.handed    = 1'b1;
      kept.marked    = mark_slot_i;
    end
    if (retransmit) begin
      kept.ecn_ok    = e.ecn_ok && e.rxmits <= settings_i.ecn_maxretries;
      kept.rxmits    = e.rxmits + 4'd1;
    end
    if (duplicate || retransmit) kept.armed = request_i.time_ms[23:0];
    if (ask_i.unreach && !stateless_i && checks_i.acked) kept.unreach = 1'b1;
    if (challenge) begin
      kept.challenges = in_window ? e.challenges + 4'd1 : 4'd1;
      if (!in_window) kept.challenge_end = challenge_end_i;
    end
    after = (fresh & of_entry(fresh_i[7:5])) | (kept & of_entry(~fresh_i[7:5]));
    {after.tags, after.tag1, after.tag2} = {e.tags, e.tag1, e.tag2};
  end

  synward_entry_view_t view_after;
  always_comb begin
    view_after.way   = insert ? insert_way_o : remove ? 8'd0 : view_i.way;
    view_after.entry = after;
    view_after.dir   = (dir_inserted & of_bucket(inserts)) | (dir_gone & of_bucket(removes))
        | (dir & of_bucket(~inserts & ~removes));

    effect_o.after   = view_after;
    effect_o.gone    = insert ? insert_way_o : {8{remove && flushing}};
    effect_o.insert  = insert;
    effect_o.duplicate = duplicate;
    effect_o.free_answer = free_answer;
    effect_o.stamps  = syn_room && keep_i;
    effect_o.evict   = insert && (cachefull_i || full);
    effect_o.fewer   = insert && !cachefull_i && !full;
    effect_o.removed = remove;
    effect_o.flush   = remove && flushing;
    effect_o.retransmit = retransmit;
    effect_o.due     = timed_out;
    effect_o.gave_up = timed_out && !paused_i && checks_i.over && e.handed;
    effect_o.good    = good;
    effect_o.paws    = paws;
    effect_o.ts_missing = ts_missing;
    effect_o.challenge = challenge;
    effect_o.hand    = completes && !e.handed;
    effect_o.mark    = waits && !marked_now;
    effect_o.remark  = completes && e.handed && !(request_i.agent && marked_now);
    effect_o.taken   = server_takes || status_takes;
    effect_o.status_taken = status_takes;
    effect_o.refused = refused;
  end

  wire unused = &{1'b0, settings_i, ask_i, request_i, some};
endmodule

`default_nettype wire
