#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# packed.sh CHECK NETLISTS ROOT WORK: the scripts come to their end on what was packed, alone, and miss any file less.
set -euo pipefail
check=$1 netlists=$2 root=$3 work=$4
rm -rf "$work"
mkdir -p "$work"
"$root/rtl/board/check/pack.sh" "$root" "$work/card.tar.gz"
tar -xzf "$work/card.tar.gz" -C "$work"
run() {
  for group in vivado vivado_hls packages opennic; do
    "$check" --root "$work/synward-card" --stand-in "$root/rtl/board/check/standin.tcl" --netlists "$netlists" \
      --work "$work/run" --only "$group" > "$work/said" 2>&1 || return 1
  done
  "$root/rtl/board/check/makefiles.sh" "$work/synward-card" "$root" "$work/run/modules.objects" "$work/make" \
    > "$work/said" 2>&1
}
run || { cat "$work/said"; echo "packed: the scripts miss something"; exit 1; }
for file in rtl/board/sources.list rtl/board/synward_sync.sv constraints/crossings.xdc rtl/board/vitis/synward.xml \
  rtl/board/vitis/link_hls.cfg constraints/u55c/floorplan_hls.xdc hls/kernels/tables.hpp hls/synward/pause.hpp \
  hls/vitis/synward_engine.cfg hls/vitis/inline.sh hls/vitis/tb/vectors.hpp hls/vitis/ports.sh \
  hls/kernels/kernels.list rtl/board/sources.mk; do
  mv "$work/synward-card/$file" "$work/aside"
  if run; then echo "packed: nobody misses $file"; exit 1; fi
  mv "$work/aside" "$work/synward-card/$file"
done
# Nothing of the host, of tests or of tools goes along.
if tar -tzf "$work/card.tar.gz" |
  grep -E '/(host|tests|sim|driver|check|blackbox|synth|meter|shim|model|vectors)/'; then
  echo "packed: that is nothing for a build machine"
  exit 1
fi
"$root/rtl/board/check/pack.sh" "$root" "$work/again.tar.gz"
cmp "$work/card.tar.gz" "$work/again.tar.gz"
