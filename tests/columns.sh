#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# columns.sh ROOT: no line of a source over 120 columns, in whatever language; what is generated aside.
set -euo pipefail
cd "$1"
long=$(find CMakeLists.txt cmake dev driver hls host packaging rtl sim tests \
  \( -name CMakeLists.txt -o -name '*.cmake' -o -name dev -o -name '*.sh' -o -name '*.[ch]' -o -name '*.[ch]pp' \
  -o -name '*.sv' -o -name '*.svh' -o -name '*.tcl' \) -type f -exec grep -L 'Made by ./dev gen from' {} + |
  xargs awk 'length > 120 { print FILENAME ":" FNR ": " length " columns" }')
[ -z "$long" ] || { printf '%s\n' "$long"; exit 1; }
