# SPDX-License-Identifier: BSD-2-Clause
# Crossings of rtl/board, by the names of their registers; no clock is named, so it serves every way to a bitstream.
# `./dev card` finds every path between clocks in the netlist below one of these. Not run through Vivado.

# A synchroniser's first register may catch anything. (Gray pointers have a bound of their own, below.)
set_false_path -to [get_pins -hierarchical -filter {NAME =~ */sync1_q_reg*/D && NAME !~ */u_commit_sync/* && \
  NAME !~ */u_tail_sync/*}]

# Gray pointers: bits that left together arrive within a clock, and none is much older.
set_max_delay -datapath_only 3.000 -from [get_cells -hierarchical -filter {NAME =~ */commit_gray_q_reg*}] \
  -to [get_cells -hierarchical -filter {NAME =~ */u_commit_sync/sync1_q_reg*}]
set_max_delay -datapath_only 3.000 -from [get_cells -hierarchical -filter {NAME =~ */tail_gray_q_reg*}] \
  -to [get_cells -hierarchical -filter {NAME =~ */u_tail_sync/sync1_q_reg*}]
set_bus_skew 3.000 -from [get_cells -hierarchical -filter {NAME =~ */commit_gray_q_reg*}] \
  -to [get_cells -hierarchical -filter {NAME =~ */u_commit_sync/sync1_q_reg*}]
set_bus_skew 3.000 -from [get_cells -hierarchical -filter {NAME =~ */tail_gray_q_reg*}] \
  -to [get_cells -hierarchical -filter {NAME =~ */u_tail_sync/sync1_q_reg*}]

# Words that stand still while the toggle beside them, two registers later, says that they may be read.
set_max_delay -datapath_only 6.000 -from [get_cells -hierarchical -filter {NAME =~ *hold_q_reg*}]

# Resets begin at once and end through release_q, which this leaves timed.
set_false_path -to [get_pins -hierarchical -filter {NAME =~ */release_q_reg*/CLR}]
set_false_path -to [get_pins -hierarchical -filter {NAME =~ */u_core/u_reset/caught_q_reg*/CLR}]

# Static: set by the host while the transceivers are reset.
set_false_path -from [get_cells -hierarchical -filter {NAME =~ */u_registers/loopback_o_reg*}]
