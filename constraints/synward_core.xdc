# SPDX-License-Identifier: BSD-2-Clause
# Clock of synward_core for out-of-context synthesis. Not run on hardware, nor through Vivado.
# 322.265625 MHz: the CMAC's clock; the design's target.
create_clock -name clk -period 3.103 [get_ports clk_i]
# The millisecond clock is the core's own: a board ties time_given_i to 0.
# The board's reset is asynchronous, and clears the two registers that catch it; nothing else in the core sees it.
set_false_path -from [get_ports rst_ni] -to [get_pins u_reset/caught_q_reg[*]/CLR]
# Behind them it is a signal of this clock and timed as one: sync_q (ASYNC_REG) brings it here, u_reset/leaf_q is the
# root of the tree, and u_shell/u_reset, u_shell/u_accept and u_engine_reset are its second rank, one register for each
# part of the core. Every rank has a whole clock. The tool may replicate the last one; it must not merge it.
