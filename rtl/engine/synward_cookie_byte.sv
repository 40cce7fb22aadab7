// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// The cookie byte of a SYN, MMMWWWSP (freebsd syncookie layout on little-endian machines). Latency: 2 clocks.
module synward_cookie_byte (
    input  wire         clk_i,
    input  wire  [15:0] mss_i,     ///< the client's MSS option, 0 if none
    input  wire         ws_ok_i,
    input  wire  [3:0]  ws_i,      ///< 0..14
    input  wire         sack_ok_i,
    input  wire         parity_i,
    output logic [7:0]  byte_o
);
  logic [7:1] at_least_q;  // of the MSS table's entries 1..7
  logic [2:0] ws_index_q;
  logic sack_q, parity_q;
  // at_least_q is a thermometer: its length is the index.
  wire [2:0] mss_index = {at_least_q[4], at_least_q[4] ? at_least_q[6] : at_least_q[2],
                          at_least_q[7] || (at_least_q[5] && !at_least_q[6]) || (at_least_q[3] && !at_least_q[4])
                              || (at_least_q[1] && !at_least_q[2])};
  always_ff @(posedge clk_i) begin
    at_least_q[1] <= synward_logic_pkg::at_least(mss_i, 16'd536);
    at_least_q[2] <= synward_logic_pkg::at_least(mss_i, 16'd1200);
    at_least_q[3] <= synward_logic_pkg::at_least(mss_i, 16'd1360);
    at_least_q[4] <= synward_logic_pkg::at_least(mss_i, 16'd1400);
    at_least_q[5] <= synward_logic_pkg::at_least(mss_i, 16'd1440);
    at_least_q[6] <= synward_logic_pkg::at_least(mss_i, 16'd1452);
    at_least_q[7] <= synward_logic_pkg::at_least(mss_i, 16'd1460);
    case (ws_i)
      4'd0: ws_index_q <= 3'd1;
      4'd1: ws_index_q <= 3'd2;
      4'd2, 4'd3: ws_index_q <= 3'd3;
      4'd4, 4'd5: ws_index_q <= 3'd4;
      4'd6: ws_index_q <= 3'd5;
      4'd7: ws_index_q <= 3'd6;
      default: ws_index_q <= 3'd7;
    endcase
    if (!ws_ok_i) ws_index_q <= 3'd0;
    sack_q   <= sack_ok_i;
    parity_q <= parity_i;
    byte_o   <= {mss_index, ws_index_q, sack_q, parity_q};
  end
endmodule

`default_nettype wire
