#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Handshakes of the running kernel through the Verilated card: captures a client's in a network namespace, replays it,
# sends the client's ACKs to the card's own SYN-ACKs, and has tcpdump judge what the card made.
# usage: capture.sh [--save FILE] [BUILD]   (BUILD: build directory, default build/; --save: keep the capture)
#   example: tests/live/capture.sh --save handshake.pcap build
set -euo pipefail

fail() { echo "capture.sh: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "network namespaces need root"
root=$(cd "$(dirname "$0")/../.." && pwd)
save=
if [ "${1:-}" = --save ]; then
  save=${2:?capture.sh: --save needs a file}
  shift 2
fi
bin=${1:-$root/build}/bin
config=$root/tests/data/kernel-handshake.toml
for tool in "$bin/synward" "$bin/synward-live"; do
  [ -x "$tool" ] || fail "$tool is missing: build first"
done
for tool in ip tcpdump timeout; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done

client=synward-client-$$ server=synward-server-$$
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  ip netns del "$client" 2>/dev/null || true
  ip netns del "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# until COMMAND...: true within 5 s, or the script fails.
until_true() {
  for _ in $(seq 50); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  fail "waited 5 s for: $*"
}

# ---- client and server, one link
ip netns add "$client"
ip netns add "$server"
ip -n "$client" link add link0 address 02:00:00:00:00:02 type veth \
  peer name link0 address 02:00:00:00:00:07 netns "$server"
# setup NAMESPACE HOST PEER: addresses end in HOST. The neighbour is known from the start: a SYN that waits for
# neighbour discovery may be sent twice.
setup() {
  ip -n "$1" address add "198.51.100.$2/24" dev link0
  ip -n "$1" address add "2001:db8:100::$2/64" dev link0 nodad
  ip netns exec "$1" "$bin/synward-live" checksums-off link0
  ip -n "$1" link set link0 up
  for address in "198.51.100.$3" "2001:db8:100::$3"; do
    ip -n "$1" neighbor replace "$address" lladdr "02:00:00:00:00:0$3" dev link0
  done
}
setup "$client" 2 7
setup "$server" 7 2

# ---- two handshakes, captured where the client sends them
ip netns exec "$server" timeout 20 "$bin/synward-live" serve 443 2 >"$work/server.log" 2>&1 &
pids+=($!)
ip netns exec "$client" timeout 20 tcpdump -Z root -i link0 -s 0 -U --immediate-mode -w "$work/client.pcap" \
  'tcp dst port 443' 2>"$work/tcpdump.log" &
pids+=($!)
until_true grep -q listening "$work/server.log"
until_true grep -q listening "$work/tcpdump.log"
for address in 198.51.100.7 2001:db8:100::7; do
  ip netns exec "$client" timeout 5 bash -c "exec 3<>/dev/tcp/$address/443; echo 'hello, server' >&3; cat <&3" \
    >"$work/answer" || fail "no connection to $address"
  grep -q 'hello, client' "$work/answer" || fail "no answer from $address"
done
# The client's FIN is the last that is sent: one for each connection.
fins() { [ "$(tcpdump -n -r "$work/client.pcap" 2>/dev/null | grep -c 'Flags \[F')" = 2 ]; }
until_true fins
[ -z "$save" ] || cp "$work/client.pcap" "$save"

# ---- through the card
replay() {
  "$bin/synward" sim replay --core rtl --config "$config" --line-in "$1" --line-out "$2" --host-out "$3" \
    --json "$work/report.json"
}
# judge FILE FRAMES: every frame's checksums, as tcpdump finds them.
judge() {
  tcpdump -n -vv -r "$1" 2>/dev/null | tee "$work/text"
  if grep -E 'incorrect|bad cksum' "$work/text" >&2; then fail "tcpdump finds the checksums above wrong"; fi
  [ "$(grep -c '(correct)' "$work/text")" = "$2" ] || fail "not $2 TCP segments with correct checksums"
}
replay "$work/client.pcap" "$work/syn-acks.pcap" "$work/passed.pcap"
echo "The card's SYN-ACKs:"
judge "$work/syn-acks.pcap" 2
"$bin/synward-live" answer "$work/client.pcap" "$work/syn-acks.pcap" "$work/second.pcap"
replay "$work/second.pcap" "$work/none.pcap" "$work/to-host.pcap"
echo "The card to the server, a mark before the first segment of each connection:"
judge "$work/to-host.pcap" "$(tcpdump -n -r "$work/to-host.pcap" 2>/dev/null | grep -c Flags)"
[ "$(grep -c 5ac1 "$work/text")" -ge 2 ] || fail "a connection without a marked ACK"
