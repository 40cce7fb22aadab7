# SPDX-License-Identifier: BSD-2-Clause
# Leads the ports' transceivers, their reference clocks and the free-running clock to the platform's own pins; v++ runs
# it on the linked block design. U55C. Not run through Vitis.
foreach {port cage} {cmac_line 00 cmac_host 01} {
  set serial [get_bd_intf_ports io_gt_qsfp_$cage]
  set refclk [get_bd_intf_ports io_clk_qsfp_refclka_$cage]
  connect_bd_intf_net [get_bd_intf_pins $port/gt_serial_port] $serial
  connect_bd_intf_net [get_bd_intf_pins $port/gt_refclk] $refclk
  connect_bd_net [get_bd_pins $port/clk_gt_freerun] [get_bd_pins ii_level0_wire/ulp_m_aclk_freerun_ref_00]
}
