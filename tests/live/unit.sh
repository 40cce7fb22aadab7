#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The daemon as systemd runs it: boots a minimal Debian 12 in a container of its own, without network, installs the build there, and has
# synwardd.service start, reload, be killed, hang, lose its card and stop, inside its sandbox. The card is a simulated one.
# usage: unit.sh [BUILD [MIRROR]]   (BUILD: build directory, default build/; MIRROR: of Debian packages, default the machine's own)
#   The system is kept in BUILD/unit/system for the next run.
set -euo pipefail

fail() { echo "unit.sh: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "a container needs root"
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:-$root/build}" && pwd)
mirror=${2:-$(apt-get indextargets --format '$(REPO_URI)' | head -n 1)}
packages=systemd,systemd-sysv,dbus
system=$build/unit/system
for tool in debootstrap systemd-nspawn; do
  command -v "$tool" > /dev/null || fail "$tool is not installed (packages debootstrap, systemd-container)"
done
for program in synward synwardd synward-sim; do
  [ -x "$build/bin/$program" ] || fail "$build/bin/$program is missing: build first"
done

# Debian's packages of the libraries that the programs are linked with; those that any system has are not found by their path in /usr.
libraries() {
  ldd "$build"/bin/synward "$build"/bin/synwardd "$build"/bin/synward-sim | awk '$3 ~ "^/" { print $3 }' | sort -u | xargs -n 1 realpath |
    xargs dpkg -S 2> /dev/null | cut -d : -f 1 | sort -u | paste -s -d ,
}

if [ ! -e "$system.ready" ]; then
  echo "unit.sh: a minimal Debian 12, once"
  mkdir -p "$build/unit"
  rm -rf "$system"
  debootstrap --variant=minbase --include="$packages,$(libraries)" bookworm "$system" "$mirror" > "$build/unit/debootstrap.log" 2>&1 ||
    fail "debootstrap failed, see $build/unit/debootstrap.log"
  touch "$system.ready"
fi

DESTDIR=$system cmake --install "$build" --prefix /usr > /dev/null
mkdir -p "$system/etc/synward" "$system/opt/unit" "$system/var/log/journal"
cp "$root/sim/scenarios/live.toml" "$system/opt/unit/"
cp "$root/tests/live/unit-checks.sh" "$system/opt/unit/"
cat > "$system/etc/synward/synwardd.toml" << 'TOML'
[device]
backend = "sim"
socket = "/run/card/card.sock"
[[service]]
address = "203.0.113.7"
port = 443
[log]
to = "journal"
[attack]
command = ["/bin/sh", "-c", "cat >> /var/lib/synward/told"]
ack-flood = { floor = 1 }
TOML
cat > "$system/etc/systemd/system/card.service" << 'UNIT'
[Service]
User=synward
RuntimeDirectory=card
ExecStart=/usr/bin/synward-sim serve --socket /run/card/card.sock --traffic /opt/unit/live.toml
UNIT
cat > "$system/etc/systemd/system/checks.service" << 'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/bash /opt/unit/unit-checks.sh
StandardOutput=append:/opt/unit/result
StandardError=inherit
ExecStopPost=/bin/systemctl --no-block poweroff
[Install]
WantedBy=multi-user.target
UNIT
chroot "$system" systemctl --quiet enable checks.service
rm -f "$system/opt/unit/result"

[ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] || export UNIFIED_CGROUP_HIERARCHY=no
echo "unit.sh: booting"
# CAP_IPC_LOCK: without it the container forbids every mlock.
timeout 300 systemd-nspawn --quiet --directory="$system" --boot --register=no --keep-unit --private-network --capability=CAP_IPC_LOCK \
  > "$build/unit/boot.log" 2>&1 || true
[ -s "$system/opt/unit/result" ] || { tail -n 5 "$build/unit/boot.log" >&2; fail "the container did not come up, see $build/unit/boot.log"; }
cat "$system/opt/unit/result"
grep -q '^all checks passed$' "$system/opt/unit/result"
