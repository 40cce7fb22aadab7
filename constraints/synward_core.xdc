# SPDX-License-Identifier: BSD-2-Clause
# Clock of synward_core for out-of-context synthesis. Not run on hardware, nor through Vivado.
# 322.265625 MHz: the CMAC's clock; the design's target.
create_clock -name clk -period 3.103 [get_ports clk_i]
# The millisecond clock is the core's own: a board ties time_given_i to 0. The reset is held for many clocks.
set_false_path -from [get_ports rst_ni]
