# SPDX-License-Identifier: BSD-2-Clause
# tclsh standin.tcl OBJECTS RECORD SCRIPT [ARGUMENT...]: runs a script of Vivado's Tcl without Vivado. Each command is
# held against the table below (options, arguments, as UG835 and UG1118 have them, as far as they are used here), files
# and objects have to exist, and what was constrained is written to RECORD. Faults on standard output, one a line;
# exit status 1 if there is one. It knows nothing of timing, of IPs' insides, or of what else Vivado may refuse.

lassign $argv objects_file record_file script
set argv [lrange $argv 3 end]
set record [open $record_file w]
set faults 0
set calls 0
set where [file tail $script]

proc fault {text} {
  global faults where
  incr faults
  puts "$where: $text"
}
proc record {kind args} { puts $::record [concat $kind $args] }

# Objects of the netlist: port NAME, cell NAME, pin NAME; module NAME PORT.
foreach kind {port cell pin} { set objects($kind) {} }
set file [open $objects_file]
while {[gets $file line] >= 0} {
  lassign $line kind name more
  if {$kind eq "module"} { lappend module_ports($name) $more } else { lappend objects($kind) $name }
}
close $file

# Command: {option arity ...} least most (positional arguments).
array set table {
  create_project      {{-in_memory 0 -force 0 -part 1} 0 2}
  close_project       {{-delete 0} 0 0}
  current_project     {{} 0 1}
  current_fileset     {{} 0 0}
  current_design      {{} 0 0}
  get_filesets        {{} 1 1}
  set_property        {{-dict 1 -quiet 0} 1 3}
  get_property        {{} 2 2}
  create_ip           {{-name 1 -vendor 1 -library 1 -version 1 -module_name 1 -dir 1} 0 0}
  update_ip_catalog   {{-rebuild 0 -add_ip 1 -repo_path 1} 0 0}
  get_ips             {{} 0 1}
  generate_target     {{-force 0} 2 2}
  synth_ip            {{-force 0} 1 1}
  read_verilog        {{-sv 0 -quiet 0 -library 1} 1 1}
  read_xdc            {{-quiet 0 -unmanaged 0 -ref 1} 1 1}
  add_files           {{-norecurse 0 -fileset 1} 1 1}
  update_compile_order {{-fileset 1} 0 0}
  synth_design        {{-top 1 -part 1 -include_dirs 1 -flatten_hierarchy 1 -generic 1 -verilog_define 1} 0 0}
  opt_design          {{-directive 1} 0 0}
  place_design        {{-directive 1} 0 0}
  phys_opt_design     {{-directive 1} 0 0}
  route_design        {{-directive 1} 0 0}
  write_checkpoint    {{-force 0} 1 1}
  report_utilization  {{-hierarchical 0 -file 1} 0 0}
  report_timing_summary {{-file 1} 0 0}
  report_cdc          {{-details 0 -file 1} 0 0}
  report_bus_skew     {{-file 1} 0 0}
  get_timing_paths    {{-max_paths 1 -setup 0 -hold 0} 0 0}
  write_bitstream     {{-force 0} 1 1}
  write_cfgmem        {{-force 0 -format 1 -size 1 -interface 1 -loadbit 1 -file 1} 0 0}
  open_hw_manager     {{} 0 0}
  connect_hw_server   {{-url 1} 0 0}
  open_hw_target      {{} 0 1}
  get_hw_devices      {{} 0 1}
  current_hw_device   {{} 1 1}
  refresh_hw_device   {{-quiet 0} 1 1}
  program_hw_devices  {{} 1 1}
  close_hw_manager    {{} 0 0}
  get_cfgmem_parts    {{} 1 1}
  create_hw_cfgmem    {{-hw_device 1} 1 1}
  create_hw_bitstream {{-hw_device 1} 1 1}
  program_hw_cfgmem   {{-hw_cfgmem 1} 0 1}
  create_clock        {{-name 1 -period 1 -waveform 1} 1 1}
  set_false_path      {{-from 1 -to 1 -through 1} 0 0}
  set_max_delay       {{-datapath_only 0 -from 1 -to 1} 1 1}
  set_bus_skew        {{-from 1 -to 1} 1 1}
  create_pblock       {{} 1 1}
  resize_pblock       {{-add 1} 1 1}
  add_cells_to_pblock {{} 2 2}
  get_pblocks         {{} 1 1}
  get_ports           {{-quiet 0} 1 1}
  get_cells           {{-quiet 0 -hierarchical 0 -filter 1} 0 1}
  get_pins            {{-quiet 0 -hierarchical 0 -filter 1} 0 1}
  package_xo          {{-force 0 -xo_path 1 -kernel_name 1 -ip_directory 1 -kernel_xml 1 -ctrl_protocol 1} 0 0}
  get_bd_intf_ports   {{} 1 1}
  get_bd_intf_pins    {{} 1 1}
  get_bd_pins         {{} 1 1}
  connect_bd_intf_net {{} 2 2}
  connect_bd_net      {{} 2 2}
  ipx::package_project {{-root_dir 1 -vendor 1 -library 1 -taxonomy 1 -import_files 0 -set_current 1} 0 0}
  ipx::current_core   {{} 0 0}
  ipx::associate_bus_interfaces {{-busif 1 -clock 1} 1 1}
  ipx::infer_bus_interface {{} 3 3}
  ipx::get_bus_interfaces {{-of_objects 1} 1 1}
  ipx::get_user_parameters {{-of_objects 1} 1 1}
  ipx::get_hdl_parameters {{-of_objects 1} 1 1}
  ipx::add_memory_map {{} 2 2}
  ipx::add_address_block {{} 2 2}
  ipx::add_register   {{} 2 2}
  ipx::create_xgui_files {{} 1 1}
  ipx::update_checksums {{} 1 1}
  ipx::check_integrity {{-kernel 0 -quiet 0} 1 1}
  ipx::save_core      {{} 1 1}
}

