#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# inline.sh cfg|tcl: directives that inline every function of hls/synward, whose headers have no pragmas. Vitis HLS
# inlines small functions by itself, and builds others once for all their callers or for each, at its choice.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
names() { sed -n 's/^inline [^(=]*[ &]\([a-z_0-9]*\)(.*/synward::\1/p' "$here"/../synward/*.hpp | sort -u; }
case ${1:-} in
  cfg) printf '[hls]\n' && names | sed 's/^/syn.directive.inline=/' ;;
  tcl) names | sed 's/.*/set_directive_inline "&"/' ;;
  *) echo "usage: inline.sh cfg|tcl" >&2; exit 2 ;;
esac
