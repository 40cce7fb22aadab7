# SPDX-License-Identifier: BSD-2-Clause
# OpenNIC's build sources this in the plugin's folder (-user_plugin). Its engine is the RTL's: OpenNIC's script has no
# place for the HLS kernel's IP. Not run through Vivado.
source [file join [file dirname [file normalize [info script]]] .. read_sources.tcl]
if {[info exists ::env(ENGINE)]} {
  synward_engine_known $::env(ENGINE)
  if {$::env(ENGINE) eq "hls"} { error "ENGINE=hls: not offered in OpenNIC; the ways vivado and vitis have it" }
}
read_verilog -quiet -sv [synward_sources opennic]
set_property include_dirs [concat [get_property include_dirs [current_fileset]] [synward_include_dirs]] \
  [current_fileset]
read_xdc [file join $synward_root constraints crossings.xdc]
