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
    input  wire          ap_clk,
    input  wire          ap_rst_n,  ///< at any time, for any time; it needs no synchroniser outside

    input  wire  [11:0]  s_axi_control_awaddr,
    input  wire  [2:0]   s_axi_control_awprot,
    input  wire          s_axi_control_awvalid,
    output logic         s_axi_control_awready,
    input  wire  [31:0]  s_axi_control_wdata,
    input  wire  [3:0]   s_axi_control_wstrb,
    input  wire          s_axi_control_wvalid,
    output logic         s_axi_control_wready,
    output logic [1:0]   s_axi_control_bresp,
    output logic         s_axi_control_bvalid,
    input  wire          s_axi_control_bready,
    input  wire  [11:0]  s_axi_control_araddr,
    input  wire  [2:0]   s_axi_control_arprot,
    input  wire          s_axi_control_arvalid,
    output logic         s_axi_control_arready,
    output logic [31:0]  s_axi_control_rdata,
    output logic [1:0]   s_axi_control_rresp,
    output logic         s_axi_control_rvalid,
    input  wire          s_axi_control_rready,

    input  wire          s_axis_line_tvalid,
    output logic         s_axis_line_tready,  ///< always 1: the line is never stalled
    input  wire  [511:0] s_axis_line_tdata,
    input  wire  [63:0]  s_axis_line_tkeep,
    input  wire          s_axis_line_tlast,
    input  wire  [0:0]   s_axis_line_tuser,   ///< with tlast: the frame is damaged
    output logic         m_axis_line_tvalid,
    input  wire          m_axis_line_tready,
    output logic [511:0] m_axis_line_tdata,
    output logic [63:0]  m_axis_line_tkeep,
    output logic         m_axis_line_tlast,
    output logic [0:0]   m_axis_line_tuser,

    input  wire          s_axis_host_tvalid,
    output logic         s_axis_host_tready,  ///< always 1
    input  wire  [511:0] s_axis_host_tdata,
    input  wire  [63:0]  s_axis_host_tkeep,
    input  wire          s_axis_host_tlast,
    input  wire  [0:0]   s_axis_host_tuser,
    output logic         m_axis_host_tvalid,
    input  wire          m_axis_host_tready,
    output logic [511:0] m_axis_host_tdata,
    output logic [63:0]  m_axis_host_tkeep,
    output logic         m_axis_host_tlast,
    output logic [0:0]   m_axis_host_tuser
);
  // The bus part leaves reset by itself; the core has its own way (synward_reset).
  wire bus_rst_n;
  synward_reset_sync u_bus_reset (.clk_i(ap_clk), .rst_ni(ap_rst_n), .rst_no(bus_rst_n));
  synward_board_req_t bus, words;
  synward_axil_response_t answer, said;
  assign bus = {4'd0, s_axi_control_awaddr, s_axi_control_awvalid, s_axi_control_wdata, s_axi_control_wstrb,
                s_axi_control_wvalid, s_axi_control_bready, 4'd0, s_axi_control_araddr, s_axi_control_arvalid,
                s_axi_control_rready};
  assign {s_axi_control_awready, s_axi_control_wready, s_axi_control_bresp, s_axi_control_bvalid,
          s_axi_control_arready, s_axi_control_rdata, s_axi_control_rresp, s_axi_control_rvalid} = answer;
  synward_axil_words u_words (
      .clk_i(ap_clk), .rst_ni(bus_rst_n), .bus_i(bus), .bus_o(answer), .words_o(words), .words_i(said));
  assign {s_axis_line_tready, s_axis_host_tready} = 2'b11;

  synward_axil_request_t request;
  synward_beat_t line_rx, line_tx, host_rx, host_tx;
  assign request = {words.awaddr[11:0], words.awvalid, words.wdata, words.wvalid, words.bready, words.araddr[11:0],
                    words.arvalid, words.rready};
  assign line_rx = {s_axis_line_tvalid, s_axis_line_tuser, s_axis_line_tlast, s_axis_line_tkeep, s_axis_line_tdata};
  assign host_rx = {s_axis_host_tvalid, s_axis_host_tuser, s_axis_host_tlast, s_axis_host_tkeep, s_axis_host_tdata};
  assign {m_axis_line_tvalid, m_axis_line_tuser, m_axis_line_tlast, m_axis_line_tkeep, m_axis_line_tdata} = line_tx;
  assign {m_axis_host_tvalid, m_axis_host_tuser, m_axis_host_tlast, m_axis_host_tkeep, m_axis_host_tdata} = host_tx;
  synward_core #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogBufferDepth(LogBufferDepth),
      .ClockHz(ClockHz)) u_core (
      .clk_i(ap_clk), .rst_ni(ap_rst_n), .time_given_i(1'b0), .time_ms_i(32'd0),
      .line_rx_i(line_rx), .line_tx_o(line_tx), .line_tx_ready_i(m_axis_line_tready),
      .host_rx_i(host_rx), .host_tx_o(host_tx), .host_tx_ready_i(m_axis_host_tready),
      .axil_request_i(request), .axil_response_o(said), .idle_o(), .wake_o(), .wake_ms_o());
  wire unused = &{1'b0, s_axi_control_awprot, s_axi_control_arprot};
endmodule

`default_nettype wire
