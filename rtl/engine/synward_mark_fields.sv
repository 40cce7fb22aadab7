// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// What a valid cookie's byte says, as the fields of the hand-off mark (docs/theory-of-operation.md, section 3).
/// Combinational.
module synward_mark_fields (
    input  wire  [7:0]  byte_i,    ///< cookie byte
    input  wire         ts_i,      ///< the ACK carried timestamps
    input  wire  [3:0]  wscale_i,  ///< RCV.WSCALE of the service
    output logic [7:0]  flags_o,
    output logic [7:0]  wscale_o,
    output logic [15:0] mss_o
);
  wire ws = byte_i[4:2] != 3'd0;
  logic [3:0] shift;
  logic [15:0] mss;
  always_comb begin
    case (byte_i[4:2])
      3'd2: shift = 4'd1;
      3'd3: shift = 4'd2;
      3'd4: shift = 4'd4;
      3'd5: shift = 4'd6;
      3'd6: shift = 4'd7;
      3'd7: shift = 4'd8;
      default: shift = 4'd0;
    endcase
    case (byte_i[7:5])
      3'd0: mss = 16'd216;
      3'd1: mss = 16'd536;
      3'd2: mss = 16'd1200;
      3'd3: mss = 16'd1360;
      3'd4: mss = 16'd1400;
      3'd5: mss = 16'd1440;
      3'd6: mss = 16'd1452;
      default: mss = 16'd1460;
    endcase
    flags_o = {5'd0, ws, ts_i, byte_i[1]};
    wscale_o = ws ? {shift, wscale_i} : 8'd0;
    mss_o = mss;
  end
endmodule

`default_nettype wire