# Properties that a script here may set on an IP.
array set ip_properties {
  cmac_usplus {CMAC_CAUI4_MODE NUM_LANES GT_REF_CLK_FREQ USER_INTERFACE ENABLE_AXI_INTERFACE INCLUDE_RS_FEC
    INCLUDE_STATISTICS_COUNTERS ENABLE_PIPELINE_REG TX_FLOW_CONTROL RX_FLOW_CONTROL RX_MIN_PACKET_LEN
    RX_MAX_PACKET_LEN GT_DRP_CLK CMAC_CORE_SELECT GT_GROUP_SELECT LANE1_GT_LOC LANE2_GT_LOC LANE3_GT_LOC LANE4_GT_LOC}
  xdma {mode_selection pl_link_cap_max_link_width pl_link_cap_max_link_speed axi_data_width axisten_freq
    xdma_axi_intf_mm xdma_rnum_chnl xdma_wnum_chnl xdma_num_usr_irq axilite_master_en axilite_master_size
    axilite_master_scale pf0_device_id pf0_subsystem_id pf0_base_class_menu}
  synward_engine {}
  clk_wiz {PRIM_SOURCE PRIM_IN_FREQ PRIMARY_PORT CLK_OUT1_PORT CLKOUT1_REQUESTED_OUT_FREQ CLKOUT2_USED CLK_OUT2_PORT
    CLKOUT2_REQUESTED_OUT_FREQ USE_RESET USE_LOCKED}
}
# Pins of the U55C's platform to which a linked design may be led.
set platform_pins {io_gt_qsfp_00 io_gt_qsfp_01 io_clk_qsfp_refclka_00 io_clk_qsfp_refclka_01
  ii_level0_wire/ulp_m_aclk_freerun_ref_00}

# Square brackets stand for themselves, as in Vivado.
proc like {pattern name} { string match [string map {\[ \\\[ \] \\\]} $pattern] $name }
proc passes {filter name} {
  foreach any [split [string map {|| \x01} $filter] \x01] {
    set all 1
    foreach term [split [string map {&& \x02} $any] \x02] {
      if {[llength $term] != 3 || [lindex $term 0] ne "NAME" || [lindex $term 1] ni {=~ !~ ==}} {
        fault "filter \"[string trim $term]\": NAME, then =~, !~ or ==, then a pattern"
        return 0
      }
      lassign $term - op pattern
      if {[like $pattern $name] == ($op eq "!~")} { set all 0 }
    }
    if {$all} { return 1 }
  }
  return 0
}
proc find {kind option positional} {
  array set o $option
  set patterns [lindex $positional 0]
  set found {}
  foreach name $::objects($kind) {
    set hit [expr {![info exists o(-filter)] || [passes $o(-filter) $name]}]
    if {$hit && $patterns ne ""} {
      set hit 0
      foreach pattern $patterns { if {[like $pattern $name]} { set hit 1; break } }
    }
    if {$hit} { lappend found $name }
  }
  if {$found eq ""} {
    fault "get_${kind}s: no $kind like [expr {[info exists o(-filter)] ? $o(-filter) : $patterns}]"
  }
  return $found
}

proc file_needed {command path} { if {![file isfile $path]} { fault "$command: no file $path" } }
proc made {path} { close [open $path w] }
set ips {}
set pblocks {}
set ip_kind {}
set clocks {}

