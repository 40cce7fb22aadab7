// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What time asks of an engine behind streams, what the host is listed of it, and the state that registers show. It
/// hears of the engine's tables by what answers show (synward_sight_t), in order, and asks by PEEK for more: sweeper,
/// due groups and lister are those of synward_engine, at any latency. A due group is cleared when the answer to its
/// clearing comes: whoever is armed before is met by the looks that follow, whoever is armed behind it stays armed.
///
/// Until an answer says that the tables are cleared it asks for nothing but their state, again and again.
module synward_socket_time #(
    parameter int LogBuckets = 14,   ///< log2 of the most buckets of the syncache, 6..14
    parameter int LogFlows = 16      ///< log2 of the buckets of the flow table, 6..16
) (
    input  wire          clk_i,
    input  wire          rst_ni,           ///< with the engine's
    input  wire  [31:0]  time_ms_i,
    input  wire          line_half_i,      ///< less than half of the replies' buffer is in use
    // questions; what is on offer may change
    output logic         valid_o,
    output logic [`SYNWARD_REQUEST_W-1:0] request_o,
    input  wire          taken_i,
    // answers
    input  wire          loading_i,        ///< a load is on its way, or answers from before it are
    input  wire          sight_valid_i,
    input  synward_sight_t sight_i,
    // half-open connections for the host, one by one
    input  wire          list_first_i,
    input  wire          list_next_i,
    output logic         list_busy_o,
    output logic         list_shown_o,
    output logic [`SYNWARD_LISTING_W-1:0] listing_o,
    output logic [`SYNWARD_ENGINE_STATE_W-1:0] state_o,  ///< as the last answer showed it
    // for simulators that skip idle time; answers that are to come are not known here
    output logic         idle_o,           ///< nothing happens before wake_ms_o
    output logic         wake_o,           ///< wake_ms_o means something
    output logic [31:0]  wake_ms_o
);
  if (LogBuckets < 6 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_socket_time: LogBuckets must be 6 to 14");
  end
  if (LogFlows < 6 || LogFlows > 16) begin : gen_refused_log_flows
    $error("synward_socket_time: LogFlows must be 6 to 16");
  end
  localparam int LogGroups = synward_logic_pkg::log_groups(LogBuckets);

  // ---- state; the tables are cleared: for what is armed, and for those that wait for it, a copy each
  synward_engine_state_t shown, shown_q, state;
  assign shown = sight_i.state;
  wire up, up_sweeper, up_lister;
  synward_fanout #(.Copies(3)) u_up (
      .clk_i, .bit_i(rst_ni && !loading_i && (sight_valid_i ? shown.ready : up)),
      .copies_o({up, up_sweeper, up_lister}));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) shown_q <= '0;
    else if (sight_valid_i) shown_q <= shown;
  end
  always_comb begin
    state = shown_q;
    state.ready = up;
  end
  assign state_o = state;

  // ---- what an answer shows, a clock later
  logic seen_q;
  synward_sight_t sight_q;
  always_ff @(posedge clk_i) begin
    seen_q <= rst_ni && !loading_i && sight_valid_i && shown.ready;
    sight_q <= sight_i;
  end
  wire peek = seen_q && sight_q.peek;
  wire walked = peek && sight_q.kind == PeekWalk;
  wire cleared = peek && sight_q.kind == PeekClear;
  wire fetched = peek && sight_q.kind == PeekFetch;
  wire listed = peek && sight_q.kind == PeekList;
  wire arm = (seen_q && sight_q.armed) || (walked && sight_q.any);
  synward_listing_t found;
  assign found = sight_q.listing;

  // ---- time: due groups and sweeper
  wire [LogGroups-1:0] look;
  wire look_armed;
  wire [23:0] look_due;
  synward_due_groups #(.LogGroups(LogGroups)) u_groups (
      .clk_i, .empty_i(!up), .arm_i(arm), .clear_i(cleared),
      .group_i(sight_q.bucket[LogBuckets-1 -: LogGroups]), .due_i(sight_q.due),
      .look_i(look), .armed_o(look_armed), .due_o(look_due));
  wire sweep_valid, sweep_idle;
  wire [`SYNWARD_REQUEST_W-1:0] sweep_bits;
  synward_request_t sweep_request;
  assign sweep_request = sweep_bits;
  logic clearing_q;
  wire take_sweep = taken_i && sweep_valid;
  synward_sweeper #(.LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogGroups(LogGroups)) u_sweeper (
      .clk_i, .rst_ni(up_sweeper), .time_ms_i, .valid_o(sweep_valid), .valid_copies_o(), .request_o(sweep_bits),
      .taken_i(take_sweep), .line_half_i, .clearing_i(clearing_q), .look_o(look), .look_armed_i(look_armed),
      .look_due_i(look_due), .changed_i(arm || cleared), .found_i(walked && sight_q.found),
      .found_bucket_i(sight_q.bucket[LogBuckets-1:0]), .found_way_i(sight_q.way), .fetched_i(fetched),
      .fetched_key_i({found.v6, found.faddr, found.laddr, found.fport, found.lport, sight_q.tags, sight_q.tag1,
      sight_q.tag2}),
      // What a visit meets stands still: an engine behind streams keeps it apart.
      .refused_i(1'b0), .refused_visit_i('0), .idle_o(sweep_idle), .wake_o, .wake_ms_o);

  // ---- listing
  wire list_valid;
  wire [LogBuckets-1:0] list_bucket;
  wire [7:0] list_way;
  synward_lister #(.LogBuckets(LogBuckets)) u_lister (
      .clk_i, .rst_ni(up_lister), .first_i(list_first_i), .next_i(list_next_i), .busy_o(list_busy_o),
      .shown_o(list_shown_o), .listing_o, .valid_o(list_valid), .bucket_o(list_bucket), .way_o(list_way),
      .taken_i(taken_i && !sweep_valid && list_valid), .answer_i(listed), .entries_i(sight_q.ways),
      .listing_i(sight_q.listing));

  // ---- the question: what is due, or else a listing, or else, until the tables are cleared, whether they are
  logic state_asked_q;
  wire ask_state = !up && !state_asked_q;
  synward_request_t list_request;
  always_comb begin
    list_request = '0;
    list_request.op = OpPeek;
    list_request.flags = {4'd0, list_valid ? PeekList : PeekState};
    list_request.seq = list_valid ? 32'(list_bucket) : 32'd0;
    list_request.ack = list_valid ? {24'd0, list_way} : 32'd0;
  end
  assign valid_o = sweep_valid || list_valid || ask_state;
  assign request_o = sweep_valid ? sweep_bits : list_request;
  logic [3:0] hold_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_asked_q <= 1'b0;
    else if (taken_i && !sweep_valid && !list_valid) state_asked_q <= 1'b1;
    else if (sight_valid_i && sight_i.peek && sight_i.kind == PeekState) state_asked_q <= 1'b0;
    if (!up || cleared) clearing_q <= 1'b0;
    else if (take_sweep && sweep_request.op == OpPeek && sweep_request.flags[3:0] == PeekClear) clearing_q <= 1'b1;
    // What an answer brings shows in sweeper and lister some clocks later.
    hold_q <= sight_valid_i ? '1 : hold_q != '0 ? hold_q - 4'd1 : '0;
    idle_o <= up && !loading_i && sweep_idle && !list_busy_o && !sight_valid_i && hold_q == '0;
  end

  wire unused = &{1'b0, shown_q, sight_q, found, sweep_request};
endmodule

`default_nettype wire
