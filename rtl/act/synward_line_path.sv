// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// From the line to the host: frames become requests, and with the engine's verdicts leave, behind marks, or are
/// dropped. The input always takes a beat.
module synward_line_path #(
    parameter int LogServices = 5,     ///< log2 of the service table's entries
    parameter int LogBufferDepth = 9,  ///< log2 of the beats of each frame buffer
    parameter bit Elastic = 0,         ///< verdicts take as long as they take: frames wait in a buffer
    parameter int LogWait = 10,        ///< log2 of its beats
    parameter int Room = 64            ///< marks that room_o speaks of
) (
    input  wire          clk_i,
    input  wire  [3:0]   rst_ni,       ///< copies: for what asks, for what decides, for what leaves, for what waits
    input  wire          accept_i,     ///< frames may enter
    input  wire  [31:0]  time_ms_i,
    input  synward_beat_t rx_i,
    output synward_beat_t tx_o,
    input  wire          tx_ready_i,
    // registers
    input  synward_control_t control_i,
    output synward_line_tell_t tell_o,
    // the engine's socket
    output logic         ask_o,
    output logic [3:0]   ask_copies_o,
    output synward_request_t request_o,
    output logic         room_o,
    input  synward_socket_tell_t socket_i,
    output synward_elastic_ask_t elastic_o,
    input  synward_elastic_tell_t elastic_i,
    // replies
    output synward_context_t context_o  ///< of the frame whose verdict is on the socket
);
  localparam int ParseLatency = 25;
  localparam int EngineLatency = 46;
  localparam int MacLatency = 23;
  localparam int BuilderLatency = 10;
  // From a beat to the final decision of a frame of up to three: parse, engine, MAC, mark built, mark stored, decision
  // kept.
  localparam int DecisionLatency = ParseLatency + EngineLatency + MacLatency + BuilderLatency + 2;

  // ---- beats
  wire rx_valid, rx_first, rx_last, rx_error;
  wire [5:0] rx_top, rx_tag;
  wire [511:0] rx_data;
  wire [31:0] rx_time;
  synward_rx_beat u_rx (
      .clk_i, .rst_ni(rst_ni[3]), .accept_i, .rx_i, .time_ms_i, .valid_o(rx_valid), .first_o(rx_first),
      .last_o(rx_last), .error_o(rx_error), .top_o(rx_top), .data_o(rx_data), .tag_o(rx_tag), .time_ms_o(rx_time));

  // ---- requests
  synward_sysctls_t sysctls;
  assign sysctls = control_i.sysctls;
  synward_waiting_t asked, waiting;
  synward_context_t asked_context;
  wire [5:0] asked_tag, asked_reason;
  wire [1:0] asked_kind;
  wire asked_signed;
  synward_parse #(.LogServices(LogServices)) u_parse (
      .clk_i, .rst_ni(rst_ni[0]), .valid_i(rx_valid), .first_i(rx_first), .last_i(rx_last), .error_i(rx_error),
      .top_i(rx_top), .data_i(rx_data), .time_ms_i(rx_time), .tag_i(rx_tag),
      .secrets_loaded_i(control_i.secrets.loaded), .unclassified_drop_i(sysctls.unclassified_drop),
      .fragments_drop_i(sysctls.fragments_drop), .drop_synfin_i(sysctls.drop_synfin),
      .signed_drop_i(sysctls.signed_drop), .agents_i(control_i.agents[(1<<LogServices)-1:0]),
      .sack_enable_i(sysctls.sack_enable), .ws_enable_i(sysctls.rfc1323 == 2'd1 || sysctls.rfc1323 == 2'd2),
      .ts_enable_i(sysctls.rfc1323[0]), .ecn_enable_i(sysctls.ecn_enable != 2'd0), .service_i(control_i.service),
      .valid_o(ask_o), .valid_copies_o(ask_copies_o), .tag_o(asked_tag), .kind_o(asked_kind),
      .reason_o(asked_reason), .signed_o(asked_signed), .request_o, .context_o(asked_context));
  assign asked = {1'b0, asked_tag, asked_signed, asked_kind, asked_reason, 2'b00};
  synward_beside #(.Elastic(Elastic), .Latency(EngineLatency)) u_beside (
      .clk_i, .rst_ni(rst_ni[1]), .asked_i(asked), .context_i(asked_context), .elastic_i, .waiting_o(waiting),
      .context_o);

  // ---- marks, and what becomes of the frames
  wire m_valid, d_valid;
  wire [847:0] m_frame, mark;
  wire [6:0] m_len, mark_len;
  synward_inner_beat_t d_beat;
  wire unstored, done;
  wire [6:0] number;
  synward_fate_t fate;
  synward_marks #(.MacLatency(MacLatency)) u_marks (
      .clk_i, .rst_ni(rst_ni[1]), .verdict_i(socket_i.verdict), .context_i(context_o), .mark_mac_i(socket_i.mark_mac),
      .valid_o(m_valid), .frame_o(m_frame), .len_o(m_len));
  synward_fates #(
      .Elastic(Elastic), .LogWait(LogWait), .Latency(DecisionLatency), .MarkLatency(MacLatency + BuilderLatency))
  u_fates (
      .clk_i, .rst_ni(rst_ni[3]), .valid_i(rx_valid), .beat_i({rx_last, rx_top, rx_data}), .tag_i(rx_tag),
      .asks_tag_i(asked_tag), .unstored_o(unstored), .number_o(number), .done_o(done),
      .verdict_valid_i(socket_i.verdict_valid), .verdict_i(socket_i.verdict), .waiting_i(waiting),
      .mark_valid_i(m_valid), .mark_i(m_frame), .mark_len_i(m_len),
      .valid_o(d_valid), .beat_o(d_beat), .fate_o(fate), .mark_o(mark), .mark_len_o(mark_len));
  assign elastic_o = {asked, asked_context, unstored, number, done};

  // ---- to the host
  wire [synward_logic_pkg::BeatParts:0] mail_turn;
  wire mail_valid, mail_ready, mail_sent, mail_busy, mail_refused, mark_stored, stored, refused;
  synward_inner_beat_t mail_beat;
  wire mark_goes = fate.last && !fate.missing && fate.marked;
  synward_moved_t moved;
  synward_mail_out u_mail_out (
      .clk_i, .rst_ni(rst_ni[2]), .write_i(control_i.mail.write), .word_i(control_i.mail.at),
      .data_i(control_i.mail.data), .send_i(control_i.mail.send), .length_i(control_i.mail.length),
      .busy_o(mail_busy), .refused_o(mail_refused),
      .valid_o(mail_valid), .beat_o(mail_beat), .turn_i(mail_turn), .ready_i(mail_ready),
      .sent_o(mail_sent));
  synward_host_tx #(.LogDepth(LogBufferDepth), .LogMarkDepth(LogBufferDepth), .Room(Room)) u_host_tx (
      .clk_i, .rst_ni(rst_ni[2]), .mark_valid_i(mark_goes), .mark_i(mark), .mark_len_i(mark_len),
      .mark_stored_o(mark_stored), .room_o, .valid_i(d_valid), .beat_i(d_beat),
      .forward_i(fate.forward && !fate.missing), .stored_o(stored),
      .refused_o(refused), .mail_valid_i(mail_valid), .mail_i(mail_beat), .mail_turn_o(mail_turn),
      .mail_ready_o(mail_ready), .tx_o, .tx_ready_i, .moved_o(moved));

  assign tell_o.rx = {rx_valid, rx_last, {1'b0, rx_top} + 7'd1};
  assign tell_o.fate = fate;
  assign tell_o.stored = stored;
  assign tell_o.refused = refused;
  assign tell_o.mark_stored = mark_stored;
  assign tell_o.mail_sent = mail_sent;
  assign tell_o.mail_busy = mail_busy;
  assign tell_o.mail_refused = mail_refused;
  assign tell_o.tx = moved;
`ifndef SYNTHESIS
  // There is room for each mark.
  always_ff @(posedge clk_i) if (rst_ni[2] && $past(mark_goes)) assert (mark_stored);
`endif
endmodule

`default_nettype wire
