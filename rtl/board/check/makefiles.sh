#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# makefiles.sh CARD ROOT MODULES WORK: the Makefiles of CARD, which was unpacked, come to their end with both engines
# where stand-ins of ROOT take the place of the vendor's tools (MODULES: for standin.tcl), and make what they say. The
# HLS kernel is compiled with g++ and the stand-in headers. Vitis HLS is v++ and vitis-run, then vitis_hls.
set -euo pipefail
card=$(cd "$1" && pwd) root=$(cd "$2" && pwd) modules=$(realpath "$3")
rm -rf "$4"
mkdir -p "$4/bin" "$4/vivado" "$4/vitis"
work=$(cd "$4" && pwd)
export STAND_IN=$root/rtl/board/check/standin.tcl MODULES=$modules SHIM=$root/hls/shim PATH=$work/bin:$PATH
unset ENGINE

cat > "$work/bin/vivado" << 'END'
#!/usr/bin/env bash
while [ $# -gt 0 ] && [ "$1" != -source ]; do shift; done
script=$2
shift 2
[ "${1:-}" != -tclargs ] || shift
exec tclsh "$STAND_IN" "$MODULES" record "$script" "$@"
END
# Vitis HLS, and the linker: files that are named have to be there.
cat > "$work/bin/v++" << 'END'
#!/usr/bin/env bash
set -euo pipefail
configs=() inputs=() output='' link=0
for ((i = 1; i <= $#; i++)); do
  next=$((i + 1))
  case ${!i} in
    --link) link=1 ;;
    --config) configs+=("${!next}") ;;
    --output) output=${!next} ;;
    *.xo) [ "${!i}" = "$output" ] || inputs+=("${!i}") ;;
  esac
done
value() { sed -n "s/^$1=//p" "${configs[@]}"; }
there() { [ -f "$1" ] || { echo "v++: no file $1" >&2; exit 1; }; }
for file in "${configs[@]}" "${inputs[@]}"; do there "$file"; done
if [ $link = 1 ]; then
  there "$(value param | sed -n 's/^compiler.userPostSysLinkOverlayTcl=//p')"
  # Each kernel that is placed comes from a file, and no other.
  for kernel in $(value nk | sed 's/:.*//'); do
    printf '%s\n' "${inputs[@]}" | grep -Eq "(^|/)${kernel}(_hls)?\\.xo$" ||
      { echo "v++: no kernel $kernel" >&2; exit 1; }
  done
  [ "$(value nk | wc -l)" = ${#inputs[@]} ] || { echo "v++: kernels that are not placed" >&2; exit 1; }
  touch "$output"
  exit
fi
folder=$(dirname "${configs[0]}")
for file in $(sed -n 's/^\(syn\|tb\)\.file=//p' "${configs[@]}"); do there "$folder/$file"; done
read -ra flags <<< "$(value syn.cflags)"
read -ra tb_flags <<< "$(value tb.cflags)"
source=$(value syn.file) tb=$(value tb.file | head -n 1) top=$(value syn.top)
(cd "$folder" && g++ "${flags[@]}" -isystem "$SHIM" -w -fsyntax-only "$source" &&
  g++ "${tb_flags[@]}" -isystem "$SHIM" -w -fsyntax-only "$tb")
mkdir -p work
for process in ingest look tables answer mark; do
  printf '%s\n' '<PipelineInitiationInterval>2</PipelineInitiationInterval>' '<PipelineDepth>14</PipelineDepth>' \
    > work/${process}_process_csynth.xml
done
records=$folder/../../rtl/synward_records.svh
for pair in questions:QUESTION settings:SETTING answers:ANSWER; do
  bits=$(sed -n "s/^\`define SYNWARD_KERNEL_${pair#*:}_W //p" "$records")
  echo "inout [$((bits - 1)):0] ${pair%:*}_TDATA;"
done > "work/$top.v"
END
cat > "$work/bin/vitis-run" << 'END'
#!/usr/bin/env bash
set -euo pipefail
case $* in
  *--package*) touch "$(sed -n 's/^package.output.file=//p' output.cfg)" ;;
  *) exit 1 ;;
