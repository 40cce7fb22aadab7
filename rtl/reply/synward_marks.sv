// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Marked ACKs to the host, of the verdicts that send one: they wait for their MAC. Latency: MacLatency, and 10 clocks.
module synward_marks #(
    parameter int MacLatency = 23  ///< clocks from a verdict to the MAC of its mark
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  synward_verdict_t verdict_i,
    input  synward_context_t context_i,  ///< of the verdict's frame
    input  wire  [31:0]  mark_mac_i,
    output logic         valid_o,
    output logic [847:0] frame_o,        ///< byte n in bits 8n+7:8n
    output logic [6:0]   len_o           ///< bytes, 65..106
);
  wire [`SYNWARD_CONTEXT_W-1:0] context_bits;
  synward_context_t m_context;
  synward_verdict_t m_verdict;
  assign m_context = context_bits;
  wire [95:0] fields;
  wire valid;
  synward_delay #(.Width(`SYNWARD_CONTEXT_W), .Depth(MacLatency), .BlockRam(1)) u_mark_context (
      .clk_i, .rst_ni, .data_i(context_i), .data_o(context_bits));
  synward_delay #(.Width(96), .Depth(MacLatency)) u_mark_fields (
      .clk_i, .rst_ni,
      .data_i({verdict_i.seq, verdict_i.ack, verdict_i.mark_flags, verdict_i.mark_wscale, verdict_i.mark_mss}),
      .data_o(fields));
  synward_delay_bit #(.Depth(MacLatency)) u_mark_valid (
      .clk_i, .rst_ni, .bit_i(verdict_i.send == SendMark), .bit_o(valid));
  always_comb begin
    m_verdict = '0;
    {m_verdict.seq, m_verdict.ack, m_verdict.mark_flags, m_verdict.mark_wscale, m_verdict.mark_mss} = fields;
  end
  synward_reply_builder u_mark (
      .clk_i, .rst_ni, .valid_i(valid), .kind_i(SendMark), .context_i(m_context), .verdict_i(m_verdict), .mark_mac_i,
      .valid_o, .frame_o, .len_o);
endmodule

`default_nettype wire
