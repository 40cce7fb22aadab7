#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# pack.sh ROOT FILE.tar.gz: exactly what a machine with Vivado or Vitis needs to build a card, with either engine. The
# same files make the same archive.
set -euo pipefail
root=$(cd "$1" && pwd)
out=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cd "$root"
{
  awk '$1 !~ /^#/ && NF == 2 { print "rtl/" $2 }' rtl/board/sources.list
  find rtl/board/vivado rtl/board/vitis rtl/board/opennic constraints -type f
  printf '%s\n' rtl/board/sources.{list,mk} rtl/board/read_sources.tcl docs/{cards,hls,registers}.md LICENSE
  # The HLS kernel of ENGINE=hls.
  find hls/synward hls/kernels -name '*.hpp'
  printf 'hls/%s\n' kernels/synward_engine.cpp kernels/kernels.list vitis/{run,inline,schedule,ports}.sh \
    vitis/kernel.tcl vitis/synward_engine.cfg vitis/tb/{synward_engine_tb.cpp,testbench.hpp,vectors.hpp}
} | LC_ALL=C sort -u |
  tar -czf "$out" --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --transform 's|^|synward-card/|' -T -
