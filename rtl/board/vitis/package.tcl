# SPDX-License-Identifier: BSD-2-Clause
# vivado -mode batch -source package.tcl -tclargs KERNEL: KERNEL.xo in the folder where it runs. KERNEL is synward,
# synward_cmac_line or synward_cmac_host; synward_hls is the kernel synward for ENGINE=hls. Not run through Vivado.
source [file join [file dirname [file normalize [info script]]] .. read_sources.tcl]
source [file join $synward_board vivado ip.tcl]
set kernel [lindex $argv 0]
array set top_of {synward synward_card synward_hls synward_hls_card
  synward_cmac_line synward_cmac_port synward_cmac_host synward_cmac_port}
if {![info exists top_of($kernel)]} {
  error "package: no kernel \"$kernel\"; there are synward, synward_hls, synward_cmac_line, synward_cmac_host"
}
set part xcu55c-fsvh2892-2L-e
set top $top_of($kernel)
set engine [expr {$kernel eq "synward_hls" ? "hls" : "rtl"}]
set is_core [expr {$kernel in {synward synward_hls}}]
set name [expr {$is_core ? "synward" : $kernel}]
# The engine's streams: port, what synward_records.svh calls it.
set engine_streams {m_axis_setting SETTING m_axis_question QUESTION s_axis_answer ANSWER}
set host_port [expr {$kernel eq "synward_cmac_host"}]

create_project -force project_$kernel project_$kernel -part $part
add_files -norecurse [concat [synward_sources vitis $engine] [synward_sources header]]
set_property include_dirs [synward_include_dirs] [current_fileset]
set_property top $top [current_fileset]
if {!$is_core} {
  synward_cmac_ips 100
  add_files -fileset constrs_1 -norecurse [file join $synward_root constraints crossings.xdc]
}
update_compile_order -fileset sources_1
ipx::package_project -root_dir packaged_$kernel -vendor synward -library kernel -taxonomy /KernelIP -import_files \
  -set_current true
set core [ipx::current_core]
set_property name $name $core
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
if {$is_core} { set streams {s_axis_line m_axis_line s_axis_host m_axis_host} }
if {$engine eq "hls"} { foreach {bus -} $engine_streams { lappend streams $bus } }
foreach bus [concat s_axi_control $streams] {
  ipx::associate_bus_interfaces -busif $bus -clock ap_clk $core
}
if {!$is_core} {
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

# synward_hls.xml is synward.xml and the engine's streams, as wide as their words.
set xml [file join $synward_board vitis $name.xml]
if {$engine eq "hls"} {
  set file [open $xml]
  set text [read $file]
  close $file
  set id [regexp -all {<arg } $text]
  foreach {bus what} $engine_streams {
    set bits [synward_number SYNWARD_KERNEL_${what}_W]
    set bytes [format 0x%x [expr {$bits / 8}]]
    set way [expr {[string match s_* $bus] ? "write_only" : "read_only"}]
    set port [string toupper $bus]
    set ports "      <port name=\"$port\" mode=\"$way\" range=\"0x0\" dataWidth=\"$bits\""
    append ports " portType=\"stream\"/>\n    </ports>"
    set args "      <arg name=\"$bus\" addressQualifier=\"4\" id=\"$id\" port=\"$port\" size=\"$bytes\""
    append args " offset=\"0x0\" hostOffset=\"0x0\" hostSize=\"$bytes\" type=\"stream\"/>\n    </args>"
    set text [string map [list "    </ports>" $ports "    </args>" $args] $text]
    incr id
  }
  set xml [file normalize $kernel.xml]
  set file [open $xml w]
  puts -nonewline $file $text
  close $file
}
package_xo -force -xo_path $kernel.xo -kernel_name $name -ip_directory packaged_$kernel -kernel_xml $xml
