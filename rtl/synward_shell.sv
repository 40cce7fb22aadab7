// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The data path between a line and a host port, and its registers, around an engine (docs/theory-of-operation.md):
/// frames become requests, verdicts become frames. Whatever engine keeps the contract and these latencies may stand
/// behind the socket; with Elastic one of any latency, behind synward_elastic. Both inputs always take a beat.
module synward_shell #(
    parameter int LogServices = 5,        ///< log2 of the service table's entries
    parameter int LogBuckets = 14,        ///< log2 of the most buckets of the engine's syncache
    parameter int LogFlows = 16,          ///< log2 of the buckets of its flow table
    parameter int LogBufferDepth = 9,     ///< log2 of the beats of each frame buffer
    parameter int ClockHz = 322265625,    ///< what CLOCK_HZ holds at reset
    parameter bit Elastic = 0,            ///< verdicts take as long as they take: frames wait in a buffer
    parameter int LogWait = 10,           ///< log2 of its beats
    parameter int Room = 64               ///< frames that room_line and room_host speak of
) (
    input  wire          clk_i,
    input  wire          rst_ni,          ///< synchronous, synward_reset's
    input  wire          accept_i,        ///< frames may enter
    input  wire          time_given_i,    ///< for simulators: time_ms_i counts, not the own millisecond clock
    input  wire  [31:0]  time_ms_i,
    input  synward_beat_t line_rx_i,
    output synward_beat_t line_tx_o,
    input  wire          line_tx_ready_i,
    input  synward_beat_t host_rx_i,
    output synward_beat_t host_tx_o,
    input  wire          host_tx_ready_i,
    input  synward_axil_request_t axil_request_i,
    output synward_axil_response_t axil_response_o,
    output synward_socket_ask_t socket_o,
    input  synward_socket_tell_t socket_i,
    output synward_elastic_ask_t elastic_o,
    input  synward_elastic_tell_t elastic_i,
    output logic         watch_busy_o     ///< something of the host may still ask
);
  // A copy of the reset for each part, and the gate of both inputs as late as they.
  wire host_rst_n, reply_rst_n, accept;
  wire [1:0] regs_rst_n;
  wire [3:0] line_rst_n;
  synward_reset_branch #(.Leaves(8)) u_reset (
      .clk_i, .rst_ni, .rst_no({regs_rst_n, line_rst_n, host_rst_n, reply_rst_n}));
  synward_reset_branch u_accept (.clk_i, .rst_ni(accept_i), .rst_no(accept));

  wire [31:0] time_ms;
  synward_control_t control;
  synward_line_tell_t line_tell;
  synward_host_tell_t host_tell;
  assign socket_o.time_ms = time_ms;
  synward_registers #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .ClockHz(ClockHz), .Elastic(Elastic))
  u_registers (
      .clk_i, .rst_ni(regs_rst_n), .time_given_i, .time_ms_i, .time_ms_o(time_ms), .axil_request_i, .axil_response_o,
      .control_o(control), .line_i(line_tell), .host_i(host_tell), .settings_o(socket_o.settings),
      .load_o(socket_o.load), .end_pause_o(socket_o.end_pause), .list_first_o(socket_o.list_first),
      .list_next_o(socket_o.list_next), .socket_i, .dropped_i(elastic_i.dropped),
      .faults_i(elastic_i.faults));

  synward_context_t verdict_context;
  synward_line_path #(
      .LogServices(LogServices), .LogBufferDepth(LogBufferDepth), .Elastic(Elastic), .LogWait(LogWait), .Room(Room))
  u_line (
      .clk_i, .rst_ni(line_rst_n), .accept_i(accept), .time_ms_i(time_ms), .rx_i(line_rx_i), .tx_o(host_tx_o),
      .tx_ready_i(host_tx_ready_i), .control_i(control), .tell_o(line_tell), .ask_o(socket_o.ask),
      .ask_copies_o(socket_o.ask_copies), .request_o(socket_o.request), .room_o(socket_o.room_host),
      .socket_i, .elastic_o, .elastic_i, .context_o(verdict_context));

  wire reply_valid;
  wire [847:0] reply;
  wire [6:0] reply_len;
  synward_replies #(.LogServices(LogServices)) u_replies (
      .clk_i, .rst_ni(reply_rst_n), .service_i(control.service), .verdict_i(socket_i.verdict),
      .context_i(verdict_context), .valid_o(reply_valid), .frame_o(reply), .len_o(reply_len));
  synward_host_path #(.LogServices(LogServices), .LogBufferDepth(LogBufferDepth), .Room(Room)) u_host (
      .clk_i, .rst_ni(host_rst_n), .tx_rst_ni(reply_rst_n), .accept_i(accept), .time_ms_i(time_ms), .rx_i(host_rx_i),
      .tx_o(line_tx_o), .tx_ready_i(line_tx_ready_i), .reply_valid_i(reply_valid), .reply_i(reply),
      .reply_len_i(reply_len), .control_i(control), .tell_o(host_tell), .watch_o(socket_o.watch),
      .watched_o(socket_o.watched), .busy_o(watch_busy_o), .room_o(socket_o.room_line), .half_o(socket_o.line_half));

  // ---- what the ports promise
  synward_axis_rules u_line_tx_rules (.clk_i, .rst_ni, .beat_i(line_tx_o), .ready_i(line_tx_ready_i));
  synward_axis_rules u_host_tx_rules (.clk_i, .rst_ni, .beat_i(host_tx_o), .ready_i(host_tx_ready_i));
  synward_axil_rules u_axil_rules (.clk_i, .rst_ni, .request_i(axil_request_i), .response_i(axil_response_o));
endmodule

`default_nettype wire
