// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml and rtl/synward_shell.sv. Do not edit.
`default_nettype none
`include "synward_records.svh"

/// synward_shell with a port for each field of its records. Wires alone.
module synward_flat_shell #(
    parameter int LogServices = 5,  ///< log2 of the service table's entries
    parameter int LogBuckets = 14,  ///< log2 of the most buckets of the engine's syncache
    parameter int LogFlows = 16,  ///< log2 of the buckets of its flow table
    parameter int LogBufferDepth = 9,  ///< log2 of the beats of each frame buffer
    parameter int ClockHz = 322265625,  ///< what CLOCK_HZ holds at reset
    parameter bit Elastic = 0,  ///< verdicts take as long as they take: frames wait in a buffer
    parameter int LogWait = 10,  ///< log2 of its beats
    parameter int Room = 64  ///< frames that room_line and room_host speak of
) (
    input  wire          clk_i,
    input  wire          rst_ni,  ///< synchronous, synward_reset's
    input  wire          accept_i,  ///< frames may enter
    input  wire          time_given_i,  ///< for simulators: time_ms_i counts, not the own millisecond clock
    input  wire  [31:0]  time_ms_i,
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
    output logic [31:0] time_ms_o,
    output synward_settings_t settings_o,
    output logic load_o,  ///< clears both tables
    output logic end_pause_o,  ///< ends a pause at the next tick
    output logic ask_o,  ///< a frame of the line asks; each one does, in order
    output logic [3:0] ask_copies_o,  ///< ask, for a part of the request each
    output synward_request_t request_o,
    output logic room_line_o,  ///< room for the shell's Room more frames of the card's own
    output logic room_host_o,  ///< likewise, for marks
    output logic line_half_o,  ///< less than half of the replies' buffer is in use
    output logic watch_o,  ///< a frame of the host teaches or confirms
    output synward_request_t watched_o,
    output logic list_first_o,  ///< half-open connections, one by one: begins
    output logic list_next_o,  ///< the next one
    input  wire  verdict_valid_i,  ///< the verdict of a frame: 46 clocks behind ask, unless the shell is Elastic
    input  synward_verdict_t verdict_i,  ///< also without verdict_valid: what is sent with no frame asking
    input  synward_counts_t counts_i,  ///< at every clock
    input  wire  [31:0] mark_mac_i,  ///< of a mark: 23 clocks behind its verdict
    input  wire  watch_lost_i,  ///< there was no room for what was watched
    input  wire  event_valid_i,
    input  synward_event_t record_i,  ///< of the event
    input  wire  ready_i,  ///< both tables are cleared
    input  wire  paused_i,  ///< a pause is on
    input  wire  [2:0] backoff_i,  ///< of the pause
    input  wire  [31:0] pause_until_i,  ///< ms
    input  wire  [17:0] count_i,  ///< entries of the syncache
    input  wire  [20:0] flows_i,  ///< flows
    input  wire  list_busy_i,
    input  wire  list_shown_i,  ///< there is one
    input  synward_listing_t listing_i,
    output synward_elastic_ask_t elastic_o,
    input  synward_elastic_tell_t elastic_i,
    output logic         watch_busy_o  ///< something of the host may still ask
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
  synward_socket_ask_t socket_o;
  assign time_ms_o = socket_o.time_ms;
  assign settings_o = socket_o.settings;
  assign load_o = socket_o.load;
  assign end_pause_o = socket_o.end_pause;
  assign ask_o = socket_o.ask;
  assign ask_copies_o = socket_o.ask_copies;
  assign request_o = socket_o.request;
  assign room_line_o = socket_o.room_line;
  assign room_host_o = socket_o.room_host;
  assign line_half_o = socket_o.line_half;
  assign watch_o = socket_o.watch;
  assign watched_o = socket_o.watched;
  assign list_first_o = socket_o.list_first;
  assign list_next_o = socket_o.list_next;
  synward_socket_tell_t socket_i;
  assign socket_i.verdict_valid = verdict_valid_i;
  assign socket_i.verdict = verdict_i;
  assign socket_i.counts = counts_i;
  assign socket_i.mark_mac = mark_mac_i;
  assign socket_i.watch_lost = watch_lost_i;
  assign socket_i.event_valid = event_valid_i;
  assign socket_i.record = record_i;
  assign socket_i.state.ready = ready_i;
  assign socket_i.state.paused = paused_i;
  assign socket_i.state.backoff = backoff_i;
  assign socket_i.state.pause_until = pause_until_i;
  assign socket_i.state.count = count_i;
  assign socket_i.state.flows = flows_i;
  assign socket_i.list_busy = list_busy_i;
  assign socket_i.list_shown = list_shown_i;
  assign socket_i.listing = listing_i;
  synward_shell #(
      .LogServices(LogServices),
      .LogBuckets(LogBuckets),
      .LogFlows(LogFlows),
      .LogBufferDepth(LogBufferDepth),
      .ClockHz(ClockHz),
      .Elastic(Elastic),
      .LogWait(LogWait),
      .Room(Room)
  ) u_shell (
      .clk_i,
      .rst_ni,
      .accept_i,
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
      .socket_o,
      .socket_i,
      .elastic_o,
      .elastic_i,
      .watch_busy_o
  );
endmodule

`default_nettype wire
