# SPDX-License-Identifier: BSD-2-Clause
# The one list of sources, for every way to a bitstream.

set synward_board [file dirname [file normalize [info script]]]
set synward_rtl [file dirname $synward_board]
set synward_root [file dirname $synward_rtl]

# The engine of a card: the RTL's own, or the HLS kernel beside it.
proc synward_engine_known {engine} {
  if {$engine ni {rtl hls}} { error "ENGINE=$engine: there are rtl and hls" }
}

# Files of a way ("vivado", "vitis", "opennic") with that engine, absolute, in order. "header": the headers.
proc synward_sources {way {engine rtl}} {
  global synward_board synward_rtl
  set list [open [file join $synward_board sources.list]]
  set files {}
  set kinds [expr {$way eq "header" ? "header" : [list all $engine $way]}]
  foreach line [split [read $list] \n] {
    if {$line eq "" || [string index $line 0] eq "#"} continue
    lassign $line kind path
    if {$kind in $kinds} { lappend files [file join $synward_rtl $path] }
  }
  close $list
  return $files
}

# A number that synward_records.svh defines.
proc synward_number {name} {
  global synward_rtl
  set file [open [file join $synward_rtl synward_records.svh]]
  set text [read $file]
  close $file
  if {![regexp -line "^`define $name (\\d+)$" $text - number]} { error "synward_records.svh does not define $name" }
  return $number
}

# Where `include finds the headers.
proc synward_include_dirs {} {
  global synward_board synward_rtl
  return [list $synward_rtl $synward_board]
}
