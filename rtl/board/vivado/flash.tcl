# SPDX-License-Identifier: BSD-2-Clause
# vivado -mode batch -source flash.tcl -tclargs FILE.mcs: by JTAG into the card's QSPI flash, verified; a cold boot
# loads it. The factory's image below 0x01002000 stays: the way back is xbmgmt or this script with its file.
# Not run on hardware.
set file [lindex $argv 0]
if {![file exists $file]} { error "flash: no file $file" }
open_hw_manager
connect_hw_server
open_hw_target
set device [lindex [get_hw_devices xcu55c*] 0]
if {$device eq ""} { error "flash: no U55C on this JTAG cable" }
current_hw_device $device
set part [lindex [get_cfgmem_parts mt25qu01g-spi-x1_x2_x4] 0]
set memory [create_hw_cfgmem -hw_device $device $part]
set_property PROGRAM.FILES $file $memory
set_property PROGRAM.ADDRESS_RANGE use_file $memory
set_property PROGRAM.BLANK_CHECK 0 $memory
set_property PROGRAM.ERASE 1 $memory
set_property PROGRAM.CFG_PROGRAM 1 $memory
set_property PROGRAM.VERIFY 1 $memory
create_hw_bitstream -hw_device $device [get_property PROGRAM.HW_CFGMEM_BITFILE $device]
program_hw_devices $device
program_hw_cfgmem -hw_cfgmem $memory
close_hw_manager
