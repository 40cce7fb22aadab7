// SPDX-License-Identifier: BSD-2-Clause
/// What vivado/ip.tcl makes of cmac_usplus for one port, without AXI4-Lite. For lint and Yosys alone:
/// no way to a bitstream reads it.
(* blackbox *)
module synward_cmac_line_ip (
`include "blackbox/synward_cmac_ports.svh"
);
endmodule
