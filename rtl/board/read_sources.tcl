# SPDX-License-Identifier: BSD-2-Clause
# The one list of sources, for every way to a bitstream.

set synward_board [file dirname [file normalize [info script]]]
set synward_rtl [file dirname $synward_board]
set synward_root [file dirname $synward_rtl]

# Files of a way ("vivado", "vitis", "opennic"), absolute, in order.
proc synward_sources {way} {
  global synward_board synward_rtl
  set list [open [file join $synward_board sources.list]]
  set files {}
  foreach line [split [read $list] \n] {
    if {$line eq "" || [string index $line 0] eq "#"} continue
    lassign $line kind path
    if {$kind eq "all" || $kind eq $way} { lappend files [file join $synward_rtl $path] }
  }
  close $list
  return $files
}

# Where `include finds the headers.
proc synward_include_dirs {} {
  global synward_board synward_rtl
  return [list $synward_rtl $synward_board]
}
