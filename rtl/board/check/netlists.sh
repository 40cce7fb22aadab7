#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# netlists.sh RTL FOLDER: each way's top, flattened, with shell and engine of the core as black boxes: FOLDER/TOP.json.
set -euo pipefail
rtl=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
cd "$rtl"
files=$(awk '$1 != "header" && $1 !~ /^#/ { print $2 }' board/sources.list | tr '\n' ' ')
for top in synward_u55c synward_cmac_port synward_box_322mhz synward_card; do
  # shellcheck disable=SC2086
  yosys -q -p "read_verilog -sv -DSYNTHESIS -I. -Iboard $files board/blackbox/*.sv
    blackbox synward_shell synward_engine
    hierarchy -check -top $top; proc; flatten; opt_clean; write_json $out/$top.json" > "$out/$top.log" 2>&1 ||
    { tail -n 5 "$out/$top.log" >&2; echo "netlists: Yosys, $top" >&2; exit 1; }
done
