#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# For scripts that unit.sh runs inside its container: each check is a line that says what holds.
set -u
failed=0
check() {  # WHAT COMMAND...
  local what=$1
  shift
  if "$@" > /tmp/output 2>&1; then
    echo "ok    $what"
  else
    echo "FAILS $what: $*"
    sed 's/^/        /' /tmp/output
    failed=1
  fi
}
show() { systemctl show synwardd --property "$1" --value; }
is() { [ "$(show "$1")" = "$2" ] || { echo "$1 is $(show "$1"), not $2"; false; }; }
pid() { show MainPID; }
has() { grep -q -- "$1" "$2" || { cat "$2"; false; }; }
says() {  # WORDS COMMAND...: the command succeeds and prints the words
  local words=$1 output
  shift
  output=$("$@" 2>&1) && [[ $output == *"$words"* ]] || { echo "$output"; false; }
}
refuses() { if "$@"; then false; fi; }
logged() { journalctl --boot --unit synwardd --output cat --no-pager | grep -q -- "$1"; }
# until_true SECONDS COMMAND...
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { "$@"; return; }
    sleep 0.2
  done
}
