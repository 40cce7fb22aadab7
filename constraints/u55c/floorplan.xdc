# SPDX-License-Identifier: BSD-2-Clause
# Where things go: CMACs X0Y3 and X0Y4 are in SLR1, PCIe in SLR0. The tables need more URAM (416) than an SLR has (320),
# so the flow table (128) stands in SLR2 and all else of the core, the syncache's 288 among it, in SLR1 beside the CMACs.
# `./dev card` finds every net between two of these pblocks, but for those of the PCIe IP, to go from a register to a
# register. Not run through Vivado.
create_pblock pblock_card
resize_pblock [get_pblocks pblock_card] -add {SLR1}
add_cells_to_pblock [get_pblocks pblock_card] [get_cells u_line_card]
# Each way has its register on either side of the border: synward_slr_pipe's launch_q and land_q.
create_pblock pblock_flows
resize_pblock [get_pblocks pblock_flows] -add {SLR2}
add_cells_to_pblock [get_pblocks pblock_flows] [get_cells u_line_card/u_card/u_core/u_engine/u_flows/u_table]
add_cells_to_pblock [get_pblocks pblock_flows] \
  [get_cells -hierarchical -filter {NAME =~ */u_flows/*u_there/land_q_reg* || NAME =~ */u_flows/*u_back/launch_q_reg*}]
create_pblock pblock_pcie
resize_pblock [get_pblocks pblock_pcie] -add {SLR0}
add_cells_to_pblock [get_pblocks pblock_pcie] [get_cells u_pcie]
