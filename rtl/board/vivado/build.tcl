# SPDX-License-Identifier: BSD-2-Clause
# vivado -mode batch -source build.tcl [-tclargs ENGINE [IP]]: from the sources to synward_u55c.bit and .mcs in the
# folder where it runs. ENGINE is rtl, or hls: with IP, the HLS kernel's archive (hls/vitis/run.sh synward_engine ip),
# to synward_u55c_hls.bit and .mcs. Not run through Vivado.
source [file join [file dirname [file normalize [info script]]] .. read_sources.tcl]
source [file join $synward_board vivado ip.tcl]
set engine [expr {[llength $argv] ? [lindex $argv 0] : "rtl"}]
synward_engine_known $engine
set top synward_u55c
set image $top
set made {synward_cmac_line_ip synward_cmac_host_ip synward_pcie_ip synward_clocks_ip}
set defines {}
set floorplan floorplan.xdc
if {$engine eq "hls"} {
  set image ${top}_hls
  lappend made synward_engine_ip
  set defines {-verilog_define SYNWARD_ENGINE_HLS}
  set floorplan floorplan_hls.xdc
}
set part xcu55c-fsvh2892-2L-e

create_project -in_memory -part $part
set_property source_mgmt_mode None [current_project]
synward_cmac_ips 100.708
synward_pcie_ip
synward_clocks_ip
if {$engine eq "hls"} { synward_engine_ip [lindex $argv 1] }
foreach ip $made {
  generate_target all [get_ips $ip]
  synth_ip [get_ips $ip]
}
read_verilog -sv [synward_sources vivado $engine]
read_xdc [file join $synward_root constraints u55c pins.xdc]
read_xdc [file join $synward_root constraints u55c timing.xdc]
read_xdc [file join $synward_root constraints crossings.xdc]
read_xdc [file join $synward_root constraints u55c $floorplan]

synth_design -top $top -part $part -include_dirs [synward_include_dirs] -flatten_hierarchy rebuilt \
  {*}$defines
write_checkpoint -force synth.dcp
report_utilization -hierarchical -file synth_utilization.rpt
opt_design
place_design -directive ExtraNetDelay_high
phys_opt_design -directive AggressiveExplore
route_design -directive AggressiveExplore
phys_opt_design -directive AggressiveExplore
write_checkpoint -force route.dcp
report_timing_summary -file timing.rpt
report_cdc -details -file cdc.rpt
report_bus_skew -file bus_skew.rpt
report_utilization -hierarchical -file utilization.rpt

# A card that misses its clock loses frames now and then, which is worse than none.
set slack [get_property SLACK [get_timing_paths -max_paths 1 -setup]]
if {$slack < 0} { error "timing: worst setup slack is $slack ns, see timing.rpt; no bitstream was written" }
set slack [get_property SLACK [get_timing_paths -max_paths 1 -hold]]
if {$slack < 0} { error "timing: worst hold slack is $slack ns, see timing.rpt; no bitstream was written" }
write_bitstream -force $image.bit
write_cfgmem -force -format mcs -size 128 -interface SPIx4 -loadbit "up 0x01002000 $image.bit" -file $image.mcs
