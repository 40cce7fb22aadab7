// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The registers, and what they show: the millisecond clock, events, counters.
module synward_registers #(
    parameter int LogServices = 5,       ///< log2 of the service table's entries
    parameter int LogBuckets = 14,       ///< log2 of the most buckets of the syncache
    parameter int LogFlows = 16,         ///< log2 of the flow table's buckets
    parameter int LogEvents = 9,         ///< log2 of the event ring's records
    parameter int ClockHz = 322265625,   ///< what CLOCK_HZ holds at reset
    parameter bit Elastic = 0            ///< frames may be dropped before the engine
) (
    input  wire         clk_i,
    input  wire  [1:0]  rst_ni,        ///< copies: for the registers, for events and counters
    // For simulators alone, which leap over idle time: time_ms_i in the place of the own millisecond clock.
    input  wire         time_given_i,
    input  wire  [31:0] time_ms_i,
    output logic [31:0] time_ms_o,
    input  synward_axil_request_t axil_request_i,
    output synward_axil_response_t axil_response_o,
    // the data path
    output synward_control_t control_o,
    input  synward_line_tell_t line_i,
    input  synward_host_tell_t host_i,
    // the engine's socket
    output synward_settings_t settings_o,
    output logic        load_o,
    output logic        end_pause_o,
    output logic        list_first_o,
    output logic        list_next_o,
    input  synward_socket_tell_t socket_i,
    input  wire         dropped_i,       ///< Elastic: a frame was dropped for want of room before the engine
    input  synward_engine_faults_t faults_i  ///< Elastic: of the engine
);
  wire [31:0] clock_hz, own_ms;
  synward_ms_clock u_ms_clock (.clk_i, .rst_ni(rst_ni[0]), .clock_hz_i(clock_hz), .time_ms_o(own_ms));
  assign time_ms_o = time_given_i ? time_ms_i : own_ms;

  synward_sysctls_t sysctls;
  synward_secrets_t secrets;
  synward_table_sizes_t sizes;
  synward_service_write_t service;
  synward_events_ask_t events_ask;
  synward_events_tell_t events_tell;
  synward_mail_ask_t mail_ask;
  synward_mail_tell_t mail_tell;
  wire [(1<<LogServices)-1:0] agents;
  wire snapshot;
  wire [7:0] counter_word;
  wire [31:0] counter_value;
  assign mail_tell = {host_i.mail_word, host_i.mail_waiting, host_i.mail_length, line_i.mail_busy, line_i.mail_refused};
  synward_csr #(.LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows), .LogEvents(LogEvents),
      .ClockHz(ClockHz)) u_csr (
      .clk_i, .rst_ni(rst_ni[0]), .time_ms_i(time_ms_o), .clock_hz_o(clock_hz), .axil_i(axil_request_i),
      .axil_o(axil_response_o), .sysctls_o(sysctls), .secrets_o(secrets), .table_clear_o(load_o), .end_pause_o,
      .sizes_o(sizes), .tables_i(socket_i.state),
      .faults_i, .list_first_o, .list_next_o, .list_busy_i(socket_i.list_busy),
      .list_shown_i(socket_i.list_shown), .listing_i(socket_i.listing),
      .learn_agent_i(host_i.learn_agent), .learn_service_i(host_i.service[LogServices-1:0]), .agents_o(agents),
      .service_o(service), .events_o(events_ask), .events_i(events_tell), .mail_o(mail_ask), .mail_i(mail_tell),
      .snapshot_o(snapshot), .counter_word_o(counter_word), .counter_word_i(counter_value));
  synward_settings u_settings (
      .secrets_i(secrets), .sysctls_i(sysctls), .sizes_i(sizes), .settings_o);
  assign control_o = {sysctls, secrets, 32'(agents), service, mail_ask};

  synward_events #(.LogDepth(LogEvents)) u_events (
      .clk_i, .rst_ni(rst_ni[1]), .limit_i(sysctls.event_limit), .valid_i(socket_i.event_valid),
      .event_i(socket_i.record), .word_i(events_ask.word), .word_o(events_tell.word),
      .pop_i(events_ask.pop), .lost_code_i(events_ask.lost_code),
      .lost_o(events_tell.lost), .count_o(events_tell.count));
  synward_tally #(.Elastic(Elastic)) u_tally (
      .clk_i, .rst_ni(rst_ni[1]), .line_i, .host_i, .socket_i, .dropped_i, .snapshot_i(snapshot), .word_i(counter_word),
      .word_o(counter_value));
endmodule

`default_nettype wire
