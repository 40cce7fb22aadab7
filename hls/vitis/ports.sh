#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# ports.sh KERNEL DIR: reads the Verilog of KERNEL that Vitis HLS has made below DIR, and checks that its streams are as
# wide as the card's (rtl/synward_records.svh): another width means another layout of the structs, and a card that
# misunderstands every word. Exit status: 0 if they are, 1 if not, 2 if there is no such Verilog.
# The ports' names are those that Vitis HLS documents; no output of a real run was at hand.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '3,5s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 dir=$2
[ "$kernel" != synward_cookie ] || exit 0 # stands in no card
verilog=$(find "$dir" -name "$kernel.v" | sort | head -n 1)
[ -n "$verilog" ] || { echo "ports.sh: no $kernel.v below $dir" >&2; exit 2; }
failed=0
for pair in questions:QUESTION settings:SETTING answers:ANSWER; do
  port=${pair%:*}_TDATA
  want=$(sed -n "s/^\`define SYNWARD_KERNEL_${pair#*:}_W \([0-9]*\)$/\1/p" "$here/../../rtl/synward_records.svh")
  high=$(sed -n "s/.*\[ *\([0-9]*\) *: *0 *\] *$port *[;,].*/\1/p" "$verilog" | head -n 1)
  [ -n "$want" ] || { echo "ports.sh: synward_records.svh has no width of $port" >&2; exit 2; }
  bits=0
  [ -z "$high" ] || bits=$((high + 1))
  if [ "$bits" -ne "$want" ]; then
    echo "$kernel: $port has $bits bits where the card has $want"
    failed=1
  fi
done
[ $failed -ne 0 ] || echo "$kernel: its streams are as wide as the card's"
exit $failed
