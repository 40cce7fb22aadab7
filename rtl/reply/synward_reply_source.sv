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
    input  synward_service_write_t service_i,
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
    if (service_i.write) service_mem[service_i.index[LogServices-1:0]] <= service_i.service;
    service1_q <= service_mem[verdict_i.service[LogServices-1:0]];
    verdict1_q <= verdict_i;
    context1_q <= context_i;
  end
  // Whose it is, a copy for each part of the context.
  wire [2:0] own1;
  synward_fanout #(.Copies(3)) u_own (.clk_i, .bit_i(verdict_i.own), .copies_o(own1));

  // 2: of the entry, and what the service says
  always_ff @(posedge clk_i) begin
    verdict_o <= verdict1_q;
    context_o <= context1_q;
    context_o.ws_ok   <= verdict1_q.ws_ok;
    context_o.sack_ok <= verdict1_q.sack_ok;
    context_o.ts_ok   <= verdict1_q.ts_ok;
    context_o.tsval   <= verdict1_q.tsecr;
    if (own1[0]) context_o.faddr <= verdict1_q.faddr;
    if (own1[1]) context_o.laddr <= verdict1_q.laddr;
    if (own1[2]) begin
      context_o.v6      <= verdict1_q.v6;
      context_o.fport   <= verdict1_q.fport;
      context_o.lport   <= verdict1_q.lport;
      context_o.time_ms <= verdict1_q.time_ms;
      context_o.has_mss <= verdict1_q.has_mss;
      context_o.len     <= {7'd0, verdict1_q.len};
      context_o.mac_dst <= verdict1_q.mac_dst;
      context_o.mac_src <= verdict1_q.mac_src;
      context_o.tags    <= verdict1_q.tags;
      context_o.tag1    <= verdict1_q.tag1;
      context_o.tag2    <= verdict1_q.tag2;
    end
    if (own1[1]) begin
      context_o.svc_mss    <= verdict1_q.v6 ? service1_q.mss6 : service1_q.mss4;
      context_o.svc_window <= service1_q.window;
      context_o.svc_wscale <= service1_q.wscale;
      context_o.svc_ttl    <= service1_q.ttl;
      context_o.svc_tos    <= service1_q.tos;
    end
  end

  wire unused = &{1'b0, service1_q.mode, service1_q.en_ws, service1_q.en_sack, service1_q.en_ts};
endmodule

`default_nettype wire
