#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# origin.sh RTL WORK: ./dev synth does a block again if what it is made of changed, whoever says when, and only then.
set -eu
rm -rf "$2"
mkdir -p "$2"
cp -r "$1" "$2/rtl"
cd "$2/rtl"
of() { synth/synth.sh --origin "$@"; }
status=0
before=$(of synward_flows cells)
same() { [ "$(of synward_flows cells)" = "$before" ] || { echo "origin: $1 is none of its own" >&2; status=1; }; }
other() { [ "$(of synward_flows cells)" != "$before" ] || { echo "origin: $1 goes unseen" >&2; status=1; }; }
touch common/*.sv engine/*.sv
same "a file's time"
echo "// more" >> parse/synward_parse.sv
same "another block"
[ "$(of synward_flows words)" != "$before" ] || { echo "origin: another kind goes unseen" >&2; status=1; }
# changed FILE: what was changed in FILE is seen, and seen to be taken back.
changed() {
  cp "$1" kept
  echo "// more" >> "$1"
  other "$1"
  mv kept "$1"
  same "what was taken back"
}
changed engine/synward_flows.sv
changed common/synward_table_row.sv
changed synward_records.svh
changed synth/synth.sh
changed synth/physical.cpp
exit $status
