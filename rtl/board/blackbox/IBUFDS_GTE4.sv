// SPDX-License-Identifier: BSD-2-Clause
/// UltraScale+'s buffer of a transceiver's reference clock (UG974). For lint and Yosys alone: no way to a bitstream
/// reads it.
(* blackbox *)
module IBUFDS_GTE4 #(
    parameter logic [1:0] REFCLK_HROW_CK_SEL = 2'b00
) (
    input  wire I,
    input  wire IB,
    input  wire CEB,
    output wire O,
    output wire ODIV2
);
endmodule
