# SPDX-License-Identifier: BSD-2-Clause
# Where things go: CMACs X0Y3 and X0Y4 are in SLR1, PCIe in SLR0. The tables need more URAM (416) than an SLR has (320),
# so the engine may spread into SLR2; the rest stays beside the CMACs. A beginning, not run through Vivado.
create_pblock pblock_shell
resize_pblock [get_pblocks pblock_shell] -add {SLR1}
add_cells_to_pblock [get_pblocks pblock_shell] [get_cells {u_line_card/u_line u_line_card/u_host}]
add_cells_to_pblock [get_pblocks pblock_shell] [get_cells u_line_card/u_card/u_core/u_shell]
create_pblock pblock_engine
resize_pblock [get_pblocks pblock_engine] -add {SLR1 SLR2}
add_cells_to_pblock [get_pblocks pblock_engine] [get_cells u_line_card/u_card/u_core/u_engine]
create_pblock pblock_pcie
resize_pblock [get_pblocks pblock_pcie] -add {SLR0}
add_cells_to_pblock [get_pblocks pblock_pcie] [get_cells u_pcie]
