#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# install_test.sh ROOT BUILD COMPILER: cmake --install into a folder, by two prefixes: what has to be there is, the
# unit's paths are those of the prefix, an operator's configuration stays, a program is compiled against the headers by
# pkg-config and by CMake, and an uninstall leaves the configuration alone.
set -euo pipefail
root=$1 build=$2 compiler=$3
work=$(mktemp -d /tmp/synward-install.XXXXXX)
fail() { echo "install_test.sh: $*" >&2; exit 1; }
# A manifest of somebody's own installation is his.
run_install() {
  DESTDIR=$1 cmake -DCMAKE_INSTALL_PREFIX="$2" -DCMAKE_INSTALL_LOCAL_ONLY=0 -P "$build/cmake_install.cmake" \
    > "$work/log" 2>&1 || fail "$(cat "$work/log")"
}
manifest=$build/install_manifest.txt
[ ! -e "$manifest" ] || cp -p "$manifest" "$work/manifest"
put_back() {
  if [ -e "$work/manifest" ]; then cp -p "$work/manifest" "$manifest"; else rm -f "$manifest"; fi
  rm -rf "$work"
}
trap put_back EXIT

system=$work/system
run_install "$system" /usr
for file in usr/bin/synward usr/bin/synward-sim usr/sbin/synwardd usr/lib/systemd/system/synwardd.service \
  usr/lib/sysusers.d/synward.conf etc/synward/synwardd.toml \
  etc/logrotate.d/synward usr/share/doc/synward/LICENSE usr/share/doc/synward/host.md \
  usr/share/doc/synward/log-lines.md usr/share/doc/synward/examples/synwardd.toml \
  usr/share/man/man8/synwardd.8 usr/share/synward/sim/synwardd.toml usr/include/synward/card.hpp; do
  [ -s "$system/$file" ] || fail "$file is missing"
done
unit=$system/usr/lib/systemd/system/synwardd.service
for line in 'ExecStart=/usr/sbin/synwardd --config /etc/synward/synwardd.toml' \
  'ExecReload=/usr/bin/synward --config /etc/synward/synwardd.toml reload'; do
  grep -qxF "$line" "$unit" || fail "no $line in $(cat "$unit")"
done
if grep -q '@[A-Z]*@' "$unit"; then fail "a path was forgotten"; fi
# What is named in the manual is there.
for page in $(grep -ohE '[a-z-]+\.md' "$root"/host/man/*); do
  [ -s "$system/usr/share/doc/synward/$page" ] || fail "$page is missing"
done
# The example names no card: a unit waits. With one it is right.
if "$system/usr/sbin/synwardd" --configured --config "$system/etc/synward/synwardd.toml" 2> "$work/said"; then
  fail "it is not configured"
fi
[ "$(wc -l < "$work/said")" = 1 ] && grep -q 'no \[device\] yet' "$work/said" || fail "$(cat "$work/said")"
{ printf '[device]\nbackend = "sim"\nsocket = "/run/card.sock"\n'; cat "$system/etc/synward/synwardd.toml"; } \
  > "$work/card.toml"
"$system/usr/sbin/synwardd" --configured --config "$work/card.toml" || fail "it is configured"
"$system/usr/sbin/synwardd" --check --config "$work/card.toml" > "$work/said" 2>&1 || fail "$(cat "$work/said")"

echo '# mine' >> "$system/etc/synward/synwardd.toml"
run_install "$system" /usr
grep -q '^# mine$' "$system/etc/synward/synwardd.toml" || fail "the operator's configuration is gone"
DESTDIR=$system cmake -DBUILD="$build" -P "$root/cmake/uninstall.cmake" > "$work/log" 2>&1
left=$(cd "$system" && find . -type f | sort | paste -s -d ' ')
[ "$left" = './etc/logrotate.d/synward ./etc/synward/synwardd.toml' ] || fail "an uninstall leaves $left"
[ -z "$(find "$system" -type d -name synward -not -path '*/etc/*')" ] || fail "empty folders are left"

other=$work/other
run_install "" "$other"
grep -qxF "ExecStart=$other/sbin/synwardd --config $other/etc/synward/synwardd.toml" \
  "$other/lib/systemd/system/synwardd.service" || fail "paths of the other prefix"
# Every header stands for itself, also in the GNU dialect, which is CMake's default.
for header in "$other"/include/synward/*.hpp; do echo "#include <synward/${header##*/}>"; done > "$work/program.cpp"
cat >> "$work/program.cpp" <<'CPP'
#include <cstdio>
int main() {
  const auto config = synward::parse_config("[[service]]\naddress = \"any\"\nport = 443\n", "text");
  const auto device = synward::open_device(synward::SocketDeviceConfig{"/nobody/listens"});
  std::printf("%zu %s\n", config->services.size(), device ? "" : device.error().text.c_str());
}
CPP
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$other" -name synward.pc)")
# shellcheck disable=SC2046
"$compiler" -std=c++20 -Wall -Wextra -Werror "$work/program.cpp" $(pkg-config --cflags --libs synward) \
  -o "$work/program"
[[ $("$work/program") == '1 /nobody/listens: '* ]] || fail "$("$work/program")"
mkdir "$work/project"
cp "$work/program.cpp" "$work/project/"
cat > "$work/project/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(program LANGUAGES CXX)
find_package(synward 0.1 REQUIRED)
add_executable(program program.cpp)
target_link_libraries(program PRIVATE synward::synward)
CMAKE
cmake -S "$work/project" -B "$work/project/build" -DCMAKE_PREFIX_PATH="$other" -DCMAKE_CXX_COMPILER="$compiler" \
  > "$work/log" &&
  cmake --build "$work/project/build" >> "$work/log" ||
  fail "$(cat "$work/log")"
[[ $("$work/project/build/program") == '1 /nobody/listens: '* ]] || fail "by CMake"
