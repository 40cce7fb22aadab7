#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# five_lines_test.sh ROOT BIN: README's five lines as they stand there, typed into a terminal: top's screen has nothing
# of the daemon's on it, and the sysctl is set. ./dev build is taken as done; where a line sleeps, its socket is waited
# for, since a machine may be slow.
set -euo pipefail
root=$1 bin=$2
work=$(mktemp -d /tmp/synward-lines.XXXXXX)
finish() {
  if [ -s "$work/pids" ]; then
    xargs kill < "$work/pids" 2> /dev/null || true
    # A daemon writes its state as it ends: the folder goes after it.
    for pid in $(cat "$work/pids"); do timeout 30 tail --pid="$pid" -f /dev/null || true; done
  fi
  [ ! -s "$work/folder" ] || rm -rf "$(cat "$work/folder")"
  rm -rf "$work"
}
trap finish EXIT
fail() {
  echo "five_lines_test.sh: $*" >&2
  for f in "$work"/screen "$(cat "$work/folder" 2> /dev/null)"/*.log; do
    cat -v "$f" 2> /dev/null | tail -n 60 >&2 || true
  done
  exit 1
}

lines=$(sed -n '/^## Operators: five lines/,/^## /s/^    //p' "$root/README.md")
[ "$(grep -c . <<< "$lines")" = 5 ] || fail "not five lines: $lines"
mkdir -p "$work/build"
ln -s "$bin" "$work/build/bin"
ln -s "$root/sim" "$work/sim"
printf '#!/bin/sh\n' > "$work/dev"
chmod +x "$work/dev"
cat > "$work/typed" <<TYPED
cd $work
sleep() {
  jobs -p > pids
  echo "\$D" > folder
  for ((i = 0; i < 600; ++i)); do
    if [ "\$1" = 3 ] && [ -S "\$D/card.sock" ]; then return; fi
    if [ "\$1" = 1 ] && build/bin/synward status > /dev/null 2>&1; then return; fi
    command sleep 0.2
  done
}
$lines
echo "the lines are done"
TYPED
# q until the screen is gone: top may not look yet.
(trap '' PIPE; while [ ! -e "$work/done" ]; do sleep 1; printf q; done) 2> /dev/null |
  TERM=xterm timeout 900 script -qefc "bash --norc $work/typed; touch $work/done" "$work/screen" > /dev/null || true
grep -aq 'the lines are done' "$work/screen" || fail "did not come to the end"
grep -aq 'offered by the line' "$work/screen" || fail "no screen of top"
grep -aq 'net.inet.tcp.syncookies_only: 0 -> 1' "$work/screen" || fail "the sysctl was not set"
folder=$(cat "$work/folder")
[ "$(stat -c %a "$folder")" = 700 ] || fail "$folder is open to others"
[ -s "$folder/synwardd.log" ] || fail "no log in its file"
# What the daemon logs begins with a time, or with its name.
if grep -aE 'synwardd: |^[0-9]{4}-[0-9]{2}-[0-9]{2}T' "$work/screen"; then fail "the daemon wrote to the terminal"; fi
