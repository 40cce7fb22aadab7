#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# attack_examples_test.sh PAGE: the scripts of docs/attacks.md, as they stand there, with programs in the place of curl,
# gobgp and exabgpcli that write down how they were called. Without jq, which they need, the test is skipped.
set -euo pipefail
page=$1
command -v jq > /dev/null || { echo "skipped: no jq"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
for program in curl gobgp exabgpcli; do
  printf '#!/bin/sh\necho "%s $*" >> "%s/calls"\n[ %s != curl ] || cat >> "%s/sent"\n' $program "$folder" $program \
    "$folder" > "$folder/bin/$program"
done

# A script: the indented block whose second line names it.
for name in webhook mail blackhole; do
  awk -v name="/usr/local/sbin/synward-$name " '
    /^    #!\/bin\/sh$/ { first = $0; getline; on = index($0, name) > 0; if (on) print substr(first, 5) }
    on && !/^    / && NF { on = 0 }
    on { print substr($0, 5) }' "$page" > "$folder/bin/$name"
  grep -q . "$folder/bin/$name" || { echo "no script $name in $page" >&2; exit 1; }
done
chmod +x "$folder"/bin/*
export PATH="$folder/bin:$PATH" SYNWARD_BLACKHOLED="$folder/state"

record() {  # EVENT N RATE ADDRESS EVENTS
  local services="[{\"address\":\"$4\",\"port\":443,\"events\":$5},{\"address\":\"192.0.2.9\",\"port\":1,\"events\":3}]"
  printf '{"event":"%s","n":%s,"class":"syn-flood","rate":%s,"peak":%s,"recorded":{"events":100,"services":%s}}\n' \
    "$1" "$2" "$3" "$3" "$services"
}
calls() { cat "$folder/calls" 2> /dev/null || true; rm -f "$folder/calls"; }
expect() {  # WHAT WANTED GOT
  [ "$2" = "$3" ] || { printf '%s: expected\n%s\ngot\n%s\n' "$1" "$2" "$3" >&2; exit 1; }
}

record begin 1 1000 203.0.113.7 97 | webhook https://hooks.example.net/x
expect webhook \
  'curl -sS --fail --max-time 20 -H Content-Type: application/json --data-binary @- https://hooks.example.net/x' \
  "$(calls)"
expect "webhook's text" "$(record begin 1 1000 203.0.113.7 97)" "$(cat "$folder/sent")"
rm "$folder/sent"

record begin 1 1000.7 203.0.113.7 97 | mail smtp.example.net from@example.net to@example.net
expect mail 'curl -sS --max-time 20 --url smtp://smtp.example.net --mail-from from@example.net '\
'--mail-rcpt to@example.net --upload-file -' "$(calls)"
grep -q $'^Subject: \\[synward\\] begin of attack 1: syn-flood, 1000 a second at its peak\r$' "$folder/sent" ||
  { cat "$folder/sent" >&2; exit 1; }

hole() { blackhole "$1" 192.0.2.1 50000000 203.0.113.7 2001:db8::7; }
record begin 1 60000000 203.0.113.7 97 | hole gobgp
expect announce 'gobgp global rib add 203.0.113.7/32 community 65535:666 nexthop 192.0.2.1 -a ipv4' "$(calls)"
record begin 2 60000000 203.0.113.7 97 | hole gobgp
calls > /dev/null
record end 1 0 203.0.113.7 97 | hole gobgp
expect "another attack is on" '' "$(calls)"
record end 2 0 203.0.113.7 97 | hole gobgp
expect withdraw 'gobgp global rib del 203.0.113.7/32 -a ipv4' "$(calls)"
record end 2 0 203.0.113.7 97 | hole gobgp
expect "an end again" '' "$(calls)"
record begin 3 60000000 2001:db8::7 95 | hole exabgp
expect announce 'exabgpcli announce route 2001:db8::7/128 next-hop 192.0.2.1 community [65535:666]' "$(calls)"
record end 3 0 2001:db8::7 95 | hole exabgp
expect withdraw 'exabgpcli withdraw route 2001:db8::7/128 next-hop 192.0.2.1' "$(calls)"
# Never: what the card copes with, what only some events are of, what is not in the list.
for wrong in "49999999 203.0.113.7 97" "60000000 203.0.113.7 89" "60000000 203.0.113.8 97"; do
  # shellcheck disable=SC2086  # three words
  record begin 4 $wrong | hole gobgp
  expect "$wrong" '' "$(calls)"
done
printf '{"event":"begin","n":5,"rate":6e7,"recorded":{"events":0,"services":[]}}' | hole gobgp
expect "no sample" '' "$(calls)"
