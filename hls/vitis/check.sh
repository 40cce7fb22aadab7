#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# check.sh BUILD: what can be known of hls/vitis without the vendor's tools: files and tops exist, the test benches
# compile as C++14 with g++ and clang against the stand-in headers, warnings as errors, and pass with vectors from the
# tests, fail with a wrong one; the readers of schedule and ports take what is good and refuse what is bad. With Vitis
# HLS on PATH it runs the real thing besides.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: check.sh BUILD" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
work=$build/hls/check
rm -rf "$work"
mkdir -p "$work"
fail() { echo "check.sh: $*" >&2; exit 1; }
flags=(-std=c++14 -O1 -Wall -Wextra -Werror -Wno-unknown-pragmas -I "$here/.." -I "$here/../shim" -I "$here/tb")

# A report as the reader expects it.
report() { printf '<profile><PerformanceEstimates><PipelineInitiationInterval>%s</PipelineInitiationInterval>
<PipelineDepth>%s</PipelineDepth></PerformanceEstimates></profile>\n' "$2" "$3" > "$work/reports/$1_csynth.xml"; }

for kernel in synward_cookie synward_syncache synward_engine; do
  cfg=$here/$kernel.cfg
  top=$(sed -n 's/^syn.top=//p' "$cfg")
  for file in $(sed -n 's/^\(syn\|tb\)\.file=//p' "$cfg"); do
    case $file in
      vectors/*) ;; # made when it runs
      *) [ -f "$here/$file" ] || fail "$cfg: no file $file" ;;
    esac
  done
  source=$here/$(sed -n 's/^syn.file=//p' "$cfg")
  grep -q "^void $top(" "$source" || fail "$source: no top $top"
  "$build/bin/synward-hls-vectors" "$kernel" > "$work/$kernel.txt"
  # The last answer, with a first field that cannot be.
  sed '$ s/^A [0-9a-f]*/A 3f/' "$work/$kernel.txt" > "$work/wrong.txt"
  for compiler in g++ clang++; do
    command -v $compiler >/dev/null || { echo "check.sh: $compiler is missing, left out"; continue; }
    $compiler "${flags[@]}" "$source" "$here/tb/${kernel}_tb.cpp" -o "$work/$kernel"
    echo -n "$kernel, $compiler: "
    "$work/$kernel" "$work/$kernel.txt" || fail "$kernel: wrong answers in C simulation ($compiler)"
    if "$work/$kernel" "$work/wrong.txt" >/dev/null 2>&1; then fail "$kernel: a wrong vector passes"; fi
  done
done

for kind in cfg tcl; do
  "$here/inline.sh" $kind | grep -q 'synward::siphash24' || fail "inline.sh $kind misses siphash24"
done
[ "$("$here/inline.sh" tcl | wc -l)" -ge 80 ] || fail "inline.sh misses functions"
for source in "$here"/*.sh; do bash -n "$source"; done
mkdir -p "$work/reports"
processes=$(awk '$1 == "synward_engine" { print $3 }' "$here/../kernels/kernels.list")
for process in $processes; do report "$process" 2 14; done
"$here/schedule.sh" synward_engine "$work/reports" >/dev/null || fail "schedule.sh refuses a good report"
report tables_process 2 40
if "$here/schedule.sh" synward_engine "$work/reports" >/dev/null; then fail "schedule.sh takes a pipeline too deep"; fi
report tables_process 3 14
if "$here/schedule.sh" synward_engine "$work/reports" >/dev/null; then fail "schedule.sh takes an interval too long"; fi
rm "$work/reports/tables_process_csynth.xml"
if "$here/schedule.sh" synward_engine "$work/reports" >/dev/null 2>&1; then fail "schedule.sh needs no report"; fi
# verilog BITS: a kernel's ports, questions of BITS.
records=$here/../../rtl/synward_records.svh
width() { sed -n "s/^\`define SYNWARD_KERNEL_$1_W //p" "$records"; }
verilog() { printf 'input  [%s:0] questions_TDATA;\ninput  [%s:0] settings_TDATA;\noutput  [%s:0] answers_TDATA;\n' \
  $(($1 - 1)) $(($(width SETTING) - 1)) $(($(width ANSWER) - 1)) > "$work/reports/synward_engine.v"; }
verilog "$(width QUESTION)"
"$here/ports.sh" synward_engine "$work/reports" >/dev/null || fail "ports.sh refuses the card's widths"
verilog $(($(width QUESTION) + 32))
if "$here/ports.sh" synward_engine "$work/reports" >/dev/null; then fail "ports.sh takes a stream too wide"; fi
sed -i '/answers/d' "$work/reports/synward_engine.v"
if "$here/ports.sh" synward_engine "$work/reports" >/dev/null; then fail "ports.sh needs no answers"; fi
rm "$work/reports/synward_engine.v"
if "$here/ports.sh" synward_engine "$work/reports" >/dev/null 2>&1; then fail "ports.sh needs no Verilog"; fi
echo "files, test benches, readers of schedule and ports: right; Vitis HLS itself:"

if command -v vitis-run >/dev/null || command -v vitis_hls >/dev/null; then
  for kernel in synward_cookie synward_syncache synward_engine; do
    "$here/run.sh" "$kernel" csim "$build" && "$here/run.sh" "$kernel" syn "$build"
  done
else
  echo "not run, neither vitis-run nor vitis_hls is on PATH"
fi
if command -v bambu >/dev/null; then
  echo "bambu is on PATH; it takes pure functions alone (docs/hls.md): not run"
fi
