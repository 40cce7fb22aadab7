#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# From a clone to a running unit, by the README's lines as they stand there: boots a minimal Debian 12 in a container of
# its own, without network, and installs the packages there, which then are upgraded and purged, and the build itself.
# In between, synwardd.service starts, reloads, is killed, hangs, loses its card and stops, inside its sandbox;
# synward-agent@.service likewise. The card is a simulated one.
# usage: unit.sh [BUILD [MIRROR]]
#   BUILD: build directory, default build/; MIRROR: of Debian packages, default the machine's own.
#   The clone has what is committed. The minimal system, and the packages of a commit, are kept in BUILD/unit for the
#   next run.
set -euo pipefail

fail() { echo "unit.sh: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "a container needs root"
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:-$root/build}" && pwd)
mirror=${2:-$(apt-get indextargets --format '$(REPO_URI)' | head -n 1)}
packages=systemd,systemd-sysv,dbus,sudo,cmake,iproute2
work=$build/unit
system=$work/system run=$work/run clone=$work/clone
for tool in debootstrap systemd-nspawn git; do
  command -v "$tool" > /dev/null || fail "$tool is not installed (packages debootstrap, systemd-container, git)"
done
for program in synward synwardd synward-sim synward-agent; do
  [ -x "$build/bin/$program" ] || fail "$build/bin/$program is missing: build first"
done

# Debian's packages of the libraries that the programs are linked with; those that any system has are not found by their
# path in /usr.
libraries() {
  ldd "$build"/bin/synward "$build"/bin/synwardd "$build"/bin/synward-sim "$build"/bin/synward-agent |
    awk '$3 ~ "^/" { print $3 }' | sort -u | xargs -n 1 realpath |
    xargs dpkg -S 2> /dev/null | cut -d : -f 1 | sort -u | paste -s -d ,
}

wanted=$packages,$(libraries || true)
if [ "$(cat "$system.ready" 2> /dev/null)" != "$wanted" ]; then
  echo "unit.sh: a minimal Debian 12, once"
  mkdir -p "$work"
  rm -rf "$system"
  debootstrap --variant=minbase --include="$wanted" bookworm "$system" "$mirror" > "$work/debootstrap.log" 2>&1 ||
    fail "debootstrap failed, see $work/debootstrap.log"
  echo "$wanted" > "$system.ready"
fi
rm -rf "$run"
cp -a "$system" "$run"
mkdir -p "$run/opt/unit" "$run/var/log/journal"

# The two blocks of lines below "Install": by packages, and without.
awk -v folder="$run/opt/unit" '/^## / { here = /^## Install/; block = 0 }
  here && /^    / { if (!inside) ++block; print substr($0, 5) > folder "/lines." block }
  { inside = /^    / }' "$root/README.md"
[ "$(head -n 1 "$run/opt/unit/lines.1")" = './dev deb' ] &&
  [ "$(head -n 1 "$run/opt/unit/lines.2")" = './dev build' ] ||
  fail "README's lines begin otherwise"

commit=$(git -C "$root" rev-parse HEAD)
if [ "$(cat "$work/packages.ready" 2> /dev/null)" != "$commit" ]; then
  echo "unit.sh: a clone, and its packages"
  rm -rf "$clone" "$work/packages.ready"
  git clone --quiet "$root" "$clone"
  (cd "$clone" && ./dev deb) > "$work/deb.log" 2>&1 ||
    { tail -n 20 "$work/deb.log" >&2; fail "no packages, see $work/deb.log"; }
  echo "$commit" > "$work/packages.ready"
fi

# The packages of a version to come, with another configuration in them.
next() {  # PACKAGE
  local tree=$work/next
  rm -rf "$tree"
  dpkg-deb -R "$clone"/build/deb/"$1"_*.deb "$tree"
  sed -i 's/^Version: .*/&+next/' "$tree/DEBIAN/control"
  if [ "$1" = synward ]; then
    echo '# A line of the next version.' >> "$tree/etc/synward/synwardd.toml"
    (cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | xargs md5sum > DEBIAN/md5sums)
  fi
  dpkg-deb --root-owner-group -b "$tree" "$run/opt/unit/next-$1.deb" > /dev/null
}
next synward
next synward-sim
cp "$clone"/build/deb/synward-agent_*.deb "$run/opt/unit/agent.deb"

# Whoever writes programs has the library by its package.
dpkg-deb -x "$clone"/build/deb/libsynward-dev_*.deb "$work/dev"
cat > "$work/program.cpp" << 'CPP'
#include <synward/config.hpp>
int main() { return synward::parse_config("[[service]]\naddress = \"any\"\nport = 443\n", "text") ? 0 : 1; }
CPP
pc=$(dirname "$(find "$work/dev" -name synward.pc)")
# shellcheck disable=SC2046
c++ -std=c++20 "$work/program.cpp" $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs synward) -o "$work/program" &&
  "$work/program" ||
  fail "a program cannot be made with libsynward-dev"

cp "$root/sim/scenarios/live.toml" "$root"/tests/live/unit-*.sh "$run/opt/unit/"
cat > "$run/opt/unit/editor" << 'EDITOR'
#!/bin/sh
# An operator at sudo -e: the card, and the service.
{
  printf '[device]\nbackend = "sim"\nsocket = "/run/card/card.sock"\n'
  printf '[attack]\ncommand = ["/bin/sh", "-c", "cat >> /var/lib/synward/told"]\nack-flood = { floor = 1 }\n'
  sed 's/^address = "any"/address = "203.0.113.7"/' "$1"
} > /tmp/edited && cat /tmp/edited > "$1"
EDITOR
chmod +x "$run/opt/unit/editor"
cat > "$run/etc/systemd/system/card.service" << 'UNIT'
[Service]
User=synward
RuntimeDirectory=card
ExecStart=/usr/bin/synward-sim serve --socket /run/card/card.sock --traffic /opt/unit/live.toml
UNIT
cat > "$run/etc/systemd/system/checks.service" << UNIT
[Service]
Type=oneshot
Environment=CLONE=$clone BUILT=$root SUDO_EDITOR=/opt/unit/editor HOME=/root
Environment=DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
ExecStart=/bin/bash /opt/unit/unit-install.sh
StandardOutput=append:/opt/unit/result
StandardError=inherit
ExecStopPost=/bin/systemctl --no-block poweroff
[Install]
WantedBy=multi-user.target
UNIT
chroot "$run" systemctl --quiet enable checks.service

[ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] || export UNIFIED_CGROUP_HIERARCHY=no
echo "unit.sh: booting"
# CAP_IPC_LOCK: without it the container forbids every mlock. The agent loads BPF programs. Clone
# and build are seen where they were made.
timeout 600 systemd-nspawn --quiet --directory="$run" --boot --register=no --keep-unit --private-network \
  --capability=CAP_IPC_LOCK,CAP_BPF,CAP_PERFMON \
  --system-call-filter='bpf perf_event_open' \
  --bind-ro="$clone" --bind="$root" > "$work/boot.log" 2>&1 || true
[ -s "$run/opt/unit/result" ] ||
  { tail -n 5 "$work/boot.log" >&2; fail "the container did not come up, see $work/boot.log"; }
cat "$run/opt/unit/result"
grep -q '^all checks passed$' "$run/opt/unit/result"
