// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml. Do not edit.
`default_nettype none
`include "synward_records.svh"

/// The streams of synward_elastic as the HLS kernels have them: structs, their first member in the lowest bits,
/// each member with the bits of its C++ type, of 128 bits the upper half first. Wires alone. Not run through
/// Vitis.
module synward_kernel_ports (
    input  synward_question_t question_i,
    output logic [`SYNWARD_KERNEL_QUESTION_W-1:0] question_o,  ///< EngineQuestion
    input  synward_setting_t setting_i,
    output logic [`SYNWARD_KERNEL_SETTING_W-1:0] setting_o,    ///< EngineSetting
    input  wire  [`SYNWARD_KERNEL_ANSWER_W-1:0] answer_i,      ///< EngineReply
    output synward_answer_t answer_o
);
  always_comb begin
    question_o = '0;
    question_o[0 +: 8] = {4'd0, question_i.request.op};
    question_o[8 +: 32] = question_i.request.time_ms;
    question_o[40 +: 1] = question_i.request.v6;
    question_o[41 +: 64] = question_i.request.faddr[127:64];
    question_o[105 +: 64] = question_i.request.faddr[63:0];
    question_o[169 +: 64] = question_i.request.laddr[127:64];
    question_o[233 +: 64] = question_i.request.laddr[63:0];
    question_o[297 +: 16] = question_i.request.fport;
    question_o[313 +: 16] = question_i.request.lport;
    question_o[329 +: 32] = question_i.request.seq;
    question_o[361 +: 32] = question_i.request.ack;
    question_o[393 +: 8] = question_i.request.flags;
    question_o[401 +: 1] = question_i.request.has_mss;
    question_o[402 +: 16] = question_i.request.mss;
    question_o[418 +: 1] = question_i.request.ws_ok;
    question_o[419 +: 8] = {4'd0, question_i.request.ws};
    question_o[427 +: 1] = question_i.request.sack_ok;
    question_o[428 +: 1] = question_i.request.ts_ok;
    question_o[429 +: 1] = question_i.request.ecn_ok;
    question_o[430 +: 32] = question_i.request.tsval;
    question_o[462 +: 8] = {1'd0, question_i.request.len};
    question_o[470 +: 8] = {3'd0, question_i.request.service};
    question_o[478 +: 16] = question_i.request.window;
    question_o[494 +: 8] = {4'd0, question_i.request.wscale};
    question_o[502 +: 16] = question_i.request.path_mss;
    question_o[518 +: 1] = question_i.request.agent;
    question_o[519 +: 1] = question_i.request.protect;
    question_o[520 +: 64] = {16'd0, question_i.request.mac_dst};
    question_o[584 +: 64] = {16'd0, question_i.request.mac_src};
    question_o[648 +: 8] = {6'd0, question_i.request.tags};
    question_o[656 +: 32] = question_i.request.tag1;
    question_o[688 +: 32] = question_i.request.tag2;
    question_o[720 +: 8] = {3'd0, question_i.request.note};
    question_o[728 +: 1] = question_i.room_line;
    question_o[729 +: 1] = question_i.room_host;
  end

  always_comb begin
    setting_o = '0;
    setting_o[0 +: 128] = setting_i.settings.cookie_key0;
    setting_o[128 +: 128] = setting_i.settings.cookie_key1;
    setting_o[256 +: 1] = setting_i.settings.parity;
    setting_o[257 +: 128] = setting_i.settings.ts_key;
    setting_o[385 +: 128] = setting_i.settings.mark_key;
    setting_o[513 +: 128] = setting_i.settings.table_key;
    setting_o[641 +: 1] = 1'b0;
    setting_o[642 +: 1] = setting_i.settings.syncookies;
    setting_o[643 +: 1] = setting_i.settings.syncookies_only;
    setting_o[644 +: 1] = setting_i.settings.ts_offset_per_conn;
    setting_o[645 +: 1] = setting_i.settings.tolerate_missing_ts;
    setting_o[646 +: 1] = setting_i.settings.insecure_rst;
    setting_o[647 +: 32] = {17'd0, {1'b0, setting_i.settings.hash_mask} + 15'd1};
    setting_o[679 +: 32] = {28'd0, setting_i.settings.bucketlimit};
    setting_o[711 +: 32] = {14'd0, setting_i.settings.cachelimit};
    setting_o[743 +: 8] = {4'd0, setting_i.settings.rexmtlimit};
    setting_o[751 +: 32] = {16'd0, setting_i.settings.rexmit_initial};
    setting_o[783 +: 32] = {16'd0, setting_i.settings.rexmit_min};
    setting_o[815 +: 32] = {16'd0, setting_i.settings.rexmit_slop};
    setting_o[847 +: 32] = {16'd0, setting_i.settings.rexmit_max};
    setting_o[879 +: 8] = {4'd0, setting_i.settings.ecn_maxretries};
    setting_o[887 +: 8] = {4'd0, setting_i.settings.ack_war_cnt};
    setting_o[895 +: 32] = {16'd0, setting_i.settings.ack_war_timewindow};
    setting_o[927 +: 8] = {6'd0, {2{setting_i.settings.no_rst}}};
    setting_o[935 +: 32] = {12'd0, setting_i.settings.icmplim};
    setting_o[967 +: 8] = {6'd0, setting_i.settings.unknown_ack};
    setting_o[975 +: 8] = {2'd0, setting_i.settings.flow_idle};
    setting_o[983 +: 8] = {2'd0, setting_i.settings.flow_learn};
    setting_o[991 +: 1] = setting_i.settings.rst_on_sock_fail;
    setting_o[992 +: 1] = setting_i.settings.cookie_gate_always;
    setting_o[993 +: 1] = setting_i.load;
    setting_o[994 +: 1] = setting_i.end_pause;
  end

  always_comb begin
    answer_o = '0;
    answer_o.verdict.op = answer_i[0 +: 4];
    answer_o.verdict.fate = answer_i[8 +: 2];
    answer_o.verdict.reason = answer_i[16 +: 6];
    answer_o.verdict.send = answer_i[24 +: 3];
    answer_o.verdict.own = answer_i[32 +: 1];
    answer_o.verdict.seq = answer_i[33 +: 32];
    answer_o.verdict.ack = answer_i[65 +: 32];
    answer_o.verdict.ws_ok = answer_i[97 +: 1];
    answer_o.verdict.sack_ok = answer_i[98 +: 1];
    answer_o.verdict.ts_ok = answer_i[99 +: 1];
    answer_o.verdict.ece = answer_i[100 +: 1];
    answer_o.verdict.df = answer_i[101 +: 1];
    answer_o.verdict.tsoff = answer_i[102 +: 32];
    answer_o.verdict.tsecr = answer_i[134 +: 32];
    answer_o.verdict.mark_flags = answer_i[166 +: 8];
    answer_o.verdict.mark_wscale = answer_i[174 +: 8];
    answer_o.verdict.mark_mss = answer_i[182 +: 16];
    answer_o.verdict.v6 = answer_i[198 +: 1];
    answer_o.verdict.faddr = {answer_i[199 +: 64], answer_i[263 +: 64]};
    answer_o.verdict.laddr = {answer_i[327 +: 64], answer_i[391 +: 64]};
    answer_o.verdict.fport = answer_i[455 +: 16];
    answer_o.verdict.lport = answer_i[471 +: 16];
    answer_o.verdict.time_ms = answer_i[487 +: 32];
    answer_o.verdict.service = answer_i[519 +: 5];
    answer_o.verdict.has_mss = answer_i[527 +: 1];
    answer_o.verdict.len = answer_i[528 +: 7];
    answer_o.verdict.mac_dst = answer_i[536 +: 48];
    answer_o.verdict.mac_src = answer_i[600 +: 48];
    answer_o.verdict.tags = answer_i[664 +: 2];
    answer_o.verdict.tag1 = answer_i[672 +: 32];
    answer_o.verdict.tag2 = answer_i[704 +: 32];
    answer_o.mark_mac = answer_i[736 +: 32];
    answer_o.counts.added = answer_i[768 +: 1];
    answer_o.counts.retransmitted = answer_i[769 +: 1];
    answer_o.counts.dupsyn = answer_i[770 +: 1];
    answer_o.counts.sc_dropped = answer_i[771 +: 1];
    answer_o.counts.completed = answer_i[772 +: 1];
    answer_o.counts.bucketoverflow = answer_i[773 +: 1];
    answer_o.counts.reset = answer_i[774 +: 1];
    answer_o.counts.stale = answer_i[775 +: 1];
    answer_o.counts.unreach = answer_i[776 +: 1];
    answer_o.counts.zonefail = answer_i[777 +: 1];
    answer_o.counts.sendcookie = answer_i[778 +: 1];
    answer_o.counts.recvcookie = answer_i[779 +: 1];
    answer_o.counts.spurcookie = answer_i[780 +: 1];
    answer_o.counts.failcookie = answer_i[781 +: 1];
    answer_o.counts.badrst = answer_i[782 +: 1];
    answer_o.counts.evicted = answer_i[783 +: 1];
    answer_o.counts.stateless = answer_i[784 +: 1];
    answer_o.counts.challenge_acks = answer_i[785 +: 1];
    answer_o.counts.resets_sent = answer_i[786 +: 1];
    answer_o.counts.resets_limited = answer_i[787 +: 1];
    answer_o.counts.flows_added = answer_i[788 +: 1];
    answer_o.counts.flows_full = answer_i[789 +: 1];
    answer_o.counts.established = answer_i[790 +: 1];
    answer_o.counts.remarked = answer_i[791 +: 1];
    answer_o.counts.handed = answer_i[792 +: 1];
    answer_o.counts.aborted = answer_i[793 +: 1];
    answer_o.counts.flushed = answer_i[794 +: 4];
    answer_o.counts.flows_aged = answer_i[802 +: 5];
    answer_o.record.code = answer_i[810 +: 5];
    answer_o.record.note = answer_i[818 +: 2];
    answer_o.record.v6 = answer_i[826 +: 1];
    answer_o.record.faddr = {answer_i[827 +: 64], answer_i[891 +: 64]};
    answer_o.record.laddr = {answer_i[955 +: 64], answer_i[1019 +: 64]};
    answer_o.record.fport = answer_i[1083 +: 16];
    answer_o.record.lport = answer_i[1099 +: 16];
    answer_o.record.flags = answer_i[1115 +: 8];
    answer_o.record.time_ms = answer_i[1123 +: 32];
    answer_o.record.arg0 = answer_i[1155 +: 32];
    answer_o.record.arg1 = answer_i[1187 +: 32];
    answer_o.record.arg2 = answer_i[1219 +: 32];
    answer_o.event_valid = answer_i[1251 +: 1];
    answer_o.sight.armed = answer_i[1252 +: 1];
    answer_o.sight.peek = answer_i[1253 +: 1];
    answer_o.sight.kind = answer_i[1254 +: 4];
    answer_o.sight.bucket = answer_i[1262 +: 14];
    answer_o.sight.due = answer_i[1278 +: 24];
    answer_o.sight.found = answer_i[1310 +: 1];
    answer_o.sight.any = answer_i[1311 +: 1];
    answer_o.sight.way = answer_i[1312 +: 3];
    answer_o.sight.ways = answer_i[1320 +: 8];
    answer_o.sight.listing.v6 = answer_i[1328 +: 1];
    answer_o.sight.listing.faddr = {answer_i[1329 +: 64], answer_i[1393 +: 64]};
    answer_o.sight.listing.laddr = {answer_i[1457 +: 64], answer_i[1521 +: 64]};
    answer_o.sight.listing.fport = answer_i[1585 +: 16];
    answer_o.sight.listing.lport = answer_i[1601 +: 16];
    answer_o.sight.listing.mss = answer_i[1617 +: 16];
    answer_o.sight.listing.ws = answer_i[1633 +: 4];
    answer_o.sight.listing.ws_ok = answer_i[1641 +: 1];
    answer_o.sight.listing.sack_ok = answer_i[1642 +: 1];
    answer_o.sight.listing.ts_ok = answer_i[1643 +: 1];
    answer_o.sight.listing.ecn_ok = answer_i[1644 +: 1];
    answer_o.sight.listing.unreach = answer_i[1645 +: 1];
    answer_o.sight.listing.rxmits = answer_i[1646 +: 4];
    answer_o.sight.listing.armed = answer_i[1654 +: 24];
    answer_o.sight.listing.service = answer_i[1686 +: 5];
    answer_o.sight.listing.handed = answer_i[1694 +: 1];
    answer_o.sight.tags = answer_i[1695 +: 2];
    answer_o.sight.tag1 = answer_i[1703 +: 32];
    answer_o.sight.tag2 = answer_i[1735 +: 32];
    answer_o.sight.state.ready = answer_i[1767 +: 1];
    answer_o.sight.state.paused = answer_i[1768 +: 1];
    answer_o.sight.state.backoff = answer_i[1769 +: 3];
    answer_o.sight.state.pause_until = answer_i[1777 +: 32];
    answer_o.sight.state.count = answer_i[1809 +: 18];
    answer_o.sight.state.flows = answer_i[1841 +: 21];
  end

  wire unused = &{1'b0, answer_i};
endmodule

`default_nettype wire
