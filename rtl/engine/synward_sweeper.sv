// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Asks the engine what time asks, in clocks that no frame needs: TICK each millisecond, VISIT for each flow bucket
/// every 131 s, and TIMEOUT for entries that are due. It looks through the due groups; a group whose time has come is
/// cleared, its 64 buckets are looked at (PEEK), and each entry found due has its key fetched (PEEK again) and is asked
/// about by that key, like any other request. What is changed behind its back is armed again by whoever changes it.
module synward_sweeper #(
    parameter int LogBuckets = 14,   ///< log2 of the syncache's buckets
    parameter int LogFlows = 16,     ///< log2 of the flow table's buckets
    parameter int LogGroups = 8      ///< log2 of the due groups
) (
    input  wire          clk_i,
    input  wire          rst_ni,           ///< also held while the tables are cleared
    input  wire  [31:0]  time_ms_i,
    // requests
    output logic         valid_o,
    output logic [3:0]   valid_copies_o,   ///< valid_o, for a part of the request each
    output logic [`SYNWARD_REQUEST_W-1:0] request_o,
    input  wire          taken_i,
    input  wire          line_half_i,      ///< less than half of the replies' buffer is in use
    input  wire          clearing_i,       ///< from a clearing's being taken on: it is not over; 0 where 64 clocks do
    // due groups
    output logic [LogGroups-1:0] look_o,
    input  wire          look_armed_i,     ///< 2 clocks later
    input  wire  [23:0]  look_due_i,
    input  wire          changed_i,        ///< a group is armed or cleared
    // answers
    input  wire          found_i,          ///< PEEK found an entry due
    input  wire  [LogBuckets-1:0] found_bucket_i,
    input  wire  [2:0]   found_way_i,
    input  wire          fetched_i,        ///< PEEK fetched a key
    input  wire  [354:0] fetched_key_i,    ///< key and tags
    input  wire          refused_i,        ///< VISIT gave way
    input  wire  [14+LogFlows:0] refused_visit_i,  ///< which: time_ms of its request without what a visit rounds off
    // for simulators that skip idle time
    output logic         idle_o,           ///< nothing to do before wake_ms_o
    output logic         wake_o,           ///< wake_ms_o means something
    output logic [31:0]  wake_ms_o
);
  localparam int VisitShift = 17 - LogFlows;
  localparam int HalfW = 178;  // of a key with its tags
  localparam int GroupBits = LogBuckets - LogGroups;

  // ---- TICK and VISIT
  logic [31:0] time_q, ticked_q;
  logic [31-VisitShift:0] next_visit_q, time_visit_q;
  wire tick = time_q != ticked_q;
  // Visits that are behind, as a signed number. Up to a lap of them is made up for. Where the clock has stepped back by
  // less than a lap it is waited for, so that no flow ages twice; a greater step, either way, is nobody's age: a lap is
  // made up for, or none.
  wire [31-VisitShift:0] behind = time_q[31:VisitShift] - next_visit_q;
  wire [31-VisitShift-LogFlows:0] behind_laps = behind[31-VisitShift:LogFlows];
  logic [31-VisitShift-LogFlows:0] behind_laps_q;
  wire visit = behind_laps_q == '0;
  logic astray_q, ahead_q;
  wire again_empty;
  wire [31-VisitShift:0] again_visit;

  // ---- due groups, one a clock; found two clocks later, decided in the third
  logic [LogGroups-1:0] look2_q, look1_q;
  // Due, unless it is ahead by less than 2^17 ms, which is more than any interval: a clock that stepped back leaves
  // nothing behind that waits for it.
  wire [23:0] late = time_q[23:0] - look_due_i;
  wire look_ahead = &late[23:17];
  logic due3_q, armed3_q;
  logic [LogGroups-1:0] look3_q;
  logic [23:0] due_at3_q;
  typedef enum logic [2:0] {Look, Clear, Wait, Find, Settle} state_e;
  state_e state_q;
  logic [LogGroups-1:0] group_q;
  logic [GroupBits-1:0] member_q;
  logic [5:0] wait_q;
  logic clearing_q;  // the clearing is not taken yet

  // ---- queues of what was found and fetched
  wire found_empty, key_empty;
  wire [LogBuckets+2:0] found;
  wire [354:0] key;
  // How many are in a queue or on the way to it, as so many ones from below: a counter would have a carry chain behind
  // the choice.
  logic [14:0] found_held_q, key_held_q, again_held_q;
  function automatic logic [14:0] held(input logic [14:0] was, input logic more, input logic less);
    held = more == less ? was : more ? {was[13:0], 1'b1} : {1'b0, was[14:1]};
  endfunction
  wire pop_found, pop_key, pop_again, push_found;
  assign push_found = found_i && !found_held_q[14];
  synward_ring_fifo #(.Width(LogBuckets + 3), .LogDepth(4)) u_found (
      .clk_i, .rst_ni, .push_i(push_found), .data_i({found_bucket_i, found_way_i}), .pop_i(pop_found), .data_o(found),
      .empty_o(found_empty));
  synward_ring_fifo #(.Width(355), .LogDepth(4)) u_keys (
      .clk_i, .rst_ni, .push_i(fetched_i), .data_i(fetched_key_i), .pop_i(pop_key), .data_o(key), .empty_o(key_empty));
  wire push_again = refused_i && !again_held_q[14];
  synward_ring_fifo #(.Width(32 - VisitShift), .LogDepth(4)) u_again (
      .clk_i, .rst_ni, .push_i(push_again), .data_i(refused_visit_i), .pop_i(pop_again), .data_o(again_visit),
      .empty_o(again_empty));

  // ---- the next request: chosen behind the clock in which the last is taken, from what there was to do a clock ago
  logic [3:0] op_q;
  logic [31:0] due_q, seq_q, ack_q;  // due_q: of a visit
  logic [3:0] flags_q;
  logic [354:0] key_q;  // key and tags
  synward_request_t request;
  assign request_o = request;
  // What waits keeps pace with the clock, or it would be older than what it meets. Only a visit says when it was due.
  always_comb begin
    request = '0;
    request.op = op_q;
    request.time_ms = op_q == OpVisit ? due_q : time_q;
    request.seq = seq_q;
    request.ack = ack_q;
    request.flags = {4'd0, flags_q};
    {request.v6, request.faddr, request.laddr, request.fport, request.lport, request.tags, request.tag1, request.tag2}
        = key_q;
  end
  logic tick_q, visit_due_q, line_half_q;
  logic did_tick_q, did_visit_q, did_visit2_q;  // just now: tick_q and visit_due_q do not know it yet
  logic do_tick_q, do_again_q, do_visit_q, do_timeout_q, do_fetch_q, do_walk_q;  // at most one of them
  // Nothing is on offer, and a clock ago nothing was chosen. What both decide a clock before; copies for the request.
  wire choose;
  wire [1:0] choose_part, timeout_part;
  wire valid_next = rst_ni && (choose ? do_tick_q || do_again_q || do_visit_q || do_timeout_q || do_fetch_q || do_walk_q
      : valid_o && !taken_i);
  wire rested = !choose;
  synward_fanout #(.Copies(5)) u_valid (.clk_i, .bit_i(valid_next), .copies_o({valid_o, valid_copies_o}));
  synward_fanout #(.Copies(3)) u_choose (.clk_i, .bit_i(!valid_next && rested), .copies_o({choose, choose_part}));
  wire tick_due = tick_q && !did_tick_q;
  wire visit_due = visit_due_q && !did_visit_q && !did_visit2_q;
  wire timeout_due = !key_empty && line_half_q;
  synward_fanout #(.Copies(2)) u_timeout (.clk_i, .bit_i(rst_ni && !tick_due && !visit_due && timeout_due),
      .copies_o(timeout_part));
  wire fetch_due = !found_empty && !key_held_q[14];
  wire walk_due = state_q == Clear || state_q == Find;
  assign pop_again = choose && do_again_q;
  assign pop_key = choose && do_timeout_q;
  assign pop_found = choose && do_fetch_q;
  wire walked = choose && do_walk_q;

  // ---- idle: a whole look found nothing, and nothing is under way
  logic clean_q, any_q, pass_ok_q, pass_any_q;
  logic [23:0] pass_due_q, least_q;
  logic [6:0] hold_q;
  wire pass_end = state_q == Look && look3_q == '1;
  wire [23:0] earlier = due_at3_q - pass_due_q;
  wire take_due = armed3_q && (!pass_any_q || earlier[23]);
  wire [23:0] pass_due_now = take_due ? due_at3_q : pass_due_q;
  wire [23:0] ahead = least_q - time_q[23:0];
  always_ff @(posedge clk_i) begin
    tick_q <= tick;
    visit_due_q <= visit;
    line_half_q <= line_half_i;
    did_tick_q <= choose && do_tick_q;
    did_visit_q <= choose && do_visit_q;
    did_visit2_q <= did_visit_q;
    do_tick_q <= tick_due;
    do_visit_q <= !tick_due && visit_due;
    do_timeout_q <= !tick_due && !visit_due && timeout_due;
    do_fetch_q <= !tick_due && !visit_due && !timeout_due && fetch_due;
    do_walk_q <= !tick_due && !visit_due && !timeout_due && !fetch_due && walk_due;
    // Last: a bucket that gives way for ever must not keep all else waiting.
    do_again_q <= !tick_due && !visit_due && !timeout_due && !fetch_due && !walk_due && !again_empty;
    time_q <= time_ms_i;
    time_visit_q <= time_q[31:VisitShift] + 1'b1;
    behind_laps_q <= behind_laps;
    astray_q <= behind_laps_q != '0 && !(&behind_laps_q);
    ahead_q <= !behind_laps_q[31-VisitShift-LogFlows];
    look1_q <= look_o;
    look2_q <= look1_q;
    look3_q <= look2_q;
    due3_q <= look_armed_i && !look_ahead;
    armed3_q <= look_armed_i;
    due_at3_q <= look_due_i;

    case (state_q)
      Look: begin
        look_o <= look_o + 1'b1;
        if (due3_q) begin
          group_q <= look3_q;
          state_q <= Clear;
        end
      end
      Clear: if (walked) begin
        wait_q <= '1;
        state_q <= Wait;
      end
      // Until all that was asked before the clearing shows in the memories.
      Wait: begin
        if (!clearing_q && !clearing_i) wait_q <= wait_q - 6'd1;
        member_q <= '0;
        if (wait_q == 6'd0) state_q <= Find;
      end
      Find: if (walked) begin
        member_q <= member_q + 1'b1;
        if (member_q == '1) state_q <= Settle;
      end
      // What the look shows of this group is old for a few clocks.
      default: begin
        wait_q <= wait_q - 6'd1;
        look_o <= group_q + 1'b1;
        if (wait_q == 6'd0) state_q <= Look;
      end
    endcase

    if (taken_i) clearing_q <= 1'b0;
    // Masked, not chosen: a choice of nothing would be a reset that all of it follows.
    if (choose_part[0]) key_q[HalfW-1:0] <= key[HalfW-1:0] & {HalfW{timeout_part[0]}};
    if (choose_part[1]) key_q[354:HalfW] <= key[354:HalfW] & {355-HalfW{timeout_part[1]}};
    if (choose) begin
      clearing_q <= do_walk_q && state_q == Clear;
      {seq_q, ack_q, flags_q} <= '0;
      op_q <= do_tick_q ? OpTick : (do_again_q || do_visit_q) ? OpVisit : do_timeout_q ? OpTimeout : OpPeek;
      if (do_tick_q) ticked_q <= time_q;
      if (do_again_q || do_visit_q) begin
        seq_q[LogFlows-1:0] <= do_again_q ? again_visit[LogFlows-1:0] : next_visit_q[LogFlows-1:0];
        // When it was due, however late it is.
        due_q <= {do_again_q ? again_visit : next_visit_q, {VisitShift{1'b0}}};
      end
      if (do_visit_q) next_visit_q <= next_visit_q + 1'b1;
      if (do_fetch_q) begin
        flags_q <= PeekFetch;
        seq_q[LogBuckets-1:0] <= found[LogBuckets+2:3];
        ack_q[7:0] <= 8'd1 << found[2:0];
      end
      if (do_walk_q) begin
        flags_q <= state_q == Clear ? PeekClear : PeekWalk;
        seq_q[LogBuckets-1:0] <= {group_q, member_q};
      end
    end
    if (astray_q) begin
      next_visit_q <= time_visit_q;
      if (ahead_q) next_visit_q[31-VisitShift:LogFlows] <= time_visit_q[31-VisitShift:LogFlows] - 1'b1;
    end
    found_held_q <= held(found_held_q, push_found, pop_found);
    key_held_q <= held(key_held_q, pop_found, pop_key);
    again_held_q <= held(again_held_q, push_again, pop_again);

    // A pass over all groups is good for sleep if it met nothing due and nothing changed during it.
    if (state_q != Look || changed_i || due3_q) pass_ok_q <= 1'b0;
    else if (pass_end) pass_ok_q <= 1'b1;
    pass_any_q <= pass_end ? 1'b0 : pass_any_q || armed3_q;
    pass_due_q <= pass_due_now;
    if (changed_i || state_q != Look || due3_q) clean_q <= 1'b0;
    else if (pass_end && pass_ok_q) begin
      clean_q <= 1'b1;
      any_q <= pass_any_q || armed3_q;
      least_q <= pass_due_now;
    end
    hold_q <= (valid_o || changed_i) ? '1 : hold_q != 7'd0 ? hold_q - 7'd1 : 7'd0;
    idle_o <= clean_q && hold_q == 7'd0 && !tick && &behind_laps_q && !astray_q && again_empty && found_empty
        && key_empty;
    wake_o <= any_q;
    wake_ms_o <= time_q + {8'd0, ahead};

    if (!rst_ni) begin
      {do_tick_q, do_again_q, do_visit_q, do_timeout_q, do_fetch_q, do_walk_q} <= '0;
      {tick_q, visit_due_q} <= '0;
      clearing_q <= 1'b0;
      ticked_q <= time_ms_i;
      next_visit_q <= time_ms_i[31:VisitShift] + 1'b1;
      behind_laps_q <= '1;
      astray_q <= 1'b0;
      state_q <= Look;
      look_o <= '0;
      due3_q <= 1'b0;
      armed3_q <= 1'b0;
      found_held_q <= '0;
      key_held_q <= '0;
      again_held_q <= '0;
      pass_ok_q <= 1'b0;
      clean_q <= 1'b0;
      hold_q <= '1;
      idle_o <= 1'b0;
    end
  end

  wire unused = &{1'b0, late[16:0], earlier[22:0], behind[LogFlows-1:0]};
endmodule

`default_nettype wire
