#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Lints the RTL: Verilator's warnings, and what Verilator takes but Yosys 0.23 miscompiles or refuses.
set -uo pipefail
cd "$(dirname "$0")"
status=0
files=$(find . -name '*.sv' -o -name '*.svh' | sort)

# Yosys drops the unpacked dimension of an array of packed structs without a word (both `t x [n]` and `t [n] x`).
if grep -nE 'synward_[a-z_]+_t[[:space:]]*\[|synward_[a-z_]+_t[[:space:]]+[a-z0-9_]+[[:space:]]*\[' $files; then
  echo "lint: arrays of packed structs are miscompiled by Yosys; use an array of vectors" >&2
  status=1
fi
# A struct local to a block or function is refused by Yosys 0.23.
if grep -nE '\b(import|inside|break|return)\b' $files | grep -vE ':\s*(//|///|[0-9]+:.*//)' ; then
  echo "lint: not in the subset that Yosys 0.23 reads" >&2
  status=1
fi
# A screen's width. The register package is made.
if find . ../tests/formal -name '*.sv' ! -name synward_regs_pkg.sv \
  -exec awk 'length > 120 { print FILENAME ":" FNR }' {} + | grep .; then
  echo "lint: lines over 120 columns" >&2
  status=1
fi
# Operations, fates and the like have names in synward_records.svh.
if grep -nE "(\bop(20)?|\.op|\.fate|\.send|\bmode) *(==|!=|<=|=) *[0-9]+'d[0-9]" $files; then
  echo "lint: a number where records.toml has a name" >&2
  status=1
fi
# One module a file, named as the file.
for f in $(find . -name "*.sv" ! -name "*_pkg.sv"); do
  name=$(basename "$f" .sv)
  if [ "$(grep -cE '^module ' "$f")" != 1 ] || ! grep -qE "^module $name\b" "$f"; then
    echo "lint: $f: one module, named $name" >&2
    status=1
  fi
done

# All modules at once: each is looked at as often as it has parameters, not once for each that has it within. Several
# tops confuse one rule, which takes a function for another module's signal of that name.
dirs=$(find . -type d ! -name synth | sed 's/^/-y /')
lint() {
  # shellcheck disable=SC2086
  verilator --lint-only -Wall --assert lint.vlt -I. $dirs csr/synward_regs_pkg.sv common/synward_logic_pkg.sv \
    board/synward_port_pkg.sv "$@" || status=1
}
# shellcheck disable=SC2046
lint -Wno-MULTITOP -Wno-VARHIDDEN $(find . -name 'synward_*.sv' ! -name '*_pkg.sv' | sort)
# With the HLS kernel as engine.
lint -DSYNWARD_ENGINE_HLS board/synward_line_card.sv

# Yosys reads everything, and finds no undriven wire: all modules, and what differs with the HLS kernel as engine.
for way in "" "-DSYNWARD_ENGINE_HLS -top synward_u55c"; do
  read -r define top <<< "$way"
  log=$(yosys -q -p "read_verilog -sv -DSYNTHESIS $define -I. -Iboard csr/synward_regs_pkg.sv \
    common/synward_logic_pkg.sv board/synward_port_pkg.sv $(find . -name "*.sv" ! -name "*_pkg.sv" | tr "\n" " "); \
    hierarchy -check $top; proc; check -assert" 2>&1)
  rc=$?
  if [ $rc -ne 0 ] || printf "%s\n" "$log" | grep -E "implicitly declared|no driver|ERROR"; then
    printf "%s\n" "$log" | grep -v "Replacing memory" | tail -20
    echo "lint: Yosys${way:+, $way}" >&2
    status=1
  fi
done
exit $status