# What a command does here: `o` its options, `p` its positional arguments.
array set does {
  create_project {}
  current_project {return @project}
  current_fileset {return @fileset}
  current_design {return @design}
  create_ip {
    if {![info exists ::ip_properties($o(-name))]} { fault "create_ip: $o(-name) is not in the table" }
    dict set ::ips $o(-module_name) $o(-name)
    record ip $o(-module_name) $o(-name)
    return $o(-module_name)
  }
  update_ip_catalog {
    if {[info exists o(-add_ip)]} { file_needed update_ip_catalog $o(-add_ip) }
    if {![info exists o(-repo_path)] || ![file isdirectory $o(-repo_path)]} { fault "update_ip_catalog: no repository" }
  }
  get_ips {
    if {![dict exists $::ips [lindex $p 0]]} { fault "get_ips: no IP [lindex $p 0]" }
    return @ip:[lindex $p 0]
  }
  set_property {
    set object [lindex $p end]
    if {[info exists o(-dict)]} {
      if {[llength $p] != 1} { fault "set_property -dict: one list and the objects" }
      set pairs $o(-dict)
    } else {
      if {[llength $p] != 3} { fault "set_property: name, value and objects" }
      set pairs [lrange $p 0 1]
    }
    if {[llength $pairs] % 2} { fault "set_property: a name without a value" }
    foreach {name value} $pairs {
      if {[string match @ip:* $object]} {
        set kind [dict get $::ips [string range $object 4 end]]
        if {![regsub ^CONFIG\\. $name {} short] || $short ni $::ip_properties($kind)} {
          fault "set_property: $kind has no $name in the table"
        }
      }
      if {$name eq "PACKAGE_PIN"} {
        if {[info exists ::pin_of($value)]} { fault "pin $value is given to $::pin_of($value) and to $object" }
        set ::pin_of($value) $object
        record pinned $object
      }
      if {$name eq "top"} {
        set ::top $value
        if {![info exists ::module_ports($value)]} { fault "top $value: no such module" }
      }
    }
    if {$object eq ""} { fault "set_property [lindex $pairs 0]: no object" }
  }
  get_property {
    switch -- [lindex $p 0] { SLACK { return 0.050 } default { return {} } }
  }
  read_verilog { foreach path [lindex $p 0] { file_needed read_verilog $path; record source $path } }
  add_files { foreach path [lindex $p 0] { file_needed add_files $path; record source $path } }
  read_xdc {
    file_needed read_xdc [lindex $p 0]
    record source [lindex $p 0]
    set before $::where
    set ::where [file tail [lindex $p 0]]
    if {[info exists ::objects_known]} { uplevel #0 [list source [lindex $p 0]] }
    set ::where $before
  }
  synth_design {
    if {![info exists ::module_ports($o(-top))]} { fault "synth_design: no module $o(-top)" }
    if {[info exists o(-verilog_define)]} { record define $o(-verilog_define) }
    foreach folder $o(-include_dirs) { if {![file isdirectory $folder]} { fault "synth_design: no folder $folder" } }
  }
  get_timing_paths {return @path}
  write_bitstream {made [lindex $p 0]}
  write_cfgmem {
    file_needed write_cfgmem [lindex $o(-loadbit) end]
    made $o(-file)
  }
  get_hw_devices {return xcu55c_0}
  get_cfgmem_parts {
    if {[lindex $p 0] ne "mt25qu01g-spi-x1_x2_x4"} { fault "get_cfgmem_parts: the U55C has a mt25qu01g-spi-x1_x2_x4" }
    return [lindex $p 0]
  }
  create_hw_cfgmem {return @memory}
  get_ports {return [find port [array get o] $p]}
  get_cells {return [find cell [array get o] $p]}
  get_pins {return [find pin [array get o] $p]}
  create_clock {
    if {![string is double -strict $o(-period)] || $o(-period) <= 0} { fault "create_clock: period $o(-period)" }
    record clock [lindex $p 0]
  }
  set_false_path {
    if {![info exists o(-from)] && ![info exists o(-to)]} { fault "set_false_path: neither -from nor -to" }
    record exception [expr {[info exists o(-from)] ? $o(-from) : "*"}] [expr {[info exists o(-to)] ? $o(-to) : "*"}]
  }
  set_max_delay {
    if {![info exists o(-datapath_only)]} { fault "set_max_delay: without -datapath_only it includes clock skew" }
    if {![info exists o(-from)]} { fault "set_max_delay -datapath_only needs -from" }
    record exception [expr {[info exists o(-from)] ? $o(-from) : "*"}] [expr {[info exists o(-to)] ? $o(-to) : "*"}]
  }
  set_bus_skew { if {![info exists o(-from)] || ![info exists o(-to)]} { fault "set_bus_skew: -from and -to" } }
  create_pblock { lappend ::pblocks [lindex $p 0]; return [lindex $p 0] }
  get_pblocks {
    if {[lindex $p 0] ni $::pblocks} { fault "get_pblocks: no pblock [lindex $p 0]" }
    return [lindex $p 0]
  }
  resize_pblock {
    foreach range $o(-add) { if {![regexp {^SLR[0-2]$} $range]} { fault "resize_pblock: the U55C has no $range" } }
  }
  add_cells_to_pblock { record pblock [lindex $p 0] [lindex $p 1] }
  ipx::package_project {set ::associated {}; return @core}
  ipx::current_core {return @core}
  ipx::associate_bus_interfaces {
    interface $o(-busif)
    if {$o(-clock) ni $::module_ports($::top)} { fault "associate_bus_interfaces: no clock $o(-clock)" }
    lappend ::associated $o(-busif)
  }
  ipx::infer_bus_interface {
    foreach port [lindex $p 0] { if {$port ni $::module_ports($::top)} { fault "infer_bus_interface: no port $port" } }
    return @bus
  }
  ipx::get_bus_interfaces {interface [lindex $p 0]; return @bus}
  ipx::get_user_parameters {return @parameter}
  ipx::get_hdl_parameters {return @parameter}
  ipx::add_memory_map {return @map}
  ipx::add_address_block {return @block}
  ipx::add_register {return @register}
  package_xo {
    file_needed package_xo $o(-kernel_xml)
    foreach port $::module_ports($::top) {
      if {[regexp {^(.*)_(tvalid|awvalid)$} $port - bus] && $bus ni $::associated} {
        fault "package_xo: $bus has no clock"
      }
    }
    record kernel $o(-kernel_name) $::top $o(-kernel_xml)
    made $o(-xo_path)
  }
  get_bd_intf_ports {platform [lindex $p 0]; return [lindex $p 0]}
  get_bd_intf_pins {kernel_pin [lindex $p 0]; return [lindex $p 0]}
  get_bd_pins {
    if {[string match ii_level0_wire/* [lindex $p 0]]} { platform [lindex $p 0] } else { kernel_pin [lindex $p 0] }
    return [lindex $p 0]
  }
}
proc platform {name} { if {$name ni $::platform_pins} { fault "the platform has no $name" } }
# INSTANCE/PIN or INSTANCE/INTERFACE of a port's kernel.
proc kernel_pin {name} {
  set pin [lindex [split $name /] end]
  if {[lsearch -glob $::module_ports(synward_cmac_port) $pin*] < 0} { fault "no pin $name" }
  record bd_pin $name
}
# Signals by which the packager knows an interface, all there. The engine's streams have a struct a beat, no tlast.
proc interface {bus} {
  set stream {tvalid tready tdata tkeep tlast}
  if {[regexp {_(setting|question|answer)$} $bus]} { set stream {tvalid tready tdata} }
  set lite {awaddr awprot awvalid awready wdata wstrb wvalid wready bresp bvalid bready araddr arprot arvalid arready
    rdata rresp rvalid rready}
  foreach signal [expr {[string match *axi_control $bus] ? $lite : $stream}] {
    if {"${bus}_$signal" ni $::module_ports($::top)} { fault "$bus: $::top has no port ${bus}_$signal" }
  }
}

foreach {name rule} [array get table] {
  if {[string match ipx::* $name]} { namespace eval ::ipx {} }
  set body [expr {[info exists does($name)] ? $does($name) : ""}]
  proc ::$name args [string map [list @NAME@ $name @BODY@ $body] {
    incr ::calls
    lassign $::table(@NAME@) known least most
    array set o {}
    set p {}
    for {set i 0} {$i < [llength $args]} {incr i} {
      set word [lindex $args $i]
      if {[regexp {^-[a-z_]+$} $word]} {
        if {![dict exists $known $word]} { fault "@NAME@: no option $word"; continue }
        if {[dict get $known $word]} { incr i; set o($word) [lindex $args $i] } else { set o($word) 1 }
        if {$i >= [llength $args]} { fault "@NAME@: $word has no value" }
      } else {
        lappend p $word
      }
    }
    if {[llength $p] < $least || [llength $p] > $most} {
      fault "@NAME@: [llength $p] arguments beside the options, $least to $most are right"
    }
    @BODY@
  }]
}
rename unknown tcl_unknown
# As Vivado has it, [3] and [*] that nobody braced stand for themselves.
proc unknown {command args} {
  if {[regexp {^([0-9]+|\*)$} $command]} { return "\[$command\]" }
  fault "no command $command in the table"
  return {}
}

if {[llength $objects(port)]} { set objects_known 1 }
if {[file extension $script] eq ".xdc"} { set argv {} }
if {[catch { source $script } message]} { fault $message }
puts "calls $calls"
close $record
exit [expr {$faults > 0}]
