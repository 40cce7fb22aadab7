// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The card around an HLS kernel that is outside: synward_socket_core, with the kernel's own words on its three streams
/// (AXI4-Stream, TDATA in whole bytes). What synward_core is with the RTL's engine (docs/hls.md).
module synward_hls_core #(
    parameter int LogServices = 5,        ///< log2 of the service table's entries
    parameter int LogBuckets = 14,        ///< log2 of the most buckets of the syncache, 6..14
    parameter int LogFlows = 16,          ///< log2 of the buckets of the flow table, 6..16
    parameter int LogBufferDepth = 9,     ///< log2 of the beats of each frame buffer
    parameter int LogWaiting = 7,         ///< log2 of the requests of frames that wait or are in the engine, 5..9
    parameter int LogWait = 10,           ///< log2 of the beats of frames that wait for their verdict, above LogWaiting
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
  wire [`SYNWARD_SETTING_W-1:0] setting;
  wire [`SYNWARD_QUESTION_W-1:0] question;
  wire [`SYNWARD_ANSWER_W-1:0] answer;
  synward_socket_core #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogBufferDepth(LogBufferDepth),
      .LogWaiting(LogWaiting), .LogWait(LogWait), .ClockHz(ClockHz)) u_socket_core (
      .clk_i, .rst_ni, .time_given_i, .time_ms_i, .line_rx_i, .line_tx_o, .line_tx_ready_i, .host_rx_i, .host_tx_o,
      .host_tx_ready_i, .axil_request_i, .axil_response_o, .engine_rst_no,
      .setting_tvalid_o, .setting_tdata_o(setting), .setting_tready_i,
      .question_tvalid_o, .question_tdata_o(question), .question_tready_i,
      .answer_tvalid_i, .answer_tdata_i(answer), .answer_tready_o,
      .time_ms_o, .idle_o, .time_idle_o, .wake_o, .wake_ms_o);
  synward_kernel_ports u_ports (
      .question_i(question), .question_o(question_tdata_o), .setting_i(setting), .setting_o(setting_tdata_o),
      .answer_i(answer_tdata_i), .answer_o(answer));
endmodule

`default_nettype wire
