// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Between the shell and an engine of any latency and interval behind valid-ready streams, which answers in order.
/// Requests wait whole, the shell is never stalled: a frame that finds no room is dropped, and dropped_o says so; its
/// place in the order of frames stays, so that none of its beats is taken for another's. What the shell needs of a
/// frame waits here until its verdict comes. Answers to what no frame asked (the operation tells) go out between two
/// frames'. What time asks goes when nothing else waits, and at the latest behind Turn others.
///
/// The engine is reset with this block, and when it does not as it should (synward_engine_guard). Until it does again
/// all that would ask is dropped, whether it waits or comes, so that other frames go their way.
module synward_elastic #(
    parameter int LogWaiting = 7,   ///< log2 of the frames' requests that wait or are in the engine, 4 more or less
    parameter int LogWatched = 6,   ///< log2 of the host's requests that wait, likewise
    parameter int LogFrames = 11,   ///< log2 of the frames that wait for a verdict, asked or not
    parameter int Inside = 80,      ///< questions that the engine has at once, at most: the room that they were told of
    parameter int Places = 60,      ///< decisions that the shell has at once, at most
    parameter int Turn = 256,       ///< questions behind which time has its turn; a power of 2
    parameter int MarkLatency = 23, ///< clocks from a verdict to the MAC of its mark
    parameter int LogPatience = 20, ///< see synward_engine_guard
    parameter int LogQuiet = 16     ///< likewise
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // frames, each once, in order
    input  wire          valid_i,
    input  synward_request_t request_i,        ///< OpNone: nothing is asked
    input  synward_waiting_t waiting_i,        ///< but tag, asks and lost
    input  synward_context_t context_i,
    input  wire          unstored_i,           ///< 1 clock later: the frame itself found no room, and is gone
    input  wire  [6:0]   number_i,             ///< likewise: its tag
    output logic         dropped_o,            ///< a frame is dropped
    // the host port's requests
    input  wire          watch_valid_i,
    input  synward_request_t watch_i,
    output logic         watch_lost_o,
    input  synward_settings_t settings_i,
    input  wire          load_i,
    input  wire          end_pause_i,
    output logic         loading_o,            ///< a load is on its way to the engine, or answers from before it are
    input  wire          room_line_i,
    input  wire          room_host_i,
    // what time asks: may change while it waits
    input  wire          time_valid_i,
    input  synward_request_t time_i,
    output logic         time_taken_o,
    // the engine's streams
    output logic         setting_valid_o,      ///< it counts for the questions that are put behind it
    output synward_setting_t setting_o,
    input  wire          setting_ready_i,
    output logic         question_valid_o,
    output synward_question_t question_o,
    input  wire          question_ready_i,
    input  wire          answer_valid_i,
    input  synward_answer_t answer_i,
    output logic         answer_ready_o,
    // to the shell, as from an engine of fixed latency
    output logic         verdict_valid_o,      ///< of a frame: waiting_o and context_o are its own
    output synward_waiting_t waiting_o,
    output synward_context_t context_o,
    output synward_verdict_t verdict_o,
    output synward_counts_t counts_o,
    output logic [31:0]  mark_mac_o,           ///< MarkLatency clocks after its verdict
    output logic         event_valid_o,
    output synward_event_t event_o,
    output logic         sight_valid_o,        ///< of every answer
    output synward_sight_t sight_o,
    input  wire          done_i,               ///< a frame has left with its decision
    output logic         engine_rst_no,
    output synward_engine_faults_t faults_o,
    output logic         busy_o                ///< something waits, or is in the engine, or this is not well
);
  if (LogWaiting < 5) begin : gen_refused_log_waiting
    $error("synward_elastic: LogWaiting must be 5 or more");
  end
  if (LogWatched > LogWaiting) begin : gen_refused_log_watched
    $error("synward_elastic: LogWatched must be LogWaiting or less");
  end
  if (LogFrames <= LogWaiting) begin : gen_refused_log_frames
    $error("synward_elastic: LogFrames must be more than LogWaiting");
  end
  if (Inside < 4 || Inside > 255) begin : gen_refused_inside
    $error("synward_elastic: Inside must be 4 to 255");
  end
  if (Places < 4 || Places > 60) begin : gen_refused_places
    $error("synward_elastic: Places must be 4 to 60");
  end

  if (Turn < 2 || (Turn & (Turn - 1)) != 0) begin : gen_refused_turn
    $error("synward_elastic: Turn must be a power of 2, 2 or more");
  end

  // What waits to be asked is dropped, at one a clock, while the engine is heard out.
  if (LogQuiet < LogWaiting + 2) begin : gen_refused_log_quiet
    $error("synward_elastic: LogQuiet must be LogWaiting + 2 or more");
  end

  // ---- a frame comes in: does it fit
  logic valid_q, asks_q, full_q;
  synward_request_t request_q;
  synward_waiting_t waiting_q, entry;
  synward_context_t context_q;
  logic [LogWaiting:0] asked_q;  // frames' requests that wait or are in the engine
  wire keep = valid_q && !unstored_i;
  wire ask = keep && asks_q && !full_q;
  always_comb begin
    entry = waiting_q;
    entry.tag = number_i;
    entry.asks = asks_q && !full_q;
    entry.lost = asks_q && full_q;
  end
  wire give_frame, answered, lose_frame;
  wire up, probe, flush, question_lost;  // what the guard says of the engine
  logic answered_q, drop_q, lose_q;
  always_ff @(posedge clk_i) begin
    valid_q <= rst_ni && valid_i;
    request_q <= request_i;
    asks_q <= request_i.op != OpNone;
    waiting_q <= waiting_i;
    context_q <= context_i;
    drop_q <= rst_ni && valid_q && (unstored_i || (asks_q && full_q));
    lose_q <= rst_ni && lose_frame;
    answered_q <= rst_ni && give_frame && answered;
    asked_q <= !rst_ni ? '0 : asked_q + (LogWaiting + 1)'(ask) - (LogWaiting + 1)'(answered_q);
    // A clock old, as one more may come: hence the distance. Beyond it the FIFOs below would be full.
    full_q <= !rst_ni || !up || asked_q >= (LogWaiting + 1)'((1 << LogWaiting) - 6);
  end

  wire drops_owed, watches_owed;
  synward_one_by_one #(.Events(2), .LogMost(LogWaiting + 5)) u_dropped (
      .clk_i, .rst_ni, .events_i({drop_q, lose_q}), .pulse_o(dropped_o), .owes_o(drops_owed));

  // ---- what waits: requests, what else is known of their frames, the order of all frames, the host's requests
  wire frame_waits, watch_waits, context_valid, order_valid;
  wire take_frame, take_watch;
  wire [4:0] refused;
  wire watched;
  synward_request_t frame_request, watch_request;
  synward_waiting_t order;
  synward_context_t context_head;
  synward_frame_fifo #(.Width(`SYNWARD_REQUEST_W), .LogDepth(LogWaiting)) u_requests (
      .clk_i, .rst_ni, .valid_i(ask), .beat_i(request_q), .last_i(1'b1), .keep_frame_i(1'b1), .stored_o(),
      .refused_o(refused[0]), .used_o(), .valid_o(frame_waits), .beat_o(frame_request), .ready_i(take_frame));
  synward_frame_fifo #(.Width(`SYNWARD_CONTEXT_W), .LogDepth(LogWaiting)) u_contexts (
      .clk_i, .rst_ni, .valid_i(ask), .beat_i(context_q), .last_i(1'b1), .keep_frame_i(1'b1), .stored_o(),
      .refused_o(refused[1]), .used_o(), .valid_o(context_valid), .beat_o(context_head),
      .ready_i(give_frame && answered));
  synward_frame_fifo #(.Width(`SYNWARD_WAITING_W), .LogDepth(LogFrames)) u_order (
      .clk_i, .rst_ni, .valid_i(keep), .beat_i(entry), .last_i(1'b1), .keep_frame_i(1'b1), .stored_o(),
      .refused_o(refused[2]), .used_o(), .valid_o(order_valid), .beat_o(order), .ready_i(give_frame));
  synward_frame_fifo #(.Width(`SYNWARD_REQUEST_W), .LogDepth(LogWatched)) u_watched (
      .clk_i, .rst_ni, .valid_i(watch_valid_i), .beat_i(watch_i), .last_i(1'b1), .keep_frame_i(1'b1),
      .stored_o(watched), .refused_o(refused[3]), .used_o(), .valid_o(watch_waits), .beat_o(watch_request),
      .ready_i(take_watch));
  // Besides, what the engine does not answer any more, and what is not put to it. A fault owes what waited; it may come
  // many times before the host port leaves clocks to pay in.
  wire drop_watch, spare_lost;
  synward_one_by_one #(.Events(4), .LogMost($clog2(32 * ((1 << LogWatched) + Inside + 16)))) u_watch_lost (
      .clk_i, .rst_ni, .events_i({refused[3], drop_watch, question_lost, spare_lost}), .pulse_o(watch_lost_o),
      .owes_o(watches_owed));

  // ---- the next question: in the order in which line and host brought them, and between them what time asks
  logic ask_q;
  wire turn_valid, take_turn;
  wire [1:0] turn;  // a frame's, then one of the host
  always_ff @(posedge clk_i) ask_q <= rst_ni && ask;
  synward_frame_fifo #(.Width(2), .LogDepth(LogWaiting + 1)) u_turns (
      .clk_i, .rst_ni, .valid_i(ask_q || watched), .beat_i({ask_q, watched}), .last_i(1'b1), .keep_frame_i(1'b1),
      .stored_o(), .refused_o(refused[4]), .used_o(), .valid_o(turn_valid), .beat_o(turn), .ready_i(take_turn));
  logic frame_put_q;  // of this turn
  logic room_q, room_others_q;
  logic [7:0] inside_q;
  wire free = !question_valid_o || question_ready_i;
  wire next = room_q && free;
  wire next_other = room_others_q && free && !time_turn;
  wire choose_watch = !turn[1] || frame_put_q;
  localparam int LogTurn = $clog2(Turn);
  logic [LogTurn:0] since_time_q;
  logic late_q;
  wire time_turn = time_valid_i && (!turn_valid || late_q);
  assign time_taken_o = next && time_turn;
  wire put_watch = next_other && turn_valid && choose_watch && watch_waits;
  wire put_frame = next_other && turn_valid && !choose_watch && frame_waits;
  wire drops = !up && !room_others_q;  // in the first clock one may still be put
  assign drop_watch = drops && turn_valid && choose_watch && watch_waits;
  assign take_watch = put_watch || drop_watch;
  assign take_frame = put_frame || (drops && turn_valid && !choose_watch && frame_waits);
  assign take_turn = take_watch || (take_frame && !turn[0]);
  wire put_other = put_watch || put_frame;
  wire put = put_other || time_taken_o;
  logic put_q, put_other_q, given_q;
  wire [7:0] inside_next = inside_q + 8'(put_q) - 8'(given_q);
  always_ff @(posedge clk_i) begin
    if (next) question_valid_o <= put;
    else if (question_ready_i) question_valid_o <= 1'b0;
    if (put) begin
      question_o <= {time_turn ? time_i : choose_watch ? watch_request : frame_request, room_line_i, room_host_i};
    end
    if (take_watch || take_frame) frame_put_q <= take_frame && turn[0];
    put_q <= rst_ni && put;
    put_other_q <= rst_ni && put_other;
    given_q <= rst_ni && give_answer && !flush;
    inside_q <= inside_next;
    since_time_q <= time_taken_o ? '0 : since_time_q + (LogTurn + 1)'(put_other_q && !since_time_q[LogTurn]);
    late_q <= since_time_q[LogTurn] && !time_taken_o;
    // Three are put before the first of them shows here.
    room_q <= probe && inside_q < 8'(Inside - 2);
    room_others_q <= up && inside_q < 8'(Inside - 2);
    if (!rst_ni) begin
      frame_put_q <= 1'b0;
      since_time_q <= '0;
      late_q <= 1'b0;
    end
    if (!rst_ni || flush) begin
      question_valid_o <= 1'b0;
      inside_q <= '0;
      {room_q, room_others_q} <= '0;
    end
  end

  // ---- settings: all of them, whenever one has changed, and with what happens once
  logic sent_q, load_q, end_pause_q, offering_q;
  // Questions from before a load: those that were put until some clocks behind its being taken, as the engine may take
  // one of them before it and one behind it. None of the latter meets cleared tables yet.
  logic load_waits_q;
  logic [3:0] load_taken_q;
  logic [7:0] old_q;
  wire load_open = load_waits_q || load_taken_q != '0;
  assign loading_o = load_open || old_q != '0;
  localparam int PartW = 64;
  localparam int Parts = (`SYNWARD_SETTINGS_W + PartW - 1) / PartW;
  wire [PartW*Parts-1:0] told = (PartW*Parts)'(setting_o.settings);
  wire [PartW*Parts-1:0] now = (PartW*Parts)'(settings_i);
  logic [Parts-1:0] differs_q;
  logic differ_q;
  logic [2:0] stale_q;  // the comparison does not know what was told last
  wire offer = !flush && !setting_valid_o && !offering_q
      && (!sent_q || load_q || end_pause_q || (differ_q && stale_q == 3'd0));
  always_ff @(posedge clk_i) begin
    for (int p = 0; p < Parts; p++) differs_q[p] <= told[PartW*p +: PartW] != now[PartW*p +: PartW];
    differ_q <= |differs_q;
    stale_q <= offering_q ? '1 : stale_q >> 1;
    offering_q <= offer;
    if (offering_q) setting_o <= {settings_i, load_q, end_pause_q};
    if (offering_q) setting_valid_o <= 1'b1;
    else if (setting_ready_i) setting_valid_o <= 1'b0;
    sent_q <= sent_q || offering_q;
    load_q <= load_i || flush || (load_q && !offering_q);
    // What was offered to an engine that is reset, and not taken, is offered again.
    end_pause_q <= end_pause_i || (end_pause_q && (!offering_q || flush))
        || (flush && setting_valid_o && setting_o.end_pause);
    load_waits_q <= load_i || load_q || (setting_valid_o && setting_o.load);
    load_taken_q <= load_waits_q ? '1 : load_taken_q != '0 ? load_taken_q - 4'd1 : '0;
    if (load_open) old_q <= inside_next;
    else if (old_q != '0) old_q <= old_q - 8'(given_q);
    if (!rst_ni || flush) begin
      setting_valid_o <= 1'b0;
      {offering_q, sent_q} <= '0;
      stale_q <= '1;
    end
    if (!rst_ni) begin
      {load_q, end_pause_q, load_waits_q} <= '0;
      load_taken_q <= '0;
      old_q <= '0;
    end
  end

  // ---- answers: a register, and one beside it for what comes as it is held. A wrong one stays, and none behind it is
  // given, until the engine is reset.
  logic answer_valid_q, spare_valid_q, spare_right_q, spare_watch_q;
  synward_answer_t answer_q, spare_q;
  synward_answer_t answer_next;
  synward_verdict_t verdict_i, verdict_next;
  assign verdict_i = answer_i.verdict;
  assign answer_next = spare_valid_q ? spare_q : answer_i;
  assign verdict_next = answer_next.verdict;
  assign answer_ready_o = !spare_valid_q;
  wire asked_some;
  wire [3:0] asked_op;
  // Of a question that was asked, and from tables that stay cleared.
  synward_sight_t sight_in;
  assign sight_in = answer_i.sight;
  logic was_ready_q, unready_q;
  wire due = asked_some && verdict_i.op == asked_op;
  wire forgot = due && was_ready_q && !sight_in.state.ready;
  wire right = due && !forgot;
  wire right_next = spare_valid_q ? spare_right_q : right;
  logic frame_q, other_q;  // a right one is there, of a frame or not
  wire of_watch = verdict_next.op == OpServer || verdict_next.op == OpStatus;
  wire of_time = verdict_next.op == OpTimeout || verdict_next.op == OpTick || verdict_next.op == OpVisit
      || verdict_next.op == OpPeek || verdict_next.op == OpNone;
  logic [5:0] places_q;
  logic place_q, done_q;
  assign answered = order.asks;
  wire lose = !up && !answer_valid_q;
  assign give_frame = !other_q && order_valid && place_q && (!order.asks || (context_valid && (frame_q || lose)));
  assign lose_frame = give_frame && order.asks && !frame_q;
  wire give_answer = other_q || (give_frame && order.asks && frame_q);
  wire answer_free = !answer_valid_q || give_answer;
  wire take_answer = answer_valid_i && answer_ready_o;
  wire move = (spare_valid_q || take_answer) && !flush;
  // What the spare one holds has been taken for answered.
  assign spare_lost = flush && spare_valid_q && spare_right_q && spare_watch_q;
  wire [31:0] mac;
  always_ff @(posedge clk_i) begin
    if (answer_free) begin
      answer_valid_q <= move;
      answer_q <= answer_next;
      frame_q <= move && right_next && !of_watch && !of_time;
      other_q <= move && right_next && (of_watch || of_time);
    end else if (flush && !frame_q) begin
      answer_valid_q <= 1'b0;
    end
    if (answer_free || flush) spare_valid_q <= 1'b0;
    else if (take_answer) spare_valid_q <= 1'b1;
    if (!spare_valid_q) begin
      spare_q <= answer_i;
      spare_right_q <= right;
      spare_watch_q <= verdict_i.op == OpServer || verdict_i.op == OpStatus;
    end
    verdict_valid_o <= give_frame;
    waiting_o <= order;
    if (lose_frame) {waiting_o.asks, waiting_o.lost} <= 2'b01;
    context_o <= context_head;
    verdict_o <= give_answer ? answer_q.verdict : '0;
    counts_o <= give_answer ? answer_q.counts : '0;
    event_valid_o <= give_answer && answer_q.event_valid;
    event_o <= answer_q.record;
    sight_valid_o <= rst_ni && give_answer;
    sight_o <= answer_q.sight;
    done_q <= rst_ni && done_i;
    places_q <= places_q + 6'(verdict_valid_o) - 6'(done_q);
    // Likewise.
    place_q <= places_q < 6'(Places - 2);
    busy_o <= asked_q != '0 || inside_q != '0 || watch_waits || order_valid || places_q != '0 || setting_valid_o
        || question_valid_o || answer_valid_q || loading_o || stale_q != '0 || !up || drops_owed
        || watches_owed;
    if (!rst_ni) begin
      {answer_valid_q, spare_valid_q, frame_q, other_q} <= '0;
      {verdict_valid_o, event_valid_o} <= '0;
      verdict_o <= '0;
      counts_o <= '0;
      places_q <= '0;
      place_q <= 1'b0;
      busy_o <= 1'b1;
    end
  end
  assign mac = answer_q.mark_mac;
  logic [31:0] mac_q;
  always_ff @(posedge clk_i) mac_q <= mac;
  synward_delay #(.Width(32), .Depth(MarkLatency)) u_mac (.clk_i, .rst_ni, .data_i(mac_q), .data_o(mark_mac_o));

  // ---- whether the engine does as it should
  logic empty_q;
  always_ff @(posedge clk_i) begin
    if (take_answer && due) begin
      was_ready_q <= sight_in.state.ready;
      unready_q <= !sight_in.state.ready;
    end
    // No answer to a question from behind a load comes before this is seen.
    if (!rst_ni || loading_o || flush) {was_ready_q, unready_q} <= '0;
    empty_q <= asked_q == '0 && !answer_valid_q;
  end
  synward_request_t question_request;
  assign question_request = question_o.request;
  wire [3:0] put_op = question_request.op;
  synward_engine_guard #(.LogInside($clog2(Inside + 4)), .LogPatience(LogPatience), .LogQuiet(LogQuiet)) u_guard (
      .clk_i, .rst_ni, .put_i(put_q), .put_op_i(put_op), .setting_waits_i(setting_valid_o),
      .listens_i(answer_ready_o),
      .answer_valid_i(take_answer), .answers_o(asked_some), .op_o(asked_op), .right_i(right), .forgot_i(forgot),
      .unready_i(unready_q), .empty_i(empty_q), .up_o(up), .probe_o(probe), .flush_o(flush), .lost_o(question_lost),
      .engine_rst_no, .faults_o);

  // ---- what the streams promise, and what there is room for
  wire rules_rst_n = rst_ni && engine_rst_no;
  synward_stable_rules #(.Width(`SYNWARD_QUESTION_W)) u_question_rules (
      .clk_i, .rst_ni(rules_rst_n), .valid_i(question_valid_o), .ready_i(question_ready_i), .offered_i(question_o));
  synward_stable_rules #(.Width(`SYNWARD_SETTING_W)) u_setting_rules (
      .clk_i, .rst_ni(rules_rst_n), .valid_i(setting_valid_o), .ready_i(setting_ready_i), .offered_i(setting_o));
  synward_stable_rules #(.Width(`SYNWARD_ANSWER_W)) u_answer_rules (
      .clk_i, .rst_ni(rules_rst_n), .valid_i(answer_valid_i), .ready_i(answer_ready_o), .offered_i(answer_i));
`ifndef SYNTHESIS
  always_ff @(posedge clk_i) if (rst_ni) begin
    fits: assert (refused[2:0] == '0 && !refused[4]);
    asked: assert (!(frame_q && asked_q == '0));
  end
`endif
  wire unused = &{1'b0, refused};
endmodule

`default_nettype wire
