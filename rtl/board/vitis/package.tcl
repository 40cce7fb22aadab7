# SPDX-License-Identifier: BSD-2-Clause
# vivado -mode batch -source package.tcl -tclargs KERNEL: KERNEL.xo in the folder where it runs. KERNEL is synward,
# synward_cmac_line or synward_cmac_host. Not run through Vivado.
source [file join [file dirname [file normalize [info script]]] .. read_sources.tcl]
source [file join $synward_board vivado ip.tcl]
set kernel [lindex $argv 0]
array set top_of {synward synward_card synward_cmac_line synward_cmac_port synward_cmac_host synward_cmac_port}
if {![info exists top_of($kernel)]} {
  error "package: no kernel \"$kernel\"; there are synward, synward_cmac_line, synward_cmac_host"
}
set part xcu55c-fsvh2892-2L-e
set top $top_of($kernel)
set host_port [expr {$kernel eq "synward_cmac_host"}]

create_project -force project_$kernel project_$kernel -part $part
add_files -norecurse [synward_sources vitis]
set_property include_dirs [synward_include_dirs] [current_fileset]
set_property top $top [current_fileset]
if {$kernel ne "synward"} {
  synward_cmac_ips 100
  add_files -fileset constrs_1 -norecurse [file join $synward_root constraints crossings.xdc]
}
update_compile_order -fileset sources_1
ipx::package_project -root_dir packaged_$kernel -vendor synward -library kernel -taxonomy /KernelIP -import_files \
  -set_current true
set core [ipx::current_core]
set_property name $kernel $core
set_property sdx_kernel true $core
set_property sdx_kernel_type rtl $core
set_property vitis_drc {ctrl_protocol user_managed} $core
set_property ipi_drc {ignore_freq_hz true} $core
if {$host_port} {
  set_property value 1 [ipx::get_user_parameters HostPort -of_objects $core]
  set_property value 1 [ipx::get_hdl_parameters HostPort -of_objects $core]
}

# Streams and registers run on ap_clk.
set streams {s_axis m_axis}
if {$kernel eq "synward"} { set streams {s_axis_line m_axis_line s_axis_host m_axis_host} }
foreach bus [concat s_axi_control $streams] {
  ipx::associate_bus_interfaces -busif $bus -clock ap_clk $core
}
if {$kernel ne "synward"} {
  ipx::infer_bus_interface clk_gt_freerun xilinx.com:signal:clock_rtl:1.0 $core
  ipx::infer_bus_interface {gt_refclk_clk_p gt_refclk_clk_n} xilinx.com:interface:diff_clock_rtl:1.0 $core
  ipx::infer_bus_interface {gt_serial_port_grx_p gt_serial_port_grx_n gt_serial_port_gtx_p gt_serial_port_gtx_n} \
    xilinx.com:interface:gt_rtl:1.0 $core
}

# The one register that Vitis has to know; the host knows the rest (docs/registers.md).
set map [ipx::add_memory_map s_axi_control $core]
set_property slave_memory_map_ref s_axi_control [ipx::get_bus_interfaces s_axi_control -of_objects $core]
set block [ipx::add_address_block reg0 $map]
set_property range 4096 $block
set_property width 32 $block
set register [ipx::add_register ID $block]
set_property address_offset 0x000 $register
set_property size 32 $register
set_property access read-only $register

set_property supported_families {} $core
set_property auto_family_support_level level_2 $core
ipx::create_xgui_files $core
ipx::update_checksums $core
ipx::check_integrity -kernel $core
ipx::save_core $core
close_project
package_xo -force -xo_path $kernel.xo -kernel_name $kernel -ip_directory packaged_$kernel \
  -kernel_xml [file join $synward_board vitis $kernel.xml]
