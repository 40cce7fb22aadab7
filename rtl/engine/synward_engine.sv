// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The engine (docs/theory-of-operation.md, section 4): one request a clock in, its verdict out, in order; never
/// stalled. What the host port saw and what time asks go into the clocks that no frame takes. Latency: 46 clocks; the
/// MAC of a mark follows 23 clocks later.
///
/// s0 to s45 count from the register behind the choice of the request; synward_syncache's t0 is s32.
module synward_engine #(
    parameter int LogBuckets = 14,   ///< log2 of the most buckets of the syncache, 6..14
    parameter int LogFlows = 16,     ///< log2 of the buckets of the flow table, 6..16
    parameter bit FlowsApart = 1     ///< the flow table is on another die
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [31:0]  time_ms_i,
    input  synward_settings_t settings_i,
    input  wire          load_i,           ///< clear both tables
    input  wire          end_pause_i,      ///< end a pause at the next tick
    // frames' requests
    input  wire          valid_i,
    input  wire  [3:0]   valid_copies_i,   ///< valid_i, for a part of the request each
    input  synward_request_t request_i,
    input  wire          room_line_i,      ///< room for 64 more frames of the card's own
    input  wire          room_host_i,
    input  wire          line_half_i,      ///< less than half of the replies' buffer is in use
    output logic         valid_o,          ///< verdict of a frame
    output logic [`SYNWARD_VERDICT_W-1:0] verdict_o,
    output logic [`SYNWARD_COUNTS_W-1:0] counts_o,
    output logic [31:0]  mark_mac_o,       ///< 23 clocks after its verdict
    // the host port's requests
    input  wire          watch_valid_i,
    input  synward_request_t watch_i,
    output logic         watch_lost_o,
    // events
    output logic         event_valid_o,
    output logic [`SYNWARD_EVENT_W-1:0] event_o,
    // half-open connections for the host, one by one
    input  wire          list_first_i,
    input  wire          list_next_i,
    output logic         list_busy_o,
    output logic         list_shown_o,
    output logic [`SYNWARD_LISTING_W-1:0] listing_o,
    // status
    output logic         ready_o,
    output logic         paused_o,
    output logic [2:0]   backoff_o,
    output logic [31:0]  pause_until_o,    ///< ms
    output logic [17:0]  count_o,
    output logic [LogFlows+4:0] flows_o,
    output logic         idle_o,           ///< nothing happens before wake_ms_o
    output logic         wake_o,           ///< wake_ms_o means something
    output logic [31:0]  wake_ms_o
);
  if (LogBuckets < 6 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_engine: LogBuckets must be 6 to 14");
  end
  if (LogFlows < 6 || LogFlows > 16) begin : gen_refused_log_flows
    $error("synward_engine: LogFlows must be 6 to 16");
  end
  localparam int EntryW = `SYNWARD_ENTRY_W - 66;
  localparam int LogGroups = synward_logic_pkg::log_groups(LogBuckets);
  localparam int T0 = 32;
  function automatic logic [15:0] swap16(input logic [15:0] x);
    swap16 = {x[7:0], x[15:8]};
  endfunction
  function automatic logic [31:0] swap32(input logic [31:0] x);
    swap32 = {x[7:0], x[15:8], x[23:16], x[31:24]};
  endfunction
  function automatic logic [63:0] swap64(input logic [63:0] x);
    swap64 = {x[7:0], x[15:8], x[23:16], x[31:24], x[39:32], x[47:40], x[55:48], x[63:56]};
  endfunction

  // ---- clearing: first all requests leave, then the memories are walked through, then those leave that read before
  localparam int LogWalk = LogBuckets > LogFlows ? LogBuckets : LogFlows;
  logic [LogWalk:0] walk_q;
  logic [6:0] leave_q;
  logic [4:0] read_q;
  logic clearing_q;
  logic [7:0] first_place_q, places_q, ways_q;
  logic [84:0] empty_dir;
  always_comb begin
    empty_dir = '0;
    for (int p = 0; p < 7; p++)
      for (int w = 0; w < 8; w++) empty_dir[8*p + w] = p + 32'(settings_i.bucketlimit) >= 8 + w;
  end
  logic [84:0] empty_dir_q;
  logic [5:0] learn_q;  // laps, as they were when the clearing began
  always_ff @(posedge clk_i) begin
    first_place_q <= 8'd1 << (4'd8 - settings_i.bucketlimit);
    places_q <= ~((8'd1 << (4'd8 - settings_i.bucketlimit)) - 8'd1);
    ways_q <= 8'hff >> (4'd8 - settings_i.bucketlimit);
    empty_dir_q <= empty_dir;
    if (!rst_ni) learn_q <= 6'd0;
    else if (load_i) learn_q <= settings_i.flow_learn;
    if (!rst_ni || load_i) begin
      leave_q <= '1;
      walk_q <= '0;
      read_q <= '1;
      clearing_q <= 1'b0;
    end else if (leave_q != 7'd0) begin
      leave_q <= leave_q - 7'd1;
    end else if (!walk_q[LogWalk]) begin
      walk_q <= clearing_q ? walk_q + 1'b1 : walk_q;
      clearing_q <= !(clearing_q && &walk_q[LogWalk-1:0]);
    end else if (read_q != 5'd0) begin
      read_q <= read_q - 5'd1;
    end
  end
  // The tables are cleared: for what is written, and for those that wait for it, a copy each.
  wire up, up_sweeper, up_lister;
  synward_fanout #(.Copies(3)) u_up (
      .clk_i, .bit_i(rst_ni && !load_i && leave_q == 7'd0 && walk_q[LogWalk] && read_q == 5'd0),
      .copies_o({up, up_sweeper, up_lister}));
  assign ready_o = up;
  // The reset, a clock later, for the hashes and for what decides and answers.
  wire [2:0] rst_n;
  synward_reset_branch #(.Leaves(3)) u_rst (.clk_i, .rst_ni, .rst_no(rst_n));

  // ---- s0: a frame's request, or else the host port's, or else what time asks, or else a listing
  // One copy for each part of the request, and one for what is taken.
  localparam int Parts = 4;
  wire watch_empty_q;  // watch_count_q is 0
  wire [Parts-1:0] watch_empty_part, sweep_part;
  wire sweep_valid, list_valid;
  localparam int WatchW = 1 + 1 + 32 + 1 + 256 + 32 + 64 + 8 + 5 + 5 + 96 + 66;
  localparam int WatchParts = 3;
  localparam int WatchPartW = WatchW / WatchParts;
  wire [WatchW-1:0] watched;
  logic [6:0] watch_count_q;
  wire push_watch = watch_valid_i && !watch_count_q[6];
  wire pop_watch = !valid_i && !watch_empty_q;
  wire take_sweep = !valid_i && watch_empty_q && sweep_valid;
  wire take_list = !valid_i && watch_empty_q && !sweep_valid && list_valid;
  wire [WatchW-1:0] watch = {watch_i.op == OpStatus, watch_i.protect, watch_i.time_ms, watch_i.v6, watch_i.faddr,
      watch_i.laddr, watch_i.fport, watch_i.lport, watch_i.seq, watch_i.ack, watch_i.flags, watch_i.note,
      watch_i.service, watch_i.mac_dst, watch_i.mac_src, watch_i.tags, watch_i.tag1, watch_i.tag2};
  wire [6:0] watch_count = watch_count_q + {6'd0, push_watch} - {6'd0, pop_watch};
  wire watch_fills = !pop_watch && (watch_count_q[6] || (&watch_count_q[5:0] && push_watch));  // watch_count is 64
  // Each part of what waits is written by its own copy of what says that there is room.
  wire [WatchParts-1:0] watch_full;
  synward_fanout #(.Copies(WatchParts)) u_watch_full (.clk_i, .bit_i(rst_ni && watch_fills),
      .copies_o(watch_full));
  for (genvar p = 0; p < WatchParts; p++) begin : gen_watched
    synward_ring_fifo #(.Width(WatchPartW), .LogDepth(6)) u_watched (
        .clk_i, .rst_ni, .push_i(watch_valid_i && !watch_full[p]), .data_i(watch[WatchPartW*p +: WatchPartW]),
        .pop_i(pop_watch), .data_o(watched[WatchPartW*p +: WatchPartW]), .empty_o());
  end
  wire [`SYNWARD_REQUEST_W-1:0] sweep_request;
  wire [LogBuckets-1:0] list_bucket;
  wire [7:0] list_way;
  synward_request_t list_request;
  always_comb begin
    list_request = '0;
    list_request.op = OpPeek;
    list_request.flags = {4'd0, PeekList};
    list_request.seq = 32'(list_bucket);
    list_request.ack = {24'd0, list_way};
  end
  synward_request_t q0_q, watched_request;
  logic frame0_q;
  always_comb begin
    watched_request = '0;
    watched_request.op = watched[WatchW-1] ? OpStatus : OpServer;
    {watched_request.protect, watched_request.time_ms, watched_request.v6, watched_request.faddr,
        watched_request.laddr, watched_request.fport, watched_request.lport, watched_request.seq, watched_request.ack,
        watched_request.flags, watched_request.note, watched_request.service, watched_request.mac_dst,
        watched_request.mac_src, watched_request.tags, watched_request.tag1, watched_request.tag2}
        = watched[WatchW-2:0];
  end
  function automatic logic [`SYNWARD_REQUEST_W-1:0] parts(input logic [Parts-1:0] x);
    parts = {{`SYNWARD_REQUEST_W-504{x[3]}}, {168{x[2]}}, {168{x[1]}}, {168{x[0]}}};
  endfunction
  wire [`SYNWARD_REQUEST_W-1:0] other_request = (watched_request & parts(~watch_empty_part))
      | (sweep_request & parts(watch_empty_part & sweep_part)) | (list_request & parts(watch_empty_part & ~sweep_part));
  wire stays_empty = watch_count_q == 7'd0 && !push_watch;
  wire takes_last = watch_count_q == 7'd1 && pop_watch && !push_watch;
  synward_fanout #(.Copies(Parts + 1)) u_watch_empty (.clk_i, .bit_i(!rst_ni || stays_empty || takes_last),
      .copies_o({watch_empty_q, watch_empty_part}));
  always_ff @(posedge clk_i) begin
    frame0_q <= rst_ni && valid_i;
    q0_q <= (request_i & parts(valid_copies_i)) | (other_request & parts(~valid_copies_i));
    if (!rst_ni || (!valid_i && watch_empty_q && !sweep_valid && !list_valid)) q0_q.op <= OpNone;
    watch_count_q <= rst_ni ? watch_count : 7'd0;
    watch_lost_o <= rst_ni && watch_valid_i && watch_count_q[6];
`ifndef SYNTHESIS
    if (rst_ni) assert (valid_copies_i == {4{valid_i}});
`endif
  end
  wire [288:0] key0 = {q0_q.v6, q0_q.faddr, q0_q.laddr, q0_q.fport, q0_q.lport};

  // ---- hashes: where, ISS or cookie, timestamp offset
  wire [63:0] hash20;
  synward_table_hash u_table_hash (
      .clk_i, .rst_ni(rst_n[0]), .key_i(settings_i.table_key), .v6_i(q0_q.v6),
      .faddr_i(q0_q.faddr), .laddr_i(q0_q.laddr),
      .fport_i(q0_q.fport), .lport_i(q0_q.lport), .hash_o(hash20));
  wire [31:0] iss41, tsoff44;
  wire cookie_ok41;
  synward_engine_hashes u_hashes (
      .clk_i, .rst_ni(rst_n[0]), .cookie_key0_i(settings_i.cookie_key0), .cookie_key1_i(settings_i.cookie_key1),
      .parity_i(settings_i.parity), .ts_key_i(settings_i.ts_key),
      .ts_offset_per_conn_i(settings_i.ts_offset_per_conn), .cookies_i(settings_i.syncookies
      || settings_i.syncookies_only), .request_i(q0_q),
      .iss_o(iss41), .cookie_ok_o(cookie_ok41), .tsoff_o(tsoff44));

  // ---- s21: places in the tables; who of those before has the same
  wire [3:0] op20;
  wire [LogFlows-1:0] seq20;
  synward_delay #(.Width(4 + LogFlows), .Depth(20)) u_op20 (.clk_i, .rst_ni,
      .data_i({q0_q.op, q0_q.seq[LogFlows-1:0]}), .data_o({op20, seq20}));
  // What the delay lines hold after a reset is not to be asked.
  wire asks20, asks_t3;
  synward_delay_bit #(.Depth(20)) u_asks20 (.clk_i, .rst_ni, .bit_i(q0_q.op != OpNone), .bit_o(asks20));
  synward_delay_bit #(.Depth(T0 - 17)) u_asks_t3 (.clk_i, .rst_ni, .bit_i(asks20), .bit_o(asks_t3));
  logic [LogBuckets-1:0] bucket21_q;
  logic [LogFlows-1:0] flow21_q;
  logic [27:0] print21_q;
  logic touches21_q, visit21_q;
  always_ff @(posedge clk_i) begin
    bucket21_q <= op20 == OpPeek ? LogBuckets'(seq20) : hash20[LogBuckets-1:0] & settings_i.hash_mask[LogBuckets-1:0];
    flow21_q <= op20 == OpVisit ? seq20 : hash20[16 +: LogFlows];
    print21_q <= hash20[63:36];
    touches21_q <= rst_ni && asks20 && (op20 == OpSyn || op20 == OpAck || op20 == OpRst || op20 == OpServer
        || op20 == OpStatus || op20 == OpStray || op20 == OpTimeout);
    visit21_q <= rst_ni && asks20 && op20 == OpVisit;
  end
  wire [11:1] equal2, same23;
  localparam int FlowWay = FlowsApart ? synward_logic_pkg::SlrClocks : 0;
  localparam int FlowDistances = 11 + FlowWay;
  localparam int FlowsAt = T0 - FlowWay;  // when synward_flows is asked
  wire [FlowDistances:1] flow_same23, print_equal23;
  synward_neighbours #(.Width(289), .Distances(11)) u_equal (.clk_i, .word_i(key0), .equal_o(equal2));
  synward_neighbours #(.Width(LogBuckets), .Distances(11)) u_same (.clk_i, .word_i(bucket21_q), .equal_o(same23));
  synward_neighbours #(.Width(LogFlows), .Distances(FlowDistances)) u_flow_same (
      .clk_i, .word_i(flow21_q), .equal_o(flow_same23));
  synward_neighbours #(.Width(28), .Distances(FlowDistances)) u_print_equal (
      .clk_i, .word_i(print21_q), .equal_o(print_equal23));

  // ---- s32 is t0
  wire [11:1] equal_t0, same_t0;
  wire [LogBuckets-1:0] bucket_t0;
  synward_delay #(.Width(11), .Depth(T0 - 2)) u_equal_t0 (.clk_i, .rst_ni, .data_i(equal2), .data_o(equal_t0));
  synward_delay #(.Width(11), .Depth(T0 - 23)) u_same_t0 (.clk_i, .rst_ni, .data_i(same23), .data_o(same_t0));
  synward_delay #(.Width(LogBuckets), .Depth(T0 - 21)) u_bucket_t0 (
      .clk_i, .rst_ni, .data_i(bucket21_q), .data_o(bucket_t0));
  // The flow table's request, there as early as the way to another die takes.
  wire [FlowDistances:1] flow_same, print_equal;
  wire [LogFlows-1:0] flow_bucket;
  wire [27:0] flow_print;
  wire flow_touches, flow_visit;
  synward_delay #(.Width(2 * FlowDistances), .Depth(FlowsAt - 23)) u_flow_neighbours (
      .clk_i, .rst_ni, .data_i({flow_same23, print_equal23}), .data_o({flow_same, print_equal}));
  synward_delay #(.Width(LogFlows + 28), .Depth(FlowsAt - 21)) u_flow_place (
      .clk_i, .rst_ni, .data_i({flow21_q, print21_q}), .data_o({flow_bucket, flow_print}));
  synward_delay_bit #(.Depth(FlowsAt - 21)) u_flow_touches (
      .clk_i, .rst_ni, .bit_i(touches21_q), .bit_o(flow_touches));
  synward_delay_bit #(.Depth(FlowsAt - 21)) u_flow_visit (.clk_i, .rst_ni, .bit_i(visit21_q), .bit_o(flow_visit));

  // The request itself, at t3, t6 and t7.
  wire [`SYNWARD_REQUEST_W-1:0] q_t3_bits, q_t7_bits;
  synward_request_t q_t3, q_t7;
  always_comb begin
    q_t3 = q_t3_bits;
    if (!asks_t3) q_t3.op = OpNone;
  end
  // This ring, too, holds anything after a reset.
  wire asks_t7;
  synward_delay_bit #(.Depth(4)) u_asks_t7 (.clk_i, .rst_ni, .bit_i(asks_t3), .bit_o(asks_t7));
  always_comb begin
    q_t7 = q_t7_bits;
    if (!asks_t7) q_t7.op = OpNone;
  end
  synward_delay #(.Width(`SYNWARD_REQUEST_W), .Depth(T0 + 3), .BlockRam(1)) u_q_t3 (.clk_i, .rst_ni, .data_i(q0_q),
      .data_o(q_t3_bits));
  synward_delay #(.Width(`SYNWARD_REQUEST_W), .Depth(4)) u_q_t7 (.clk_i, .rst_ni, .data_i(q_t3), .data_o(q_t7_bits));
  wire [7:0] fetch_way_t2;
  synward_delay #(.Width(8), .Depth(T0 + 2)) u_fetch_way_t2 (.clk_i, .rst_ni, .data_i(q0_q.ack[7:0]),
      .data_o(fetch_way_t2));
  wire frame_t11;
  synward_delay_bit #(.Depth(T0 + 11)) u_frame (.clk_i, .rst_ni, .bit_i(frame0_q), .bit_o(frame_t11));
  logic ready_t1_q;
  wire ready_t9;
  always_ff @(posedge clk_i) ready_t1_q <= up;
  synward_delay_bit #(.Depth(8)) u_ready (.clk_i, .rst_ni, .bit_i(ready_t1_q), .bit_o(ready_t9));

  // ---- the tables
  synward_outcome_t outcome;  // t11
  synward_request_t r_q;
  synward_entry_effect_t r_effect;
  synward_flow_effect_t r_flow_effect;
  synward_entry_view_t r_after;
  synward_flow_view_t r_flow;
  synward_entry_t r_e;
  assign r_q = outcome.request;
  assign r_effect = outcome.entry_effect;
  assign r_flow_effect = outcome.flow_effect;
  assign r_after = r_effect.after;
  assign r_flow = r_flow_effect.after;
  assign r_e = r_after.entry;
  logic [LogBuckets-1:0] r_bucket;
  synward_delay #(.Width(LogBuckets), .Depth(10)) u_bucket_t10 (.clk_i, .rst_ni, .data_i(bucket_t0),
      .data_o(bucket_t10));
  always_ff @(posedge clk_i) r_bucket <= bucket_t10;
  wire r_write = outcome.ready && up;

  wire [354:0] fetched_t4;
  wire [8*EntryW-1:0] entries_t6;
  wire [7:0] valid_t6;
  wire [EntryW-1:0] entry_t8, entry_t9;
  wire equal3_t8, tuple_t10, flow_t10;
  wire [LogBuckets-1:0] bucket_t10;
  synward_entry_view_t view_t9;
  assign view_t9.entry = {entry_t9, 66'd0};
  wire [2:1] same_t8, equal_t8;
  synward_syncache #(.LogBuckets(LogBuckets)) u_syncache (
      .clk_i, .bucket_i(bucket_t0), .same_i(same_t0), .equal_i(equal_t0 & same_t0),
      .fetch_way_i(fetch_way_t2), .key_i({q_t3.v6, q_t3.faddr, q_t3.laddr, q_t3.fport, q_t3.lport}),
      .fetch_o(fetched_t4), .entries_o(entries_t6), .valid_o(valid_t6),
      .entry8_o(entry_t8), .equal3_o(equal3_t8), .same8_o(same_t8), .equal8_o(equal_t8),
      .hit9_o(view_t9.way), .entry9_o(entry_t9), .dir9_o(view_t9.dir),
      .tuple10_i(tuple_t10), .bucket10_i(bucket_t10), .r_key_i({r_q.v6, r_q.faddr, r_q.laddr, r_q.fport, r_q.lport}),
      .r_tags_i({r_q.tags, r_q.tag1, r_q.tag2}),
      .r_insert_i(r_effect.insert), .r_duplicate_i(r_effect.duplicate), .r_gone_i(r_effect.gone), .r_way_i(r_after.way),
      .r_entry_i(r_e[`SYNWARD_ENTRY_W-1:66]), .r_dir_i(r_after.dir), .r_write_i(r_write),
      .clear_i(clearing_q), .clear_bucket_i(walk_q[LogBuckets-1:0]), .clear_dir_i(empty_dir_q));

  synward_flow_view_t flow_t9;
  wire visited;
  wire [2:1] flow_same_t8, flow_equal_t8;
  wire [4:0] aged;
  synward_flows #(.LogFlows(LogFlows), .Apart(FlowsApart)) u_flows (
      .clk_i, .rst_ni(rst_n[1]), .flow_i(flow_touches), .visit_i(flow_visit), .bucket_i(flow_bucket),
      .print_i(flow_print), .same_i(flow_same), .equal_i(flow_same & print_equal),
      .idle_i(settings_i.flow_idle), .way9_o(flow_t9.way),
      .hit9_o(flow_t9.hit), .flow9_o({flow_t9.state, flow_t9.aux}), .used9_o(flow_t9.used), .open9_o(flow_t9.open),
      .same8_o(flow_same_t8), .equal8_o(flow_equal_t8), .flow10_i(flow_t10), .r_way_i(r_flow.way),
      .r_state_i({r_flow.state, r_flow.aux}), .r_used_i(r_flow.used), .r_open_i(r_flow.open),
      .r_write_i(r_write), .visited_o(visited), .aged_o(aged), .clear_i(clearing_q),
      .clear_bucket_i(walk_q[LogFlows-1:0]), .clear_open_i(learn_q));

  // ---- intervals, pause, decision
  wire [13*16-1:0] interval;
  synward_rexmit_intervals u_intervals (
      .clk_i, .rst_ni, .initial_i(settings_i.rexmit_initial), .min_i(settings_i.rexmit_min),
      .slop_i(settings_i.rexmit_slop), .max_i(settings_i.rexmit_max), .interval_o(interval));

  logic [31:0] time_t8_q, time_t9_q, time_t10_q;
  always_ff @(posedge clk_i) begin
    time_t8_q <= q_t7.time_ms;
    time_t9_q <= time_t8_q;
    time_t10_q <= time_t9_q;
  end
  wire pause_over, gate_over, gate_stamped, paused;
  logic [9:8] tick_q;
  wire [9:0] pause_seconds;
  logic end_pause_q;
  synward_pause u_pause (
      .clk_i, .rst_ni(rst_n[2]), .time7_i(q_t7.time_ms), .tick9_i(tick_q[9]), .pause_over_o(pause_over),
      .gate_over_o(gate_over),
      .pause_i(outcome.pause), .gate_i(gate_stamped), .time11_i(r_q.time_ms),
      .seconds_o(pause_seconds), .backoff_o, .until_o(pause_until_o));
  assign paused_o = paused;

  synward_decide u_decide (
      .clk_i, .rst_ni(rst_n[1]), .settings_i, .first_place_i(first_place_q), .places_i(places_q), .ways_i(ways_q),
      .interval_i(interval), .room_line_i, .room_host_i, .pause_over_i(pause_over || end_pause_q),
      .gate_over_i(gate_over), .request7_i(q_t7), .entry8_i({entry_t8, 66'd0}), .equal3_i(equal3_t8),
      .ready9_i(ready_t9), .iss9_i(iss41), .cookie_ok9_i(cookie_ok41), .view9_i(view_t9),
      .same8_i(same_t8), .equal8_i(equal_t8), .flow9_i(flow_t9), .flow_same8_i(flow_same_t8),
      .flow_equal8_i(flow_equal_t8), .tuple10_o(tuple_t10), .flow10_o(flow_t10), .outcome_o(outcome), .paused_o(paused),
      .gate_stamped_o(gate_stamped), .count_o);

  wire [31:0] mark_ports, limiter_until;
  wire limiter_open;
  synward_verdict_t verdict;
  assign verdict_o = verdict;
  synward_answer u_answer (
      .clk_i, .rst_ni(rst_n[2]), .settings_i, .time10_i(time_t10_q), .frame_i(frame_t11), .outcome_i(outcome),
      .visited_i(visited), .aged_i(aged), .tsoff12_i(tsoff44), .pause_seconds13_i(pause_seconds), .valid_o,
      .verdict_o(verdict), .counts_o, .mark_ports_o(mark_ports), .limiter_open_o(limiter_open),
      .limiter_until_o(limiter_until), .event_valid_o, .event_o);

  // ---- the mark's MAC: what of its message is known is hashed early and waits for the rest
  logic [447:0] mark1_q;
  logic [6:0] mark_start1_q;
  always_ff @(posedge clk_i) begin
    mark_start1_q <= q0_q.v6 ? 7'b0000001 : 7'b0001000;
    mark1_q <= {{2'b00, q0_q.v6 ? 6'd48 : 6'd24}, 56'd0, 64'd0, 64'd0,
                q0_q.v6 ? {swap64(q0_q.laddr[63:0]), swap64(q0_q.laddr[127:64])}
                    : {swap32(q0_q.laddr[31:0]), swap32(q0_q.faddr[31:0]), 64'd0},
                swap64(q0_q.faddr[63:0]), swap64(q0_q.faddr[127:64])};
  end
  synward_siphash #(.Starts(7'b0001001), .Gap(28), .GapSlot(4), .Late4(44), .Late5(44)) u_mark_hash (
      .clk_i, .rst_ni(rst_n[0]), .key0_i(settings_i.mark_key), .key1_i(settings_i.mark_key),   .key_i(2'b00),
      .start_i(mark_start1_q), .words_i(mark1_q),
      .word4_i({swap32(verdict.seq), swap16(mark_ports[15:0]), swap16(mark_ports[31:16])}),
      .word5_i({swap16(verdict.mark_mss), verdict.mark_wscale, verdict.mark_flags, swap32(verdict.ack)}),
      .hash_o(mark_mac_o));

  // ---- time: due groups and sweeper
  wire peek_t7 = q_t7.op == OpPeek;
  logic [12:8] walks_q;   // PEEK: looks for entries
  logic [11:8] clears_q;  // PEEK: clears a group
  always_ff @(posedge clk_i) begin
    walks_q  <= {walks_q[11:8], rst_ni && peek_t7 && q_t7.flags[3:0] == PeekWalk};
    clears_q <= {clears_q[10:8], rst_ni && peek_t7 && q_t7.flags[3:0] == PeekClear};
  end
  logic fetched_t4_q;
  logic [354:0] fetched_t5_q;
  always_ff @(posedge clk_i) begin
    fetched_t4_q <= up && q_t3.op == OpPeek && q_t3.flags[3:0] == PeekFetch;
    fetched_t5_q <= fetched_t4;
  end
  logic fetched_valid_t5_q;
  always_ff @(posedge clk_i) fetched_valid_t5_q <= fetched_t4_q && up;

  wire [23:0] now_t6;
  synward_delay #(.Width(24), .Depth(3)) u_now_t6 (.clk_i, .rst_ni, .data_i(q_t3.time_ms[23:0]), .data_o(now_t6));
  wire found_t12, any_t12;
  wire [2:0] found_way_t12;
  wire [15:0] left_t12;
  synward_peek u_peek (
      .clk_i, .interval_i(interval), .now_i(now_t6), .entries_i(entries_t6), .valid_i(valid_t6), .found_o(found_t12),
      .way_o(found_way_t12), .any_o(any_t12), .left_o(left_t12));

  // t12: the interval of what was armed; t13: when it is due
  logic arm12_q, clear12_q, arm13_q, clear13_q;
  logic [15:0] wait12_q;
  logic [23:0] now12_q, due13_q;
  logic [LogBuckets-1:0] bucket12_q, bucket13_q;
  logic [15:0] r_interval;
  always_comb begin
    r_interval = 16'd0;
    for (int n = 0; n < 13; n++) if (r_e.rxmits == 4'(n + 1)) r_interval = r_interval | interval[16*n +: 16];
  end
  always_ff @(posedge clk_i) begin
    arm12_q <= r_write && (r_effect.insert || r_effect.duplicate || r_effect.retransmit);
    wait12_q <= r_interval;
    now12_q <= r_q.time_ms[23:0];
    bucket12_q <= r_bucket;
    clear12_q <= clears_q[11] && up;
    arm13_q <= up && (arm12_q || (walks_q[12] && any_t12));
    clear13_q <= up && clear12_q;
    due13_q <= now12_q + (arm12_q ? {8'd0, wait12_q} : found_t12 ? 24'd0 : {8'd0, left_t12});
    bucket13_q <= bucket12_q;
  end
  wire [LogGroups-1:0] look;
  wire look_armed;
  wire [23:0] look_due;
  synward_due_groups #(.LogGroups(LogGroups)) u_groups (
      .clk_i, .empty_i(!up), .arm_i(arm13_q), .clear_i(clear13_q), .group_i(bucket13_q[LogBuckets-1 -: LogGroups]),
      .due_i(due13_q),
      .look_i(look), .armed_o(look_armed), .due_o(look_due));
  wire sweep_idle, sweep_wake;
  wire [31:0] sweep_wake_ms;
  logic visit_t11, refused_t12_q;
  logic [14+LogFlows:0] visit_t12_q;  // which: the time at which it was due
  synward_delay_bit #(.Depth(T0 + 11 - FlowsAt)) u_visit_t11 (.clk_i, .rst_ni, .bit_i(flow_visit), .bit_o(visit_t11));
  always_ff @(posedge clk_i) begin
    refused_t12_q <= visit_t11 && !visited;
    visit_t12_q <= r_q.time_ms[31:17-LogFlows];
  end
  synward_sweeper #(.LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogGroups(LogGroups)) u_sweeper (
      .clk_i, .rst_ni(up_sweeper), .time_ms_i, .valid_o(sweep_valid), .valid_copies_o(sweep_part),
      .request_o(sweep_request), .taken_i(take_sweep),
      .line_half_i, .clearing_i(1'b0), .look_o(look), .look_armed_i(look_armed),
      .look_due_i(look_due), .changed_i(arm13_q || clear13_q), .found_i(walks_q[12] && found_t12),
      .found_bucket_i(bucket12_q), .found_way_i(found_way_t12),
      .fetched_i(fetched_valid_t5_q), .fetched_key_i(fetched_t5_q), .refused_i(refused_t12_q),
      .refused_visit_i(visit_t12_q),
      .idle_o(sweep_idle), .wake_o(sweep_wake), .wake_ms_o(sweep_wake_ms));

  // ---- listing: t6 shows the ways, t7 answers
  wire list_t3 = q_t3.op == OpPeek && q_t3.flags[3:0] == PeekList;
  wire list_t6;
  wire [7:0] list_way_t6;
  synward_delay_bit #(.Depth(3)) u_list_t6 (.clk_i, .rst_ni, .bit_i(list_t3), .bit_o(list_t6));
  synward_delay #(.Width(8), .Depth(3)) u_list_way_t6 (.clk_i, .rst_ni, .data_i(q_t3.ack[7:0]), .data_o(list_way_t6));
  logic [EntryW-1:0] listed_t6;
  always_comb begin
    listed_t6 = '0;
    for (int w = 0; w < 8; w++) listed_t6 = listed_t6 | (entries_t6[EntryW*w +: EntryW] & {EntryW{list_way_t6[w]}});
  end
  logic list_t7_q;
  logic [7:0] list_valid_t7_q;
  synward_entry_t listed_t7;
  logic [EntryW-1:0] listed_t7_q;
  logic [354:0] fetched_t6_q, fetched_t7_q;
  assign listed_t7 = {listed_t7_q, 66'd0};
  always_ff @(posedge clk_i) begin
    list_t7_q <= list_t6 && up;
    list_valid_t7_q <= valid_t6;
    listed_t7_q <= listed_t6;
    fetched_t6_q <= fetched_t5_q;
    fetched_t7_q <= fetched_t6_q;
  end
  synward_listing_t listing_t7;
  always_comb begin
    {listing_t7.v6, listing_t7.faddr, listing_t7.laddr, listing_t7.fport, listing_t7.lport} = fetched_t7_q[354:66];
    listing_t7.mss = listed_t7.mss;
    listing_t7.ws = listed_t7.ws;
    listing_t7.ws_ok = listed_t7.ws_ok;
    listing_t7.sack_ok = listed_t7.sack_ok;
    listing_t7.ts_ok = listed_t7.ts_ok;
    listing_t7.ecn_ok = listed_t7.ecn_ok;
    listing_t7.unreach = listed_t7.unreach;
    listing_t7.rxmits = listed_t7.rxmits;
    listing_t7.armed = listed_t7.armed;
    listing_t7.service = listed_t7.service;
    listing_t7.handed = listed_t7.handed;
  end
  synward_lister #(.LogBuckets(LogBuckets)) u_lister (
      .clk_i, .rst_ni(up_lister), .first_i(list_first_i), .next_i(list_next_i), .busy_o(list_busy_o),
      .shown_o(list_shown_o),
      .listing_o, .valid_o(list_valid), .bucket_o(list_bucket),
      .way_o(list_way), .taken_i(take_list), .answer_i(list_t7_q), .entries_i(list_valid_t7_q), .listing_i(listing_t7));

  // ---- status
  synward_counts_t counts;
  assign counts = counts_o;
  wire [31:0] limiter_first = limiter_until - sweep_wake_ms;
  always_ff @(posedge clk_i) begin
    if (!up) flows_o <= '0;
    else flows_o <= flows_o + (LogFlows + 5)'(counts.flows_added) - (LogFlows + 5)'(counts.flows_aged);
    tick_q <= {tick_q[8], q_t7.op == OpTick};
    if (!rst_ni) end_pause_q <= 1'b0;
    else if (end_pause_i) end_pause_q <= 1'b1;
    else if (tick_q[9]) end_pause_q <= 1'b0;
    idle_o <= up && sweep_idle && !list_busy_o;
    wake_o <= sweep_wake || limiter_open;
    wake_ms_o <= sweep_wake && !(limiter_open && limiter_first[31]) ? sweep_wake_ms : limiter_until;
  end

  wire unused = &{1'b0, settings_i, watch_i, q_t7, r_e, counts, verdict, r_q,
      limiter_first[30:0]};
endmodule

`default_nettype wire
