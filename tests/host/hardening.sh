#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hardening.sh PROGRAM: whether it was built with what makes faults hard to exploit; each that is missing is said.
set -u
program=$1
missing=0
expect() {  # WHAT PATTERN OPTIONS OF READELF...
  what=$1 pattern=$2
  shift 2
  readelf --wide "$@" "$program" | grep -q -E -- "$pattern" || { echo "$program: no $what"; missing=1; }
}
expect "position independent code" 'Type: +DYN' --file-header
expect "read-only relocations" 'GNU_RELRO' --program-headers
expect "binding at the start" 'BIND_NOW|FLAGS_1.*NOW' --dynamic
expect "stack that cannot be executed" 'GNU_STACK.* RW +0x' --program-headers
expect "stack protector" '__stack_chk_fail' --dyn-syms
expect "fortified functions" '__[a-z]+_chk(@|$)' --dyn-syms
exit $missing