esac
END
# Vitis HLS of before, which reads kernel.tcl.
cat > "$work/bin/vitis_hls.tcl" << 'END'
foreach command {open_project open_solution set_part create_clock set_clock_uncertainty config_compile config_dataflow
    config_rtl set_top set_directive_inline} { proc $command args {} }
proc add_files args {
  foreach word $args {
    if {[string match *-I* $word] || [string match -* $word]} continue
    if {![file isfile $word]} { puts stderr "vitis_hls: no file $word"; exit 1 }
  }
}
proc csynth_design {} {
  foreach process {ingest look tables answer mark} {
    set file [open ${process}_process_csynth.xml w]
    puts $file "<PipelineInitiationInterval>2</PipelineInitiationInterval>\n<PipelineDepth>14</PipelineDepth>"
    close $file
  }
  set from [open $::env(RECORDS)]
  set file [open synward_engine.v w]
  foreach {- what bits} [regexp -all -inline {define SYNWARD_KERNEL_([A-Z]+)_W (\d+)} [read $from]] {
    puts $file "inout \[[expr {$bits - 1}]:0\] [string tolower $what]s_TDATA;"
  }
  close $file
  close $from
}
proc export_design args {
  array set o $args
  if {$o(-format) ni {xo ip_catalog}} { puts stderr "vitis_hls: format $o(-format)"; exit 1 }
  close [open $o(-output) w]
}
source [lindex $argv 1]
END
printf '#!/bin/sh\nexec tclsh "%s/bin/vitis_hls.tcl" "$@"\n' "$work" > "$work/bin/vitis_hls"
chmod +x "$work"/bin/*
export RECORDS=$card/rtl/synward_records.svh

# makes WAY FILES OPTION...
makes() {
  local way=$1 files=$2
  shift 2
  rm -rf "${work:?}/$way"
  mkdir "$work/$way"
  make -s -C "$work/$way" -f "$card/rtl/board/$way/Makefile" "$@"
  for file in $files; do
    [ -f "$work/$way/$file" ] || { echo "makefiles: $way $*: no $file" >&2; exit 1; }
  done
}
makes vivado "synward_u55c.bit synward_u55c.mcs"
makes vivado "synward_u55c_hls.bit synward_u55c_hls.mcs" ENGINE=hls
makes vitis synward.xclbin
makes vitis synward_hls.xclbin ENGINE=hls
# Made once; another source makes it anew. A report of before is not taken for this run's.
for way in vivado vitis; do
  made() { make -s -q -C "$work/$way" -f "$card/rtl/board/$way/Makefile" ENGINE=hls; }
  made || { echo "makefiles: $way: made twice" >&2; exit 1; }
  for source in hls/kernels/tables.hpp rtl/board/synward_hls_card.sv; do
    cp -p "$card/$source" "$work/source"
    echo "// another" >> "$card/$source"
    touch -d @0 "$card/$source"
    if made; then echo "makefiles: $way: another $source, and nothing is made" >&2; exit 1; fi
    cp -p "$work/source" "$card/$source"
  done
done
mkdir -p "$work/vivado/hls/vitis/synward_engine_ip/synward_engine.prj"
echo '<PipelineInitiationInterval>9</PipelineInitiationInterval>' \
  > "$work/vivado/hls/vitis/synward_engine_ip/synward_engine.prj/tables_process_csynth.xml"
rm "$work/vivado/hls/vitis/synward_engine_ip/synward_engine.zip"
make -s -C "$work/vivado" -f "$card/rtl/board/vivado/Makefile" ENGINE=hls
# In the root of what was unpacked, clean leaves the sources.
for way in vivado vitis; do make -s -C "$card" -f "rtl/board/$way/Makefile" ENGINE=hls clean; done
[ -f "$card/hls/kernels/tables.hpp" ] || { echo "makefiles: clean took the sources" >&2; exit 1; }
rm "$work/bin/vitis-run"
makes vivado "synward_u55c_hls.bit synward_u55c_hls.mcs" ENGINE=hls
makes vitis synward_hls.xclbin ENGINE=hls
