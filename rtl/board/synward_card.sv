// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// The core as a kernel: the names, ports and reset that the packager of Vivado infers interfaces from (one AXI4-Lite
/// of 4 KB, four AXI4-Streams of 512 bits with a bit of error, one clock). The other ways to a bitstream use it too.
module synward_card #(
    parameter int ClockHz = 322265625,  ///< what CLOCK_HZ holds at reset; the host sets what the kernel clock really is
    parameter int LogServices = 5,
    parameter int LogBuckets = 14,
    parameter int LogFlows = 16,
    parameter int LogBufferDepth = 9
) (
`include "synward_card_ports.svh"
);
`include "synward_card_pins.svh"
  synward_core #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogBufferDepth(LogBufferDepth),
      .ClockHz(ClockHz)) u_core (
      .clk_i(ap_clk), .rst_ni(ap_rst_n), .time_given_i(1'b0), .time_ms_i(32'd0),
      .line_rx_i(line_rx), .line_tx_o(line_tx), .line_tx_ready_i(m_axis_line_tready),
      .host_rx_i(host_rx), .host_tx_o(host_tx), .host_tx_ready_i(m_axis_host_tready),
      .axil_request_i(request), .axil_response_o(said), .idle_o(), .wake_o(), .wake_ms_o());
endmodule

`default_nettype wire
