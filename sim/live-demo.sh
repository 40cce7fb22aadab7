#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# live-demo.sh BUILD: the daemon that a card would have, through the real XRT library, on the Verilated card with
# traffic around it; watched with `synward`.
set -euo pipefail
bin=$(cd "$1" && pwd)/bin
scenario=$(cd "$(dirname "$0")" && pwd)/scenarios/live.toml
folder=$(mktemp -d /tmp/synward-demo.XXXXXX)
processes=()
finish() {
  for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

# XRT and the simulation meet at /tmp/$USER/$EMULATION_SOCKETID.
export USER=${folder#/tmp/} EMULATION_SOCKETID=card SYNWARD_SOCKET=$folder/admin.sock
cat > "$folder/synwardd.toml" <<TOML
[device]
backend = "xrt"
xclbin = "$bin/synward.hwemu.xclbin"
[[service]]
address = "203.0.113.7"
port = 443
[sysctl]
"net.synward.unknown_ack" = "drop"
[log]
to = "$folder/synwardd.log"
[api]
admin = "$folder/admin.sock"
public = "$folder/public.sock"
TOML
"$bin/synward" sim serve --xrt --core rtl --traffic "$scenario" > "$folder/serve.log" 2>&1 &
processes+=($!)
"$bin/synward-hwemu-run" "$bin/synwardd" --config "$folder/synwardd.toml" > "$folder/xrt.log" 2>&1 &
processes+=($!)
for _ in $(seq 100); do
  "$bin/synward" status > /dev/null 2>&1 && break
  sleep 0.1
done
"$bin/synward" status > /dev/null || { cat "$folder/xrt.log" "$folder/serve.log" >&2; exit 1; }

if [ -t 1 ]; then
  "$bin/synward" top --count 12
else
  sleep 8
fi
echo '$ synward top'
"$bin/synward" top --batch --count 1
echo '$ synward stats'
"$bin/synward" stats
echo
echo '$ synward list --ss | head -n 5'
"$bin/synward" list --ss --limit 4
echo
echo '$ synward explain'
"$bin/synward" explain
