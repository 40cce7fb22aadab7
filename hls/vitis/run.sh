#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# run.sh KERNEL csim|syn|cosim|package BUILD: Vitis HLS on one kernel (synward_cookie, synward_syncache or
# synward_engine), in BUILD/hls/vitis/KERNEL; the newest flow that is on PATH. Behind synthesis it checks the schedule.
# Example: hls/vitis/run.sh synward_engine syn build
# Not run yet with the vendor's tools: none was at hand.
set -euo pipefail
[ $# -eq 3 ] || { sed -n '3,5s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 step=$2
[ -f "$here/$kernel.cfg" ] || { echo "run.sh: $kernel: no such kernel" >&2; exit 2; }
case $step in csim | syn | cosim | package) ;; *) echo "run.sh: $step: not a step" >&2; exit 2 ;; esac
build=$(cd "$3" && pwd)
[ -x "$build/bin/synward-hls-vectors" ] || { echo "run.sh: build synward-hls-vectors first (./dev build)" >&2; exit 2; }
mkdir -p "$here/vectors" "$build/hls/vitis/$kernel"
"$build/bin/synward-hls-vectors" "$kernel" > "$here/vectors/$kernel.txt"
cd "$build/hls/vitis/$kernel"
if command -v vitis-run >/dev/null; then
  "$here/inline.sh" cfg > inline.cfg
  config=(--config "$here/$kernel.cfg" --config inline.cfg --work_dir work)
  case $step in
    csim) vitis-run --mode hls --csim "${config[@]}" ;;
    syn) v++ --compile --mode hls "${config[@]}" ;;
    cosim) v++ --compile --mode hls "${config[@]}" && vitis-run --mode hls --cosim "${config[@]}" ;;
    package) v++ --compile --mode hls "${config[@]}" && vitis-run --mode hls --package "${config[@]}" ;;
  esac
elif command -v vitis_hls >/dev/null; then
  "$here/inline.sh" tcl > inline.tcl
  SYNWARD_KERNEL=$kernel SYNWARD_STEP=$step SYNWARD_INLINE=$PWD/inline.tcl vitis_hls -f "$here/kernel.tcl"
else
  echo "run.sh: neither vitis-run nor vitis_hls is on PATH" >&2
  exit 2
fi
[ "$step" = csim ] || "$here/schedule.sh" "$kernel" .
