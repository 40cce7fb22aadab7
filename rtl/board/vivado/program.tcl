# SPDX-License-Identifier: BSD-2-Clause
# vivado -mode batch -source program.tcl -tclargs FILE.bit: by JTAG, until power goes. Not run on hardware.
set file [lindex $argv 0]
if {![file exists $file]} { error "program: no file $file" }
open_hw_manager
connect_hw_server
open_hw_target
set device [lindex [get_hw_devices xcu55c*] 0]
if {$device eq ""} { error "program: no U55C on this JTAG cable" }
current_hw_device $device
refresh_hw_device $device
set_property PROGRAM.FILE $file $device
program_hw_devices $device
close_hw_manager
