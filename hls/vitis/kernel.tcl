# Vitis HLS 2022.1 to 2023.1; hls/vitis/run.sh calls it: vitis_hls -f kernel.tcl, with SYNWARD_KERNEL and SYNWARD_STEP
# (csim, syn, cosim, package or ip), SYNWARD_INLINE (a file of what inline.sh tcl says) and SYNWARD_OUTPUT (what package
# and ip make) in the environment. Not run yet: no Vitis was at hand.
set kernel $::env(SYNWARD_KERNEL)
set step $::env(SYNWARD_STEP)
set here [file dirname [file normalize [info script]]]
set flags "-I$here/.. -std=c++14"

open_project -reset $kernel.prj
open_solution -reset solution -flow_target [expr {$step eq "ip" ? "vivado" : "vitis"}]
set_part xcu55c-fsvh2892-2L-e
create_clock -period 3.333ns
set_clock_uncertainty 27%
config_compile -pipeline_style flp
config_dataflow -default_channel fifo
config_rtl -reset control
add_files $here/../kernels/$kernel.cpp -cflags $flags
add_files -tb $here/tb/${kernel}_tb.cpp -cflags "$flags -I$here/tb"
add_files -tb $here/vectors/$kernel.txt
set_top $kernel
source $::env(SYNWARD_INLINE)

if {$step eq "csim"} {
  csim_design -argv "$kernel.txt"
} else {
  csynth_design
  if {$step eq "cosim"} { cosim_design -argv "$kernel.txt 200" }
  if {$step eq "package"} { export_design -format xo -output $::env(SYNWARD_OUTPUT) }
  if {$step eq "ip"} { export_design -format ip_catalog -output $::env(SYNWARD_OUTPUT) }
}
exit
