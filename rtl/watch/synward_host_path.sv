// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// From the host to the line: the host's frames pass, but for control frames, and the engine and the registers are told
/// of them; the card's replies go between them. The input always takes a beat.
module synward_host_path #(
    parameter int LogServices = 5,     ///< log2 of the service table's entries
    parameter int LogBufferDepth = 9,  ///< log2 of the beats of each frame buffer
    parameter int Room = 64            ///< replies that room_o speaks of
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          tx_rst_ni,    ///< of what the replies meet
    input  wire          accept_i,     ///< frames may enter
    input  wire  [31:0]  time_ms_i,
    input  synward_beat_t rx_i,
    output synward_beat_t tx_o,
    input  wire          tx_ready_i,
    // replies
    input  wire          reply_valid_i,
    input  wire  [847:0] reply_i,      ///< byte n in bits 8n+7:8n
    input  wire  [6:0]   reply_len_i,
    // registers
    input  synward_control_t control_i,
    output synward_host_tell_t tell_o,
    // the engine's socket
    output logic         watch_o,
    output synward_request_t watched_o,
    output logic         busy_o,       ///< something of the host may still ask
    output logic         room_o,
    output logic         half_o
);
  wire h_valid, h_first, h_last, h_error;
  wire [5:0] h_top;
  wire [511:0] h_data;
  wire [31:0] h_time;
  synward_rx_beat u_rx (
      .clk_i, .rst_ni, .accept_i, .rx_i, .time_ms_i, .valid_o(h_valid), .first_o(h_first), .last_o(h_last),
      .error_o(h_error), .top_o(h_top), .data_o(h_data), .tag_o(), .time_ms_o(h_time));

  wire status, learn_agent, control_refused;
  synward_watch #(.LogServices(LogServices)) u_watch (
      .clk_i, .rst_ni, .valid_i(h_valid), .first_i(h_first), .last_i(h_last), .error_i(h_error), .top_i(h_top),
      .data_i(h_data), .time_ms_i(h_time), .secrets_loaded_i(control_i.secrets.loaded),
      .control_key0_i(control_i.secrets.control_key0), .control_key1_i(control_i.secrets.control_key1),
      .control_keys_i(control_i.secrets.control_keys), .service_i(control_i.service),
      .valid_o(watch_o), .request_o(watched_o), .status_o(status), .learn_agent_o(learn_agent), .busy_o,
      .control_refused_o(control_refused));

  wire mail_stored, mail_refused;
  wire [6:0] mail_waiting;
  wire [8:0] mail_length;
  wire [31:0] mail_word;
  synward_mailbox u_mailbox (
      .clk_i, .rst_ni, .valid_i(h_valid), .first_i(h_first), .last_i(h_last), .error_i(h_error), .top_i(h_top),
      .data_i(h_data), .time_ms_i(h_time), .stored_o(mail_stored), .refused_o(mail_refused),
      .others_refused_i(control_refused), .pop_i(control_i.mail.pop), .waiting_o(mail_waiting),
      .length_o(mail_length), .word_i(control_i.mail.word), .word_o(mail_word));

  wire to_line_valid, to_line_error, stored, refused, reply_stored;
  synward_inner_beat_t to_line_beat;
  synward_moved_t moved;
  synward_control_filter u_control_filter (
      .clk_i, .rst_ni, .valid_i(h_valid), .first_i(h_first), .last_i(h_last), .error_i(h_error), .top_i(h_top),
      .data_i(h_data), .valid_o(to_line_valid), .error_o(to_line_error), .beat_o(to_line_beat));
  synward_line_tx #(.LogReplyDepth(LogBufferDepth), .LogHostDepth(LogBufferDepth), .Room(Room)) u_line_tx (
      .clk_i, .rst_ni(tx_rst_ni), .reply_valid_i, .reply_i, .reply_len_i, .reply_stored_o(reply_stored), .room_o,
      .half_o, .host_valid_i(to_line_valid), .host_beat_i(to_line_beat), .host_keep_i(!to_line_error),
      .host_stored_o(stored), .host_refused_o(refused), .tx_o, .tx_ready_i, .moved_o(moved));

  assign tell_o.rx = {h_valid, h_last, {1'b0, h_top} + 7'd1};
  assign tell_o.damaged = h_error;
  assign tell_o.status = status;
  assign tell_o.note = watched_o.note;
  assign tell_o.learn_agent = learn_agent;
  assign tell_o.service = watched_o.service;
  assign tell_o.mail_stored = mail_stored;
  assign tell_o.control_refused = control_refused || mail_refused;
  assign tell_o.mail_word = mail_word;
  assign tell_o.mail_waiting = mail_waiting;
  assign tell_o.mail_length = mail_length;
  assign tell_o.stored = stored;
  assign tell_o.refused = refused;
  assign tell_o.tx = moved;
  wire unused = &{1'b0, reply_stored};
endmodule

`default_nettype wire
