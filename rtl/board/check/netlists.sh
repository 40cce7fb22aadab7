#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# netlists.sh RTL FOLDER [NAME]: each way's top, flattened, with shell and engine's blocks of the core as black boxes:
# FOLDER/TOP.json; of what differs with ENGINE=hls once more, with the files of that engine: synward_u55c_hls.json,
# synward_hls_card.json, and the ports of the HLS kernel, synward_engine_ip.json. NAME: that one alone.
set -euo pipefail
rtl=$(cd "$1" && pwd)
only=${3:-}
mkdir -p "$2"
out=$(cd "$2" && pwd)
cd "$rtl"
# netlist ENGINE TOP NAME OPTIONS BOXES
netlist() {
  local files
  [ -z "$only" ] || [ "$only" = "$3" ] || return 0
  files=$(awk -v other="$([ "$1" = rtl ] && echo hls || echo rtl)" \
    '$1 != "header" && $1 != other && $1 !~ /^#/ { print $2 }' board/sources.list | tr '\n' ' ')
  # shellcheck disable=SC2086
  yosys -q -p "read_verilog -sv -DSYNTHESIS $4 -I. -Iboard $files board/blackbox/*.sv
    blackbox $5
    hierarchy -check -top $2; proc; flatten; opt_clean; write_json $out/$3.json" > "$out/$3.log" 2>&1 ||
    { tail -n 5 "$out/$3.log" >&2; echo "netlists: Yosys, $3" >&2; exit 1; }
}
# Of the engine all but what the floorplan cuts: synward_flows.
blocks=$(sed -n 's/^all engine\/\(.*\)\.sv$/\1/p' board/sources.list | grep -vx 'synward_engine\|synward_flows' |
  tr '\n' ' ')
for top in synward_u55c synward_cmac_port synward_box_322mhz synward_card; do
  netlist rtl $top $top "" "synward_shell $blocks"
done
boxes="synward_shell synward_elastic synward_socket_time"
netlist hls synward_u55c synward_u55c_hls -DSYNWARD_ENGINE_HLS "$boxes"
netlist hls synward_hls_card synward_hls_card "" "$boxes"
netlist hls synward_engine_ip synward_engine_ip "" "$boxes"
