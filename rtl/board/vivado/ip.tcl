# SPDX-License-Identifier: BSD-2-Clause
# The vendor's IP of the card: CMACs, and for the design without XRT PCIe and clocks. Not run through Vivado.
#
# CMAC sites of the U55C: QSFP 0 is GTY quad X0Y24..27, QSFP 1 X0Y28..31, beside the CMACs X0Y3 and X0Y4, which
# OpenNIC and taxi use; xup_vitis_network_example has X0Y2 for the first. X0Y3 lies nearest to both quads.

# CMAC of one port. `init_mhz`: of init_clk.
proc synward_cmac_ip {name site first_lane init_mhz} {
  create_ip -name cmac_usplus -vendor xilinx.com -library ip -module_name $name
  set_property -dict [list \
    CONFIG.CMAC_CAUI4_MODE {1} \
    CONFIG.NUM_LANES {4x25} \
    CONFIG.GT_REF_CLK_FREQ {161.1328125} \
    CONFIG.USER_INTERFACE {AXIS} \
    CONFIG.ENABLE_AXI_INTERFACE {0} \
    CONFIG.INCLUDE_STATISTICS_COUNTERS {0} \
    CONFIG.INCLUDE_RS_FEC {1} \
    CONFIG.ENABLE_PIPELINE_REG {1} \
    CONFIG.TX_FLOW_CONTROL {0} \
    CONFIG.RX_FLOW_CONTROL {0} \
    CONFIG.RX_MIN_PACKET_LEN {64} \
    CONFIG.RX_MAX_PACKET_LEN {9600} \
    CONFIG.GT_DRP_CLK $init_mhz \
    CONFIG.CMAC_CORE_SELECT $site \
    CONFIG.GT_GROUP_SELECT "X0Y${first_lane}~X0Y[expr {$first_lane + 3}]" \
    CONFIG.LANE1_GT_LOC "X0Y${first_lane}" \
    CONFIG.LANE2_GT_LOC "X0Y[expr {$first_lane + 1}]" \
    CONFIG.LANE3_GT_LOC "X0Y[expr {$first_lane + 2}]" \
    CONFIG.LANE4_GT_LOC "X0Y[expr {$first_lane + 3}]" \
  ] [get_ips $name]
}

proc synward_cmac_ips {init_mhz} {
  synward_cmac_ip synward_cmac_line_ip CMACE4_X0Y3 24 $init_mhz
  synward_cmac_ip synward_cmac_host_ip CMACE4_X0Y4 28 $init_mhz
}

# PCIe Gen3 x8 with BAR 0 of 64 KB as AXI4-Lite, for `backend = "pcie"`, bar = 0. The DMA is there and idle.
# 10ee:9038 says nothing that a driver of another design would take: xdma's own would find an XDMA, do not load it.
proc synward_pcie_ip {} {
  create_ip -name xdma -vendor xilinx.com -library ip -module_name synward_pcie_ip
  set_property -dict [list \
    CONFIG.mode_selection {Advanced} \
    CONFIG.pl_link_cap_max_link_width {X8} \
    CONFIG.pl_link_cap_max_link_speed {8.0_GT/s} \
    CONFIG.axi_data_width {256_bit} \
    CONFIG.axisten_freq {250} \
    CONFIG.xdma_axi_intf_mm {AXI_Stream} \
    CONFIG.xdma_rnum_chnl {1} \
    CONFIG.xdma_wnum_chnl {1} \
    CONFIG.xdma_num_usr_irq {1} \
    CONFIG.axilite_master_en {true} \
    CONFIG.axilite_master_size {64} \
    CONFIG.axilite_master_scale {Kilobytes} \
    CONFIG.pf0_device_id {9038} \
    CONFIG.pf0_subsystem_id {5359} \
    CONFIG.pf0_base_class_menu {Network_controller} \
  ] [get_ips synward_pcie_ip]
}

# The HLS kernel, from its archive, for ENGINE=hls.
proc synward_engine_ip {archive} {
  if {![file isfile $archive]} { error "build: no IP \"$archive\"; hls/vitis/run.sh synward_engine ip makes it" }
  set repository [file normalize ip_repo]
  file delete -force $repository
  file mkdir $repository
  set_property ip_repo_paths $repository [current_project]
  update_ip_catalog -add_ip [file normalize $archive] -repo_path $repository
  create_ip -name synward_engine -vendor xilinx.com -library hls -module_name synward_engine_ip
}

# 161.1328125 MHz * 7.5 = 1208.496 MHz; / 4 = 302.124 MHz, / 12 = 100.708 MHz.
proc synward_clocks_ip {} {
  create_ip -name clk_wiz -vendor xilinx.com -library ip -module_name synward_clocks_ip
  set_property -dict [list \
    CONFIG.PRIM_SOURCE {Global_buffer} \
    CONFIG.PRIM_IN_FREQ {161.1328125} \
    CONFIG.PRIMARY_PORT {clk_in1} \
    CONFIG.CLK_OUT1_PORT {core_clk} \
    CONFIG.CLKOUT1_REQUESTED_OUT_FREQ {302.124} \
    CONFIG.CLKOUT2_USED {true} \
    CONFIG.CLK_OUT2_PORT {init_clk} \
    CONFIG.CLKOUT2_REQUESTED_OUT_FREQ {100.708} \
    CONFIG.USE_RESET {false} \
    CONFIG.USE_LOCKED {true} \
  ] [get_ips synward_clocks_ip]
}
