# SPDX-License-Identifier: BSD-2-Clause
# OpenNIC's build sources this in the plugin's folder (-user_plugin). Not run through Vivado.
source [file join [file dirname [file normalize [info script]]] .. read_sources.tcl]
read_verilog -quiet -sv [synward_sources opennic]
set_property include_dirs [concat [get_property include_dirs [current_fileset]] [synward_include_dirs]] \
  [current_fileset]
read_xdc [file join $synward_root constraints crossings.xdc]
