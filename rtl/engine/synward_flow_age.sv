// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// What a VISIT makes of one flow (docs/theory-of-operation.md, section 4). Latency: 1 clock.
module synward_flow_age (
    input  wire        clk_i,
    input  wire  [7:0] state_i,   ///< state 7:6 (0 free, 1 handed, 2 open, 3 closing), aux 5:0
    input  wire  [5:0] idle_i,    ///< laps that an open flow may be idle
    output logic [7:0] state_o,
    output logic       freed_o
);
  wire [5:0] aux = state_i[5:0];
  wire gone = state_i[7] && (state_i[6] ? aux[4:2] != 3'd0 : aux >= idle_i);
  always_ff @(posedge clk_i) begin
    freed_o <= gone;
    case (state_i[7:6])
      FlowFree: state_o <= 8'd0;
      FlowHanded: state_o <= aux[5] ? {FlowOpen, 6'd0} : {FlowHanded, 1'b1, aux[4:0]};
      default: state_o <= gone ? 8'd0 : {state_i[7:6], aux + 6'd1};
    endcase
  end
endmodule

`default_nettype wire
