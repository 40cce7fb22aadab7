// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The whole data path between a line and a host port, and its registers (docs/theory-of-operation.md). It knows nothing of the shell around it.
/// Both inputs always take a beat: there is no tready. Latency from a SYN's first beat to its SYN-ACK's first beat: 85 clocks.
module synward_core #(
    parameter int LogServices = 5,        ///< log2 of the service table's entries
    parameter int LogBufferDepth = 9,     ///< log2 of the beats of each frame buffer
    parameter int ClockHz = 322265625     ///< what register CLOCK_HZ tells
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [31:0]  time_ms_i,       ///< millisecond clock

    // AXI4-Stream: line in, line out, host in, host out. Byte n of a beat in bits 8n+7:8n.
    input  wire          line_rx_tvalid_i,
    input  wire  [511:0] line_rx_tdata_i,
    input  wire  [63:0]  line_rx_tkeep_i,
    input  wire          line_rx_tlast_i,
    output logic         line_tx_tvalid_o,
    output logic [511:0] line_tx_tdata_o,
    output logic [63:0]  line_tx_tkeep_o,
    output logic         line_tx_tlast_o,
    input  wire          line_tx_tready_i,
    input  wire          host_rx_tvalid_i,
    input  wire  [511:0] host_rx_tdata_i,
    input  wire  [63:0]  host_rx_tkeep_i,
    input  wire          host_rx_tlast_i,
    output logic         host_tx_tvalid_o,
    output logic [511:0] host_tx_tdata_o,
    output logic [63:0]  host_tx_tkeep_o,
    output logic         host_tx_tlast_o,
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
    input  wire          s_axil_rready_i
);
  localparam int EngineLatency = 43;
  localparam int BuilderLatency = 10;
  // From the parser's input to the final decision of a frame of up to three beats: parse, engine, builder, mark stored, decision kept.
  localparam int DecisionLatency = 25 + EngineLatency + BuilderLatency + 2;

  // ---- registers
  wire [1:0] rfc1323;
  wire sack_enable, drop_synfin, ts_offset_per_conn, unknown_ack_drop, fragments_drop, unclassified_drop;
  wire [127:0] cookie_key0, cookie_key1, ts_key, mark_key;
  wire parity, secrets_loaded;
  wire svc_write, svc_valid, svc_any, svc_match4, svc_match6;
  wire [LogServices-1:0] svc_index;
  wire [127:0] svc_addr;
  wire [15:0] svc_port;
  wire [`SYNWARD_SERVICE_W-1:0] svc_service;
  wire snapshot;
  wire [7:0] counter_word;
  wire [31:0] counter_value;
  synward_csr #(.LogServices(LogServices), .ClockHz(ClockHz)) u_csr (
      .clk_i, .rst_ni, .time_ms_i,
      .awaddr_i(s_axil_awaddr_i), .awvalid_i(s_axil_awvalid_i), .awready_o(s_axil_awready_o), .wdata_i(s_axil_wdata_i), .wvalid_i(s_axil_wvalid_i),
      .wready_o(s_axil_wready_o), .bresp_o(s_axil_bresp_o), .bvalid_o(s_axil_bvalid_o), .bready_i(s_axil_bready_i),
      .araddr_i(s_axil_araddr_i), .arvalid_i(s_axil_arvalid_i), .arready_o(s_axil_arready_o), .rdata_o(s_axil_rdata_o), .rresp_o(s_axil_rresp_o),
      .rvalid_o(s_axil_rvalid_o), .rready_i(s_axil_rready_i),
      .rfc1323_o(rfc1323), .sack_enable_o(sack_enable), .drop_synfin_o(drop_synfin), .ts_offset_per_conn_o(ts_offset_per_conn),
      .unknown_ack_drop_o(unknown_ack_drop), .fragments_drop_o(fragments_drop), .unclassified_drop_o(unclassified_drop),
      .cookie_key0_o(cookie_key0), .cookie_key1_o(cookie_key1), .ts_key_o(ts_key), .mark_key_o(mark_key), .parity_o(parity),
      .secrets_loaded_o(secrets_loaded),
      .svc_write_o(svc_write), .svc_index_o(svc_index), .svc_valid_o(svc_valid), .svc_addr_o(svc_addr), .svc_any_o(svc_any), .svc_match4_o(svc_match4),
      .svc_match6_o(svc_match6), .svc_port_o(svc_port), .svc_service_o(svc_service),
      .snapshot_o(snapshot), .counter_word_o(counter_word), .counter_word_i(counter_value));

  // ---- line to host: beats
  wire rx_valid, rx_first, rx_last;
  wire [5:0] rx_top;
  wire [511:0] rx_data;
  wire [31:0] rx_time;
  synward_rx_beat u_line_rx (
      .clk_i, .rst_ni, .valid_i(line_rx_tvalid_i), .data_i(line_rx_tdata_i), .keep_i(line_rx_tkeep_i), .last_i(line_rx_tlast_i), .time_ms_i,
      .valid_o(rx_valid), .first_o(rx_first), .last_o(rx_last), .top_o(rx_top), .data_o(rx_data), .time_ms_o(rx_time));

  // ---- decisions
  wire q_valid;
  wire [1:0] q_kind;
  wire [4:0] q_reason;
  synward_request_t request;
  synward_context_t q_context;
  synward_parse #(.LogServices(LogServices)) u_parse (
      .clk_i, .rst_ni, .valid_i(rx_valid), .first_i(rx_first), .last_i(rx_last), .top_i(rx_top), .data_i(rx_data), .time_ms_i(rx_time),
      .secrets_loaded_i(secrets_loaded), .unclassified_drop_i(unclassified_drop), .fragments_drop_i(fragments_drop), .drop_synfin_i(drop_synfin),
      .sack_enable_i(sack_enable), .ws_enable_i(rfc1323 == 2'd1 || rfc1323 == 2'd2), .ts_enable_i(rfc1323[0]),
      .svc_write_i(svc_write), .svc_index_i(svc_index), .svc_valid_i(svc_valid), .svc_addr_i(svc_addr), .svc_any_i(svc_any),
      .svc_match4_i(svc_match4), .svc_match6_i(svc_match6), .svc_port_i(svc_port), .svc_service_i(svc_service),
      .valid_o(q_valid), .kind_o(q_kind), .reason_o(q_reason), .request_o(request), .context_o(q_context));

  wire v_valid;
  synward_verdict_t verdict;
  synward_engine u_engine (
      .clk_i, .rst_ni, .cookie_key0_i(cookie_key0), .cookie_key1_i(cookie_key1), .parity_i(parity), .ts_key_i(ts_key), .mark_key_i(mark_key),
      .ts_offset_per_conn_i(ts_offset_per_conn), .valid_i(q_valid), .request_i(request), .valid_o(v_valid), .verdict_o(verdict));

  // What the builder needs waits beside the engine; the sum over addresses and ports is made meanwhile.
  wire [`SYNWARD_CONTEXT_W-1:0] v_context_bits;
  synward_context_t v_context;
  assign v_context = v_context_bits;
  synward_delay #(.Width(`SYNWARD_CONTEXT_W), .Depth(EngineLatency), .BlockRam(1)) u_context (.clk_i, .rst_ni, .data_i(q_context), .data_o(v_context_bits));
  wire [20:0] q_sum, v_sum;
  synward_sum32 u_address_sum (.clk_i, .words_i({224'd0, q_context.faddr, q_context.laddr[127:0], q_context.fport, q_context.lport}), .sum_o(q_sum));
  synward_delay #(.Width(21), .Depth(EngineLatency - 3)) u_sum (.clk_i, .rst_ni, .data_i(q_sum), .data_o(v_sum));

  // ---- the card's own frames
  wire r_valid, r_mark;
  wire [847:0] r_frame;
  wire [6:0] r_len;
  wire v_syn = verdict.op == 2'd1;
  wire v_good = verdict.op == 2'd2 && verdict.cookie_ok;
  synward_reply_builder u_builder (
      .clk_i, .rst_ni, .valid_i(v_valid && (v_syn || v_good)), .mark_i(!v_syn), .context_i(v_context), .verdict_i(verdict), .address_sum_i(v_sum),
      .valid_o(r_valid), .mark_o(r_mark), .frame_o(r_frame), .len_o(r_len));

  // ---- the final decision: one clock behind the builder, when it is known whether a mark was stored
  wire f_valid, f_good;
  wire [1:0] f_kind;
  wire [4:0] f_reason;
  synward_delay_bit #(.Depth(EngineLatency + BuilderLatency + 1)) u_f_valid (.clk_i, .rst_ni, .bit_i(q_valid), .bit_o(f_valid));
  synward_delay #(.Width(7), .Depth(EngineLatency + BuilderLatency + 1)) u_f_kind (.clk_i, .rst_ni, .data_i({q_kind, q_reason}), .data_o({f_kind, f_reason}));
  synward_delay #(.Width(1), .Depth(BuilderLatency + 1)) u_f_good (.clk_i, .rst_ni, .data_i(v_good), .data_o(f_good));
  wire mark_stored, mark_refused;
  wire f_pass = f_kind == 2'd0;
  wire f_drop = f_kind == 2'd1;
  wire f_syn = f_kind == 2'd2;
  wire f_ack = f_kind == 2'd3;
  wire f_unknown = f_ack && !f_good && unknown_ack_drop;
  wire f_forward = f_pass || (f_ack && (f_good ? mark_stored : !unknown_ack_drop));

  // ---- the frames wait, and meet their decision at the last beat
  wire d_valid;
  wire [518:0] d_beat;
  synward_delay_bit #(.Depth(DecisionLatency)) u_d_valid (.clk_i, .rst_ni, .bit_i(rx_valid), .bit_o(d_valid));
  synward_delay #(.Width(519), .Depth(DecisionLatency), .BlockRam(1)) u_d_beat (.clk_i, .rst_ni, .data_i({rx_last, rx_top, rx_data}), .data_o(d_beat));
  wire d_last = d_valid && d_beat[518];
  wire forward, marked, lost, no_decision;
  synward_ring_fifo #(.Width(3), .LogDepth(3)) u_decisions (
      .clk_i, .rst_ni, .push_i(f_valid), .data_i({f_forward, mark_stored, mark_refused}), .pop_i(d_last), .data_o({forward, marked, lost}), .empty_o(no_decision));

  wire frame_stored, frame_refused, host_tx_moved, host_tx_last;
  wire [6:0] host_tx_bytes;
  synward_host_tx #(.LogDepth(LogBufferDepth), .LogMarkDepth(LogBufferDepth)) u_host_tx (
      .clk_i, .rst_ni, .mark_valid_i(r_valid && r_mark), .mark_i(r_frame), .mark_len_i(r_len), .mark_stored_o(mark_stored), .mark_refused_o(mark_refused),
      .valid_i(d_valid), .beat_i(d_beat), .forward_i(forward), .marked_i(marked), .stored_o(frame_stored), .refused_o(frame_refused),
      .tvalid_o(host_tx_tvalid_o), .tdata_o(host_tx_tdata_o), .tkeep_o(host_tx_tkeep_o), .tlast_o(host_tx_tlast_o), .tready_i(host_tx_tready_i),
      .moved_o(host_tx_moved), .bytes_o(host_tx_bytes), .moved_last_o(host_tx_last));

  // ---- host to line
  wire h_valid, h_last;
  wire [5:0] h_top;
  wire [511:0] h_data;
  synward_rx_beat u_host_rx (
      .clk_i, .rst_ni, .valid_i(host_rx_tvalid_i), .data_i(host_rx_tdata_i), .keep_i(host_rx_tkeep_i), .last_i(host_rx_tlast_i), .time_ms_i,
      .valid_o(h_valid), .first_o(), .last_o(h_last), .top_o(h_top), .data_o(h_data), .time_ms_o());
  wire reply_stored, reply_refused, to_line_stored, to_line_refused, line_tx_moved, line_tx_last;
  wire [6:0] line_tx_bytes;
  synward_line_tx #(.LogReplyDepth(LogBufferDepth), .LogHostDepth(LogBufferDepth)) u_line_tx (
      .clk_i, .rst_ni, .reply_valid_i(r_valid && !r_mark), .reply_i(r_frame), .reply_len_i(r_len), .reply_stored_o(reply_stored), .reply_refused_o(reply_refused),
      .host_valid_i(h_valid), .host_beat_i({h_last, h_top, h_data}), .host_stored_o(to_line_stored), .host_refused_o(to_line_refused),
      .tvalid_o(line_tx_tvalid_o), .tdata_o(line_tx_tdata_o), .tkeep_o(line_tx_tkeep_o), .tlast_o(line_tx_tlast_o), .tready_i(line_tx_tready_i),
      .moved_o(line_tx_moved), .bytes_o(line_tx_bytes), .moved_last_o(line_tx_last));

  // ---- counters
  logic lost_q;
  always_ff @(posedge clk_i) lost_q <= rst_ni && d_last && lost;
  logic [synward_regs_pkg::Counters-1:0] count;
  always_comb begin
    count = '0;
    count[synward_regs_pkg::CNT_LINE_RX_FRAMES] = rx_valid && rx_last;
    count[synward_regs_pkg::CNT_LINE_TX_FRAMES] = line_tx_moved && line_tx_last;
    count[synward_regs_pkg::CNT_HOST_RX_FRAMES] = h_valid && h_last;
    count[synward_regs_pkg::CNT_HOST_TX_FRAMES] = host_tx_moved && host_tx_last;
    count[synward_regs_pkg::CNT_PASSED]     = frame_stored;
    count[synward_regs_pkg::CNT_ANSWERED]   = reply_stored;
    count[synward_regs_pkg::CNT_MARKS]      = mark_stored;
    count[synward_regs_pkg::CNT_TO_LINE]    = to_line_stored;
    count[synward_regs_pkg::CNT_SENDCOOKIE] = f_valid && f_syn;
    count[synward_regs_pkg::CNT_RECVCOOKIE] = f_valid && f_ack && f_good;
    count[synward_regs_pkg::CNT_FAILCOOKIE] = f_valid && f_ack && !f_good;
    count[synward_regs_pkg::CNT_SC_DROPPED] = reply_refused;
    count[synward_regs_pkg::CNT_BADSYN]     = f_valid && f_drop && (f_reason == synward_regs_pkg::DROP_SYN_MISSING
                                              || f_reason == synward_regs_pkg::DROP_SYN_ACK_INVALID || f_reason == synward_regs_pkg::DROP_SYN_FIN);
    for (int r = 0; r < synward_regs_pkg::Drops; r++) count[synward_regs_pkg::FirstDrop + r] = f_valid && f_drop && f_reason == 5'(r);
    count[synward_regs_pkg::CNT_DROP_UNKNOWN_ACK]  = f_valid && f_unknown;
    count[synward_regs_pkg::CNT_DROP_LINE_TX_FULL] = reply_refused;
    count[synward_regs_pkg::CNT_DROP_HOST_TX_FULL] = frame_refused || lost_q;
    count[synward_regs_pkg::CNT_DROP_TO_LINE_FULL] = to_line_refused;
  end
  synward_counters u_counters (
      .clk_i, .rst_ni, .count_i(count), .line_rx_bytes_i(rx_valid ? {1'b0, rx_top} + 7'd1 : 7'd0), .line_tx_bytes_i(line_tx_moved ? line_tx_bytes : 7'd0),
      .host_rx_bytes_i(h_valid ? {1'b0, h_top} + 7'd1 : 7'd0), .host_tx_bytes_i(host_tx_moved ? host_tx_bytes : 7'd0),
      .snapshot_i(snapshot), .word_i(counter_word), .word_o(counter_value));

`ifndef SYNTHESIS
  // Every last beat finds its decision, made in time.
  always_ff @(posedge clk_i) if (rst_ni) assert (!(d_last && no_decision));
`endif
endmodule

`default_nettype wire
