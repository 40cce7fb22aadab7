#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What unit.sh runs inside its container: the README's lines for an installation, and what packages do in their lives.
. /opt/unit/unit-common.sh
gone() { for path in "$@"; do if [ -e "$path" ]; then echo "$path is left"; return 1; fi; done; }
owner() { stat -c %U "$1"; }
no_failed_unit() { [ -z "$(systemctl list-units --failed --plain --no-legend)" ] ||
  { systemctl list-units --failed; false; }; }
installed() { dpkg-query --show --showformat '${db:Status-Abbrev}' "$1" | grep -q '^ii'; }
newer() { apt-get install -y -q -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"; }
line() {  # N FILE: README's line, as written
  local text
  text=$(sed -n "$1p" "$2")
  check "README: $text" bash -c "$text"
}
config=/etc/synward/synwardd.toml
lines=/opt/unit/lines.1
cd "$CLONE" || exit 1

line 2 $lines
check "the daemon's package is installed" installed synward
check "the simulator's too" installed synward-sim
check "nothing has failed" no_failed_unit
check "it is enabled" systemctl is-enabled synwardd
check "it waits for its configuration" is ActiveState inactive
status() { systemctl status --no-pager synwardd || true; }
check "and says so" until_true 5 says "$config: no [device] yet: say there which card, then start synwardd again" status
check "the folder of the configuration is root's" [ "$(owner /etc/synward)" = root ]
systemctl start card
line 3 $lines
line 4 $lines
check "it runs" systemctl is-active synwardd
check "manual, completion and documents are there" ls /usr/share/man/man8/synwardd.8.gz \
  /usr/share/doc/synward/host.md.gz /usr/share/bash-completion/completions/synward
check "the folder is still root's" [ "$(owner /etc/synward)" = root ]

. /opt/unit/unit-checks.sh

check "the agent's package is installed" newer /opt/unit/agent.deb
. /opt/unit/unit-agent.sh
check "and purged" apt-get purge -y -q synward-agent

systemctl start card synwardd
before=$(pid)
cp $config /tmp/mine.toml
check "upgrades" newer /opt/unit/next-synward.deb /opt/unit/next-synward-sim.deb
upgraded() { is ActiveState active && [ "$(pid)" != "$before" ]; }
check "to a daemon that is started anew" until_true 20 upgraded
check "with the operator's configuration" cmp $config /tmp/mine.toml
check "and his settings" until_true 20 says drop synward sysctl -n net.synward.unknown_ack
systemctl stop card
check "is removed" apt-get remove -y -q synward
check "and does not run" refuses systemctl is-active synwardd
check "its configuration stays" cmp $config /tmp/mine.toml
check "its state too" ls /var/lib/synward/sysctl.toml
touch /etc/synward/fleet.key
check "is purged" apt-get purge -y -q synward
check "with configuration, state and log" gone $config /var/lib/synward /var/log/synward /etc/logrotate.d/synward \
  /lib/systemd/system/synwardd.service
check "a key of the operator's stays, and its user" id synward
rm -r /etc/synward
check "is installed again" newer /opt/unit/next-synward.deb
check "is purged at once" apt-get purge -y -q synward synward-sim
check "with all there was" gone /etc/synward /var/lib/synward /var/log/synward /usr/share/synward /usr/share/doc/synward
check "and its user" refuses id synward
check "nothing has failed" no_failed_unit
systemctl daemon-reload

lines=/opt/unit/lines.2
cd "$BUILT" || exit 1
for n in 2 3; do line $n $lines; done
systemctl daemon-reload
systemctl start card
for n in 4 5 6; do line $n $lines; done
check "it runs" systemctl is-active synwardd
check "and answers" until_true 20 synward status
check "reloads" systemctl reload synwardd
check "the folder of the configuration is root's" [ "$(owner /etc/synward)" = root ]
systemctl disable --quiet --now synwardd
check "is uninstalled" cmake -DBUILD="$BUILT/build" -P "$BUILT/cmake/uninstall.cmake"
check "but for the configuration" ls $config
check "and nothing else" gone /usr/sbin/synwardd /usr/bin/synward /usr/lib/systemd/system/synwardd.service \
  /usr/share/doc/synward /usr/include/synward

if [ $failed = 0 ]; then echo "all checks passed"; fi
