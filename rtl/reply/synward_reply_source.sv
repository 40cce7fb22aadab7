// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What a reply to the line is made of: of a frame that is answered, its context with the options that the verdict
/// accepts; of a retransmission (verdict.own), what the verdict brings, and what the service's entry says. Latency: 2
/// clocks.
module synward_reply_source #(
    parameter int LogServices = 5  ///< log2 of the service table's entries
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // the service table's writes, of which a copy is kept here
    input  wire          svc_write_i,
    input  wire  [LogServices-1:0] svc_index_i,
    input  wire  [`SYNWARD_SERVICE_W-1:0] svc_service_i,
    // question
    input  wire          valid_i,
    input  synward_verdict_t verdict_i,
    input  synward_context_t context_i,  ///< of the verdict's frame, if it has one
    // answer
    output logic         valid_o,
    output synward_verdict_t verdict_o,
    output synward_context_t context_o
);
  synward_delay_bit #(.Depth(2)) u_valid (.clk_i, .rst_ni, .bit_i(valid_i), .bit_o(valid_o));

  // 1: the frame's or the verdict's; the service's entry
  (* ram_style = "distributed" *) logic [`SYNWARD_SERVICE_W-1:0] service_mem [0:(1<<LogServices)-1];
  synward_service_t service1_q;
  synward_verdict_t verdict1_q;
  synward_context_t context1_q;
  always_ff @(posedge clk_i) begin
    if (svc_write_i) service_mem[svc_index_i] <= svc_service_i;
    service1_q <= service_mem[verdict_i.service[LogServices-1:0]];
    verdict1_q <= verdict_i;
    context1_q <= context_i;
    context1_q.ws_ok   <= verdict_i.ws_ok;
    context1_q.sack_ok <= verdict_i.sack_ok;
    context1_q.ts_ok   <= verdict_i.ts_ok;
    context1_q.tsval   <= verdict_i.tsecr;
    if (verdict_i.own) begin
      context1_q.v6      <= verdict_i.v6;
      context1_q.faddr   <= verdict_i.faddr;
      context1_q.laddr   <= verdict_i.laddr;
      context1_q.fport   <= verdict_i.fport;
      context1_q.lport   <= verdict_i.lport;
      context1_q.time_ms <= verdict_i.time_ms;
      context1_q.has_mss <= verdict_i.has_mss;
      context1_q.len     <= {7'd0, verdict_i.len};
      context1_q.mac_dst <= verdict_i.mac_dst;
      context1_q.mac_src <= verdict_i.mac_src;
      context1_q.tags    <= verdict_i.tags;
      context1_q.tag1    <= verdict_i.tag1;
      context1_q.tag2    <= verdict_i.tag2;
    end
  end

  // 2: what the service says
  always_ff @(posedge clk_i) begin
    verdict_o <= verdict1_q;
    context_o <= context1_q;
    if (verdict1_q.own) begin
      context_o.svc_mss    <= context1_q.v6 ? service1_q.mss6 : service1_q.mss4;
      context_o.svc_window <= service1_q.window;
      context_o.svc_wscale <= service1_q.wscale;
      context_o.svc_ttl    <= service1_q.ttl;
      context_o.svc_tos    <= service1_q.tos;
    end
  end

  wire unused = &{1'b0, service1_q.mode, service1_q.en_ws, service1_q.en_sack, service1_q.en_ts};
endmodule

`default_nettype wire
