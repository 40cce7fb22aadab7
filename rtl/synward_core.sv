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

    // AXI4-Stream: line in, line out, host in, host out. Byte n of a beat in bits 8n+7:8n.
    input  wire          line_rx_tvalid_i,
    input  wire  [511:0] line_rx_tdata_i,
    input  wire  [63:0]  line_rx_tkeep_i,
    input  wire          line_rx_tlast_i,
    input  wire          line_rx_terror_i,  ///< with tlast: the MAC found the frame damaged (FCS)
    output logic         line_tx_tvalid_o,
    output logic [511:0] line_tx_tdata_o,
    output logic [63:0]  line_tx_tkeep_o,
    output logic         line_tx_tlast_o,
    output logic         line_tx_terror_o,  ///< with tlast: a reset has cut the frame, the MAC sends it with a bad FCS
    input  wire          line_tx_tready_i,
    input  wire          host_rx_tvalid_i,
    input  wire  [511:0] host_rx_tdata_i,
    input  wire  [63:0]  host_rx_tkeep_i,
    input  wire          host_rx_tlast_i,
    input  wire          host_rx_terror_i,
    output logic         host_tx_tvalid_o,
    output logic [511:0] host_tx_tdata_o,
    output logic [63:0]  host_tx_tkeep_o,
    output logic         host_tx_tlast_o,
    output logic         host_tx_terror_o,  ///< with tlast: a reset has cut the frame, the MAC sends it with a bad FCS
    input  wire          host_tx_tready_i,

    // AXI4-Lite
    input  wire  [synward_regs_pkg::AddressBits-1:0] s_axil_awaddr_i,
    input  wire          s_axil_awvalid_i,
    output logic         s_axil_awready_o,
    input  wire  [31:0]  s_axil_wdata_i,
    input  wire          s_axil_wvalid_i,
    output logic         s_axil_wready_o,
    output logic [1:0]   s_axil_bresp_o,
    output logic         s_axil_bvalid_o,
    input  wire          s_axil_bready_i,
    input  wire  [synward_regs_pkg::AddressBits-1:0] s_axil_araddr_i,
    input  wire          s_axil_arvalid_i,
    output logic         s_axil_arready_o,
    output logic [31:0]  s_axil_rdata_o,
    output logic [1:0]   s_axil_rresp_o,
    output logic         s_axil_rvalid_o,
    input  wire          s_axil_rready_i,

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
  wire [`SYNWARD_SETTINGS_W-1:0] settings;
  wire engine_idle;
  wire load, end_pause, ask, room_line, room_host, line_half, verdict_valid, watch, watch_busy, watch_lost,
      event_valid, ready, paused, list_first, list_next, list_busy, list_shown;
  synward_request_t request, watched;
  wire [`SYNWARD_VERDICT_W-1:0] verdict;
  wire [`SYNWARD_COUNTS_W-1:0] counts;
  wire [`SYNWARD_EVENT_W-1:0] event_record;
  wire [`SYNWARD_LISTING_W-1:0] listing;
  wire [31:0] mark_mac, pause_until, time_ms;
  wire [2:0] backoff;
  wire [17:0] count;
  wire [LogFlows+4:0] flows;
  // Two copies, and a rank behind each: the shell's own and the engine's.
  wire [1:0] rst_n;
  wire engine_rst_n, accept;
  synward_reset u_reset (.clk_i, .rst_ni, .rst_no(rst_n), .accept_o(accept));
  synward_reset_branch u_engine_reset (.clk_i, .rst_ni(rst_n[1]), .rst_no(engine_rst_n));
  synward_shell #(
      .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogBufferDepth(LogBufferDepth),
      .ClockHz(ClockHz)) u_shell (
      .clk_i, .rst_ni(rst_n[0]), .accept_i(accept), .time_given_i, .time_ms_i, .time_ms_o(time_ms),
      .line_rx_tvalid_i, .line_rx_tdata_i, .line_rx_tkeep_i, .line_rx_tlast_i, .line_rx_terror_i,
      .line_tx_tvalid_o, .line_tx_tdata_o, .line_tx_tkeep_o, .line_tx_tlast_o, .line_tx_terror_o, .line_tx_tready_i,
      .host_rx_tvalid_i, .host_rx_tdata_i, .host_rx_tkeep_i, .host_rx_tlast_i, .host_rx_terror_i,
      .host_tx_tvalid_o, .host_tx_tdata_o, .host_tx_tkeep_o, .host_tx_tlast_o, .host_tx_terror_o, .host_tx_tready_i,
      .s_axil_awaddr_i, .s_axil_awvalid_i, .s_axil_awready_o, .s_axil_wdata_i, .s_axil_wvalid_i, .s_axil_wready_o,
      .s_axil_bresp_o, .s_axil_bvalid_o, .s_axil_bready_i,
      .s_axil_araddr_i, .s_axil_arvalid_i, .s_axil_arready_o, .s_axil_rdata_o, .s_axil_rresp_o, .s_axil_rvalid_o,
      .s_axil_rready_i,
      .settings_o(settings), .load_o(load), .end_pause_o(end_pause), .ask_o(ask), .request_o(request),
      .room_line_o(room_line), .room_host_o(room_host),
      .line_half_o(line_half), .verdict_valid_i(verdict_valid), .verdict_i(verdict), .counts_i(counts),
      .mark_mac_i(mark_mac), .asked_o(), .asked_context_o(), .unstored_o(), .number_o(), .waiting_i('0),
      .waiting_context_i('0), .dropped_i(1'b0), .done_o(),
      .watch_o(watch), .watched_o(watched), .watch_busy_o(watch_busy),
      .watch_lost_i(watch_lost), .event_valid_i(event_valid), .event_i(event_record), .ready_i(ready),
      .paused_i(paused), .backoff_i(backoff), .pause_until_i(pause_until),
      .count_i(count), .flows_i(flows), .list_first_o(list_first), .list_next_o(list_next), .list_busy_i(list_busy),
      .list_shown_i(list_shown), .listing_i(listing));
  synward_engine #(.LogBuckets(LogBuckets), .LogFlows(LogFlows)) u_engine (
      .clk_i, .rst_ni(engine_rst_n), .time_ms_i(time_ms), .settings_i(settings), .load_i(load),
      .end_pause_i(end_pause), .valid_i(ask), .request_i(request), .room_line_i(room_line),
      .room_host_i(room_host), .line_half_i(line_half), .valid_o(verdict_valid), .verdict_o(verdict),
      .counts_o(counts), .mark_mac_o(mark_mac),
      .watch_valid_i(watch), .watch_i(watched), .watch_lost_o(watch_lost), .event_valid_o(event_valid),
      .event_o(event_record), .list_first_i(list_first), .list_next_i(list_next),
      .list_busy_o(list_busy), .list_shown_o(list_shown), .listing_o(listing), .ready_o(ready), .paused_o(paused),
      .backoff_o(backoff), .pause_until_o(pause_until), .count_o(count), .flows_o(flows), .idle_o(engine_idle),
      .wake_o, .wake_ms_o);
  assign idle_o = engine_idle && !watch_busy;

  // ---- what the ports promise
  synward_axis_rules u_line_tx_rules (
      .clk_i, .rst_ni(rst_n[0]), .tvalid_i(line_tx_tvalid_o), .tdata_i(line_tx_tdata_o), .tkeep_i(line_tx_tkeep_o),
      .tlast_i(line_tx_tlast_o), .terror_i(line_tx_terror_o), .tready_i(line_tx_tready_i));
  synward_axis_rules u_host_tx_rules (
      .clk_i, .rst_ni(rst_n[0]), .tvalid_i(host_tx_tvalid_o), .tdata_i(host_tx_tdata_o), .tkeep_i(host_tx_tkeep_o),
      .tlast_i(host_tx_tlast_o), .terror_i(host_tx_terror_o), .tready_i(host_tx_tready_i));
  synward_axil_rules u_axil_rules (
      .clk_i, .rst_ni(rst_n[0]), .awready_i(s_axil_awready_o), .wready_i(s_axil_wready_o), .bresp_i(s_axil_bresp_o),
      .bvalid_i(s_axil_bvalid_o), .bready_i(s_axil_bready_i), .arready_i(s_axil_arready_o), .rdata_i(s_axil_rdata_o),
      .rresp_i(s_axil_rresp_o), .rvalid_i(s_axil_rvalid_o), .rready_i(s_axil_rready_i));
endmodule

`default_nettype wire
