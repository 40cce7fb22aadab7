#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# selftest_cookies_test.sh SYNWARD SYNWARD_SIM: the self-test asks a card between two interfaces for cookies, and finds
# one that has none. In a network namespace of its own; skipped where there may be none.
set -euo pipefail
synward=$1 sim=$2
if [ "${3:-}" != inside ]; then
  unshare -n true 2> /dev/null || { echo "skipped: no network namespaces"; exit 77; }
  exec unshare -n "$0" "$synward" "$sim" inside
fi
work=$(mktemp -d)
card=
trap '[ -z "$card" ] || kill "$card"; rm -rf "$work"' EXIT
for pair in "outside line" "inside host"; do
  # shellcheck disable=SC2086
  set -- $pair
  ip link add "$1" type veth peer name "$2"
  for name in "$1" "$2"; do
    echo 1 > "/proc/sys/net/ipv6/conf/$name/disable_ipv6"
    ip link set "$name" up
  done
done
"$sim" live --core ref --line line --host host --socket "$work/card.sock" > "$work/log" 2>&1 &
card=$!
for _ in $(seq 600); do
  grep -qs "core is between" "$work/log" && break
  sleep 0.1
done
"$synward" card selftest --simulated "$work/card.sock" --offline --interface outside > "$work/said" || {
  cat "$work/said" "$work/log"
  exit 1
}
grep -x "passed       cookies against OpenSSL" "$work/said"
# From the other side no answer comes.
if "$synward" card selftest --simulated "$work/card.sock" --offline --interface inside > "$work/said"; then
  echo "no cookies came, and nobody says so"
  exit 1
fi
grep "^FAILED       cookies against OpenSSL: a SYN was not answered" "$work/said"
