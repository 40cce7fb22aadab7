#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# run.sh KERNEL csim|syn|cosim|package|ip BUILD: Vitis HLS on one kernel (synward_cookie, synward_syncache or
# synward_engine), in BUILD/hls/vitis/KERNEL; the newest flow that is on PATH. Behind synthesis it checks the schedule
# and the widths of the streams. package makes BUILD/hls/vitis/KERNEL/KERNEL.xo for Vitis, ip BUILD/hls/vitis/KERNEL_ip/
# KERNEL.zip for Vivado. BUILD may be any folder, but for csim and cosim, which want vectors.
# Example: hls/vitis/run.sh synward_engine syn build
# Not run yet with the vendor's tools: none was at hand.
set -euo pipefail
[ $# -eq 3 ] || { sed -n '3,7s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 step=$2
[ -f "$here/$kernel.cfg" ] || { echo "run.sh: $kernel: no such kernel" >&2; exit 2; }
case $step in csim | syn | cosim | package | ip) ;; *) echo "run.sh: $step: not a step" >&2; exit 2 ;; esac
build=$(cd "$3" && pwd)
work=$build/hls/vitis/$kernel
[ "$step" != ip ] || work+=_ip
mkdir -p "$here/vectors" "$work"
if [ -x "$build/bin/synward-hls-vectors" ]; then
  "$build/bin/synward-hls-vectors" "$kernel" > "$here/vectors/$kernel.txt"
else
  case $step in
    csim | cosim) echo "run.sh: build synward-hls-vectors first (./dev build)" >&2; exit 2 ;;
    *) touch "$here/vectors/$kernel.txt" ;; # nobody reads it, but it has to be there
  esac
fi
cd "$work"
format=xo flow=vitis output=$work/$kernel.xo
[ "$step" != ip ] || { format=ip_catalog flow=vivado output=$work/$kernel.zip; }
# Reports and Verilog of another run would be read for this one's.
rm -rf "$output" work "$kernel.prj"
if command -v vitis-run >/dev/null; then
  "$here/inline.sh" cfg > inline.cfg
  printf '%s\n' '[hls]' "flow_target=$flow" "package.output.format=$format" "package.output.file=$output" > output.cfg
  config=(--config "$here/$kernel.cfg" --config inline.cfg --config output.cfg --work_dir work)
  case $step in
    csim) vitis-run --mode hls --csim "${config[@]}" ;;
    syn) v++ --compile --mode hls "${config[@]}" ;;
    cosim)
      v++ --compile --mode hls "${config[@]}"
      vitis-run --mode hls --cosim "${config[@]}"
      ;;
    package | ip)
      v++ --compile --mode hls "${config[@]}"
      vitis-run --mode hls --package "${config[@]}"
      ;;
  esac
elif command -v vitis_hls >/dev/null; then
  "$here/inline.sh" tcl > inline.tcl
  SYNWARD_KERNEL=$kernel SYNWARD_STEP=$step SYNWARD_INLINE=$PWD/inline.tcl SYNWARD_OUTPUT=$output \
    vitis_hls -f "$here/kernel.tcl"
else
  echo "run.sh: neither vitis-run nor vitis_hls is on PATH" >&2
  exit 2
fi
if [ "$step" != csim ]; then
  "$here/schedule.sh" "$kernel" .
  "$here/ports.sh" "$kernel" .
fi
case $step in
  package | ip) [ -f "$output" ] || { echo "run.sh: the tool made no $output" >&2; exit 1; } ;;
esac
