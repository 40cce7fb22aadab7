#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# unit_test.sh ROOT AGENT: systemd finds nothing wrong with synward-agent@.service, and says that it is locked up
# well. How it runs in that: ./dev unit.
set -euo pipefail
root=$1 agent=$2
# Of 100, as systemd-analyze(1) counts; the agent has to be root, and to change the network.
most_exposure=30
command -v systemd-analyze > /dev/null || { echo "unit_test.sh: no systemd-analyze here"; exit 77; }
work=$(mktemp -d /tmp/synward-unit.XXXXXX)
trap 'rm -rf "$work"' EXIT
fail() { echo "unit_test.sh: $*" >&2; exit 1; }
unit=$work/synward-agent@eth0.service
sed "s|@CMAKE_INSTALL_FULL_SBINDIR@|$(dirname "$agent")|" "$root/driver/systemd/synward-agent@.service.in" > "$unit"

# verify FILE: what systemd has to say; nothing, if all is well. It looks for the manual where it is installed alone.
verify() { systemd-analyze verify --man=no "$1" > "$work/said" 2>&1 && [ ! -s "$work/said" ]; }
verify "$unit" || fail "$(cat "$work/said")"
systemd-analyze security --offline=true --no-pager --threshold=$most_exposure "$unit" > "$work/said" ||
  fail "$(grep -e '✗' -e 'Overall' "$work/said")"
tail -n 1 "$work/said"

# Both can say no.
sed 's/^ProtectSystem=/ProtectSystm=/' "$unit" > "$work/synward-agent@eth1.service"
if verify "$work/synward-agent@eth1.service"; then fail "a misspelt key is not seen"; fi
sed '/^\[Service\]/,/^\[Install\]/ { /^Protect/d; /^Restrict/d; /^Capability/d; /^SystemCall/d }' "$unit" \
  > "$work/synward-agent@eth2.service"
if systemd-analyze security --offline=true --no-pager --threshold=$most_exposure "$work/synward-agent@eth2.service" \
  > /dev/null; then
  fail "an open unit is not seen"
fi
