// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The card around an HLS kernel that is outside: shell and elastic socket, what asks the kernel when time says so, and
/// the kernel's own words on three streams (AXI4-Stream, TDATA in whole bytes). It may have any latency and any
/// interval; frames that it is too slow for are dropped whole and counted (engine_full). What synward_core is with the
/// RTL's engine (docs/hls.md).
module synward_hls_core #(
    parameter int LogServices = 5,        ///< log2 of the service table's entries
    parameter int LogBuckets = 14,        ///< log2 of the most buckets of the syncache, 6..14
    parameter int LogFlows = 16,          ///< log2 of the buckets of the flow table, 6..16
    parameter int LogBufferDepth = 9,     ///< log2 of the beats of each frame buffer
    parameter int LogWaiting = 7,         ///< log2 of the requests of frames that wait or are in the engine, 5..9
    parameter int LogWait = 10,           ///< log2 of the beats of frames that wait for their verdict, above LogWaiting
    parameter int LogPatience = 20,       ///< log2 of the clocks after which a silent kernel is reset, and
    parameter int LogQuiet = 16,          ///< of those in which it then must say nothing (synward_engine_guard)
    parameter int ClockHz = 322265625     ///< what CLOCK_HZ holds at reset
) (
    input  wire          clk_i,
    input  wire          rst_ni,    ///< at any time, for any time (theory of operation, "Reset")
    // For simulators alone, which leap over idle time: time_ms_i in the place of the core's own millisecond clock. A
    // board ties time_given_i to 0.
    input  wire          time_given_i,
    input  wire  [31:0]  time_ms_i,

    // AXI4-Stream: line in, line out, host in, host out
    input  synward_beat_t line_rx_i,
    output synward_beat_t line_tx_o,
    input  wire          line_tx_ready_i,
    input  synward_beat_t host_rx_i,
    output synward_beat_t host_tx_o,
    input  wire          host_tx_ready_i,
    // AXI4-Lite
    input  synward_axil_request_t axil_request_i,
    output synward_axil_response_t axil_response_o,

    // the engine: AXI4-Streams without tlast, of the kernel's structs
    output logic         engine_rst_no,   ///< the engine is reset with the socket, and when it does not as it should
    output logic         setting_tvalid_o,
    output logic [`SYNWARD_KERNEL_SETTING_W-1:0] setting_tdata_o,
    input  wire          setting_tready_i,
    output logic         question_tvalid_o,
    output logic [`SYNWARD_KERNEL_QUESTION_W-1:0] question_tdata_o,
    input  wire          question_tready_i,
    input  wire          answer_tvalid_i,
    input  wire  [`SYNWARD_KERNEL_ANSWER_W-1:0] answer_tdata_i,
    output logic         answer_tready_o,
    // for simulators that skip idle time
    output logic [31:0]  time_ms_o,
    output logic         idle_o,          ///< nothing waits here, and nothing is on its way to or from the engine
    output logic         time_idle_o,     ///< nothing is due before wake_ms_o
    output logic         wake_o,          ///< wake_ms_o means something
    output logic [31:0]  wake_ms_o
);
  if (LogServices < 1 || LogServices > 5) begin : gen_refused_log_services
    $error("synward_hls_core: LogServices must be 1 to 5");
  end
  if (LogBuckets < 6 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_hls_core: LogBuckets must be 6 to 14");
  end
  if (LogFlows < 6 || LogFlows > 16) begin : gen_refused_log_flows
    $error("synward_hls_core: LogFlows must be 6 to 16");
  end
  if (LogBufferDepth < 8 || LogBufferDepth > 12) begin : gen_refused_log_buffer_depth
    $error("synward_hls_core: LogBufferDepth must be 8 to 12");
  end
  if (LogWaiting < 5 || LogWaiting > 9) begin : gen_refused_log_waiting
    $error("synward_hls_core: LogWaiting must be 5 to 9");
  end
  if (LogWait <= LogWaiting || LogWait > 13) begin : gen_refused_log_wait
    $error("synward_hls_core: LogWait must be above LogWaiting, up to 13");
  end
  if (ClockHz < 1000000) begin : gen_refused_clock_hz
    $error("synward_hls_core: ClockHz must be 1000000 or more");
  end
  // Frames that there may be room for when a question is put, and of them those that the engine may have: the rest is
  // on its way from a verdict to its buffer.
  localparam int Room = 160;
  localparam int Inside = 80;
  localparam int Places = 60;
  wire [`SYNWARD_SETTINGS_W-1:0] settings;
  wire load, end_pause, ask, verdict_valid, watch, watch_busy, watch_lost, event_valid, unstored, dropped, done,
      loading, busy;
  synward_request_t request, watched;
  synward_waiting_t asked, waiting;
  wire [6:0] number;
  synward_context_t asked_context, waiting_context;
  wire [`SYNWARD_VERDICT_W-1:0] verdict;
  wire [`SYNWARD_COUNTS_W-1:0] counts;
  wire [`SYNWARD_EVENT_W-1:0] event_record;
  wire [31:0] mark_mac;
  wire [`SYNWARD_ENGINE_STATE_W-1:0] state_bits;
  wire [`SYNWARD_ENGINE_FAULTS_W-1:0] faults;
  synward_engine_state_t state;
  always_comb begin
    state = state_bits;
    if (loading) state.ready = 1'b0;
  end
  wire room_line, room_host, line_half, list_first, list_next, list_busy, list_shown, time_valid, time_taken,
      sight_valid;
  wire [`SYNWARD_LISTING_W-1:0] listing;
  wire [`SYNWARD_REQUEST_W-1:0] time_request;
  wire [`SYNWARD_SIGHT_W-1:0] sight;
  wire [3:0] ask_copies;  // of an engine that takes a frame's request as it comes
  wire unused = &{1'b0, ask_copies};
  synward_socket_ask_t asks;
  synward_socket_tell_t tells;
  synward_elastic_ask_t aside;
  assign {time_ms_o, settings, load, end_pause, ask, ask_copies, request, room_line, room_host, line_half, watch,
      watched, list_first, list_next} = asks;
  assign {asked, asked_context, unstored, number, done} = aside;
  assign tells = {verdict_valid, verdict, counts, mark_mac, watch_lost, event_valid, event_record, state, list_busy,
      list_shown, listing};
  // ---- the kernel's words
  wire [`SYNWARD_SETTING_W-1:0] setting;
  wire [`SYNWARD_QUESTION_W-1:0] question;
  wire [`SYNWARD_ANSWER_W-1:0] answer;
  synward_kernel_ports u_ports (
      .question_i(question), .question_o(question_tdata_o), .setting_i(setting), .setting_o(setting_tdata_o),
      .answer_i(answer_tdata_i), .answer_o(answer));

  // Two copies, and a rank behind each: the shell's own and the socket's with the engine's.
  wire [1:0] rst_n;
  wire socket_rst_n, accept;
  synward_reset u_reset (.clk_i, .rst_ni, .rst_no(rst_n), .accept_o(accept));
  synward_reset_branch u_socket_reset (.clk_i, .rst_ni(rst_n[1]), .rst_no(socket_rst_n));
  synward_shell #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogBufferDepth(LogBufferDepth),
      .ClockHz(ClockHz), .Elastic(1), .LogWait(LogWait), .Room(Room)) u_shell (
      .clk_i, .rst_ni(rst_n[0]), .accept_i(accept), .time_given_i, .time_ms_i, .line_rx_i, .line_tx_o,
      .line_tx_ready_i, .host_rx_i, .host_tx_o, .host_tx_ready_i, .axil_request_i, .axil_response_o,
      .socket_o(asks), .socket_i(tells), .elastic_o(aside), .elastic_i({waiting, waiting_context, dropped, faults}),
      .watch_busy_o(watch_busy));
  synward_elastic #(
      .LogWaiting(LogWaiting), .LogFrames(LogWait + 1), .Inside(Inside), .Places(Places), .LogPatience(LogPatience),
      .LogQuiet(LogQuiet)) u_elastic (
      .clk_i, .rst_ni(socket_rst_n), .valid_i(ask), .request_i(request), .waiting_i(asked),
      .context_i(asked_context), .unstored_i(unstored), .number_i(number), .dropped_o(dropped),
      .watch_valid_i(watch), .watch_i(watched), .watch_lost_o(watch_lost),
      .settings_i(settings), .load_i(load), .end_pause_i(end_pause), .loading_o(loading),
      .room_line_i(room_line), .room_host_i(room_host),
      .time_valid_i(time_valid), .time_i(time_request), .time_taken_o(time_taken),
      .setting_valid_o(setting_tvalid_o), .setting_o(setting), .setting_ready_i(setting_tready_i),
      .question_valid_o(question_tvalid_o), .question_o(question), .question_ready_i(question_tready_i),
      .answer_valid_i(answer_tvalid_i), .answer_i(answer), .answer_ready_o(answer_tready_o),
      .verdict_valid_o(verdict_valid), .waiting_o(waiting), .context_o(waiting_context), .verdict_o(verdict),
      .counts_o(counts), .mark_mac_o(mark_mac), .event_valid_o(event_valid), .event_o(event_record),
      .sight_valid_o(sight_valid), .sight_o(sight), .done_i(done), .engine_rst_no, .faults_o(faults), .busy_o(busy));
  synward_socket_time #(.LogBuckets(LogBuckets), .LogFlows(LogFlows)) u_time (
      .clk_i, .rst_ni(engine_rst_no), .time_ms_i(time_ms_o), .line_half_i(line_half), .valid_o(time_valid),
      .request_o(time_request), .taken_i(time_taken), .loading_i(loading), .sight_valid_i(sight_valid),
      .sight_i(sight), .list_first_i(list_first), .list_next_i(list_next), .list_busy_o(list_busy),
      .list_shown_o(list_shown), .listing_o(listing), .state_o(state_bits), .idle_o(time_idle_o), .wake_o, .wake_ms_o);
  assign idle_o = !busy && !watch_busy;
endmodule

`default_nettype wire
