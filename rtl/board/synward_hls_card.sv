// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// The core as a kernel for ENGINE=hls: synward_card's ports, and three AXI4-Streams for an HLS kernel beside it, whose
/// TDATA are that kernel's structs (docs/hls.md).
module synward_hls_card #(
    parameter int ClockHz = 322265625,  ///< what CLOCK_HZ holds at reset; the host sets what the kernel clock really is
    parameter int LogServices = 5,
    parameter int LogBuckets = 14,
    parameter int LogFlows = 16,
    parameter int LogBufferDepth = 9
) (
    // AXI4-Streams without tlast; that kernel's reset
    output logic         engine_rst_n,  ///< Vitis leaves it open: see docs/cards.md
    output logic         m_axis_setting_tvalid,
    input  wire          m_axis_setting_tready,
    output logic [`SYNWARD_KERNEL_SETTING_W-1:0] m_axis_setting_tdata,
    output logic         m_axis_question_tvalid,
    input  wire          m_axis_question_tready,
    output logic [`SYNWARD_KERNEL_QUESTION_W-1:0] m_axis_question_tdata,
    input  wire          s_axis_answer_tvalid,
    output logic         s_axis_answer_tready,
    input  wire  [`SYNWARD_KERNEL_ANSWER_W-1:0] s_axis_answer_tdata,

`include "synward_card_ports.svh"
);
`include "synward_card_pins.svh"
  synward_hls_core #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogBufferDepth(LogBufferDepth),
      .ClockHz(ClockHz)) u_core (
      .clk_i(ap_clk), .rst_ni(ap_rst_n), .time_given_i(1'b0), .time_ms_i(32'd0),
      .line_rx_i(line_rx), .line_tx_o(line_tx), .line_tx_ready_i(m_axis_line_tready),
      .host_rx_i(host_rx), .host_tx_o(host_tx), .host_tx_ready_i(m_axis_host_tready),
      .axil_request_i(request), .axil_response_o(said), .engine_rst_no(engine_rst_n),
      .setting_tvalid_o(m_axis_setting_tvalid), .setting_tdata_o(m_axis_setting_tdata),
      .setting_tready_i(m_axis_setting_tready), .question_tvalid_o(m_axis_question_tvalid),
      .question_tdata_o(m_axis_question_tdata), .question_tready_i(m_axis_question_tready),
      .answer_tvalid_i(s_axis_answer_tvalid), .answer_tdata_i(s_axis_answer_tdata),
      .answer_tready_o(s_axis_answer_tready), .time_ms_o(), .idle_o(), .time_idle_o(), .wake_o(), .wake_ms_o());
endmodule

`default_nettype wire
