// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Replies to the line, of the verdicts that send one: SYN-ACKs, challenge ACKs, RSTs. Latency: 12 clocks.
module synward_replies #(
    parameter int LogServices = 5  ///< log2 of the service table's entries
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  synward_service_write_t service_i,
    input  synward_verdict_t verdict_i,  ///< also of no frame
    input  synward_context_t context_i,  ///< of the verdict's frame, if it has one
    output logic         valid_o,
    output logic [847:0] frame_o,        ///< byte n in bits 8n+7:8n
    output logic [6:0]   len_o           ///< bytes, 60..106
);
  wire valid = verdict_i.send == SendSynAck || verdict_i.send == SendChallenge || verdict_i.send == SendRst;
  wire s_valid;
  synward_verdict_t s_verdict;
  synward_context_t s_context;
  synward_reply_source #(.LogServices(LogServices)) u_source (
      .clk_i, .rst_ni, .service_i, .valid_i(valid), .verdict_i, .context_i, .valid_o(s_valid), .verdict_o(s_verdict),
      .context_o(s_context));
  synward_reply_builder u_reply (
      .clk_i, .rst_ni, .valid_i(s_valid), .kind_i({1'b0, s_verdict.send[1:0]}), .context_i(s_context),
      .verdict_i(s_verdict), .mark_mac_i(32'd0), .valid_o, .frame_o, .len_o);
  wire unused = &{1'b0, s_verdict.send[2]};
endmodule

`default_nettype wire
