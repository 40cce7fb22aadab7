#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# schedule.sh KERNEL DIR: reads the synthesis reports (*_csynth.xml) below DIR and checks what the source assumes of
# the schedule: every process reaches its interval of kernels.list, and what a request writes lands before forwarding
# (kDistance requests) ends. No write lands later than the pipeline is deep, so depth / II bounds that distance.
# Exit status: 0 if all holds, 1 if not, 2 if a report is missing.
# The element names are those of Vitis HLS's csynth.xml; no report of a real run was at hand.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '3,6s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 dir=$2
distance=$(sed -n 's/^constexpr unsigned kDistance = \([0-9]*\);.*/\1/p' "$here/../kernels/records.hpp")
[ -n "$distance" ] || { echo "schedule.sh: kDistance is not in kernels/records.hpp" >&2; exit 2; }

# The first number of an element of a report.
number() { sed -n "s:.*<$1>\([0-9]*\)</$1>.*:\1:p" "$2" | head -n 1; }

failed=0 seen=0
while read -r name _ process ii; do
  [ "$name" = "$kernel" ] || continue
  seen=1
  report=$(find "$dir" -name "*${process}*_csynth.xml" | sort | head -n 1)
  if [ -z "$report" ]; then
    echo "schedule.sh: no report of $process below $dir" >&2
    exit 2
  fi
  got=$(number PipelineInitiationInterval "$report")
  depth=$(number PipelineDepth "$report")
  if [ -z "$got" ] || [ -z "$depth" ]; then
    echo "schedule.sh: $report: no PipelineInitiationInterval or PipelineDepth" >&2
    exit 2
  fi
  echo "$kernel $process: II $got, depth $depth"
  if [ "$got" -gt "$ii" ]; then
    echo "$process: II $got where $ii is assumed"
    failed=1
  fi
  reach=$(((depth + got - 1) / got))
  if [ "$process" = tables_process ] && [ "$reach" -gt "$distance" ]; then
    echo "$process: up to $reach requests from read to write where $distance are forwarded: raise kDistance"
    failed=1
  fi
done < <(grep -v '^#' "$here/../kernels/kernels.list")
[ $seen = 1 ] || { echo "schedule.sh: no process of $kernel in kernels/kernels.list" >&2; exit 2; }
exit $failed
