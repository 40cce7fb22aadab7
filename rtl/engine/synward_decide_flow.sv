// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What a request does to its connection's flow and to the flow's bucket (docs/theory-of-operation.md, section 4).
/// Combinational.
module synward_decide_flow (
    input  synward_settings_t settings_i,
    input  synward_ask_t      ask_i,
    input  synward_request_t  request_i,
    input  synward_flow_view_t view_i,       ///< with every outcome before this request
    input  wire               fails_open_i,  ///< the bucket fails open
    input  wire               ready_i,       ///< the tables are cleared
    input  wire               of_entry_i,    ///< ACK: of an entry, which counts
    input  wire               handed_i,      ///< it has an entry that was handed over
    input  wire               entry_good_i,  ///< the ACK fits the entry
    input  wire               entry_ecn_i,   ///< the entry says ECN
    input  wire               confirmed_i,   ///< an entry that was handed over becomes a flow
    input  wire               cookie_ok_i,
    input  wire               stateless_i,
    input  wire               gate_i,
    input  wire         [3:0] mark_slot_i,   ///< four bits of it, of now
    input  wire               mark_due_i,    ///< the flow's last mark is not of the same 16 ms
    input  wire               room_host_i,
    output synward_flow_effect_t effect_o
);
  // ---- a flow begins: handed over without an entry that waits, taught by the server, confirmed by it
  wire cookie_path = cookie_ok_i
      && (stateless_i || (settings_i.syncookies && (gate_i || settings_i.cookie_gate_always || fails_open_i)));
  wire handover = ask_i.ack && !view_i.hit && room_host_i
      && (of_entry_i ? entry_good_i && !request_i.agent : cookie_path);
  wire taught = ask_i.server && !view_i.hit && ask_i.teaches && (request_i.protect || handed_i);
  wire begins = handover || taught || (confirmed_i && !view_i.hit);
  wire any_free = !(&view_i.used);
  wire added = begins && any_free && ready_i;
  wire full = begins && !any_free && ready_i;
  logic [15:0] free_way;
  always_comb begin
    for (int w = 0; w < 16; w++) begin
      free_way[w] = !view_i.used[w];
      for (int v = 0; v < w; v++) if (!view_i.used[v]) free_way[w] = 1'b0;
    end
  end

  // ---- a flow goes on
  wire handed = view_i.state == FlowHanded;
  wire remark = ask_i.ack && view_i.hit && handed && cookie_ok_i
      && (settings_i.syncookies || settings_i.syncookies_only) && mark_due_i && room_host_i;
  // The mark of an entry says whether ECN is on; one that is repeated says what the flow has kept of the first.
  wire mark_ecn = view_i.hit ? view_i.aux[0] : of_entry_i && entry_ecn_i;
  wire status = ask_i.taken || ask_i.refused;
  logic [7:0] flow_after;
  always_comb begin
    flow_after = {view_i.state, view_i.aux};
    if (!view_i.hit)
      flow_after = ask_i.ack ? {FlowHanded, 1'b0, mark_slot_i, mark_ecn}
          : {ask_i.ends ? FlowClosing : FlowOpen, 6'd0};
    else if (ask_i.server && view_i.state == FlowClosing && !ask_i.teaches)
      // What it says to anybody's SYN or ACK neither opens nor keeps it; aux[5]: it has answered a SYN.
      flow_after = {view_i.state, view_i.aux[5] || ask_i.opens, view_i.aux[4:0]};
    else if (ask_i.server)
      flow_after = {ask_i.ends ? FlowClosing
          : (handed || ask_i.opens || (view_i.state == FlowClosing && view_i.aux[5])) ? FlowOpen : view_i.state, 6'd0};
    else if (status) begin
      if (handed && cookie_ok_i) flow_after = {ask_i.refused ? FlowClosing : FlowOpen, 6'd0};
    end else if ((ask_i.syn || ask_i.ack) && view_i.state == FlowOpen)
      flow_after = {FlowOpen, 6'd0};
    else if (remark)
      flow_after = {FlowHanded, 1'b0, mark_slot_i, view_i.aux[0]};
  end

  synward_flow_view_t after;
  always_comb begin
    after.hit   = view_i.hit || added;
    after.way   = view_i.hit ? view_i.way : added ? free_way : 16'd0;
    after.state = flow_after[7:6];
    after.aux   = flow_after[5:0];
    after.used  = added ? view_i.used | free_way : view_i.used;
    after.open  = full ? settings_i.flow_idle : view_i.open;

    effect_o.after    = after;
    effect_o.handover = handover;
    effect_o.remark   = remark;
    effect_o.mark_ecn = mark_ecn;
    effect_o.added    = added;
    effect_o.full     = full;
    effect_o.refused  = ask_i.refused && view_i.hit && handed && cookie_ok_i;
  end

  wire unused = &{1'b0, settings_i, ask_i, request_i};
endmodule

`default_nettype wire
