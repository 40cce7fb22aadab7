# SPDX-License-Identifier: BSD-2-Clause
# Clocks that come from outside; the IPs bring constraints for what they make of them. Not run through Vivado.
create_clock -name pcie_refclk -period 10.000 [get_ports pcie_refclk_p]
create_clock -name qsfp0_refclk -period 6.206 [get_ports qsfp0_refclk_p]
create_clock -name qsfp1_refclk -period 6.206 [get_ports qsfp1_refclk_p]
set_false_path -from [get_ports pcie_rstn]
set_false_path -to [get_ports hbm_cattrip]
