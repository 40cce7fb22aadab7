# SPDX-License-Identifier: BSD-2-Clause
# Where things go with ENGINE=hls: as floorplan.xdc, but that the engine may be anywhere: its tables need 612 URAM, and
# an SLR has 320. A beginning, not run through Vivado.
create_pblock pblock_shell
resize_pblock [get_pblocks pblock_shell] -add {SLR1}
add_cells_to_pblock [get_pblocks pblock_shell] [get_cells {u_line_card/u_line u_line_card/u_host}]
add_cells_to_pblock [get_pblocks pblock_shell] [get_cells u_line_card/u_card/u_core]
create_pblock pblock_pcie
resize_pblock [get_pblocks pblock_pcie] -add {SLR0}
add_cells_to_pblock [get_pblocks pblock_pcie] [get_cells u_pcie]
