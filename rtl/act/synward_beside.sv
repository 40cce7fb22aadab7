// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What is known of a frame, until its verdict: it waits here as long as the engine takes, or, with Elastic, outside,
/// and comes back with the verdict.
module synward_beside #(
    parameter bit Elastic = 0,
    parameter int Latency = 46  ///< of the engine, clocks
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  synward_waiting_t asked_i,     ///< as the frame asks; of its tag six bits
    input  synward_context_t context_i,
    input  synward_elastic_tell_t elastic_i,
    output synward_waiting_t waiting_o,   ///< with the verdict
    output synward_context_t context_o
);
  if (Elastic) begin : gen_elastic
    assign waiting_o = elastic_i.waiting;
    assign context_o = elastic_i.waiting_frame;
    wire unused = &{1'b0, clk_i, rst_ni, asked_i, context_i, elastic_i};
  end else begin : gen_fixed
    wire [`SYNWARD_CONTEXT_W-1:0] context_bits;
    wire [14:0] waiting;
    synward_delay #(.Width(`SYNWARD_CONTEXT_W), .Depth(Latency), .BlockRam(1)) u_context (
        .clk_i, .rst_ni, .data_i(context_i), .data_o(context_bits));
    synward_delay #(.Width(15), .Depth(Latency)) u_waiting (
        .clk_i, .rst_ni, .data_i({asked_i.tag[5:0], asked_i.is_signed, asked_i.kind, asked_i.reason}),
        .data_o(waiting));
    assign context_o = context_bits;
    assign waiting_o = {1'b0, waiting, 2'b00};
    wire unused = &{1'b0, asked_i, elastic_i};
  end
endmodule

`default_nettype wire
