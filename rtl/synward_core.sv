// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The whole card but for what surrounds it: shell and engine (docs/theory-of-operation.md). It knows nothing of the
/// shell of the board. Latency from a SYN's first beat to its SYN-ACK's first beat: 90 clocks.
module synward_core #(
    parameter int LogServices = 5,        ///< log2 of the service table's entries
    parameter int LogBuckets = 14,        ///< log2 of the most buckets of the syncache, 6..14
    parameter int LogFlows = 16,          ///< log2 of the buckets of the flow table, 6..16
    parameter int LogBufferDepth = 9,     ///< log2 of the beats of each frame buffer
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
    // for simulators that skip idle time: nothing happens by itself before wake_ms_o, if wake_o, or at all
    output logic         idle_o,
    output logic         wake_o,
    output logic [31:0]  wake_ms_o
);
  if (LogServices < 1 || LogServices > 5) begin : gen_refused_log_services
    $error("synward_core: LogServices must be 1 to 5");
  end
  if (LogBuckets < 6 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_core: LogBuckets must be 6 to 14");
  end
  if (LogFlows < 6 || LogFlows > 16) begin : gen_refused_log_flows
    $error("synward_core: LogFlows must be 6 to 16");
  end
  if (LogBufferDepth < 8 || LogBufferDepth > 12) begin : gen_refused_log_buffer_depth
    $error("synward_core: LogBufferDepth must be 8 to 12");
  end
  if (ClockHz < 1000000) begin : gen_refused_clock_hz
    $error("synward_core: ClockHz must be 1000000 or more");
  end
  // Two copies, and a rank behind each: the shell's own and the engine's.
  wire [1:0] rst_n;
  wire engine_rst_n, accept;
  synward_reset u_reset (.clk_i, .rst_ni, .rst_no(rst_n), .accept_o(accept));
  synward_reset_branch u_engine_reset (.clk_i, .rst_ni(rst_n[1]), .rst_no(engine_rst_n));
  synward_socket_ask_t ask;
  synward_socket_tell_t tell;
  wire watch_busy, engine_idle;
  wire [LogFlows+4:0] flows;
  synward_shell #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogBufferDepth(LogBufferDepth),
      .ClockHz(ClockHz)) u_shell (
      .clk_i, .rst_ni(rst_n[0]), .accept_i(accept), .time_given_i, .time_ms_i, .line_rx_i, .line_tx_o,
      .line_tx_ready_i, .host_rx_i, .host_tx_o, .host_tx_ready_i, .axil_request_i, .axil_response_o,
      .socket_o(ask), .socket_i(tell), .elastic_o(), .elastic_i('0), .watch_busy_o(watch_busy));
  synward_engine #(.LogBuckets(LogBuckets), .LogFlows(LogFlows)) u_engine (
      .clk_i, .rst_ni(engine_rst_n), .time_ms_i(ask.time_ms), .settings_i(ask.settings), .load_i(ask.load),
      .end_pause_i(ask.end_pause), .valid_i(ask.ask), .valid_copies_i(ask.ask_copies), .request_i(ask.request),
      .room_line_i(ask.room_line), .room_host_i(ask.room_host), .line_half_i(ask.line_half),
      .valid_o(tell.verdict_valid), .verdict_o(tell.verdict), .counts_o(tell.counts), .mark_mac_o(tell.mark_mac),
      .watch_valid_i(ask.watch), .watch_i(ask.watched), .watch_lost_o(tell.watch_lost),
      .event_valid_o(tell.event_valid), .event_o(tell.record),
      .list_first_i(ask.list_first), .list_next_i(ask.list_next), .list_busy_o(tell.list_busy),
      .list_shown_o(tell.list_shown), .listing_o(tell.listing), .ready_o(tell.state.ready),
      .paused_o(tell.state.paused), .backoff_o(tell.state.backoff), .pause_until_o(tell.state.pause_until),
      .count_o(tell.state.count), .flows_o(flows), .idle_o(engine_idle), .wake_o, .wake_ms_o);
  assign tell.state.flows = 21'(flows);
  assign idle_o = engine_idle && !watch_busy;
endmodule

`default_nettype wire
