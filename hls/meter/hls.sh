#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# hls.sh BUILD: measures the processes of hls/kernels/kernels.list and checks their sources: a table, and
# BUILD/hls/report.json and report.md. Exit status: that of synward-hls-meter.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1
out=$build/hls
list=$here/../kernels/kernels.list
mapfile -t sources < <(grep -v '^#' "$list" | awk 'NF { print $2 }' | sort -u)
"$here/emit.sh" "$out" "${sources[@]/#/$here/../}"
"$build/bin/synward-hls-meter" --list "$list" --ir "$out" --json "$out/report.json" --markdown "$out/report.md" \
  --operators "$out/operators.md" \
  --lint "$here"/../kernels/*.hpp --lint "$here"/../kernels/*.cpp --lint "$here"/../synward/*.hpp
