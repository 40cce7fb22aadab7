// SPDX-License-Identifier: BSD-2-Clause
/// What vivado/ip.tcl makes of clk_wiz (PG065): from the QSFP reference clock the core's clock and init_clk. For lint
/// and Yosys alone: no way to a bitstream reads it.
(* blackbox *)
module synward_clocks_ip (
    input wire clk_in1,
    output wire core_clk,
    output wire init_clk,
    output wire locked
);
endmodule
