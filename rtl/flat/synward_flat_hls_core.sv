// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml and rtl/synward_hls_core.sv. Do not edit.
`default_nettype none
`include "synward_records.svh"

/// synward_hls_core with a port for each field of its records. Wires alone.
module synward_flat_hls_core #(
    parameter int LogServices = 5,  ///< log2 of the service table's entries
    parameter int LogBuckets = 14,  ///< log2 of the most buckets of the syncache, 6..14
    parameter int LogFlows = 16,  ///< log2 of the buckets of the flow table, 6..16
    parameter int LogBufferDepth = 9,  ///< log2 of the beats of each frame buffer
    parameter int LogWaiting = 7,  ///< log2 of the requests of frames that wait or are in the engine, 5..9
    parameter int LogWait = 10,  ///< log2 of the beats of frames that wait for their verdict, above LogWaiting
    parameter int LogPatience = 20,  ///< log2 of the clocks after which a silent kernel is reset, and
    parameter int LogQuiet = 16,  ///< of those in which it then must say nothing (synward_engine_guard)
    parameter int ClockHz = 322265625  ///< what CLOCK_HZ holds at reset
) (
    input  wire          clk_i,
    input  wire          rst_ni,  ///< at any time, for any time (theory of operation, "Reset")
    // For simulators alone, which leap over idle time: time_ms_i in the place of the core's own millisecond clock. A
    // board ties time_given_i to 0.
    input  wire          time_given_i,
    input  wire  [31:0]  time_ms_i,

    // AXI4-Stream: line in, line out, host in, host out
    input  wire  line_rx_tvalid_i,
    /// with last: in, the MAC found a bad FCS; out, a reset has cut the frame, and the MAC sends a bad FCS
    input  wire  line_rx_terror_i,
    input  wire  line_rx_tlast_i,
    input  wire  [63:0] line_rx_tkeep_i,  ///< contiguous from bit 0; all of them before the last beat
    input  wire  [511:0] line_rx_tdata_i,  ///< byte n in bits 8n+7:8n
    output logic line_tx_tvalid_o,
    /// with last: in, the MAC found a bad FCS; out, a reset has cut the frame, and the MAC sends a bad FCS
    output logic line_tx_terror_o,
    output logic line_tx_tlast_o,
    output logic [63:0] line_tx_tkeep_o,  ///< contiguous from bit 0; all of them before the last beat
    output logic [511:0] line_tx_tdata_o,  ///< byte n in bits 8n+7:8n
    input  wire  line_tx_tready_i,
    input  wire  host_rx_tvalid_i,
    /// with last: in, the MAC found a bad FCS; out, a reset has cut the frame, and the MAC sends a bad FCS
    input  wire  host_rx_terror_i,
    input  wire  host_rx_tlast_i,
    input  wire  [63:0] host_rx_tkeep_i,  ///< contiguous from bit 0; all of them before the last beat
    input  wire  [511:0] host_rx_tdata_i,  ///< byte n in bits 8n+7:8n
    output logic host_tx_tvalid_o,
    /// with last: in, the MAC found a bad FCS; out, a reset has cut the frame, and the MAC sends a bad FCS
    output logic host_tx_terror_o,
    output logic host_tx_tlast_o,
    output logic [63:0] host_tx_tkeep_o,  ///< contiguous from bit 0; all of them before the last beat
    output logic [511:0] host_tx_tdata_o,  ///< byte n in bits 8n+7:8n
    input  wire  host_tx_tready_i,
    // AXI4-Lite
    input  wire  [11:0] s_axil_awaddr_i,  ///< bytes; as wide as synward_regs_pkg::AddressBits
    input  wire  s_axil_awvalid_i,
    input  wire  [31:0] s_axil_wdata_i,
    input  wire  s_axil_wvalid_i,
    input  wire  s_axil_bready_i,
    input  wire  [11:0] s_axil_araddr_i,  ///< bytes
    input  wire  s_axil_arvalid_i,
    input  wire  s_axil_rready_i,
    output logic s_axil_awready_o,
    output logic s_axil_wready_o,
    output logic [1:0] s_axil_bresp_o,
    output logic s_axil_bvalid_o,
    output logic s_axil_arready_o,
    output logic [31:0] s_axil_rdata_o,
    output logic [1:0] s_axil_rresp_o,
    output logic s_axil_rvalid_o,

    // the engine: AXI4-Streams without tlast, of the kernel's structs
    output logic         engine_rst_no,  ///< the engine is reset with the socket, and when it does not as it should
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
    output logic         idle_o,  ///< nothing waits here, and nothing is on its way to or from the engine
    output logic         time_idle_o,  ///< nothing is due before wake_ms_o
    output logic         wake_o,  ///< wake_ms_o means something
    output logic [31:0]  wake_ms_o
);
  synward_beat_t line_rx_i;
  assign line_rx_i.valid = line_rx_tvalid_i;
  assign line_rx_i.error = line_rx_terror_i;
  assign line_rx_i.last = line_rx_tlast_i;
  assign line_rx_i.keep = line_rx_tkeep_i;
  assign line_rx_i.data = line_rx_tdata_i;
  synward_beat_t line_tx_o;
  assign line_tx_tvalid_o = line_tx_o.valid;
  assign line_tx_terror_o = line_tx_o.error;
  assign line_tx_tlast_o = line_tx_o.last;
  assign line_tx_tkeep_o = line_tx_o.keep;
  assign line_tx_tdata_o = line_tx_o.data;
  synward_beat_t host_rx_i;
  assign host_rx_i.valid = host_rx_tvalid_i;
  assign host_rx_i.error = host_rx_terror_i;
  assign host_rx_i.last = host_rx_tlast_i;
  assign host_rx_i.keep = host_rx_tkeep_i;
  assign host_rx_i.data = host_rx_tdata_i;
  synward_beat_t host_tx_o;
  assign host_tx_tvalid_o = host_tx_o.valid;
  assign host_tx_terror_o = host_tx_o.error;
  assign host_tx_tlast_o = host_tx_o.last;
  assign host_tx_tkeep_o = host_tx_o.keep;
  assign host_tx_tdata_o = host_tx_o.data;
  synward_axil_request_t axil_request_i;
  assign axil_request_i.awaddr = s_axil_awaddr_i;
  assign axil_request_i.awvalid = s_axil_awvalid_i;
  assign axil_request_i.wdata = s_axil_wdata_i;
  assign axil_request_i.wvalid = s_axil_wvalid_i;
  assign axil_request_i.bready = s_axil_bready_i;
  assign axil_request_i.araddr = s_axil_araddr_i;
  assign axil_request_i.arvalid = s_axil_arvalid_i;
  assign axil_request_i.rready = s_axil_rready_i;
  synward_axil_response_t axil_response_o;
  assign s_axil_awready_o = axil_response_o.awready;
  assign s_axil_wready_o = axil_response_o.wready;
  assign s_axil_bresp_o = axil_response_o.bresp;
  assign s_axil_bvalid_o = axil_response_o.bvalid;
  assign s_axil_arready_o = axil_response_o.arready;
  assign s_axil_rdata_o = axil_response_o.rdata;
  assign s_axil_rresp_o = axil_response_o.rresp;
  assign s_axil_rvalid_o = axil_response_o.rvalid;
  synward_hls_core #(
      .LogServices(LogServices),
      .LogBuckets(LogBuckets),
      .LogFlows(LogFlows),
      .LogBufferDepth(LogBufferDepth),
      .LogWaiting(LogWaiting),
      .LogWait(LogWait),
      .LogPatience(LogPatience),
      .LogQuiet(LogQuiet),
      .ClockHz(ClockHz)
  ) u_hls_core (
      .clk_i,
      .rst_ni,
      .time_given_i,
      .time_ms_i,
      .line_rx_i,
      .line_tx_o,
      .line_tx_ready_i(line_tx_tready_i),
      .host_rx_i,
      .host_tx_o,
      .host_tx_ready_i(host_tx_tready_i),
      .axil_request_i,
      .axil_response_o,
      .engine_rst_no,
      .setting_tvalid_o,
      .setting_tdata_o,
      .setting_tready_i,
      .question_tvalid_o,
      .question_tdata_o,
      .question_tready_i,
      .answer_tvalid_i,
      .answer_tdata_i,
      .answer_tready_o,
      .time_ms_o,
      .idle_o,
      .time_idle_o,
      .wake_o,
      .wake_ms_o
  );
endmodule

`default_nettype wire
